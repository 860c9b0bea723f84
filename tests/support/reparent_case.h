// Re-parentings from compact text (graph_builder.h), and their plans as one line.
#pragma once

#include <string>
#include <string_view>

#include "onehead/core/reparent/reparent.h"

namespace onehead::testing {

struct ReparentCase {
  ReparentInput input;
  ReparentOptions options;

  // The published and the local migrations, in the notation of Migrations(); the local files are
  // in local/. `stale`: in the same notation. A local id that ends in "~" is an empty merge, one
  // that ends in "%" has the content of the published file of that id (the mark is no part of it);
  // the content of other local files is not known.
  static ReparentCase Of(std::string_view published, std::string_view local,
                         std::string_view stale = {});
};

// "x <- b, c; y > y2 <- x" of all changes in order of id, "-" when nothing changes, "!message |
// hint" when it is refused. After ">" the new id, after "+" the depends_on when it is another,
// after "@" the new path; "x gone" when it is removed.
std::string Plan(const ReparentCase& c);

// The plan for what the first one has made of it: "-", always.
std::string SecondPlan(const ReparentCase& c);

// The input after its plan: what a second run sees.
ReparentInput Applied(const ReparentInput& input, const ReparentPlan& plan);

}  // namespace onehead::testing
