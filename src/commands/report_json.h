// The JSON documents of the contract.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "onehead/core/graph.h"
#include "onehead/core/report.h"

namespace onehead {

// "onehead.check/1", on one line, without a newline.
std::string CheckJson(const CheckReport& report);

enum class ListingKind { kHeads, kBranches, kHistory };

struct ListedEnvironment {
  Environment environment;
  const Graph* graph = nullptr;
};

struct ListingDocument {
  ListingKind kind = ListingKind::kHeads;
  std::optional<std::string> rev;  // null: the work tree or the index
  std::optional<std::string> commit;
  std::optional<std::string> error;
  std::vector<ListedEnvironment> environments;
};

// "onehead.heads/1", "onehead.branches/1", "onehead.history/1", without a newline.
std::string ListingJson(const ListingDocument& document);

}  // namespace onehead
