#include "onehead/core/reparent/parent_conflict.h"

#include "onehead/core/migration/rewrite.h"

namespace onehead {
namespace {

bool Readable(const Migration& migration) {
  return migration.has_id() && migration.down_revision.known();
}

std::optional<std::string> WithParents(std::string_view path, const std::string& text,
                                       const std::vector<std::string>& parents) {
  const Migration migration = ReadMigration(path, text);
  if (!Readable(migration)) return std::nullopt;
  if (migration.down_revision.ids == parents) return text;
  RewriteRequest request;
  request.parents = parents;
  Result<std::string> rewritten = RewriteMigration(migration, text, request);
  if (!rewritten) return std::nullopt;
  return std::move(*rewritten);
}

}  // namespace

ParentConflict FindParentConflict(std::string_view path, const MigrationTexts& texts) {
  const Migration ours = ReadMigration(path, texts.ours);
  const Migration theirs = ReadMigration(path, texts.theirs);
  if (!Readable(ours) || !Readable(theirs)) return ParentConflict::kNone;
  if (ours.id() != theirs.id()) {
    // With a common base one side has given the migration a new id.
    return texts.base.empty() ? ParentConflict::kDifferentIds : ParentConflict::kNone;
  }
  const bool same = ours.down_revision.ids == theirs.down_revision.ids;
  return same ? ParentConflict::kNone : ParentConflict::kParents;
}

MergeSide StayingSide(std::string_view path, const MigrationTexts& texts,
                      const std::optional<std::vector<std::string>>& published,
                      MergeOperation operation) {
  const Binding base = ReadMigration(path, texts.base).down_revision;
  const std::vector<std::string> ours = ReadMigration(path, texts.ours).down_revision.ids;
  const std::vector<std::string> theirs = ReadMigration(path, texts.theirs).down_revision.ids;
  if (published && (ours == *published || theirs == *published)) {
    return ours == *published ? MergeSide::kOurs : MergeSide::kTheirs;
  }
  // As in any three-way merge, a change of one side alone is taken.
  if (base.known() && ours == base.ids) return MergeSide::kTheirs;
  if (base.known() && theirs == base.ids) return MergeSide::kOurs;
  return operation == MergeOperation::kMergeOfPublished ? MergeSide::kTheirs : MergeSide::kOurs;
}

std::optional<MigrationTexts> AlignParents(std::string_view path, const MigrationTexts& texts,
                                           MergeSide staying) {
  const std::string& model = staying == MergeSide::kOurs ? texts.ours : texts.theirs;
  const std::vector<std::string> parents = ReadMigration(path, model).down_revision.ids;
  MigrationTexts aligned;
  if (!texts.base.empty()) {
    auto base = WithParents(path, texts.base, parents);
    if (!base) return std::nullopt;
    aligned.base = std::move(*base);
  }
  auto ours = WithParents(path, texts.ours, parents);
  auto theirs = WithParents(path, texts.theirs, parents);
  if (!ours || !theirs) return std::nullopt;
  aligned.ours = std::move(*ours);
  aligned.theirs = std::move(*theirs);
  return aligned;
}

}  // namespace onehead
