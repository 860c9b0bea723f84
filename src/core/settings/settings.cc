#include "onehead/core/settings/settings.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <cctype>
#include <limits>
#include <utility>

#include "onehead/base/text.h"

namespace onehead {
namespace {

constexpr std::size_t kMaxPatternBytes = 4096;
constexpr std::int64_t kMostHeads = 1'000'000;
constexpr std::int64_t kMostFiles = 100'000'000;
constexpr std::int64_t kMostBytes = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMostMilliseconds = 1'000'000'000;  // a week and a half
constexpr std::int64_t kMaxPatternMemory = std::int64_t{1} << 20;

// The branches that are deployed in nearly every project that has them. Not hotfix/: such branches
// are short-lived and rebased. (No RE2 program is needed for any of these, see Compile.)
constexpr std::string_view kPublished[] = {
    "main", "master",     "trunk",       "develop",   "dev",      "staging",    "production",
    "prod", "release/.*", "releases/.*", "stable/.*", "maint/.*", "release-.*", "stable-.*"};

using Values = std::vector<std::optional<std::string>>;

tl::unexpected<Error> Bad(std::string_view key, const std::optional<std::string>& value,
                          std::string_view wanted, std::string_view example) {
  const std::string what = value ? "'" + Printable(*value, 100) + "'" : "no value";
  return Fail(ErrorKind::kInvalid, fmt::format("{}: {} is not {}", key, what, wanted),
              fmt::format("git config {} {}", key, example));
}

// Git's integers (git_parse_signed): C's notation of numbers, then k, m or g. Null: not one, or
// out of range.
std::optional<std::int64_t> GitInteger(std::string_view text) {
  text = text.substr(std::min(text.find_first_not_of(" \t\n\v\f\r"), text.size()));
  const bool negative = text.substr(0, 1) == "-";
  if (negative || text.substr(0, 1) == "+") text.remove_prefix(1);
  int base = 10;
  if (text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
    base = 16;
    text.remove_prefix(2);
  } else if (text.size() > 1 && text[0] == '0') {
    base = 8;
  }
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::int64_t number = 0;
  std::size_t used = 0;
  for (; used < text.size(); ++used) {
    const std::size_t digit = kDigits.find(Lower(text.substr(used, 1)));
    if (digit >= static_cast<std::size_t>(base)) break;
    if (number > (kMax - static_cast<std::int64_t>(digit)) / base) return std::nullopt;
    number = number * base + static_cast<std::int64_t>(digit);
  }
  if (used == 0) return std::nullopt;
  const std::string unit = Lower(text.substr(used));
  std::int64_t factor = 1;
  if (unit == "k") factor = std::int64_t{1} << 10;
  if (unit == "m") factor = std::int64_t{1} << 20;
  if (unit == "g") factor = std::int64_t{1} << 30;
  if ((factor == 1 && !unit.empty()) || number > kMax / factor) return std::nullopt;
  return negative ? -number * factor : number * factor;
}

// Git's booleans (git_parse_maybe_bool).
std::optional<bool> GitBoolean(const std::optional<std::string>& value) {
  if (!value) return true;
  const std::string text = Lower(*value);
  if (text == "true" || text == "yes" || text == "on") return true;
  if (text.empty() || text == "false" || text == "no" || text == "off") return false;
  if (const std::optional<std::int64_t> number = GitInteger(text)) return *number != 0;
  return std::nullopt;
}

Status ToBool(std::string_view key, const Values& values, bool* out) {
  for (const std::optional<std::string>& value : values) {
    const std::optional<bool> parsed = GitBoolean(value);
    if (!parsed) return Bad(key, value, "true or false", "true");
    *out = *parsed;
  }
  return {};
}

// More than `most` is taken for as good as no limit, and is `most`.
template <typename Integer>
Status ToCount(std::string_view key, const Values& values, std::int64_t most, Integer* out) {
  const std::string example = std::to_string(*out);
  for (const std::optional<std::string>& value : values) {
    const std::optional<std::int64_t> parsed = value ? GitInteger(*value) : std::nullopt;
    if (!parsed || *parsed < 1) {
      return Bad(key, value, "a number from 1 on (k, m and g may follow it)", example);
    }
    *out = static_cast<Integer>(std::min(*parsed, most));
  }
  return {};
}

template <typename Enum>
struct Choice {
  std::string_view name;
  Enum value;
};

template <typename Enum>
Status ToChoice(std::string_view key, const Values& values,
                const std::vector<Choice<Enum>>& choices, Enum* out) {
  for (const std::optional<std::string>& value : values) {
    const auto chosen = std::find_if(choices.begin(), choices.end(), [&](const Choice<Enum>& c) {
      return value && Lower(*value) == c.name;
    });
    if (chosen == choices.end()) {
      std::string names;
      for (const Choice<Enum>& choice : choices) {
        names += names.empty() ? "one of " : ", ";
        names += choice.name;
      }
      return Bad(key, value, names, choices.front().name);
    }
    *out = chosen->value;
  }
  return {};
}

Status ToResponse(std::string_view key, const Values& values, Settings::Response* out) {
  using Response = Settings::Response;
  return ToChoice<Response>(
      key, values,
      {{"reject", Response::kReject}, {"warn", Response::kWarn}, {"ignore", Response::kIgnore}},
      out);
}

Status ToText(std::string_view key, const Values& values, std::string_view example,
              std::string* out) {
  for (const std::optional<std::string>& value : values) {
    if (!value) return Bad(key, value, "a name", example);
    *out = *value;
  }
  return {};
}

Result<std::vector<std::string>> ToList(std::string_view key, const Values& values,
                                        std::string_view wanted, std::string_view example) {
  std::vector<std::string> list;
  for (const std::optional<std::string>& value : values) {
    if (!value) return Bad(key, value, wanted, example);
    if (value->empty()) {
      list.clear();
    } else {
      list.push_back(*value);
    }
  }
  return list;
}

Status ToPatterns(std::string_view key, const Values& values, RefPatterns* out) {
  ONEHEAD_ASSIGN_OR_RETURN(const std::vector<std::string> list,
                           ToList(key, values, "an RE2 pattern", "'refs/heads/.*'"));
  if (list.empty()) return {};
  ONEHEAD_ASSIGN_OR_RETURN(RefPatterns patterns, RefPatterns::Compile(key, list));
  *out = std::move(patterns);
  return {};
}

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

Status ToPaths(std::string_view key, const Values& values, std::vector<std::string>* out) {
  constexpr std::string_view kWanted = "a directory of the repository, relative to its top";
  constexpr std::string_view kExample = "path/to/directory";
  ONEHEAD_ASSIGN_OR_RETURN(const std::vector<std::string> list,
                           ToList(key, values, kWanted, kExample));
  for (const std::string& given : list) {
    std::string path;
    if (!NormalizePath("", given, &path)) return Bad(key, given, kWanted, kExample);
    if (std::find(out->begin(), out->end(), path) == out->end()) out->push_back(std::move(path));
  }
  return {};
}

// The magic in front of a pathspec, taken off. False: there is some that is not known.
bool TakeMagic(std::string_view* text, Pathspec* out) {
  if (!text->starts_with(":")) return true;
  text->remove_prefix(1);
  if (!text->starts_with("(")) {  // ":!/path"
    for (; !text->empty(); text->remove_prefix(1)) {
      const char c = text->front();
      if (c != '!' && c != '^' && c != '/') break;
      out->exclude |= c != '/';
    }
    if (text->starts_with(":")) text->remove_prefix(1);
    return true;
  }
  const std::size_t end = text->find(')');
  if (end == std::string_view::npos) return false;
  for (const std::string_view word : Split(text->substr(1, end - 1), ',')) {
    out->exclude |= word == "exclude";
    out->icase |= word == "icase";
    out->literal |= word == "literal";
    const bool known = word == "exclude" || word == "icase" || word == "literal" || word == "top";
    if (!known && !word.empty()) return false;
  }
  text->remove_prefix(end + 1);
  return true;
}

Status ToPathspecs(std::string_view key, const Values& values, std::vector<Pathspec>* out) {
  constexpr std::string_view kWanted =
      "a pathspec relative to the top of the repository (of Git's magic, it may have exclude, "
      "icase, literal and top)";
  constexpr std::string_view kExample = "tests/fixtures";
  ONEHEAD_ASSIGN_OR_RETURN(const std::vector<std::string> list,
                           ToList(key, values, kWanted, kExample));
  for (const std::string& given : list) {
    Pathspec pathspec;
    std::string_view text = given;
    if (!TakeMagic(&text, &pathspec)) return Bad(key, given, kWanted, kExample);
    while (text.ends_with("/")) text.remove_suffix(1);
    if (!NormalizePath("", text, &pathspec.pattern)) return Bad(key, given, kWanted, kExample);
    if (pathspec.pattern.empty()) pathspec.pattern = "*", pathspec.literal = false;
    out->push_back(std::move(pathspec));
  }
  return {};
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
       return ToCount(key, values, kMostBytes, &out->max_file_bytes);
     }},
    {"onehead.maxFiles", "200000", "files in one version location; more are an error",
     [](std::string_view key, const Values& values, Settings* out) {
       return ToCount(key, values, kMostFiles, &out->max_files);
     }},
    {"onehead.maxHeads", "1", "heads allowed in one environment",
     [](std::string_view key, const Values& values, Settings* out) {
       return ToCount(key, values, kMostHeads, &out->max_heads);
     }},
    {"onehead.maxMemory", "224m", "bytes of memory for one push; more is an error",
     [](std::string_view key, const Values& values, Settings* out) {
       return ToCount(key, values, kMostBytes, &out->max_memory_bytes);
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
       return ToCount(key, values, kMostMilliseconds, &out->timeout_ms);
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

// Without ".*" at its end, which matches any bytes.
std::string_view WithoutAnything(std::string_view pattern) {
  constexpr std::string_view kAnything = ".*";
  if (pattern.ends_with(kAnything)) pattern.remove_suffix(kAnything.size());
  return pattern;
}

// Does it match itself and nothing else?
bool IsText(std::string_view pattern) {
  return std::all_of(pattern.begin(), pattern.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '/' || c == '-' || c == '_';
  });
}

}  // namespace

Result<RefPatterns> RefPatterns::Compile(std::string_view key,
                                         const std::vector<std::string>& patterns) {
  re2::RE2::Options options;
  // Ref names are bytes. As UTF-8, "." would not match a name that is not, and such a ref would
  // not be guarded.
  options.set_encoding(re2::RE2::Options::EncodingLatin1);
  options.set_dot_nl(true);
  options.set_log_errors(false);
  options.set_max_mem(kMaxPatternMemory);
  RefPatterns result;
  for (const std::string& pattern : patterns) {
    const std::string shown = Printable(pattern, 100);
    if (pattern.size() > kMaxPatternBytes) {
      return Fail(ErrorKind::kInvalid, fmt::format("{}: the pattern '{}' is longer than {} bytes",
                                                   key, shown, kMaxPatternBytes));
    }
    // What most are, the default too: RE2 need not be started for it in every push.
    if (IsText(WithoutAnything(pattern))) {
      result.patterns_.push_back({pattern, nullptr});
      continue;
    }
    auto compiled = std::make_shared<const re2::RE2>(pattern, options);
    if (!compiled->ok()) {
      return Fail(ErrorKind::kInvalid,
                  fmt::format("{}: the pattern '{}' is not valid: {}", key, shown,
                              Printable(compiled->error(), 200)),
                  "the syntax is RE2's: https://github.com/google/re2/wiki/Syntax");
    }
    result.patterns_.push_back({pattern, std::move(compiled)});
  }
  return result;
}

bool RefPatterns::Matches(std::string_view ref) const {
  return std::any_of(patterns_.begin(), patterns_.end(), [&](const Pattern& pattern) {
    if (pattern.compiled != nullptr) {
      return re2::RE2::FullMatch(re2::StringPiece(ref.data(), ref.size()), *pattern.compiled);
    }
    const std::string_view text = WithoutAnything(pattern.source);
    return text.size() == pattern.source.size() ? ref == text : ref.starts_with(text);
  });
}

std::vector<std::string> RefPatterns::sources() const {
  std::vector<std::string> sources;
  for (const Pattern& pattern : patterns_) sources.push_back(pattern.source);
  return sources;
}

bool Settings::IsPublishedBranch(std::string_view branch) const {
  return published_refs.Matches(branch);
}

Result<Settings> ParseSettings(const std::vector<Setting>& entries) {
  Settings settings;
  ONEHEAD_ASSIGN_OR_RETURN(RefPatterns heads,
                           RefPatterns::Compile("onehead.refs", {"refs/heads/.*"}));
  settings.refs = std::move(heads);
  ONEHEAD_ASSIGN_OR_RETURN(RefPatterns published,
                           RefPatterns::Compile("onehead.publishedRefs",
                                                {std::begin(kPublished), std::end(kPublished)}));
  settings.published_refs = std::move(published);

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
