// The working copy: which file declares what, and what local migrations mean by the ids they name.
#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "core/reparent/work.h"
#include "onehead/base/text.h"

namespace onehead::reparent {
namespace {

// Not a migration; ignored.
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

// Ids that two files declare. The same file twice needs one of the two only. Different ones need
// two ids: a local one gets the other, under a stand-in for now. A local file that names such an id
// means the local one: it was written before the published one came beside it.
class Clashes {
 public:
  Clashes(const ReparentInput& input, const ReparentOptions& options, Work* work)
      : input_(input), options_(options), work_(*work) {}

  Status Run() {
    std::map<std::string, std::vector<std::size_t>> published;
    std::map<std::string, std::vector<std::size_t>> local;
    for (std::size_t i = 0; i < work_.items.size(); ++i) {
      const Item& item = work_.items[i];
      if (!item.id.empty()) (item.local ? local : published)[item.id].push_back(i);
    }
    for (auto& [id, files] : local) {
      const auto key = [&](std::size_t i) {
        const std::string& path = work_.items[i].original->path;
        const auto added = input_.added_at.find(path);
        return std::tuple(added == input_.added_at.end() ? 0 : added->second, path);
      };
      std::sort(files.begin(), files.end(),
                [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
      ONEHEAD_TRY(Settle(published[id], files));
    }
    return {};
  }

 private:
  // One id: the published files that declare it, and the local ones.
  Status Settle(const std::vector<std::size_t>& published, std::vector<std::size_t> local) {
    for (const std::size_t i : local) {
      for (const std::size_t other : published) TakeCopyOut(other, i);
    }
    local.erase(std::remove_if(local.begin(), local.end(),
                               [&](std::size_t i) { return work_.items[i].removed(); }),
                local.end());
    if (local.empty()) return {};
    std::size_t first = local.front();
    if (!published.empty()) {
      first = published.front();
    } else {
      local.erase(local.begin());
    }
    for (const std::size_t i : local) {
      ONEHEAD_TRY(Clash(first, i));
    }
    return local.size() > (published.empty() ? 0 : 1) ? CheckUnnamed(first, local.back())
                                                      : Status();
  }

  void TakeCopyOut(std::size_t published, std::size_t local) {
    Item& item = work_.items[local];
    const Migration& other = *work_.items[published].original;
    if (item.removed() || !IsCopy(*item.original, other)) return;
    item.why_removed = "is the same migration as " + other.path;
  }

  // A bare number does not say which migration it is; two file names say that there are two.
  bool IsCopy(const Migration& a, const Migration& b) const {
    const std::optional<Number> number = LeadingNumber(a.id());
    const bool bare = number && number->width == a.id().size();
    if (bare && StemOf(a.path) != StemOf(b.path)) return false;
    if (a.content.known() && b.content.known()) return a.content == b.content;
    return options_.same_text && options_.same_text(a, b);
  }

  Status Clash(std::size_t first, std::size_t second) {
    const Item& one = work_.items[first];
    Item& item = work_.items[second];
    const Migration& m = *item.original;
    const std::string& other = one.original->path;
    if (IsCopy(m, *one.original)) {
      return Fail({ErrorKind::kInvalid, "is the same migration as " + other,
                   "remove one of the two: git rm " + ShellWord(m.path), m.path});
    }
    if (!MayGetAnother(m.id())) return Fail(Refusal(one, m));
    const std::string stand_in = m.id() + " (" + m.path + ")";
    if (one.local || !item.local) {
      item.id = stand_in;
      item.clashes = true;
      return {};
    }
    for (Item& local : work_.items) {
      if (!local.local) continue;
      std::replace(local.parents.begin(), local.parents.end(), item.id, stand_in);
      std::replace(local.depends_on.begin(), local.depends_on.end(), item.id, stand_in);
    }
    item.id = stand_in;
    item.clashes = true;
    return {};
  }

  bool IsNumber(const std::string& id) const {
    return work_.numbering.of() == Numbering::Of::kIds && work_.numbering.In(id).has_value();
  }

  bool MayGetAnother(const std::string& id) const {
    return options_.new_id || (options_.renumber && IsNumber(id)) ||
           input_.known_ids.count(id) != 0;
  }

  Error Refusal(const Item& one, const Migration& m) const {
    std::string hint = IsNumber(m.id()) ? "onehead rebase --renumber gives this one the next number"
                                        : "onehead rebase --new-ids gives this one a new id";
    const bool alike = !m.title.empty() && m.title == one.original->title;
    if (alike) {
      hint = "if both are the same migration, remove this one: git rm " + ShellWord(m.path) +
             "; if not: " + hint;
    }
    return {ErrorKind::kInvalid,
            "revision id \"" + m.id() + "\" is also declared by " + one.original->path +
                (one.local ? "" : ", which is published"),
            hint, m.path, m.revision.line};
  }

  // Which of two local files does a third one follow? Only its author knows.
  Status CheckUnnamed(std::size_t first, std::size_t second) const {
    const Migration& m = *work_.items[second].original;
    for (const Item& item : work_.items) {
      if (!item.local) continue;
      const auto names = [&](const std::vector<std::string>& ids) {
        return std::find(ids.begin(), ids.end(), m.id()) != ids.end();
      };
      if (!names(item.original->down_revision.ids) && !names(item.original->depends_on.ids)) {
        continue;
      }
      return Fail({ErrorKind::kInvalid,
                   "revision id \"" + m.id() + "\" is also declared by " +
                       work_.items[first].original->path + ", and " + item.original->path +
                       " does not say which of the two it follows",
                   "give one of the two another id by hand, and name it there", m.path,
                   m.revision.line});
    }
    return {};
  }

  const ReparentInput& input_;
  const ReparentOptions& options_;
  Work& work_;
};

// What local migrations name that is not here: under a new id since an earlier commit of the
// branch, or gone for a known reason.
class References {
 public:
  References(const ReparentInput& input, Work* work) : input_(input), work_(*work) {
    for (std::size_t i = 0; i < work_.items.size(); ++i) {
      const Item& item = work_.items[i];
      if (item.local && !item.removed()) local_.emplace(item.original->id(), i);
      if (item.local && !item.removed()) local_.emplace(item.id, i);
    }
  }

  void Run() {
    for (std::size_t i = 0; i < work_.items.size(); ++i) {
      Item& item = work_.items[i];
      if (!item.local || item.removed()) continue;
      UseKnown(&item.parents);
      UseKnown(&item.depends_on);
      TraceStale(i);
    }
  }

 private:
  bool IsHere(const std::string& id) const {
    return local_.count(id) != 0 || work_.published.count(id) != 0;
  }

  // A published revision may have the old id by now.
  void UseKnown(std::vector<std::string>* ids) const {
    for (std::string& id : *ids) {
      const auto known = input_.known_ids.find(id);
      if (known == input_.known_ids.end() || local_.count(id) != 0) continue;
      if (IsHere(known->second)) id = known->second;
    }
  }

  void TraceStale(std::size_t i) {
    Item& item = work_.items[i];
    std::vector<std::string> parents;
    for (const std::string& parent : item.parents) {
      std::vector<std::string> left = IsHere(parent) ? std::vector<std::string>() : Left(i, parent);
      if (left.empty()) left = {parent};
      for (std::string& id : left) {
        if (std::find(parents.begin(), parents.end(), id) == parents.end()) {
          parents.push_back(std::move(id));
        }
      }
    }
    item.moved = item.moved || parents != item.parents;
    item.parents = std::move(parents);
  }

  // The nearest revisions beneath one that is gone that are still here.
  std::vector<std::string> Left(std::size_t i, const std::string& gone) const {
    std::vector<std::string> left;
    std::vector<std::string> todo = {gone};
    std::set<std::string> seen;
    for (std::size_t next = 0; next < todo.size(); ++next) {
      const std::string id = todo[next];
      if (!seen.insert(id).second) continue;
      if (IsHere(id)) {
        if (!StandsOn(id, i)) left.push_back(id);
        continue;
      }
      const auto known = input_.known_ids.find(id);
      if (known != input_.known_ids.end() && known->second != id) todo.push_back(known->second);
      const auto stale = input_.stale.find(id);
      if (stale == input_.stale.end()) continue;
      todo.insert(todo.end(), stale->second.begin(), stale->second.end());
    }
    return left;
  }

  // The author has turned the order round.
  bool StandsOn(const std::string& id, std::size_t beneath) const {
    std::vector<std::string> todo = {id};
    std::set<std::string> seen;
    while (!todo.empty()) {
      const std::string next = std::move(todo.back());
      todo.pop_back();
      const auto found = local_.find(next);
      if (found == local_.end() || !seen.insert(next).second) continue;
      if (found->second == beneath) return true;
      const std::vector<std::string>& parents = work_.items[found->second].parents;
      todo.insert(todo.end(), parents.begin(), parents.end());
    }
    return false;
  }

  const ReparentInput& input_;
  Work& work_;
  std::map<std::string, std::size_t> local_;  // by what the files call them, and by stand-in
};

}  // namespace

LocalLinks::LocalLinks(const Work& work) : children(work.items.size()) {
  std::map<std::size_t, int> open;
  for (const auto& [id, i] : work.local) {
    for (const std::string& parent : work.items[i].parents) {
      const auto found = work.local.find(parent);
      if (found == work.local.end()) continue;
      children[found->second].push_back(i);
      ++open[i];
    }
  }
  for (const auto& [id, i] : work.local) {
    if (open[i] == 0) order.push_back(i);
  }
  for (std::size_t next = 0; next < order.size(); ++next) {
    for (const std::size_t child : children[order[next]]) {
      if (--open[child] == 0) order.push_back(child);
    }
  }
}

std::vector<std::size_t> LocalLinks::Above(std::size_t from) const {
  std::vector<std::size_t> above = {from};
  std::set<std::size_t> seen = {from};
  for (std::size_t next = 0; next < above.size(); ++next) {
    for (const std::size_t child : children[above[next]]) {
      if (seen.insert(child).second) above.push_back(child);
    }
  }
  return above;
}

Result<Work> MakeWork(const ReparentInput& input, const ReparentOptions& options) {
  Work work;
  std::vector<MigrationPtr> published;
  for (const MigrationPtr& m : input.migrations) {
    const bool local = input.local_paths.count(m->path) != 0;
    if (local && !DeclaresNothing(*m)) {
      ONEHEAD_TRY(CheckReadable(*m));
    }
    Item item{m, local};
    item.parents = m->down_revision.ids;
    if (m->has_id()) {
      item.id = m->id();
      item.depends_on = m->depends_on.ids;
    } else if (local) {
      continue;
    }  // else it is no revision, but what it names is named
    if (!local) {
      if (m->has_id()) work.published.insert(m->id());
      published.push_back(m);
    }
    work.items.push_back(std::move(item));
  }
  work.numbering = Numbering::Find(published);
  ONEHEAD_TRY(Clashes(input, options, &work).Run());
  References(input, &work).Run();
  for (std::size_t i = 0; i < work.items.size(); ++i) {
    const Item& item = work.items[i];
    if (item.local && !item.removed()) work.local.emplace(item.id, i);
  }
  return work;
}

}  // namespace onehead::reparent
