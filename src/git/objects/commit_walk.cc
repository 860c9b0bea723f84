// Merge bases, ancestors and what is new, by painting the commit graph.
//
// As Git's paint_down_to_common: commits get marks for the starts that reach them and hand these
// to their parents, the youngest first, until what is left in the queue cannot change the answer.
// Each commit is read once, and the walk ends near the fork in honest histories. Dates are claims
// of whoever made the commit, so MergeBase and IsAncestor do not stop at a date, and the two that
// may (see the header) look some way beyond it.
#include "onehead/git/objects/commit_walk.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <queue>
#include <set>
#include <utility>

namespace onehead::git {
namespace {

using Marks = std::uint8_t;
constexpr Marks kFirst = 1;   // reached from the first start, or from the tip
constexpr Marks kSecond = 2;  // reached from the second, or from a known commit
constexpr Marks kStale = 4;   // behind a common ancestor
constexpr Marks kFound = 8;   // taken as a candidate
constexpr Marks kQueued = 16;

// "Name <mail> 1700000000 +0100" -> 1700000000; 0 when there is none.
std::int64_t DateOf(std::string_view person) {
  const std::size_t mail_end = person.rfind("> ");
  if (mail_end == std::string_view::npos) return 0;
  std::int64_t date = 0;
  const std::string_view digits = person.substr(mail_end + 2);
  std::from_chars(digits.data(), digits.data() + digits.size(), date);
  return date;
}

}  // namespace

// Marks on commits, and a queue of those whose parents have not got them yet: youngest first, and
// equally old ones by id, so that the order never depends on memory addresses.
class CommitWalk::Painting {
 public:
  enum class RunsWhile { kNotAllStale, kSomeFirst };
  explicit Painting(RunsWhile runs_while) : runs_while_(runs_while) {}

  void Add(const Node* node, Marks marks) {
    Marks& mark = marks_[node];
    if ((mark & marks) == marks) return;
    const Marks before = mark;
    mark |= marks | kQueued;
    if ((before & kQueued) == 0) queue_.push(node);
    interesting_ += Interesting(mark);
    interesting_ -= Interesting(before);
  }

  const Node* Pop() {
    const Node* node = queue_.top();
    queue_.pop();
    Marks& mark = marks_[node];
    interesting_ -= Interesting(mark);
    mark &= static_cast<Marks>(~kQueued);
    return node;
  }

  bool Done() const { return interesting_ == 0; }
  bool Empty() const { return queue_.empty(); }
  Marks Of(const Node* node) const {
    const auto found = marks_.find(node);
    return found == marks_.end() ? Marks{0} : found->second;
  }
  void SetFound(const Node* node) { marks_[node] |= kFound; }
  const std::unordered_map<const Node*, Marks>& all() const { return marks_; }

 private:
  struct Older {
    bool operator()(const Node* a, const Node* b) const {
      return a->date != b->date ? a->date < b->date : a->id > b->id;
    }
  };

  int Interesting(Marks mark) const {
    if ((mark & kQueued) == 0) return 0;
    return runs_while_ == RunsWhile::kNotAllStale ? (mark & kStale) == 0 : (mark & kFirst) != 0;
  }

  RunsWhile runs_while_;
  std::unordered_map<const Node*, Marks> marks_;
  std::priority_queue<const Node*, std::vector<const Node*>, Older> queue_;
  std::int64_t interesting_ = 0;  // queued commits that keep the walk going
};

Result<const CommitWalk::Node*> CommitWalk::Load(const ContentId& id) {
  const auto known = nodes_.find(id);
  if (known != nodes_.end()) return &known->second;
  Node node;
  node.id = id;
  const Result<Object> object = objects_.Read(id, kMaxMetaObjectBytes);
  if (!object && object.error().kind != ErrorKind::kNotFound) return Fail(object.error());
  node.missing = !object;
  if (object) {
    if (object->type != ObjectType::kCommit) {
      return Fail(ErrorKind::kInvalid, "object " + id.Hex() + " is not a commit");
    }
    Result<ParsedCommit> commit = ParseCommit(object->bytes);
    if (!commit) return Fail(ErrorKind::kInvalid, commit.error().message + " in " + id.Hex());
    node.date = DateOf(commit->committer);
    node.parents = std::move(commit->parents);
  }
  return &nodes_.emplace(id, std::move(node)).first->second;
}

Result<const CommitWalk::Node*> CommitWalk::LoadStart(const ContentId& id) {
  Result<const Node*> node = Load(id);
  if (node && (*node)->missing) {
    return Fail(ErrorKind::kNotFound, "commit " + id.Hex() + " is missing");
  }
  return node;
}

Status CommitWalk::SpreadToParents(const Node& node, Marks marks, Painting* painting) {
  ONEHEAD_TRY(deadline_.Check());
  for (const ContentId& id : node.parents) {
    ONEHEAD_ASSIGN_OR_RETURN(const Node* parent, Load(id));
    painting->Add(parent, marks);
  }
  return {};
}

// Git, commit-reach.c paint_down_to_common: both histories are painted from young to old until
// all that is left lies behind a common ancestor. Wrong dates can only add candidates that are
// ancestors of others.
Result<std::vector<const CommitWalk::Node*>> CommitWalk::PaintCommon(const Node* a, const Node* b,
                                                                     Painting* painting) {
  std::vector<const Node*> found;
  painting->Add(a, kFirst);
  painting->Add(b, kSecond);
  while (!painting->Done()) {
    const Node* node = painting->Pop();
    Marks marks = painting->Of(node) & (kFirst | kSecond | kStale);
    if (marks == (kFirst | kSecond)) {
      if ((painting->Of(node) & kFound) == 0) found.push_back(node);
      painting->SetFound(node);
      marks |= kStale;
    }
    if (Status spread = SpreadToParents(*node, marks, painting); !spread) {
      return Fail(std::move(spread.error()));
    }
  }
  std::vector<const Node*> fresh;
  for (const Node* node : found) {
    if ((painting->Of(node) & kStale) == 0) fresh.push_back(node);
  }
  return fresh;
}

Result<std::vector<const CommitWalk::Node*>> CommitWalk::WithoutAncestors(
    const std::vector<const Node*>& nodes) {
  std::vector<const Node*> kept;
  for (const Node* node : nodes) {
    bool covered = false;
    for (const Node* other : nodes) {
      if (covered || other == node) continue;
      ONEHEAD_ASSIGN_OR_RETURN(const bool ancestor, IsAncestor(node->id, other->id));
      covered = ancestor;
    }
    if (!covered) kept.push_back(node);
  }
  return kept;
}

Result<std::optional<ContentId>> CommitWalk::MergeBase(const ContentId& a, const ContentId& b) {
  ONEHEAD_ASSIGN_OR_RETURN(const Node* first, LoadStart(a));
  ONEHEAD_ASSIGN_OR_RETURN(const Node* second, LoadStart(b));
  Painting painting(Painting::RunsWhile::kNotAllStale);
  Result<std::vector<const Node*>> found = PaintCommon(first, second, &painting);
  if (found && found->size() > 1) found = WithoutAncestors(*found);
  if (!found) return Fail(std::move(found.error()));
  if (found->empty()) return std::nullopt;
  const Node* best =
      *std::min_element(found->begin(), found->end(), [](const Node* x, const Node* y) {
        return x->date != y->date ? x->date > y->date : x->id < y->id;
      });
  return best->id;
}

Result<bool> CommitWalk::IsAncestor(const ContentId& ancestor, const ContentId& descendant) {
  ONEHEAD_ASSIGN_OR_RETURN(const Node* first, LoadStart(ancestor));
  ONEHEAD_ASSIGN_OR_RETURN(const Node* second, LoadStart(descendant));
  Painting painting(Painting::RunsWhile::kNotAllStale);
  ONEHEAD_ASSIGN_OR_RETURN(const std::vector<const Node*> common,
                           PaintCommon(first, second, &painting));
  return (painting.Of(first) & kSecond) != 0;
}

Status CommitWalk::PaintKnown(const Node* tip, const std::vector<ContentId>& known,
                              Painting* painting) {
  painting->Add(tip, kFirst);
  for (const ContentId& id : known) {
    ONEHEAD_ASSIGN_OR_RETURN(const Node* node, Load(id));
    painting->Add(node, kSecond);
  }
  std::size_t slack = known_slack_;
  while (!painting->Empty() && (painting->Of(tip) & kSecond) == 0) {
    if (painting->Done() && slack-- == 0) break;
    const Node* node = painting->Pop();
    const Marks marks = painting->Of(node);
    const Marks passed_on = (marks & kSecond) != 0 ? kSecond : kFirst;
    ONEHEAD_TRY(SpreadToParents(*node, passed_on, painting));
  }
  return {};
}

Result<std::vector<ContentId>> CommitWalk::KnownBoundary(const ContentId& tip,
                                                         const std::vector<ContentId>& known) {
  ONEHEAD_ASSIGN_OR_RETURN(const Node* start, LoadStart(tip));
  Painting painting(Painting::RunsWhile::kSomeFirst);
  if (Status painted = PaintKnown(start, known, &painting); !painted) {
    return Fail(std::move(painted.error()));
  }
  if ((painting.Of(start) & kSecond) != 0) return std::vector<ContentId>{tip};
  std::set<ContentId> boundary;
  for (const auto& [node, marks] : painting.all()) {
    if ((marks & kFirst) == 0 || (marks & kSecond) != 0) continue;
    for (const ContentId& id : node->parents) {
      const Node& parent = nodes_.at(id);
      if ((painting.Of(&parent) & kSecond) != 0) boundary.insert(id);
    }
  }
  return std::vector<ContentId>(boundary.begin(), boundary.end());
}

Result<std::vector<ContentId>> CommitWalk::NewCommits(const ContentId& tip,
                                                      const std::vector<ContentId>& known) {
  ONEHEAD_ASSIGN_OR_RETURN(const Node* start, LoadStart(tip));
  Painting painting(Painting::RunsWhile::kSomeFirst);
  if (Status painted = PaintKnown(start, known, &painting); !painted) {
    return Fail(std::move(painted.error()));
  }
  // Kahn's algorithm: a commit is ready when all of its new parents are in the list.
  const auto is_new = [&](const Node* node) { return (painting.Of(node) & kSecond) == 0; };
  std::map<const Node*, int> open;  // new parents that are not in the list yet
  std::map<const Node*, std::vector<const Node*>> children;
  const auto younger = [](const Node* a, const Node* b) {
    return a->date != b->date ? a->date > b->date : a->id > b->id;
  };
  std::priority_queue<const Node*, std::vector<const Node*>, decltype(younger)> ready(younger);
  for (const auto& [node, marks] : painting.all()) {
    if (node->missing || !is_new(node)) continue;
    int& count = open[node];
    for (const ContentId& id : node->parents) {
      const auto parent = nodes_.find(id);
      const bool counts = parent != nodes_.end() && !parent->second.missing &&
                          painting.Of(&parent->second) != 0 && is_new(&parent->second);
      if (!counts) continue;
      ++count;
      children[&parent->second].push_back(node);
    }
    if (count == 0) ready.push(node);
  }
  std::vector<ContentId> commits;
  while (!ready.empty()) {
    const Node* node = ready.top();
    ready.pop();
    commits.push_back(node->id);
    for (const Node* child : children[node]) {
      if (--open[child] == 0) ready.push(child);
    }
  }
  return commits;
}

}  // namespace onehead::git
