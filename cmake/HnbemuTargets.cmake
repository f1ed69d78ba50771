# Precompiled headers, one for the pure folders, one for those that use Asio and one for tests; each is built once and reused.
add_library(hnbemu_pch_pure OBJECT ${CMAKE_SOURCE_DIR}/cmake/pch.cc)
target_precompile_headers(hnbemu_pch_pure PRIVATE ${CMAKE_SOURCE_DIR}/cmake/pch_pure.h)
target_link_libraries(hnbemu_pch_pure PUBLIC fmt::fmt tl::expected)

add_library(hnbemu_pch_asio OBJECT ${CMAKE_SOURCE_DIR}/cmake/pch.cc)
target_precompile_headers(hnbemu_pch_asio PRIVATE ${CMAKE_SOURCE_DIR}/cmake/pch_asio.h)
target_link_libraries(hnbemu_pch_asio PUBLIC hnbemu_asio fmt::fmt tl::expected)

# What tests look at is optimised, the tests themselves are not: matchers are two thirds of their time to compile.
add_library(hnbemu_pch_tests OBJECT ${CMAKE_SOURCE_DIR}/cmake/pch.cc)
target_precompile_headers(hnbemu_pch_tests PRIVATE ${CMAKE_SOURCE_DIR}/cmake/pch_tests.h)
target_compile_options(hnbemu_pch_tests PUBLIC -O0)
target_link_libraries(hnbemu_pch_tests PUBLIC hnbemu_asio fmt::fmt tl::expected GTest::gmock GTest::gtest)

# Adds a folder if it is there.
function(hnbemu_folder folder)
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/CMakeLists.txt)
    add_subdirectory(${folder})
  endif()
endfunction()

# hnbemu_library(NAME [PURE] [UNITY] DEPENDS targets…): a static library of every .cc file in the folder. PURE folders see
# neither Asio nor curl nor OpenSSL. Folders of the emulator are included from emulator/, netns from the top. UNITY folders
# are compiled several files at a time: each of theirs would spend most of its time on the same headers.
function(hnbemu_library name)
  cmake_parse_arguments(ARG "PURE;UNITY" "" "DEPENDS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  if(NOT sources) # headers alone: nothing to compile
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/emulator)
    target_link_libraries(${name} INTERFACE ${ARG_DEPENDS} hnbemu_asio)
    return()
  endif()
  add_library(${name} STATIC ${sources})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/emulator)
  hnbemu_link(${name} "${ARG_PURE}" ${ARG_DEPENDS})
  if(ARG_UNITY)
    set_target_properties(${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 6)
    # To g++ an anonymous namespace of an included file looks like that of a header.
    target_compile_options(${name} PRIVATE -Wno-subobject-linkage)
  endif()
endfunction()

# hnbemu_test(NAME [INTEGRATION] [UNITY] [HEADER header] DEPENDS targets…): one GoogleTest program of every .cc file in the
# folder, each test known to CTest by name. INTEGRATION tests make namespaces, so they share one lock and carry the label. UNITY
# folders are compiled several files at a time. HEADER names the fixture of a large folder, which is then precompiled too.
add_custom_target(hnbemu_unit_tests) # all that the label `unit` runs
function(hnbemu_test name)
  cmake_parse_arguments(ARG "INTEGRATION;UNITY" "HEADER" "DEPENDS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  add_executable(${name} ${sources})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_compile_definitions(${name} PRIVATE HNBEMU_SOURCE_DIR="${CMAKE_SOURCE_DIR}" HNBEMU_BINARY_DIR="${CMAKE_BINARY_DIR}")
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} hnbemu_pch_tests GTest::gtest_main)
  if(ARG_HEADER)
    target_precompile_headers(${name} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/pch_tests.h ${ARG_HEADER})
  else()
    target_precompile_headers(${name} REUSE_FROM hnbemu_pch_tests)
  endif()
  if(ARG_UNITY)
    set_target_properties(${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 6)
  endif()
  include(GoogleTest)
  if(ARG_INTEGRATION)
    gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 NO_PRETTY_VALUES
                         PROPERTIES LABELS integration TIMEOUT 180 RESOURCE_LOCK network SKIP_REGULAR_EXPRESSION "\\[  SKIPPED \\]")
  elseif(HNBEMU_SANITIZE)
    # A process starts slowly with sanitizers, and most tests are short: two for each program instead of one for each test.
    add_dependencies(hnbemu_unit_tests ${name})
    foreach(shard IN ITEMS 0 1)
      add_test(NAME ${name}.${shard} COMMAND ${name} --gtest_brief=1)
      set_tests_properties(${name}.${shard} PROPERTIES LABELS unit TIMEOUT 300
                                                       ENVIRONMENT "GTEST_TOTAL_SHARDS=2;GTEST_SHARD_INDEX=${shard}")
    endforeach()
  else()
    add_dependencies(hnbemu_unit_tests ${name})
    gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 NO_PRETTY_VALUES
                         PROPERTIES LABELS unit TIMEOUT 60 SKIP_REGULAR_EXPRESSION "\\[  SKIPPED \\]")
  endif()
endfunction()

# A session is a thousand small allocations: jemalloc takes a sixth off its CPU time, for a twentieth more memory. The
# sanitizers bring allocators of their own.
function(hnbemu_allocator name)
  if(NOT HNBEMU_SANITIZE)
    target_link_libraries(${name} PRIVATE PkgConfig::JEMALLOC)
  endif()
endfunction()

function(hnbemu_link name pure)
  target_link_libraries(${name} PUBLIC ${ARGN} fmt::fmt tl::expected)
  if(pure)
    target_link_libraries(${name} PRIVATE hnbemu_pch_pure)
    target_precompile_headers(${name} REUSE_FROM hnbemu_pch_pure)
  else()
    target_link_libraries(${name} PUBLIC hnbemu_asio)
    target_precompile_headers(${name} REUSE_FROM hnbemu_pch_asio)
  endif()
endfunction()
