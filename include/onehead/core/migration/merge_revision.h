// The text and the file name of a merge revision, as `alembic merge` would write it.
//
// Here: putting them together from values. Not here: which revisions are merged, the clock, random
// ids, writing the file (commands).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/core/migration/migration.h"

namespace onehead {

// What differs between the templates of Alembic's versions and the formatters that ran later.
struct MigrationStyle {
  char quote = '\'';
  // What stands between name and "=" of revision, down_revision, branch_labels, depends_on:
  // ": Union[str, None]"; empty: plain.
  std::array<std::string, 4> annotations = {};
  // The import lines that such a file needs, in their order; blank lines between them are "".
  std::vector<std::string> imports = {"from alembic import op", "import sqlalchemy as sa"};
  bool returns_none = false;   // "-> None" (Alembic 1.8 and later)
  bool function_docs = false;  // """Upgrade schema.""" (1.16)
};

// The style of an existing migration, from its text. What it does not show is Alembic's plain
// default.
MigrationStyle StyleOf(const Migration& migration, std::string_view text);

struct MergeRevision {
  std::string id;
  std::vector<std::string> parents;  // two or more
  std::string message;
  std::string create_date;  // "2026-01-31 12:00:00.123456"
};

// UTF-8, line feeds. What Python would read differently inside a string literal is escaped.
std::string MergeRevisionText(const MergeRevision& merge, const MigrationStyle& style);

// The moment that date fields of a file name are taken from, local time.
struct CreateTime {
  std::int64_t epoch = 0;  // seconds
  int year = 1970;
  int month = 1;
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;
};

inline constexpr std::size_t kTruncateSlugLength = 40;  // Alembic's default

// "Merge heads!" -> "merge_heads" (ScriptDirectory._rev_path). Longer than `max_bytes`: cut at the
// last "_" before that, with "_" at the end.
std::string SlugOf(std::string_view message, std::size_t max_bytes = kTruncateSlugLength);

// The path below the version location, with ".py". `file_template` is Python's %-format with the
// fields rev, slug, epoch, year, month, day, hour, minute, second; empty: "%(rev)s_%(slug)s".
// kInvalid: it is no such format, or what it gives is no path inside the version location.
[[nodiscard]] Result<std::string> MergeFileName(std::string_view file_template, std::string_view id,
                                                std::string_view slug, const CreateTime& time);

}  // namespace onehead
