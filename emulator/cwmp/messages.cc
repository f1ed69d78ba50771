#include "cwmp/messages.h"

namespace hnbemu::cwmp {

Body::Body() = default;
Body::Body(const Body& other) = default;
Body::Body(Body&& other) noexcept = default;
Body& Body::operator=(const Body& other) = default;
Body& Body::operator=(Body&& other) noexcept = default;
Body::~Body() = default;

}  // namespace hnbemu::cwmp
