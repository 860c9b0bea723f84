#include "core/environment/config_directory.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "core/environment/location.h"
#include "core/environment/script_config.h"
#include "core/tree/links.h"
#include "onehead/base/text.h"

namespace onehead {
namespace {

using State = Location::State;

constexpr std::size_t kMaxSections = 200;     // that describe an environment, per directory
constexpr std::size_t kMaxLinkSteps = 10000;  // parts of paths, to one configuration

std::string Place(std::string_view path, int line) {
  return line == 0 ? Printable(path) : fmt::format("{}:{}", Printable(path), line);
}

// What is no location that is passed over, but an error of the configuration.
std::optional<ErrorKind> ErrorOf(State state) {
  if (state == State::kTooMany) return ErrorKind::kLimit;
  if (state == State::kUpFromNothing) return ErrorKind::kUnsupported;
  return std::nullopt;
}

// What a configuration means when Alembic runs in one directory.
struct BaseReading {
  std::string script_location;
  std::vector<Location> versions;  // as configured; shorter where there are too many places
  std::size_t depending = 0;       // of these, on that directory
  std::size_t found = 0;           // of those, there
};

struct BaseReadings {
  std::vector<BaseReading> kept;     // one at least
  std::vector<BaseReading> partial;  // the others, of which not everything is there
};

class Reader {
 public:
  Reader(const SourceTree& tree, const DiscoveryOptions& options, ConfigBudget* budget,
         Discovery* out)
      : options_(options), budget_(budget), out_(out), cache_(tree) {}

  Status Read(const ConfigDirectory& directory);

 private:
  Status ReadIni();
  Status ReadOtherIni(const std::string& path);
  Status ReadToml();
  Status ReadSections();
  // Null: it is not there, or it cannot be read and that has been said.
  Result<std::optional<std::string>> ReadText(const std::string& path);
  Status ReadSection(const std::string& section);
  // Where an ini does not say where: Flask-Migrate.
  Result<std::optional<ConfiguredValue>> OwnDirectory(const std::string& section);
  Status AddEnvironment(const ScriptConfig& config);
  // Null: it is passed over, and that has been said.
  Result<std::optional<Location>> ScriptLocation(const ScriptConfig& config);
  Result<BaseReadings> ReadFromBases(const ScriptConfig& config, const Location& script);
  Result<BaseReadings> ReadFromThose(const ScriptConfig& config, const Location& script);
  static void AddPartial(const BaseReadings& readings, Environment* environment);
  Result<std::vector<BaseReading>> ReadAsScript(const ScriptConfig& config, const Location& script);
  Result<std::vector<BaseReading>> ReadFromEach(const ScriptConfig& config, const Location& script);
  Result<BaseReading> ReadFrom(const ScriptConfig& config, const Location& script,
                               std::string_view base);
  void TakeVersions(const ScriptConfig& config, const BaseReading& reading,
                    Environment* environment);

  void AddError(Error error, const std::string& path) {
    if (error.path.empty()) error.path = path;
    out_->errors.push_back(std::move(error));
  }
  // That a package may be in a file is an error of the configuration which names it: adds it.
  bool IsOfPackage(Error error, const std::string& path, int line) {
    if (error.kind != ErrorKind::kUnsupported) return false;
    error.message += ": " + Printable(error.path, 200);
    error.path = path;
    error.line = line;
    out_->errors.push_back(std::move(error));
    return true;
  }
  void AddNote(std::string_view path, int line, std::string_view text) {
    out_->notes.push_back(fmt::format("{}: {}", Place(path, line), text));
  }

  const DiscoveryOptions& options_;
  ConfigBudget* budget_;
  Discovery* out_;
  ListingCache cache_;
  ConfigSources sources_;
  bool is_other_ini_ = false;  // what is read now
  std::optional<LocationFinder> finder_;
};

Status Reader::Read(const ConfigDirectory& directory) {
  sources_ = {directory.path, directory.ini_path, {}, directory.toml_path, {}};
  finder_.emplace(&cache_, directory.path, &budget_->lookups);
  Status status = ReadIni();
  if (status) status = ReadToml();
  if (status) status = ReadSections();
  for (const std::string& path : directory.other_inis) {
    if (!status) break;
    status = ReadOtherIni(path);
  }
  return status;
}

Status Reader::ReadSections() {
  const std::vector<std::string> sections = EnvironmentSections(sources_, options_.section);
  if (sections.size() > kMaxSections) {
    AddError({ErrorKind::kLimit, fmt::format("more than {} sections", kMaxSections)},
             sources_.ini_path);
    return {};
  }
  for (const std::string& section : sections) {
    ONEHEAD_TRY(ReadSection(section));
  }
  return {};
}

Status Reader::ReadOtherIni(const std::string& path) {
  sources_ = {sources_.directory, path, {}, {}, {}};
  is_other_ini_ = true;
  ONEHEAD_TRY(ReadIni());
  return ReadSections();
}

Status Reader::ReadIni() {
  if (sources_.ini_path.empty()) return {};
  ONEHEAD_ASSIGN_OR_RETURN(const std::optional<std::string> text, ReadText(sources_.ini_path));
  if (!text) return {};
  // Python's configparser knows no upper case in names of options.
  if (is_other_ini_ && Lower(*text).find("script_location") == std::string::npos) return {};
  Result<IniFile> ini = IniFile::Parse(*text);
  if (ini) {
    sources_.ini = std::move(*ini);
  } else {
    AddError(std::move(ini.error()), sources_.ini_path);
  }
  return {};
}

Status Reader::ReadToml() {
  if (sources_.toml_path.empty()) return {};
  ONEHEAD_ASSIGN_OR_RETURN(const std::optional<std::string> text, ReadText(sources_.toml_path));
  if (!text) return {};
  Result<std::optional<TomlAlembic>> toml = ReadTomlAlembic(*text);
  if (toml) {
    sources_.toml = std::move(*toml);
  } else {
    AddError(std::move(toml.error()), sources_.toml_path);
  }
  return {};
}

Result<std::optional<std::string>> Reader::ReadText(const std::string& path) {
  ONEHEAD_ASSIGN_OR_RETURN(const std::optional<TreeEntryView> entry, cache_.Find(path));
  if (!entry) return std::nullopt;
  std::size_t steps = kMaxLinkSteps;
  const Result<LinkTarget> target = ResolveLinks(&cache_, path, &steps);
  if (!target && !IsAboutOneFile(target.error())) return Fail(target.error());
  if (!target || target->state != LinkTarget::State::kFile) {
    if (is_other_ini_) return std::nullopt;
    AddNote(path, 0, "is not a file, nor a link to one in the repository; passed over");
    return std::nullopt;
  }
  if (!IsConfigurationName(target->entry.name)) {
    AddError({ErrorKind::kUnsupported,
              "a link to a file that is not named like a configuration (*.ini, *.toml, *.cfg, "
              "*.conf)"},
             path);
    return std::nullopt;
  }
  Result<std::string> text =
      cache_.tree().ReadEntry(DirName(target->path), target->entry, options_.max_config_bytes);
  if (text) {
    if (text->size() > budget_->bytes) {
      if (is_other_ini_) return std::nullopt;
      return Fail(ErrorKind::kLimit, "the configurations of this tree are too large together",
                  "name the script directories with onehead.scriptLocation");
    }
    budget_->bytes -= text->size();
    return std::optional<std::string>(std::move(*text));
  }
  Error error = std::move(text.error());
  if (!IsAboutOneFile(error)) return Fail(std::move(error));
  if (is_other_ini_) return std::nullopt;
  error.path = path;
  if (error.kind == ErrorKind::kLimit) {
    error.message =
        fmt::format("larger than {} bytes, which no configuration is", options_.max_config_bytes);
  }
  AddError(std::move(error), path);
  return std::nullopt;
}

Status Reader::ReadSection(const std::string& section) {
  Result<ScriptConfig> config = ReadScriptConfig(sources_, section);
  if (!config) {
    AddError(std::move(config.error()), sources_.ini ? sources_.ini_path : sources_.toml_path);
    return {};
  }
  if (!config->script_location) {
    if (is_other_ini_) return {};
    ONEHEAD_ASSIGN_OR_RETURN(std::optional<ConfiguredValue> own, OwnDirectory(section));
    if (!own) return {};
    config->script_location = std::move(own);
  }
  std::move(config->notes.begin(), config->notes.end(), std::back_inserter(out_->notes));
  return AddEnvironment(*config);
}

Result<std::optional<ConfiguredValue>> Reader::OwnDirectory(const std::string& section) {
  const int line = sources_.ini->FindSection(section)->line;
  ONEHEAD_ASSIGN_OR_RETURN(const std::optional<TreeEntryView> env,
                           cache_.Find(JoinPath(sources_.directory, "env.py")));
  ONEHEAD_ASSIGN_OR_RETURN(const Location versions,
                           finder_->Look(JoinPath(sources_.directory, "versions")));
  if (!env && versions.state != State::kDirectory) {
    AddNote(
        sources_.ini_path, line,
        fmt::format("section [{}] has no script_location; passed over", Printable(section, 80)));
    return std::nullopt;
  }
  return ConfiguredValue{std::string(kHere), sources_.ini_path, section, line};
}

Result<std::optional<Location>> Reader::ScriptLocation(const ScriptConfig& config) {
  const ConfiguredValue& where = *config.script_location;
  Result<Location> script = finder_->Find(where.text, config.PrependSysPath());
  if (!script && IsOfPackage(script.error(), where.path, where.line)) return std::nullopt;
  if (!script) return Fail(std::move(script.error()));
  if (script->state == State::kDirectory) return std::optional<Location>(std::move(*script));
  const std::string text =
      fmt::format("script_location {} {}", ShownLocation(where.text), WhyPassedOver(script->state));
  if (const auto kind = ErrorOf(script->state)) {
    AddError({*kind, text, {}, where.path, where.line}, where.path);
  } else {
    AddNote(where.path, where.line, text + "; passed over");
  }
  return std::nullopt;
}

Status Reader::AddEnvironment(const ScriptConfig& config) {
  ONEHEAD_ASSIGN_OR_RETURN(const std::optional<Location> script, ScriptLocation(config));
  if (!script) return {};
  const ConfiguredValue& where = *config.script_location;
  Environment environment;
  environment.script_location = script->path;
  environment.recursive = config.recursive;
  environment.sourceless = config.sourceless.has_value();
  environment.config_path = where.path;
  environment.section = where.section;
  environment.file_template = config.file_template;
  if (config.sourceless) {
    AddNote(config.sourceless->path, config.sourceless->line,
            "sourceless = true: compiled migrations (.pyc) cannot be read");
  }
  if (!config.version_locations) {
    const Status status =
        AddDefaultVersions(&*finder_, Place(where.path, where.line), &environment, out_);
    if (status) out_->environments.push_back(std::move(environment));
    return status;
  }
  Result<BaseReadings> readings = ReadFromBases(config, *script);
  const ConfiguredList& list = *config.version_locations;
  if (!readings && IsOfPackage(readings.error(), list.path, list.line)) return {};
  if (!readings) return Fail(std::move(readings.error()));
  for (const BaseReading& reading : readings->kept) {
    environment.script_location = reading.script_location;
    environment.version_locations.clear();
    environment.also_locations.clear();
    TakeVersions(config, reading, &environment);
    if (&reading == &readings->kept.front()) AddPartial(*readings, &environment);
    out_->environments.push_back(environment);
  }
  return {};
}

// Those that lead to other directories than what is kept, and to any.
void Reader::AddPartial(const BaseReadings& readings, Environment* environment) {
  const auto there = [](const BaseReading& reading) {
    std::vector<std::string> paths;
    for (const Location& location : reading.versions) {
      if (location.state == State::kDirectory) paths.push_back(location.path);
    }
    return paths;
  };
  for (const BaseReading& reading : readings.partial) {
    std::vector<std::string> paths = there(reading);
    const auto same = [&](const BaseReading& kept) { return there(kept) == paths; };
    const bool known = std::any_of(readings.kept.begin(), readings.kept.end(), same);
    auto& all = environment->also_locations;
    if (paths.empty() || known || std::find(all.begin(), all.end(), paths) != all.end()) continue;
    all.push_back(std::move(paths));
  }
}

// All relative locations count from one directory: the one in which Alembic runs, which may be that
// of the configuration or one above it. What is not there from one is not taken from another: each
// directory that may be meant is a reading of its own, if it leads to other version locations.
// What is partial may still be what somebody reads, where the script location is there.
Result<BaseReadings> Reader::ReadFromBases(const ScriptConfig& config, const Location& script) {
  Result<BaseReadings> all = ReadFromThose(config, script);
  if (!all) return all;
  std::vector<BaseReading> distinct;
  for (BaseReading& reading : all->kept) {
    const auto same = [&](const BaseReading& other) {
      return std::equal(reading.versions.begin(), reading.versions.end(), other.versions.begin(),
                        other.versions.end(),
                        [](const Location& a, const Location& b) { return a.path == b.path; });
    };
    if (std::any_of(distinct.begin(), distinct.end(), same)) continue;
    distinct.push_back(std::move(reading));
  }
  all->kept = std::move(distinct);
  return all;
}

Result<BaseReadings> Reader::ReadFromThose(const ScriptConfig& config, const Location& script) {
  const auto is_whole = [](const BaseReading& r) { return r.found == r.depending; };
  const auto is_empty = [](const BaseReading& r) { return r.found == 0; };
  const bool script_depends = IsPlainRelative(config.script_location->text);
  BaseReadings readings;
  if (script_depends) {
    // The nearest directory from which the script location is there, and each further one from
    // which everything is.
    ONEHEAD_ASSIGN_OR_RETURN(std::vector<BaseReading> all, ReadAsScript(config, script));
    const bool counts = is_whole(all.front()) || !is_empty(all.front());
    for (BaseReading& reading : all) {
      const bool kept = is_whole(reading) || &reading == &all.front();
      (kept ? readings.kept : readings.partial).push_back(std::move(reading));
    }
    if (counts) return readings;
  }
  // Each from which everything is; if there is none, each from which anything is.
  ONEHEAD_ASSIGN_OR_RETURN(std::vector<BaseReading> all, ReadFromEach(config, script));
  BaseReadings each;
  const bool gave_up = ErrorOf(all.front().versions.back().state).has_value();
  const bool any_whole = std::any_of(all.begin(), all.end(), is_whole);
  const BaseReading nearest = script_depends ? readings.kept.front() : all.front();
  for (BaseReading& reading : all) {
    const bool kept = gave_up || (any_whole ? is_whole(reading) : !is_empty(reading));
    if (kept) {
      each.kept.push_back(std::move(reading));
    } else if (!script_depends) {
      each.partial.push_back(std::move(reading));
    }
  }
  if (each.kept.empty()) each.kept.push_back(nearest);
  return each;
}

// From each directory from which the script location is there.
Result<std::vector<BaseReading>> Reader::ReadAsScript(const ScriptConfig& config,
                                                      const Location& script) {
  std::vector<BaseReading> all;
  for (std::string_view base = script.base;; base = DirName(base)) {
    ONEHEAD_ASSIGN_OR_RETURN(const Location here,
                             finder_->FindAt(config.script_location->text, {}, base));
    if (here.state == State::kDirectory) {
      ONEHEAD_ASSIGN_OR_RETURN(BaseReading reading, ReadFrom(config, here, base));
      all.push_back(std::move(reading));
    }
    if (base.empty()) return all;
  }
}

// From the directory of the configuration and each above it.
Result<std::vector<BaseReading>> Reader::ReadFromEach(const ScriptConfig& config,
                                                      const Location& script) {
  std::vector<BaseReading> all;
  for (std::string_view base = sources_.directory;; base = DirName(base)) {
    ONEHEAD_ASSIGN_OR_RETURN(BaseReading reading, ReadFrom(config, script, base));
    const State last = reading.versions.back().state;
    if (last == State::kTooMany) return std::vector<BaseReading>{std::move(reading)};
    // From further up nobody means that.
    const bool is_meant = last != State::kUpFromNothing || all.empty();
    if (is_meant) all.push_back(std::move(reading));
    if (base.empty()) return all;
  }
}

// A package that is not there from `base` may be installed, and is then the same from everywhere.
Result<BaseReading> Reader::ReadFrom(const ScriptConfig& config, const Location& script,
                                     std::string_view base) {
  const std::vector<std::string> prepend = config.PrependSysPath();
  BaseReading reading;
  reading.script_location = script.path;
  for (const std::string& text : config.version_locations->values) {
    const bool is_package = text.find(':') != std::string::npos;
    bool depends = IsPlainRelative(text) || (is_package && !text.starts_with(kHere));
    Result<Location> found = depends ? finder_->FindAt(text, prepend, base)
                                     : finder_->FindVersions(text, prepend, script.base);
    if (found && found->state == State::kAbsolute) depends = false;
    if (found && is_package && depends && found->state == State::kMissing) {
      depends = false;
      found = finder_->FindVersions(text, prepend, script.base);
    }
    if (!found) return Fail(std::move(found.error()));
    reading.depending += depends ? 1 : 0;
    reading.found += depends && found->state == State::kDirectory ? 1 : 0;
    const bool is_error = ErrorOf(found->state).has_value();
    reading.versions.push_back(std::move(*found));
    if (is_error) break;
  }
  return reading;
}

void Reader::TakeVersions(const ScriptConfig& config, const BaseReading& reading,
                          Environment* environment) {
  const ConfiguredList& list = *config.version_locations;
  for (std::size_t i = 0; i < reading.versions.size(); ++i) {
    const Location& found = reading.versions[i];
    const std::string shown = fmt::format("version_locations: {} {}", ShownLocation(list.values[i]),
                                          WhyPassedOver(found.state));
    if (const auto kind = ErrorOf(found.state)) {
      AddError({*kind, shown, {}, list.path, list.line}, list.path);
      return;
    }
    // Alembic, too, skips what is missing; it may come back, and is part of what was configured.
    const bool silent = found.state == State::kDirectory || found.state == State::kMissing;
    if (!silent) AddNote(list.path, list.line, shown + "; passed over");
    environment->has_unseen |= found.state == State::kAbsolute;
    if (found.state == State::kAbsolute || found.state == State::kOutside) continue;
    std::vector<std::string>& locations = environment->version_locations;
    if (std::find(locations.begin(), locations.end(), found.path) == locations.end()) {
      locations.push_back(found.path);
    }
  }
}

}  // namespace

Status ReadConfigDirectory(const SourceTree& tree, const ConfigDirectory& directory,
                           const DiscoveryOptions& options, ConfigBudget* budget, Discovery* out) {
  return Reader(tree, options, budget, out).Read(directory);
}

}  // namespace onehead
