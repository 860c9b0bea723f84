#include "onehead/core/migration/migration.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "core/python/docstring.h"
#include "core/python/module_reader.h"
#include "core/python/source_encoding.h"

namespace onehead {
namespace {

using Kind = Value::Kind;

// Token positions are 32 bits; callers limit files to far less.
constexpr std::size_t kMaxBytes = std::size_t{1} << 30;

enum class Role {
  kRevision,
  kParents,
  kOptional,  // Alembic does without it
};

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
    Sort(&migration_.defects);
    Sort(&migration_.doubts);
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
    struct Name {
      std::string_view name;
      Binding* binding;
      Role role;
    };
    const Name names[] = {{"revision", &migration_.revision, Role::kRevision},
                          {"down_revision", &migration_.down_revision, Role::kParents},
                          {"branch_labels", &migration_.branch_labels, Role::kOptional},
                          {"depends_on", &migration_.depends_on, Role::kOptional}};
    const NamedValue getattr = reader.names().Find(kGetattrName);
    for (const auto& [name, binding, role] : names) {
      *binding = ToBinding(reader.names().Find(name), role);
      if (binding->state != Binding::State::kAbsent) continue;
      ApplyGetattr(getattr, role, binding);
      if (!reader.complete()) *binding = {.state = Binding::State::kUnknown};
    }
    if (migration_.revision.state == Binding::State::kAbsent) LegacyRevision();
    if (migration_.down_revision.state == Binding::State::kAbsent) {
      const int line = std::max(1, migration_.revision.line);
      migration_.defects.push_back({line, "down_revision is not set", ""});
    }
  }

  // What it gives to a name that is not bound only Python could tell.
  void ApplyGetattr(const NamedValue& getattr, Role role, Binding* binding) {
    const ReadDefect defect{getattr.line,
                            "__getattr__ may give a value to a name that is not bound", ""};
    if (getattr.value.kind == Kind::kAbsent) {
      if (getattr.doubt && !binding->doubtful) TakeAbsent(role, getattr.line, defect, binding);
      return;
    }
    *binding = {.state = Binding::State::kUnknown, .line = getattr.line};
    AddDefect(role, defect);
  }

  void AddDefect(Role role, ReadDefect defect) {
    defect.optional = role == Role::kOptional;
    migration_.defects.push_back(std::move(defect));
  }

  // Of a name that is not bound as far as is known, but might be.
  void TakeAbsent(Role role, int line, const ReadDefect& why, Binding* binding) {
    const bool counts = role != Role::kOptional;  // then it must be bound, by what is not known
    if (counts) *binding = {.state = Binding::State::kUnknown, .line = line};
    binding->doubtful = !counts;
    (counts ? migration_.defects : migration_.doubts).push_back(why);
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
        binding = {};
        if (named.doubt) {
          const ReadDefect& why = named.doubt->defect;
          TakeAbsent(role, named.line != 0 ? named.line : why.line, why, &binding);
        }
        if (binding.state == Binding::State::kAbsent) return binding;
        binding.value = named.expression;
        break;
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
      AddDefect(role, value.cause->defect);
    }
    if (value.known() && named.doubt) {
      binding.doubtful = true;
      migration_.doubts.push_back(named.doubt->defect);
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

  // In order of line, none twice. What is a defect of one name that counts is one that counts.
  static void Sort(std::vector<ReadDefect>* defects) {
    std::stable_sort(defects->begin(), defects->end(),
                     [](const ReadDefect& a, const ReadDefect& b) { return a.line < b.line; });
    std::vector<ReadDefect> distinct;
    for (ReadDefect& defect : *defects) {
      const auto same = std::find_if(distinct.begin(), distinct.end(), [&](const ReadDefect& d) {
        return d.line == defect.line && d.reason == defect.reason &&
               d.expression == defect.expression;
      });
      if (same == distinct.end()) {
        distinct.push_back(std::move(defect));
      } else {
        same->optional &= defect.optional;
      }
    }
    *defects = std::move(distinct);
  }

  std::string_view text_;
  Migration migration_;
};

// Git's attribute "ident" makes other texts in a checkout of "$Id$" and "$Id:...$" in one line (of
// which exactly differs between its two implementations, convert.c). The line of one behind which
// the file may be another one: what is replaced holds a character that ends a string or a comment,
// or escapes. 0: there is none.
int LineOfHidingIdent(std::string_view text) {
  constexpr std::string_view kKeyword = "$Id:";
  std::size_t line_end = 0;
  for (std::size_t at = text.find(kKeyword); at != std::string_view::npos;
       at = text.find(kKeyword, at + 1)) {
    std::string_view replaced = text.substr(at + kKeyword.size());
    if (at >= line_end) line_end = std::min(text.find('\n', at), text.size());
    replaced = replaced.substr(0, line_end - at - kKeyword.size());
    const std::size_t end = replaced.find('$');
    if (end == std::string_view::npos) {
      at += kKeyword.size() + replaced.size();  // nor is there one behind another in this line
      continue;
    }
    if (replaced.substr(0, end).find_first_of("'\"\\\r") == std::string_view::npos) continue;
    const auto before = text.begin() + static_cast<std::ptrdiff_t>(at);
    return 1 + static_cast<int>(std::count(text.begin(), before, '\n'));
  }
  return 0;
}

// The line of a value that is another one there; 0: there is none.
int LineOfIdentValue(const Migration& migration) {
  for (const Binding* binding : {&migration.revision, &migration.down_revision,
                                 &migration.branch_labels, &migration.depends_on}) {
    for (const std::string& id : binding->ids) {
      if (id.find("$Id") != std::string::npos) return std::max(binding->line, 1);
    }
  }
  return 0;
}

}  // namespace

// Alembic, _only_source_rev_file: "(?!\.\#|__init__)(.*\.py)$"; "." is no line feed.
bool IsMigrationFileName(std::string_view name) {
  if (name.starts_with(".#") || name.starts_with("__init__")) return false;
  if (name.find('\n') != std::string_view::npos) return false;
  return name.ends_with(".py") && !IsBrokenMigrationName(name);
}

// Python's splitext() finds no extension in a name of nothing but dots in front of it.
bool IsBrokenMigrationName(std::string_view name) {
  if (name.ends_with(".py\n")) return true;
  return name.ends_with(".py") && name.find_first_not_of('.') == name.size() - 2;
}

Migration ReadMigration(std::string_view path, std::string_view text) {
  Migration migration = MigrationBuilder(path, text).Build();
  int line = LineOfHidingIdent(text);
  if (line == 0) line = LineOfIdentValue(migration);
  if (line == 0) return migration;
  // With the attribute or without: nobody's migration holds that by accident.
  std::vector<ReadDefect>& defects = migration.defects;
  const auto after = std::find_if(defects.begin(), defects.end(),
                                  [&](const ReadDefect& defect) { return defect.line > line; });
  defects.insert(after, {line,
                         "Git may replace what stands between $Id and $ when it checks the file "
                         "out",
                         "$Id"});
  return migration;
}

}  // namespace onehead
