#include "onehead/core/settings/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "core/settings/setting_values.h"
#include "onehead/base/text.h"

namespace onehead {
namespace {

constexpr std::int64_t kMaxHeads = 1'000'000;
constexpr std::int64_t kMaxFiles = 100'000'000;
constexpr std::int64_t kMaxBytes = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMaxMilliseconds = 1'000'000'000;  // a week and a half

// The branches that are deployed in nearly every project that has them. Not hotfix/: such branches
// are short-lived and rebased. (No RE2 program is needed for any of these, see Compile.)
constexpr std::string_view kPublished[] = {
    "main", "master",     "trunk",       "develop",   "dev",      "staging",    "production",
    "prod", "release/.*", "releases/.*", "stable/.*", "maint/.*", "release-.*", "stable-.*"};

// Patterns of branches may be written as patterns of refs.
Values OfBranches(Values values) {
  for (std::optional<std::string>& value : values) {
    constexpr std::string_view kBranches = "refs/heads/";
    if (!value) continue;
    for (std::size_t at = value->find(kBranches); at != value->npos; at = value->find(kBranches)) {
      value->erase(at, kBranches.size());
    }
  }
  return values;
}

// One row per key: this table is what there is.
struct Row {
  std::string_view key;
  std::string_view initial;  // SettingHelp
  std::string_view meaning;
  Status (*read)(std::string_view key, const Values& values, Settings* out);
};

constexpr Row kRows[] = {
    {"onehead.advice", "true",
     "hint when a branch would fork the default branch if it were merged now",
     [](std::string_view key, const Values& values, Settings* out) {
       return ToBool(key, values, &out->advice);
     }},
    {"onehead.discovery", "true", "false: only environments that the settings name count",
     [](std::string_view key, const Values& values, Settings* out) {
       return ToBool(key, values, &out->discovery);
     }},
    {"onehead.externalRevisions", "false", "parents and dependencies may live in other packages",
     [](std::string_view key, const Values& values, Settings* out) {
       return ToBool(key, values, &out->external_revisions);
     }},
    {"onehead.ignore", "",
     "pathspecs as in Git, repeatable: fixtures, documentation, templates; nothing below them is "
     "an environment, unless onehead.scriptLocation names it",
     [](std::string_view key, const Values& values, Settings* out) {
       return ToPathspecs(key, values, &out->ignore);
     }},
    {"onehead.labelledHeads", "false", "count heads for each set of branch labels",
     [](std::string_view key, const Values& values, Settings* out) {
       return ToBool(key, values, &out->labelled_heads);
     }},
    {"onehead.maxFileSize", "64m", "bytes of one migration; a larger one is an error",
     [](std::string_view key, const Values& values, Settings* out) {
       return ToCount(key, values, kMaxBytes, &out->max_file_bytes);
     }},
    {"onehead.maxFiles", "200000", "files in one version location; more are an error",
     [](std::string_view key, const Values& values, Settings* out) {
       return ToCount(key, values, kMaxFiles, &out->max_files);
     }},
    {"onehead.maxHeads", "1", "heads allowed in one environment",
     [](std::string_view key, const Values& values, Settings* out) {
       return ToCount(key, values, kMaxHeads, &out->max_heads);
     }},
    {"onehead.maxMemory", "224m", "bytes of memory for one push; more is an error",
     [](std::string_view key, const Values& values, Settings* out) {
       return ToCount(key, values, kMaxBytes, &out->max_memory_bytes);
     }},
    {"onehead.mode", "enforce",
     "warn: everything is reported, nothing refused; off: nothing is looked at",
     [](std::string_view key, const Values& values, Settings* out) {
       using Mode = Settings::Mode;
       return ToChoice<Mode>(
           key, values, {{"enforce", Mode::kEnforce}, {"warn", Mode::kWarn}, {"off", Mode::kOff}},
           &out->mode);
     }},
    {"onehead.newIds", "false", "in a clone: migrations that move get new ids",
     [](std::string_view key, const Values& values, Settings* out) {
       return ToBool(key, values, &out->new_ids);
     }},
    {"onehead.onError", "reject", "allow: a push that could not be judged passes",
     [](std::string_view key, const Values& values, Settings* out) {
       using OnError = Settings::OnError;
       return ToChoice<OnError>(
           key, values, {{"reject", OnError::kReject}, {"allow", OnError::kAllow}}, &out->on_error);
     }},
    {"onehead.override", "false", "accept git push -o onehead.override=REASON",
     [](std::string_view key, const Values& values, Settings* out) {
       return ToBool(key, values, &out->override_allowed);
     }},
    {"onehead.published", "warn", "when a published migration changes: reject, warn or ignore",
     [](std::string_view key, const Values& values, Settings* out) {
       return ToResponse(key, values, &out->published);
     }},
    {"onehead.publishedRefs", "",
     "names of branches whose migrations count as deployed: RE2, repeatable; by default main, "
     "master, trunk, develop, dev, staging, production, prod, and whatever begins with release/, "
     "releases/, stable/, maint/, release- or stable-",
     [](std::string_view key, const Values& values, Settings* out) {
       // Also an empty value replaces the default: by nothing.
       if (!values.empty()) out->published_refs = RefPatterns();
       return ToPatterns(key, OfBranches(values), &out->published_refs);
     }},
    {"onehead.recursive", "false", "read sub-directories of version locations too",
     [](std::string_view key, const Values& values, Settings* out) {
       return ToBool(key, values, &out->recursive);
     }},
    {"onehead.refs", "refs/heads/.*", "the refs that are guarded: RE2, whole name, repeatable",
     [](std::string_view key, const Values& values, Settings* out) {
       return ToPatterns(key, values, &out->refs);
     }},
    {"onehead.renumber", "false",
     "in a clone: a local migration whose id is taken gets the next number",
     [](std::string_view key, const Values& values, Settings* out) {
       return ToBool(key, values, &out->renumber);
     }},
    {"onehead.scriptLocation", "",
     "a script directory, for projects that set it in code; repeatable, * for one level; each is "
     "an "
     "environment besides those that are found",
     [](std::string_view key, const Values& values, Settings* out) {
       return ToPaths(key, values, &out->script_locations);
     }},
    {"onehead.strays", "reject",
     "when a migration comes that lies in no environment and names or repeats a revision of one, "
     "or a configuration changes with it: reject, warn or ignore",
     [](std::string_view key, const Values& values, Settings* out) {
       return ToResponse(key, values, &out->strays);
     }},
    {"onehead.timeout", "4000", "milliseconds for one push; then it is an error",
     [](std::string_view key, const Values& values, Settings* out) {
       return ToCount(key, values, kMaxMilliseconds, &out->timeout_ms);
     }},
    {"onehead.upstream", "", "in a clone: the branch to rebase onto",
     [](std::string_view key, const Values& values, Settings* out) {
       return ToText(key, values, "origin/main", &out->upstream);
     }},
    {"onehead.versions", "",
     "a version location, for projects that set it in code; repeatable, * for one level",
     [](std::string_view key, const Values& values, Settings* out) {
       return ToPaths(key, values, &out->versions);
     }},
};

// What can be said of one environment: onehead.<name>.*
bool IsOfOneEnvironment(const Row& row) {
  constexpr std::string_view kOfOne[] = {"onehead.scriptLocation", "onehead.versions",
                                         "onehead.recursive",      "onehead.maxHeads",
                                         "onehead.labelledHeads",  "onehead.externalRevisions"};
  return std::find(std::begin(kOfOne), std::end(kOfOne), row.key) != std::end(kOfOne);
}

const Row* FindRow(std::string_view key) {
  const auto row = std::find_if(std::begin(kRows), std::end(kRows),
                                [&](const Row& r) { return Lower(r.key) == Lower(key); });
  return row == std::end(kRows) ? nullptr : &*row;
}

// "onehead.variable" or "onehead.name.variable"; dots in the name are part of it.
struct Key {
  bool is_ours = false;
  std::optional<std::string> name;  // as written
  std::string variable;
};

Key SplitKey(std::string_view key) {
  constexpr std::string_view kSection = "onehead.";
  Key parts;
  parts.is_ours = Lower(key.substr(0, kSection.size())) == kSection;
  if (!parts.is_ours) return parts;
  key.remove_prefix(kSection.size());
  const std::size_t dot = key.rfind('.');
  if (dot != std::string_view::npos) parts.name = key.substr(0, dot);
  parts.variable = key.substr(dot == std::string_view::npos ? 0 : dot + 1);
  return parts;
}

using RowValues = std::vector<Values>;  // as kRows; empty: none of them has any

// `name`: that of the environment whose settings they are, for messages.
Status ReadRows(const RowValues& values, const std::string& name, Settings* out) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::string key(kRows[i].key);
    if (!name.empty()) key.insert(key.find('.') + 1, Printable(name, 80) + ".");
    ONEHEAD_TRY(kRows[i].read(key, values[i], out));
  }
  return {};
}

Result<Settings> ReadNamed(const std::string& name, const RowValues& values,
                           const Settings& common) {
  Settings own = common;
  own.named.clear();
  own.script_locations.clear();
  own.versions.clear();
  ONEHEAD_TRY(ReadRows(values, name, &own));
  if (own.script_locations.empty() && own.versions.empty()) {
    const std::string key = "onehead." + Printable(name, 80);
    return Fail(ErrorKind::kInvalid, fmt::format("{}: nothing says where this environment is", key),
                fmt::format("git config {} path/to/directory", ShellWord(key + ".scriptLocation")));
  }
  return own;
}
}  // namespace
bool Settings::IsPublishedBranch(std::string_view branch) const {
  return published_refs.Matches(branch);
}

Result<Settings> ParseSettings(const std::vector<Setting>& entries) {
  Settings settings;
  ONEHEAD_ASSIGN_OR_RETURN(settings.refs, RefPatterns::Compile("onehead.refs", {"refs/heads/.*"}));
  ONEHEAD_ASSIGN_OR_RETURN(settings.published_refs,
                           RefPatterns::Compile("onehead.publishedRefs",
                                                {std::begin(kPublished), std::end(kPublished)}));

  RowValues values;
  std::map<std::string, RowValues> named;
  for (const Setting& entry : entries) {
    const Key key = SplitKey(entry.key);
    const Row* row = FindRow("onehead." + key.variable);
    const bool known = row != nullptr && (!key.name || IsOfOneEnvironment(*row));
    if (key.is_ours && known && key.name != "") {
      RowValues& table = key.name ? named[*key.name] : values;
      table.resize(std::size(kRows));
      table[static_cast<std::size_t>(row - std::begin(kRows))].push_back(entry.value);
      continue;
    }
    std::vector<std::string>& unknown = settings.unknown_keys;
    if (key.is_ours && std::find(unknown.begin(), unknown.end(), entry.key) == unknown.end()) {
      unknown.push_back(entry.key);
    }
  }
  ONEHEAD_TRY(ReadRows(values, "", &settings));
  for (const auto& [name, of_name] : named) {
    ONEHEAD_ASSIGN_OR_RETURN(Settings own, ReadNamed(name, of_name, settings));
    settings.named.emplace(name, std::make_shared<const Settings>(std::move(own)));
  }
  return settings;
}

const Settings& Settings::For(const Environment& environment) const {
  const auto found = named.find(environment.name);
  return found == named.end() ? *this : *found->second;
}

std::vector<SettingHelp> KnownSettings() {
  std::vector<SettingHelp> known;
  for (const Row& row : kRows) known.push_back({row.key, row.initial, row.meaning});
  return known;
}

}  // namespace onehead
