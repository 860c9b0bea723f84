// Which published head a published revision leads to.
//
// Here: the choice for one parent of one local migration. Not here: the order in which several
// migrations follow one head (place.cc).
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/reparent/work.h"

namespace onehead::reparent {

// REQUIRES: what it is made from outlives it.
class Targets {
 public:
  Targets(const ReparentInput& input, const ReparentOptions& options, const Work& work);

  // The published migrations alone.
  const Graph& graph() const { return graph_; }

  // The id to follow instead of `parent`, which is not local, of `item`: `onto`, or the only
  // published head that descends from it; for a parent that is gone, the only head. The parent
  // itself when it is a head. Empty: nothing is published. kInvalid where there are several, where
  // labels would mix, and where a parent is gone for no known reason.
  [[nodiscard]] Result<std::string> For(const Item& item, const std::string& parent) const;

 private:
  bool Below(const std::string& id, const std::string& head) const;
  std::vector<std::string> HeadsAbove(const std::string& id) const;
  void OnlyLabelled(const Node& node, std::vector<std::string>* candidates) const;
  bool Apart(const Node& parent, const std::string& target) const;
  [[nodiscard]] Result<std::string> Agreed(const Item& item, const Node& parent,
                                           const std::string& target) const;
  Error Several(const Item& item, const std::string& why,
                const std::vector<std::string>& heads) const;
  [[nodiscard]] Result<std::string> ForStale(const Item& item, const std::string& parent) const;

  const ReparentInput& input_;
  const ReparentOptions& options_;
  Graph graph_;
};

}  // namespace onehead::reparent
