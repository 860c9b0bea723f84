// Changing what a migration file declares, byte for byte and nothing else.
//
// The value keeps its quotes and prefix, its annotation, its tuple or list with the line breaks and
// comments in it; line ends, encoding and everything else stay (contract, rule 3 of "What is
// rewritten"). Not here: what to change it to (reparent.h), writing files.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/core/migration/migration.h"

namespace onehead {

struct RewriteRequest {
  // down_revision and the docstring's `Revises:` line (if there is one), in this order; empty:
  // None.
  std::optional<std::vector<std::string>> parents = {};
  // revision and the docstring's `Revision ID:` line (if there is one).
  std::optional<std::string> id = {};
  std::optional<std::vector<std::string>> depends_on = {};
};

// The new text. It has been read again and says what was asked, and nothing else about it has
// changed; otherwise kInvalid with the reason, path and line. A parent that stays keeps its
// literal. An id that cannot be written as a plain string in the file's encoding and quotes is
// kInvalid.
[[nodiscard]] Result<std::string> RewriteMigration(const Migration& migration,
                                                   std::string_view text,
                                                   const RewriteRequest& request);

}  // namespace onehead
