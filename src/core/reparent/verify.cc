// The contract's promises about what is rewritten, checked on the graph that comes out.
#include <algorithm>
#include <utility>

#include "core/reparent/work.h"
#include "onehead/base/text.h"
#include "onehead/core/history/head_count.h"
#include "onehead/core/settings/settings.h"

namespace onehead::reparent {
namespace {

std::size_t At(NodeIndex i) { return static_cast<std::size_t>(i); }

class Verifier {
 public:
  Verifier(const ReparentInput& input, const ReparentOptions& options, const Work& work)
      : input_(input),
        options_(options),
        work_(work),
        before_(Graph::Build(Declare(work, Which::kPublished))),
        after_(Graph::Build(Declare(work, Which::kAll))) {}

  Status Run() const {
    for (Status (Verifier::*check)() const :
         {&Verifier::Published, &Verifier::Whole, &Verifier::Order, &Verifier::Heads,
          &Verifier::Beneath}) {
      ONEHEAD_TRY((this->*check)());
    }
    return {};
  }

 private:
  static tl::unexpected<Error> Refuse(const Item& item, std::string message, std::string hint) {
    return Fail({ErrorKind::kInvalid, std::move(message), std::move(hint), item.original->path,
                 item.original->down_revision.line});
  }

  static std::string List(const std::vector<std::string>& ids) {
    return ids.empty() ? "nothing" : JoinIds(ids);
  }

  // A migration that is published elsewhere never gets a second parent.
  Status Published() const {
    for (const auto& [id, index] : work_.local) {
      const Item& item = work_.items[index];
      const auto there = input_.published_parents.find(id);
      if (there == input_.published_parents.end()) continue;
      const auto sorted = [](std::vector<std::string> ids) {
        std::sort(ids.begin(), ids.end());
        return ids;
      };
      if (sorted(there->second) == sorted(item.parents)) continue;
      return Refuse(item,
                    "\"" + id + "\" is published with the parent " + List(there->second) +
                        "; here it would follow " + List(item.parents),
                    "give it a new id: onehead rebase --new-ids");
    }
    return {};
  }

  Status Whole() const {
    for (const DuplicateId& duplicate : after_.duplicates()) {
      if (work_.local.count(duplicate.id) == 0) continue;
      return Refuse(Local(duplicate.id), "two files would declare \"" + duplicate.id + "\"",
                    "give one of them another id by hand");
    }
    for (const Cycle& cycle : after_.cycles()) {
      for (const std::string& id : cycle.ids) {
        if (work_.local.count(id) == 0) continue;
        return Refuse(Local(id), "it would depend on itself: " + List(cycle.ids),
                      "set down_revision or depends_on by hand");
      }
    }
    for (const DanglingReference& missing : after_.missing_parents()) {
      if (!missing.migration->has_id() || work_.local.count(missing.migration->id()) == 0) continue;
      return Refuse(Local(missing.migration->id()),
                    "no file declares its parent \"" + missing.id + "\"",
                    "bring that migration here too, or take it out of down_revision");
    }
    return {};
  }

  const Item& Local(const std::string& id) const { return work_.items[work_.local.at(id)]; }

  // What was beneath a local migration still is.
  Status Order() const {
    std::map<std::string, const Item*> named;  // by what a local file calls them
    for (const Item& item : work_.items) {
      if (!item.local || (item.removed() && work_.published.count(item.id) != 0)) continue;
      named.emplace(item.original->id(), &item);
    }
    for (const auto& [id, index] : work_.local) {
      const Item& item = work_.items[index];
      const std::vector<char> beneath = after_.Ancestors({*after_.IndexOf(id)});
      for (const std::string& parent : LeftOf(named, item)) {
        if (beneath[At(*after_.IndexOf(parent))] != 0) continue;
        return Refuse(item, "it would no longer follow \"" + parent + "\"",
                      "set its down_revision by hand");
      }
    }
    return {};
  }

  // The local parents that it had, by what they are called now; of those that are removed, theirs.
  static std::set<std::string> LeftOf(const std::map<std::string, const Item*>& named,
                                      const Item& item) {
    std::set<std::string> left;
    std::set<const Item*> seen;
    std::vector<const Item*> todo = {&item};
    while (!todo.empty()) {
      const Item* next = todo.back();
      todo.pop_back();
      for (const std::string& id : next->original->down_revision.ids) {
        const auto parent = named.find(id);
        if (parent == named.end() || !seen.insert(parent->second).second) continue;
        if (parent->second->removed()) {
          todo.push_back(parent->second);
        } else {
          left.insert(parent->second->id);
        }
      }
    }
    return left;
  }

  Status Heads() const {
    Settings settings;
    settings.labelled_heads = options_.labelled_heads;
    HeadAllowance allowance;
    allowance.per_group = static_cast<int>(std::max<std::size_t>(options_.max_heads, 1));
    allowance.Include(CountHeads(before_, settings));
    for (const auto& [group, count] : CountHeads(after_, settings)) {
      if (count > allowance.For(group)) return TooMany();
    }
    return {};
  }

  Status TooMany() const {
    std::vector<std::string> heads;
    const Item* local = nullptr;
    for (const NodeIndex head : after_.heads()) {
      const std::string& id = after_.nodes()[At(head)].id();
      heads.push_back(id);
      if (work_.local.count(id) != 0) local = &Local(id);
    }
    for (const auto& [id, index] : work_.local) {
      const Item& item = work_.items[index];
      if (!item.parents.empty() || work_.published.empty()) continue;
      return Refuse(
          item,
          "it follows nothing (down_revision is None), so it makes a second head: " + List(heads),
          "set its down_revision to \"" + PublishedHead() +
              "\"; or, if it begins a history of its own: git config onehead.maxHeads " +
              std::to_string(heads.size()));
    }
    if (local == nullptr) return {};
    const Node* onto = options_.onto ? before_.Find(*options_.onto) : nullptr;
    const bool not_a_head = onto != nullptr && !onto->is_head && before_.heads().size() == 1;
    return Refuse(*local, "there would be several heads: " + List(heads),
                  not_a_head ? "name the head: onehead rebase --onto " + ShellWord(PublishedHead())
                             : "join all heads: onehead merge");
  }

  const std::string& PublishedHead() const {
    return before_.nodes()[At(before_.heads().front())].id();
  }

  // Rule 6.
  Status Beneath() const {
    if (before_.heads().size() != 1 || after_.heads().size() != 1) return {};
    const std::vector<char> beneath = after_.Ancestors(after_.heads());
    if (beneath[At(*after_.IndexOf(PublishedHead()))] != 0) return {};
    return Refuse(Local(after_.nodes()[At(after_.heads().front())].id()),
                  "it would not follow the published head",
                  "name the one to follow: onehead rebase --onto " + ShellWord(PublishedHead()));
  }

  const ReparentInput& input_;
  const ReparentOptions& options_;
  const Work& work_;
  Graph before_;
  Graph after_;
};

}  // namespace

Status Verify(const ReparentInput& input, const ReparentOptions& options, const Work& work) {
  return Verifier(input, options, work).Run();
}

}  // namespace onehead::reparent
