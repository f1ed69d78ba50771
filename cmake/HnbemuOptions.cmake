# Language, warnings, sanitizers, compiler cache: the same for every target.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(HNBEMU_SANITIZE "" CACHE STRING "Sanitizers for -fsanitize=, for example address,undefined")

find_program(HNBEMU_CCACHE ccache)
if(HNBEMU_CCACHE)
  # ccache needs to be told that a precompiled header's macros and time stamps may be trusted, and that two checkouts are
  # the same code.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${HNBEMU_CCACHE})
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Werror -fpch-preprocess)
# g++ 12 reports these on correct code: std::string at -O2 (GCC bugs 105329, 105651), coroutine frames and std::optional
# under the sanitizers (105562, 109224). clang-tidy and the sanitizers look for the same mistakes.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-Wno-restrict -Wno-stringop-overflow -Wno-array-bounds -Wno-maybe-uninitialized
                      -Wno-mismatched-new-delete)
else()
  add_compile_options(-w)  # the presets with sanitizers: g++ warns, as does clang-tidy
endif()
if(CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
  # Line tables are enough for back traces, and a third of the full debug information's size and link time.
  string(REPLACE "-g" "-g1" CMAKE_CXX_FLAGS_RELWITHDEBINFO "${CMAKE_CXX_FLAGS_RELWITHDEBINFO}")
endif()
if(HNBEMU_SANITIZE)
  add_compile_options(-fsanitize=${HNBEMU_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -O1 -g1)
  add_link_options(-fsanitize=${HNBEMU_SANITIZE})
  if(HNBEMU_SANITIZE MATCHES "undefined")
    # clang 14 cannot assemble a coroutine whose functions' types it is to check; g++ does not check them.
    add_compile_options($<$<CXX_COMPILER_ID:Clang>:-fno-sanitize=function>)
    if(NOT HNBEMU_SANITIZE MATCHES "fuzzer")
      # Looked for at each use of a pointer, these are a third of the time to compile what uses Beast. AddressSanitizer finds null
      # pointers and what is outside of its object; the fuzz targets look for all four in what decodes peers' bytes.
      add_compile_options(-fno-sanitize=null,alignment,vptr,object-size)
    endif()
  endif()
  if(HNBEMU_SANITIZE MATCHES "thread")
    # Asio's fences are beside mutexes, which ThreadSanitizer does understand.
    add_compile_options(-Wno-tsan)
  endif()
endif()
