// The ids of local migrations: duplicates get the next number, moved ones fresh ids.
#include <algorithm>
#include <cctype>
#include <functional>
#include <optional>
#include <utility>

#include "core/reparent_work.h"
#include "onehead/base/text.h"

namespace onehead::reparent {
namespace {

using Names = std::map<std::string, std::string>;  // old id -> new id

// A helper module that Alembic would refuse: none of our business.
bool DeclaresNothing(const Migration& m) {
  return m.revision.state == Binding::State::kAbsent &&
         m.down_revision.state == Binding::State::kAbsent;
}

Status CheckReadable(const Migration& m) {
  const Binding* bad = !m.has_id() ? &m.revision : nullptr;
  if (bad == nullptr && !m.down_revision.known()) bad = &m.down_revision;
  if (bad == nullptr) return {};
  const int line = bad->line > 0 || m.defects.empty() ? bad->line : m.defects.front().line;
  const std::string name = bad == &m.revision ? "revision" : "down_revision";
  return Fail({ErrorKind::kInvalid, "its " + name + " cannot be read, so it cannot be moved",
               "write it as a plain string, then try again", m.path, line});
}

void Rename(const Names& names, std::vector<std::string>* ids) {
  for (std::string& id : *ids) {
    const auto found = names.find(id);
    if (found != names.end()) id = found->second;
  }
}

// The local files alone decide what a local file means: it was written before the published ones
// came beside it.
void RenameInLocal(const Names& names, Work* work) {
  for (Item& item : work->items) {
    if (!item.local) continue;
    Rename(names, &item.parents);
    Rename(names, &item.depends_on);
  }
}

std::size_t DigitCount(const std::string& id) {
  const auto end =
      std::find_if(id.begin(), id.end(), [](unsigned char c) { return std::isdigit(c) == 0; });
  const auto count = static_cast<std::size_t>(end - id.begin());
  const bool number = count > 0 && count <= 15 && (end == id.end() || *end == '_');
  return number ? count : 0;
}

// Numbers for ids such as 0042 and 0042_add_x.
class Renumberer {
 public:
  explicit Renumberer(Work* work) : work_(work) {}

  Status Run() {
    Names names;
    for (const std::size_t i : InOrder()) {
      Item& item = work_->items[i];
      const std::optional<std::string> next = Next(item.id);
      if (!next) {
        return Fail({ErrorKind::kInvalid,
                     "revision id \"" + item.id +
                         "\" is declared by a published migration too, and is not a number",
                     "give it another id by hand", item.original->path,
                     item.original->revision.line});
      }
      names[item.id] = *next;
      item.id = *next;
    }
    RenameInLocal(names, work_);
    return {};
  }

 private:
  // Duplicates; parents before children, else by path.
  std::vector<std::size_t> InOrder() const {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < work_->items.size(); ++i) {
      const Item& item = work_->items[i];
      if (item.local && work_->published.count(item.id) != 0) order.push_back(i);
    }
    // A sequential id says itself which comes first.
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      const Item& x = work_->items[a];
      const Item& y = work_->items[b];
      return std::pair(x.id, x.original->path) < std::pair(y.id, y.original->path);
    });
    return order;
  }

  std::optional<std::string> Next(const std::string& id) {
    const std::size_t width = DigitCount(id);
    if (width == 0) return std::nullopt;
    unsigned long long highest = 0;
    for (const Item& item : work_->items) {
      const std::size_t digits = DigitCount(item.id);
      // Twelve digits beside 0042 are a random id and no number.
      if (digits == 0 || digits > width + 1) continue;
      highest = std::max(highest, std::stoull(item.id.substr(0, digits)));
    }
    std::string number = std::to_string(highest + 1);
    if (number.size() < width) number.insert(0, width - number.size(), '0');
    return number + id.substr(width);
  }

  Work* work_;
};

// Two files, one id.
Status CheckDuplicates(const Work& work, const ReparentOptions& options) {
  std::map<std::string, const Item*> seen;
  for (const Item& item : work.items) {
    if (!item.local) continue;
    const auto [other, added] = seen.emplace(item.id, &item);
    if (!added) {
      return Fail(
          {ErrorKind::kInvalid,
           "revision id \"" + item.id + "\" is also declared by " + other->second->original->path,
           "give one of the two another id", item.original->path, item.original->revision.line});
    }
    if (work.published.count(item.id) == 0 || options.renumber) continue;
    return Fail({ErrorKind::kInvalid,
                 "revision id \"" + item.id + "\" is declared by a published migration too",
                 "onehead rebase --renumber gives this one the next number", item.original->path,
                 item.original->revision.line});
  }
  return {};
}

bool IsWordByte(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

}  // namespace

Result<Work> MakeWork(const ReparentInput& input, const ReparentOptions& options) {
  Work work;
  for (const MigrationPtr& m : input.migrations) {
    const bool local = input.local_paths.count(m->path) != 0;
    if (local && !DeclaresNothing(*m)) {
      if (Status readable = CheckReadable(*m); !readable) return Fail(readable.error());
    }
    if (!m->has_id()) {
      // It is no revision, but what it names is named.
      if (!local) work.items.push_back({m, false, false, {}, m->down_revision.ids, {}});
      continue;
    }
    if (!local) work.published.insert(m->id());
    work.items.push_back({m, local, false, m->id(), m->down_revision.ids, m->depends_on.ids});
  }
  if (Status unique = CheckDuplicates(work, options); !unique) return Fail(unique.error());
  if (options.renumber) {
    if (Status numbered = Renumberer(&work).Run(); !numbered) return Fail(numbered.error());
  }
  for (std::size_t i = 0; i < work.items.size(); ++i) {
    if (work.items[i].local) work.local.emplace(work.items[i].id, i);
  }
  return work;
}

Status GiveNewIds(const ReparentOptions& options, Work* work) {
  if (!options.new_id) return {};
  std::set<std::string> taken = work->published;
  for (const auto& [id, index] : work->local) taken.insert(id);
  Names names;
  for (Item& item : work->items) {
    if (!item.local || !item.moved) continue;
    std::string id = options.new_id();
    for (int tries = 0; tries < 100 && taken.count(id) != 0; ++tries) id = options.new_id();
    if (id.empty() || !taken.insert(id).second) {
      return Fail(ErrorKind::kInvalid, "there is no new id to be had");
    }
    names[item.id] = id;
    item.id = std::move(id);
  }
  RenameInLocal(names, work);
  work->local.clear();
  for (std::size_t i = 0; i < work->items.size(); ++i) {
    if (work->items[i].local) work->local.emplace(work->items[i].id, i);
  }
  return {};
}

std::string PathWithId(const Migration& migration, const std::string& new_id) {
  std::string name(BaseName(migration.path));
  const std::string& old_id = migration.id();
  if (old_id.empty() || new_id.find('/') != std::string::npos) return {};
  for (std::size_t at = name.find(old_id); at != std::string::npos;
       at = name.find(old_id, at + 1)) {
    const std::size_t end = at + old_id.size();
    if ((at > 0 && IsWordByte(name[at - 1])) || (end < name.size() && IsWordByte(name[end]))) {
      continue;
    }
    name.replace(at, old_id.size(), new_id);
    return JoinPath(DirName(migration.path), name);
  }
  return {};
}

}  // namespace onehead::reparent
