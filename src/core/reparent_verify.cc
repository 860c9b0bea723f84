// The contract's promises about what is rewritten, checked on the graph that comes out.
#include <algorithm>
#include <utility>

#include "core/reparent_work.h"
#include "onehead/core/config.h"
#include "onehead/core/rules.h"

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
      if (Status status = (this->*check)(); !status) return status;
    }
    return {};
  }

 private:
  static tl::unexpected<Error> Refuse(const Item& item, std::string message, std::string hint) {
    return Fail({ErrorKind::kInvalid, std::move(message), std::move(hint), item.original->path,
                 item.original->down_revision.line});
  }

  static std::string List(const std::vector<std::string>& ids) {
    std::string text;
    for (const std::string& id : ids) text += (text.empty() ? "" : ", ") + id;
    return text.empty() ? "nothing" : text;
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
      return Refuse(Local(duplicate.id), "two files would declare \"" + duplicate.id + "\"", "");
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
                    "no file declares its parent \"" + missing.id + "\"", "");
    }
    return {};
  }

  const Item& Local(const std::string& id) const { return work_.items[work_.local.at(id)]; }

  // What was beneath a local migration still is.
  Status Order() const {
    std::map<std::string, std::string> renamed;  // what a local file called it -> its id now
    for (const auto& [id, index] : work_.local) {
      renamed.emplace(work_.items[index].original->id(), id);
    }
    for (const auto& [id, index] : work_.local) {
      const Item& item = work_.items[index];
      for (const std::string& old : item.original->down_revision.ids) {
        const auto parent = renamed.find(old);
        if (parent == renamed.end()) continue;
        if (std::find(item.parents.begin(), item.parents.end(), parent->second) !=
            item.parents.end()) {
          continue;
        }
        const std::vector<char> beneath = after_.Ancestors({*after_.IndexOf(id)});
        if (beneath[At(*after_.IndexOf(parent->second))] != 0) continue;
        return Refuse(item, "it would no longer follow \"" + parent->second + "\"", "");
      }
    }
    return {};
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
          "set its down_revision to the head it shall follow");
    }
    if (local == nullptr) return {};
    return Refuse(*local, "there would be several heads: " + List(heads),
                  "make one head of them: onehead merge");
  }

  // Rule 6.
  Status Beneath() const {
    if (before_.heads().size() != 1 || after_.heads().size() != 1) return {};
    const std::vector<char> beneath = after_.Ancestors(after_.heads());
    if (beneath[At(*after_.IndexOf(before_.nodes()[At(before_.heads().front())].id()))] != 0) {
      return {};
    }
    return Refuse(Local(after_.nodes()[At(after_.heads().front())].id()),
                  "it would not follow the published head", "");
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
