// Re-parentings from compact text (graph_builder.h), and their plans as one line.
#pragma once

#include <string>
#include <string_view>

#include "onehead/core/reparent.h"

namespace onehead::testing {

struct ReparentCase {
  ReparentInput input;
  ReparentOptions options;

  // The published and the local migrations, in the notation of Migrations(); the local files are
  // in local/. `dropped`: ids separated by commas.
  static ReparentCase Of(std::string_view published, std::string_view local,
                         std::string_view dropped = {});
};

// "x <- b, c; y > y2 <- x" of all changes in order of id, "-" when nothing changes, "!message |
// hint" when it is refused. After ">" the new id, after "+" the depends_on when it is another,
// after "@" the new path.
std::string Plan(const ReparentCase& c);

// The input after its plan: what a second run sees.
ReparentInput Applied(const ReparentInput& input, const ReparentPlan& plan);

}  // namespace onehead::testing
