#include "procedures/serving_elements.h"

#include <algorithm>

namespace hnbemu::procedures {

bool is_on(const Service& service, const ServingElements& wanted) {
  if (wanted.hms != service.hms) return false;
  if (wanted.segws.empty() || service.segws.empty()) return wanted.segws.empty() && service.segws.empty();
  if (wanted.hms_inside != service.hms_inside || wanted.segws.front() != service.segws.front()) return false;
  return std::ranges::find(wanted.segws, service.segw) != wanted.segws.end();
}

}  // namespace hnbemu::procedures
