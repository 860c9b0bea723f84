// One Git repository: its objects, refs, index, work tree and configuration.
//
// The only way in for the commands; nothing of libgit2 shows here. Not here: policy, output, exit
// codes. Everything read is checked for what it claims to be; nothing is ever written except where
// a function says so.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/core/tree/source_tree.h"
#include "onehead/git/objects/object_store.h"

namespace onehead::git {

using onehead::ContentId;

struct Ref {
  std::string name;  // "refs/heads/main"
  ContentId target;  // the object, not peeled
  friend bool operator==(const Ref&, const Ref&) = default;
};

// One setting as Git's files give it, keys in lower case where Git ignores case
// ("onehead.maxheads"); a key without "=" has no value.
struct ConfigEntry {
  std::string key;
  std::optional<std::string> value;
  friend bool operator==(const ConfigEntry&, const ConfigEntry&) = default;
};

struct CommitInfo {
  ContentId id;
  ContentId tree;
  std::vector<ContentId> parents;
  std::string author_name;
  std::int64_t author_time = 0;  // seconds since the epoch
  int author_offset = 0;         // minutes east of UTC
  std::string subject;           // first line of the message
};

enum class OpenFrom {
  kDirectory,    // what `git -C DIR` would find: DIR or a directory above it; GIT_DIR counts
  kEnvironment,  // in a hook: GIT_DIR, the quarantine (GIT_OBJECT_DIRECTORY,
                 // GIT_ALTERNATE_OBJECT_DIRECTORIES), and of the refs those of GIT_NAMESPACE
};

// How Git stands to a file that is read in the work tree.
enum class Tracking {
  kTracked,
  kUntracked,
  kIgnored,
  kSkipped,  // a sparse checkout leaves it out: it is read from the index
};

// The files of a work tree as a program sees them that reads the directory: also those that Git
// does not track, and those that it ignores. What a sparse checkout has left out is there too: it
// has not been removed.
class WorkTreeFiles : public SourceTree {
 public:
  // The same without what lies in directories that Git ignores, and in other repositories: where to
  // search for what may be anywhere.
  virtual const SourceTree& ToSearch() const = 0;
  // Of a file that is there.
  [[nodiscard]] virtual Result<Tracking> TrackingOf(std::string_view path) const = 0;
};

class Repository {
 public:
  // kNotFound: no repository there (the message says where it looked).
  [[nodiscard]] static Result<std::unique_ptr<Repository>> Open(const std::string& directory,
                                                                OpenFrom from);
  virtual ~Repository() = default;

  virtual bool IsBare() const = 0;
  virtual std::string GitDir() const = 0;     // of this work tree, without a final slash
  virtual std::string CommonDir() const = 0;  // shared by all work trees
  virtual std::string WorkDir() const = 0;    // "" when bare
  // The directory the program was started in, seen from the top of the work tree ("" at the top
  // or when bare).
  virtual std::string Prefix() const = 0;

  // Settings of the section "onehead" (and nothing else) of the system, the global and the
  // repository's file, in this order, so that the last one wins. The global file counts only when
  // its owner is the repository's owner. Nothing of the environment, nothing of a tree.
  [[nodiscard]] virtual Result<std::vector<ConfigEntry>> OneheadConfig() const = 0;
  // One value of Git's whole configuration, as `git config KEY` prints it.
  [[nodiscard]] virtual Result<std::optional<std::string>> ConfigValue(
      const std::string& key) const = 0;

  virtual const ObjectStore& objects() const = 0;
  // After this much time, from the first call on, every read fails with kTimeout and a message that
  // names onehead.timeout.
  virtual void SetTimeout(std::chrono::milliseconds timeout) = 0;

  // The commit that `rev` names (anything `git rev-parse REV^{commit}` takes). kNotFound: names
  // nothing (for an unborn HEAD the hint lists the branches there are); kInvalid: not a commit.
  [[nodiscard]] virtual Result<ContentId> ResolveCommit(const std::string& rev) const = 0;
  // The commit that object `id` is or, as a tag, leads to. Null: it leads to something else.
  [[nodiscard]] virtual Result<std::optional<ContentId>> PeelToCommit(
      const ContentId& id) const = 0;
  [[nodiscard]] virtual Result<CommitInfo> Commit(const ContentId& commit) const = 0;

  // What HEAD names: "refs/heads/main", also when that does not exist. Null: detached.
  [[nodiscard]] virtual Result<std::optional<std::string>> HeadRef() const = 0;
  // The ref that an update of `name` writes: `name`, or what it leads to as a symbolic ref.
  [[nodiscard]] virtual Result<std::string> WrittenRef(const std::string& name) const = 0;
  // All refs, sorted by name, symbolic ones resolved; broken ones and symbolic ones to nothing are
  // passed over. Objects of the quarantine do not count as reached by a ref.
  [[nodiscard]] virtual Result<std::vector<Ref>> Refs() const = 0;
  [[nodiscard]] virtual Result<std::optional<ContentId>> RefTarget(
      const std::string& name) const = 0;

  // The best common ancestor, of several the youngest. Null: no common history. In this and the
  // next two a parent that is not in the store (a shallow clone) counts as absent.
  [[nodiscard]] virtual Result<std::optional<ContentId>> MergeBase(const ContentId& a,
                                                                   const ContentId& b) const = 0;
  // The commits already here that `tip` builds on: parents of commits that no ref reaches yet,
  // which a ref does reach; `tip` itself when a ref reaches it. Sorted, no id twice.
  [[nodiscard]] virtual Result<std::vector<ContentId>> KnownBoundary(
      const ContentId& tip) const = 0;
  // The commits that `tip` has and none of `known`, parents before children, of unrelated ones the
  // older first.
  [[nodiscard]] virtual Result<std::vector<ContentId>> NewCommits(
      const ContentId& tip, const std::vector<ContentId>& known) const = 0;
  // True if `ancestor` is an ancestor of `descendant`, or the same.
  [[nodiscard]] virtual Result<bool> IsAncestor(const ContentId& ancestor,
                                                const ContentId& descendant) const = 0;

  // The files of a commit, of the index (a path in conflict as "ours", else "theirs"), of the work
  // tree. The tree borrows the repository.
  [[nodiscard]] virtual Result<std::unique_ptr<SourceTree>> CommitTree(
      const ContentId& commit) const = 0;
  [[nodiscard]] virtual Result<std::unique_ptr<SourceTree>> IndexTree() const = 0;
  [[nodiscard]] virtual Result<std::unique_ptr<WorkTreeFiles>> WorkTree() const = 0;
};

}  // namespace onehead::git
