#include "commands/published/published_past.h"

#include <set>
#include <utility>

#include "commands/app/work_git.h"
#include "onehead/base/text.h"
#include "onehead/git/objects/object_store.h"

namespace onehead {
namespace {

// One entry of `git log --raw -z`: ":100644 000000 <old id> <new id> D", then the path.
struct RawEntry {
  ContentId old_id;
  std::string path;
};

std::vector<RawEntry> ParseRaw(std::string_view log) {
  std::vector<RawEntry> entries;
  const std::vector<std::string_view> fields = Split(log, '\0');
  for (std::size_t i = 0; i + 1 < fields.size(); ++i) {
    // Between commits Git writes an empty line.
    const std::string_view head = Trim(fields[i]);
    if (head.empty() || head.front() != ':') continue;
    const std::vector<std::string_view> words = Split(head, ' ');
    if (words.size() != 5) continue;
    if (const auto id = ContentId::FromHex(words[2])) {
      entries.push_back({*id, std::string(fields[i + 1])});
    }
    ++i;
  }
  return entries;
}

}  // namespace

Result<PublishedPast> PublishedPast::Read(const git::Repository& repository,
                                          const PublishedRefs& refs,
                                          const Environment& environment) {
  PublishedPast past;
  if (refs.refs().empty()) return past;
  std::vector<std::string> args = {"log",         "--first-parent", "-m", "--raw",
                                   "--no-abbrev", "--no-renames",   "-z", "--diff-filter=D",
                                   "--format=",   "--stdin",        "--"};
  for (const std::string& location : environment.version_locations) {
    args.push_back(location.empty() ? "." : LiteralPathspec(location));
  }
  std::string tips;
  for (const PublishedRef& ref : refs.refs()) tips += ref.commit.Hex() + "\n";
  ONEHEAD_ASSIGN_OR_RETURN(std::string log, WorkGit(repository).Run(args, tips));
  if (Status status = past.AddEntries(repository, log); !status) {
    return Fail(std::move(status.error()));
  }
  return past;
}

Status PublishedPast::AddEntries(const git::Repository& repository, std::string_view log) {
  std::set<std::pair<ContentId, std::string>> seen;
  for (RawEntry& entry : ParseRaw(log)) {
    if (!IsMigrationFileName(BaseName(entry.path))) continue;
    if (!seen.emplace(entry.old_id, entry.path).second) continue;
    constexpr std::size_t kMaxBytes = std::size_t{4} << 20;
    const Result<git::Object> blob = repository.objects().Read(entry.old_id, kMaxBytes);
    if (!blob) continue;  // a link to elsewhere, a file of another size: it tells nothing
    Migration migration = ReadMigration(entry.path, blob->bytes);
    migration.content = entry.old_id;
    if (migration.has_id()) removed_.emplace(migration.id(), std::move(migration));
  }
  return {};
}

std::optional<std::vector<std::string>> PublishedPast::ParentsOf(const std::string& id) const {
  const auto found = removed_.find(id);
  if (found == removed_.end()) return std::nullopt;
  return found->second.down_revision.ids;
}

bool PublishedPast::Had(const Migration& migration) const {
  if (!migration.has_id()) return false;
  const auto [begin, end] = removed_.equal_range(migration.id());
  for (auto it = begin; it != end; ++it) {
    if (it->second.path == migration.path || it->second.content == migration.content) return true;
  }
  return false;
}

}  // namespace onehead
