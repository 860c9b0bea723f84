// The JSON documents of the contract.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/report/change_text.h"
#include "onehead/core/history/graph.h"
#include "onehead/core/policy/report.h"
#include "onehead/core/reparent/database_effect.h"

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

// What a command has rewritten, or (dry_run) would rewrite.
struct RewriteDocument {
  struct File {
    std::string path;
    std::optional<std::string> new_path;                     // null: it stays
    std::optional<std::string> revision;                     // null: the file is new
    std::optional<std::string> new_revision;                 // null: it keeps its id
    std::optional<std::vector<std::string>> parents_before;  // null: the file is new
    std::optional<std::vector<std::string>> parents_after;   // null: the file goes
  };
  struct InEnvironment {
    Environment environment;
    std::vector<std::string> heads;  // afterwards
    DatabaseEffect effect;
    Databases databases = Databases::kOfDeveloper;
  };
  // Of the commits of a branch.
  struct History {
    std::string old_tip;
    std::string new_tip;
    int rewritten = 0;  // commits
  };

  std::string command;  // "rebase"
  std::optional<std::string> error;
  bool dry_run = false;
  std::vector<File> changed;
  std::vector<InEnvironment> environments;
  std::vector<std::string> warnings;
  std::optional<History> history;
};

// "onehead.<command>/1", without a newline.
std::string RewriteJson(const RewriteDocument& document);

}  // namespace onehead
