#include "onehead/core/migration.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "core/migration_docstring.h"
#include "core/migration_encoding.h"
#include "core/migration_reader.h"

namespace onehead {
namespace {

using Kind = Value::Kind;

// Token positions are 32 bits; callers limit files to far less.
constexpr std::size_t kMaxBytes = std::size_t{1} << 30;

enum class Role { kRevision, kOther };

// Alembic, util.dedupe_tuple.
std::vector<std::string> WithoutDuplicates(std::vector<std::string> ids) {
  if (ids.size() < 2) return ids;
  std::unordered_set<std::string> seen;
  ids.erase(std::remove_if(ids.begin(), ids.end(),
                           [&seen](const std::string& id) { return !seen.insert(id).second; }),
            ids.end());
  return ids;
}

class MigrationBuilder {
 public:
  MigrationBuilder(std::string_view path, std::string_view text) : text_(text) {
    migration_.path = std::string(path);
  }

  Migration Build() {
    SourceHead head = ReadSourceHead(text_);
    if (text_.size() > kMaxBytes) {
      return Unreadable({1, "the file is too large to be read", ""});
    }
    if (std::optional<ReadDefect> defect = CheckEncoding(head, text_)) {
      const bool has_nul = text_.find('\0') != std::string_view::npos;
      const bool hopeless =
          head.encoding == Encoding::kNone || head.encoding == Encoding::kOtherSequence || has_nul;
      // Python may know an encoding that is not known here, and it decodes no comment without need.
      migration_.refused = has_nul;
      if (hopeless) return Unreadable(*std::move(defect));
      migration_.defects.push_back(*std::move(defect));
    }
    if (head.all_ascii) head.encoding = Encoding::kAscii;
    ModuleReader reader(text_, head);
    reader.Read();
    migration_.defects.insert(migration_.defects.end(), reader.defects().begin(),
                              reader.defects().end());
    migration_.refused = migration_.refused || reader.refused();
    BindAll(reader);
    TakeDocstring(reader);
    SortDefects();
    return std::move(migration_);
  }

 private:
  Migration Unreadable(ReadDefect defect) {
    for (Binding* binding : {&migration_.revision, &migration_.down_revision,
                             &migration_.branch_labels, &migration_.depends_on}) {
      binding->state = Binding::State::kUnknown;
    }
    migration_.defects.push_back(std::move(defect));
    return std::move(migration_);
  }

  void BindAll(const ModuleReader& reader) {
    const auto bind = [&](std::string_view name, Role role) {
      Binding binding = ToBinding(reader.names().Find(name), role);
      if (binding.state == Binding::State::kAbsent && !reader.complete()) {
        binding.state = Binding::State::kUnknown;
      }
      return binding;
    };
    migration_.revision = bind("revision", Role::kRevision);
    migration_.down_revision = bind("down_revision", Role::kOther);
    migration_.branch_labels = bind("branch_labels", Role::kOther);
    migration_.depends_on = bind("depends_on", Role::kOther);
    ApplyGetattr(reader.names().Find(kGetattrName));
    if (migration_.revision.state == Binding::State::kAbsent) LegacyRevision();
    if (migration_.down_revision.state == Binding::State::kAbsent) {
      const int line = std::max(1, migration_.revision.line);
      migration_.defects.push_back({line, "down_revision is not set", ""});
    }
  }

  // What it gives to a name that is not bound only Python could tell.
  void ApplyGetattr(const NamedValue& getattr) {
    if (getattr.value.kind == Kind::kAbsent) return;
    for (Binding* binding : {&migration_.revision, &migration_.down_revision,
                             &migration_.branch_labels, &migration_.depends_on}) {
      if (binding->state != Binding::State::kAbsent) continue;
      binding->state = Binding::State::kUnknown;
      binding->line = getattr.line;
      migration_.defects.push_back(
          {getattr.line, "__getattr__ may give a value to a name that is not bound", ""});
    }
  }

  // Alembic, Script._from_filename and _legacy_rev: "([a-f0-9]+)\.py$" from the start of the name.
  void LegacyRevision() {
    std::string_view name = BaseName(migration_.path);
    if (name.size() <= 3 || name.substr(name.size() - 3) != ".py") return;
    name.remove_suffix(3);
    if (name.find_first_not_of("abcdef0123456789") != std::string_view::npos) return;
    migration_.revision.state = Binding::State::kKnown;
    migration_.revision.ids = {std::string(name)};
  }

  Binding ToBinding(NamedValue named, Role role) {
    Binding binding;
    const Value& value = named.value;
    binding.line = named.line;
    binding.value = named.expression;
    binding.is_collection = value.is_collection();
    switch (value.kind) {
      case Kind::kAbsent:
        return {};
      case Kind::kUnknown:
        binding.state = Binding::State::kUnknown;
        break;
      case Kind::kOther:
        binding.state = Binding::State::kIllegal;
        break;
      case Kind::kString:
        binding.state = Binding::State::kKnown;
        binding.ids.push_back(std::move(named.value.text));
        break;
      case Kind::kNone:
      case Kind::kTuple:
      case Kind::kList:
      case Kind::kSet:
        // Several ids, or none, are no id of a revision.
        binding.state = role == Role::kRevision ? Binding::State::kIllegal : Binding::State::kKnown;
        if (binding.known()) binding.ids = WithoutDuplicates(std::move(named.value.items));
        break;
    }
    if (!binding.known()) {
      binding.text = OneLine(text_.substr(binding.value.begin, binding.value.size()));
    }
    if (value.kind == Kind::kUnknown && value.cause->report == Report::kYes) {
      migration_.defects.push_back(value.cause->defect);
    }
    return binding;
  }

  // `__doc__ = "..."` further down counts for Alembic; an import of * leaves it alone.
  void TakeDocstring(const ModuleReader& reader) {
    const NamedValue rebound = reader.names().Find(kDocName);
    const bool own = rebound.value.kind == Kind::kAbsent || rebound.by == BoundBy::kAnything;
    std::string_view doc = rebound.value.text;
    if (own && reader.docstring()) {
      doc = reader.docstring()->text;
      migration_.doc_revision_id = reader.docstring()->revision_id;
      migration_.doc_revises = reader.docstring()->revises;
    }
    migration_.doc = std::string(StripUnicode(doc));
    migration_.title = std::string(FirstParagraph(migration_.doc));
  }

  void SortDefects() {
    std::vector<ReadDefect>& defects = migration_.defects;
    std::stable_sort(defects.begin(), defects.end(),
                     [](const ReadDefect& a, const ReadDefect& b) { return a.line < b.line; });
    std::vector<ReadDefect> distinct;
    for (ReadDefect& defect : defects) {
      const auto same = std::find(distinct.begin(), distinct.end(), defect);
      if (same == distinct.end()) distinct.push_back(std::move(defect));
    }
    defects = std::move(distinct);
  }

  std::string_view text_;
  Migration migration_;
};

}  // namespace

// Alembic, _only_source_rev_file: "(?!\.\#|__init__)(.*\.py)$"; "." is no line feed.
bool IsMigrationFileName(std::string_view name) {
  if (name.substr(0, 2) == ".#" || name.substr(0, 8) == "__init__") return false;
  if (name.find('\n') != std::string_view::npos) return false;
  return name.size() >= 3 && name.substr(name.size() - 3) == ".py";
}

Migration ReadMigration(std::string_view path, std::string_view text) {
  return MigrationBuilder(path, text).Build();
}

}  // namespace onehead
