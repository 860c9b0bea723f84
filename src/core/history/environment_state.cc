#include "onehead/core/history/environment_state.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "onehead/base/text.h"
#include "onehead/core/tree/checkout_encoding.h"

namespace onehead {
namespace {

// Names everything that LoadEnvironment would read: the definition, the content of each version
// location and what says how Git checks it out. Empty: a content is not known, or a location holds
// links, whose targets may lie anywhere.
Result<std::string> KeyOf(const SourceTree& tree, const Environment& environment) {
  std::string key = environment.script_location + (environment.recursive ? "\n+" : "\n-") +
                    (environment.sourceless ? "+" : "-");
  for (const std::string& location : environment.version_locations) {
    ONEHEAD_ASSIGN_OR_RETURN(std::optional<TreeEntry> entry, tree.Find(location));
    key += "\n" + location + "\n";
    if (!entry) continue;
    if (!entry->content.known()) return std::string();
    key += entry->content.Hex();
    for (const std::string& path : AttributeFilesOf(location)) {
      ONEHEAD_ASSIGN_OR_RETURN(std::optional<TreeEntry> attributes, tree.Find(path));
      if (attributes) key += "\n" + path + " " + attributes->content.Hex();
    }
  }
  return key;
}

}  // namespace

Result<StatePtr> StateLoader::Load(const SourceTree& tree, const Environment& environment) {
  ONEHEAD_ASSIGN_OR_RETURN(std::string key, KeyOf(tree, environment));
  if (const auto found = states_.find(key); !key.empty() && found != states_.end()) {
    return found->second;
  }
  ONEHEAD_ASSIGN_OR_RETURN(LoadedEnvironment loaded,
                           LoadEnvironment(tree, environment, limits_, &migrations_, workers_));
  auto state = std::make_shared<EnvironmentState>();
  state->environment = environment;
  state->graph = Graph::Build(loaded.migrations);
  state->migrations = std::move(loaded.migrations);
  state->errors = std::move(loaded.errors);
  state->has_links = loaded.has_links;
  if (state->graph.labels_cut()) {
    // Heads could not be told apart by their labels.
    state->errors.push_back({ErrorKind::kLimit, "the branch labels of " +
                                                    Printable(environment.script_location, 200) +
                                                    " spread too far to be followed"});
  }
  StatePtr result = std::move(state);
  if (!key.empty() && !loaded.has_links) states_.emplace(std::move(key), result);
  return result;
}

Result<bool> StateLoader::HasLinks(const SourceTree& tree, const Environment& environment) const {
  return onehead::HasLinks(tree, environment, limits_);
}

bool SameFiles(const EnvironmentState& a, const EnvironmentState& b) {
  return std::equal(a.migrations.begin(), a.migrations.end(), b.migrations.begin(),
                    b.migrations.end(), [](const MigrationPtr& x, const MigrationPtr& y) {
                      return x->path == y->path && SameContent(x->content, y->content);
                    });
}

int SharedRevisions(const EnvironmentState& a, const EnvironmentState& b) {
  int shared = 0;
  for (const Node& node : a.graph.nodes()) shared += b.graph.Find(node.id()) != nullptr ? 1 : 0;
  return shared;
}

}  // namespace onehead
