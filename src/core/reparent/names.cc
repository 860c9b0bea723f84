// The ids and file names of local migrations: the next number, a known id, or a fresh one.
//
// Parents before children, so that numbers rise along a chain. A number is free when no other
// revision has it, but for those above, which get a higher one anyway; and no name is given that
// any file has or had, so that nothing refers to two migrations by turns.
#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

#include "core/reparent/work.h"
#include "onehead/base/text.h"

namespace onehead::reparent {
namespace {

using Of = Numbering::Of;

bool IsWordByte(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

std::string Renamed(const std::string& path, const std::string& name) {
  return JoinPath(DirName(path), name);
}

// `path` with the new id in its name; empty when the name does not hold the old one.
std::string PathWithId(const std::string& path, const std::string& old_id,
                       const std::string& new_id) {
  std::string name(BaseName(path));
  if (old_id.empty() || new_id.find('/') != std::string::npos) return {};
  for (std::size_t at = name.find(old_id); at != std::string::npos;
       at = name.find(old_id, at + 1)) {
    const std::size_t end = at + old_id.size();
    if ((at > 0 && IsWordByte(name[at - 1])) || (end < name.size() && IsWordByte(name[end]))) {
      continue;
    }
    name.replace(at, old_id.size(), new_id);
    return Renamed(path, name);
  }
  return {};
}

// `path` with another number at the front of its name. REQUIRES: there is one.
std::string NumberedPath(const std::string& path, unsigned long number) {
  const std::string_view stem = StemOf(path);
  return Renamed(path, WithNumber(stem, number) + std::string(BaseName(path).substr(stem.size())));
}

// The path when the number of its id becomes another: the same number at the front of the name,
// else the id anywhere in it.
std::string PathWithNumber(const Migration& m, unsigned long number) {
  const std::string& id = m.id();
  const std::size_t width = LeadingNumber(id)->width;
  const std::optional<Number> in_name = LeadingNumber(StemOf(m.path));
  const bool same = in_name && in_name->width == width &&
                    BaseName(m.path).substr(0, width) == std::string_view(id).substr(0, width);
  return same ? NumberedPath(m.path, number) : PathWithId(m.path, id, WithNumber(id, number));
}

class Namer {
 public:
  Namer(const ReparentInput& input, const ReparentOptions& options, Work* work)
      : input_(input),
        options_(options),
        work_(*work),
        of_(options.renumber ? work->numbering.of() : Of::kNothing),
        links_(*work) {}

  Status Run() {
    const bool clash = std::any_of(work_.items.begin(), work_.items.end(),
                                   [](const Item& item) { return item.clashes; });
    if (!clash && !options_.new_id && of_ == Of::kNothing) return {};
    Prepare();
    for (const std::size_t i : links_.order) {
      Status named;
      const Item& item = work_.items[i];
      const bool numbered = numbers_[i] && NeedsNumber(i);
      if (of_ == Of::kFileNames && numbered) NumberFile(i);
      if (item.clashes || (options_.new_id && item.moved) || (of_ == Of::kIds && numbered)) {
        named = NameAnew(i);
      }
      if (!named) return named;
      open_.erase(i);
    }
    Apply();
    return {};
  }

 private:
  // Everything that has a name or a number.
  void Prepare() {
    numbers_.resize(work_.items.size());
    for (std::size_t i = 0; i < work_.items.size(); ++i) {
      const Item& item = work_.items[i];
      const Migration& m = *item.original;
      paths_.insert(m.path);
      if (!m.has_id()) continue;
      ids_.insert(m.id());
      if (item.removed()) continue;
      numbers_[i] = NumberOf(m);
      by_id_[item.id] = i;
    }
    open_.insert(links_.order.begin(), links_.order.end());
    ids_.insert(input_.taken_ids.begin(), input_.taken_ids.end());
    paths_.insert(input_.taken_paths.begin(), input_.taken_paths.end());
  }

  std::optional<Number> NumberOf(const Migration& m) const {
    if (of_ == Of::kNothing) return std::nullopt;
    return work_.numbering.In(of_ == Of::kIds ? std::string_view(m.id()) : StemOf(m.path));
  }

  Status NameAnew(std::size_t i) {
    Item& item = work_.items[i];
    const std::string old = item.original->id();
    const auto known = input_.known_ids.find(old);
    const bool use_known = known != input_.known_ids.end() &&
                           (known->second == old ? !item.clashes : IsFree(known->second));
    std::string id;
    if (use_known) {
      id = known->second;
      if (id != old) SetPath(&item, KnownPath(item, id));
    } else if (of_ == Of::kIds && numbers_[i]) {
      const unsigned long number = NextNumber(i);
      id = WithNumber(old, number);
      SetPath(&item, PathWithNumber(*item.original, number));
    } else {
      id = FreshId();
      if (id.empty()) return Fail(NoId(item));
      SetPath(&item, PathWithId(PathOf(item), old, id));
    }
    if (of_ == Of::kIds) numbers_[i] = work_.numbering.In(id);
    ids_.insert(id);
    names_[item.id] = id;
    return {};
  }

  static const std::string& PathOf(const Item& item) {
    return item.new_path.empty() ? item.original->path : item.new_path;
  }

  // Empty: as it is.
  void SetPath(Item* item, std::string path) {
    if (path.empty() || path == item->original->path) return;
    paths_.insert(path);
    item->new_path = std::move(path);
  }

  Error NoId(const Item& item) const {
    const Migration& m = *item.original;
    return {ErrorKind::kInvalid, "could not generate a unique id for \"" + m.id() + "\"",
            "give it another id by hand", m.path, m.revision.line};
  }

  bool IsFree(const std::string& id) const { return ids_.count(id) == 0; }

  std::string KnownPath(const Item& item, const std::string& id) const {
    const auto known = input_.known_paths.find(item.original->path);
    if (known != input_.known_paths.end()) return known->second;
    return PathWithId(PathOf(item), item.original->id(), id);
  }

  std::string FreshId() const {
    if (!options_.new_id) return {};
    for (int tries = 0; tries < 100; ++tries) {
      std::string id = options_.new_id();
      if (!id.empty() && IsFree(id)) return id;
    }
    return {};
  }

  // Only the number at the front of the file's name is counted.
  void NumberFile(std::size_t i) {
    Item& item = work_.items[i];
    const std::string& path = item.original->path;
    const auto known = input_.known_paths.find(path);
    const bool use_known = known != input_.known_paths.end() && paths_.count(known->second) == 0;
    SetPath(&item, use_known ? known->second : NumberedPath(path, NextNumber(i)));
    numbers_[i] = work_.numbering.In(StemOf(PathOf(item)));
  }

  // REQUIRES: it has a number.
  bool NeedsNumber(std::size_t i) const {
    const Item& item = work_.items[i];
    if (of_ == Of::kIds && (item.clashes || (options_.new_id && item.moved))) return true;
    const unsigned long number = numbers_[i]->value;
    const std::optional<unsigned long> beneath = HighestBeneath(i);
    if (beneath && number <= *beneath) return true;
    return item.moved && IsBeneath(i, number);
  }

  // Of the nearest numbered revisions beneath.
  std::optional<unsigned long> HighestBeneath(std::size_t i) const {
    std::optional<unsigned long> highest;
    Walk(i, [&](std::size_t at) {
      if (!numbers_[at]) return true;
      highest = std::max(highest.value_or(0), numbers_[at]->value);
      return false;
    });
    return highest;
  }

  bool IsBeneath(std::size_t i, unsigned long number) const {
    bool found = false;
    Walk(i, [&](std::size_t at) {
      found = found || (numbers_[at] && numbers_[at]->value == number);
      return !found;
    });
    return found;
  }

  // What is beneath an item, each once, nearest first; past one only where `visit` says so.
  template <typename Visit>
  void Walk(std::size_t i, Visit visit) const {
    std::vector<std::size_t> todo = {i};
    std::set<std::size_t> seen = {i};
    for (std::size_t next = 0; next < todo.size(); ++next) {
      if (next > 0 && !visit(todo[next])) continue;
      for (const std::string& parent : work_.items[todo[next]].parents) {
        const auto found = by_id_.find(parent);
        if (found != by_id_.end() && seen.insert(found->second).second) {
          todo.push_back(found->second);
        }
      }
    }
  }

  unsigned long NextNumber(std::size_t i) const {
    std::set<unsigned long> used;
    const auto take = [&](std::string_view name) {
      if (const auto number = work_.numbering.In(name)) used.insert(number->value);
    };
    const std::vector<std::size_t> descendants = links_.Above(i);
    const std::set<std::size_t> above(descendants.begin(), descendants.end());
    for (std::size_t at = 0; at < numbers_.size(); ++at) {
      const bool will_rise = open_.count(at) != 0 && above.count(at) != 0;
      if (numbers_[at] && !will_rise) used.insert(numbers_[at]->value);
    }
    for (const std::string& id : input_.taken_ids) {
      if (of_ == Of::kIds) take(id);
    }
    for (const std::string& path : input_.taken_paths) {
      if (of_ == Of::kFileNames) take(StemOf(path));
    }
    unsigned long number = numbers_[i]->value;
    if (const auto beneath = HighestBeneath(i)) number = std::max(number, *beneath + 1);
    while (used.count(number) != 0 || !Fits(*work_.items[i].original, number)) ++number;
    return number;
  }

  bool Fits(const Migration& m, unsigned long number) const {
    if (of_ == Of::kFileNames) return paths_.count(NumberedPath(m.path, number)) == 0;
    const std::string path = PathWithNumber(m, number);
    return IsFree(WithNumber(m.id(), number)) && (path.empty() || paths_.count(path) == 0);
  }

  void Apply() {
    for (auto& [id, i] : work_.local) {
      Item& item = work_.items[i];
      Rename(&item.parents);
      Rename(&item.depends_on);
      const auto name = names_.find(item.id);
      if (name != names_.end()) item.id = name->second;
    }
    work_.local.clear();
    for (std::size_t i = 0; i < work_.items.size(); ++i) {
      const Item& item = work_.items[i];
      if (item.local && !item.removed()) work_.local.emplace(item.id, i);
    }
  }

  void Rename(std::vector<std::string>* ids) const {
    for (std::string& id : *ids) {
      const auto found = names_.find(id);
      if (found != names_.end()) id = found->second;
    }
  }

  const ReparentInput& input_;
  const ReparentOptions& options_;
  Work& work_;
  const Of of_;
  const LocalLinks links_;
  std::vector<std::optional<Number>> numbers_;  // by item, as it will be
  std::set<std::size_t> open_;                  // local items that are still to be looked at
  std::map<std::string, std::size_t> by_id_;
  std::set<std::string> ids_;  // of all files, old ones and new ones
  std::set<std::string> paths_;
  std::map<std::string, std::string> names_;  // id as placed -> new id
};

}  // namespace

Status GiveNames(const ReparentInput& input, const ReparentOptions& options, Work* work) {
  return Namer(input, options, work).Run();
}

}  // namespace onehead::reparent
