// The policy: what the `onehead.*` keys of git config say.
//
// Here: every key with its type and default, and reading them from entries. Not here: where the
// entries come from and whether they may be trusted (git/), what each setting decides (rules).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "onehead/base/result.h"
#include "onehead/core/environment/environment.h"

namespace re2 {
class RE2;
}

namespace onehead {

// One entry of git config. `key` as Git gives it, lower-cased: "onehead.maxheads". A key without
// "=" has no value, which Git takes for true.
struct Setting {
  std::string key;
  std::optional<std::string> value;
};

// RE2 patterns, each of which must match a whole ref name. Cheap to copy; matching takes linear
// time and bounded memory whatever the pattern.
class RefPatterns {
 public:
  RefPatterns() = default;  // matches nothing
  // Fails with kInvalid naming `key` and the pattern.
  [[nodiscard]] static Result<RefPatterns> Compile(std::string_view key,
                                                   const std::vector<std::string>& patterns);
  bool Matches(std::string_view ref) const;
  bool empty() const { return patterns_.empty(); }
  std::vector<std::string> sources() const;

 private:
  struct Pattern {
    std::string source;
    std::shared_ptr<const re2::RE2> compiled;  // null: it is text, and ".*" or nothing behind it
  };
  std::vector<Pattern> patterns_;
};

// A pathspec of Git (gitglossary): a path and what is below it, or a pattern in which `*` matches
// also "/". Of its magic, what is here: not "glob" and "attr".
struct Pathspec {
  std::string pattern;   // normalised, relative to the repository; "*": everything
  bool exclude = false;  // takes away from what others match
  bool icase = false;
  bool literal = false;  // no character is special
  friend bool operator==(const Pathspec&, const Pathspec&) = default;
};

struct Settings {
  enum class Mode { kEnforce, kWarn, kOff };
  enum class Response { kReject, kWarn, kIgnore };
  enum class OnError { kReject, kAllow };

  Mode mode = Mode::kEnforce;
  RefPatterns refs;  // from ParseSettings: never empty, by default refs/heads/.*
  // onehead.publishedRefs; by default the names that deployed branches usually have. May be empty.
  RefPatterns published_refs;
  // Environments that are named (NamedLocations); normalised, relative to the repository.
  std::vector<std::string> script_locations = {};
  std::vector<std::string> versions = {};
  bool recursive = false;
  bool discovery = true;  // false: no other environment is looked for
  std::vector<Pathspec> ignore = {};
  std::size_t max_heads = 1;  // at least 1
  bool labelled_heads = false;
  bool external_revisions = false;
  Response published = Response::kWarn;
  Response strays = Response::kReject;
  OnError on_error = OnError::kReject;
  bool override_allowed = false;  // onehead.override
  bool advice = true;
  std::int64_t timeout_ms = 4000;                         // at least 1
  std::size_t max_file_bytes = std::size_t{64} << 20;     // onehead.maxFileSize, at least 1
  std::size_t max_files = 200000;                         // at least 1
  std::size_t max_memory_bytes = std::size_t{224} << 20;  // onehead.maxMemory, at least 1
  std::string upstream = {};                              // empty: not set
  bool new_ids = false;
  bool renumber = false;

  // What holds in one environment: of onehead.<name>.*, its locations (script_locations, versions,
  // recursive), how many heads it may have, how they are counted, and whether revisions may live
  // elsewhere; the rest as here.
  std::map<std::string, std::shared_ptr<const Settings>> named = {};
  // Those of an environment that the settings name, else these.
  const Settings& For(const Environment& environment) const;

  // Does a branch of this name (behind refs/heads/ or refs/remotes/<remote>/) match
  // onehead.publishedRefs? A pattern may have refs/heads/ in front.
  bool IsPublishedBranch(std::string_view branch) const;

  // Keys below "onehead." that mean nothing, as given, each once, in order.
  std::vector<std::string> unknown_keys = {};
};

// The settings that `entries` give, in the order of Git: the last one wins, and repeatable keys
// accumulate; an empty value of these drops what stood before it. Keys outside of "onehead." are
// skipped. Booleans and integers follow Git ("git help config", Values).
// Fails with kInvalid for a bad value; the hint says what would be right.
[[nodiscard]] Result<Settings> ParseSettings(const std::vector<Setting>& entries);

// What `onehead help config` says of a key.
struct SettingHelp {
  std::string_view key;      // as the manual writes it: "onehead.maxHeads"
  std::string_view initial;  // the value that stands for what is when it is not set; "" for nothing
  std::string_view meaning;
};

// Every key, sorted.
std::vector<SettingHelp> KnownSettings();

}  // namespace onehead
