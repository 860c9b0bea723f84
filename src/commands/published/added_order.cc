#include "commands/published/added_order.h"

#include <utility>

namespace onehead {

Result<std::map<std::string, int>> AddedOrder(const std::vector<ContentId>& commits,
                                              const Environment& environment,
                                              std::set<std::string> ids, CommitTrees* trees,
                                              StateLoader* loader) {
  std::map<std::string, int> order;
  if (ids.size() < 2) return order;  // no order to find out
  for (std::size_t i = 0; i < commits.size() && !ids.empty(); ++i) {
    ONEHEAD_ASSIGN_OR_RETURN(const SourceTree* tree, trees->Of(commits[i]));
    ONEHEAD_ASSIGN_OR_RETURN(StatePtr state, loader->Load(*tree, environment));
    std::erase_if(ids, [&](const std::string& id) {
      const bool is_there = state->graph.Find(id) != nullptr;
      if (is_there) order.emplace(id, static_cast<int>(i));
      return is_there;
    });
  }
  return order;
}

}  // namespace onehead
