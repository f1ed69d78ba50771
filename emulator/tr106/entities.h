#pragma once

#include <string>

#include "base/result.h"

namespace hnbemu::tr106 {

inline constexpr std::size_t kMaxEntities = 64;       // that a document declares
inline constexpr std::size_t kMaxEntityBytes = 1024;  // of the text that one stands for
inline constexpr std::size_t kMaxEntityUses = 10'000;

// The text of an XML document with the general entities of its own DTD put in, on the same lines. Entities that hold
// others or markup, come from elsewhere or are parameter entities are refused, so that nothing grows beyond the bounds.
// The error says what is wrong, without the file.
Result<std::string> put_entities_in(std::string text);

}  // namespace hnbemu::tr106
