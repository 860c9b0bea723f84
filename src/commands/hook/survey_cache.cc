#include "commands/hook/survey_cache.h"

#include <fmt/format.h>

#include <initializer_list>
#include <new>
#include <utility>
#include <vector>

#include "onehead/core/migration/readings.h"
#include "onehead/core/policy/cache_record.h"

namespace onehead {
namespace {

constexpr std::string_view kMagic = "onehead survey 1\n";
const std::string& Reader() {
  static const auto* reader =
      new std::string(fmt::format("onehead " ONEHEAD_VERSION ", {}", kReadings));
  return *reader;
}

// Of a tree with fewer, reading them is no more work than keeping what they tell.
constexpr std::size_t kFewDirectories = 8;
// Where more than that differs, little is saved, and somebody may have seen to that. Two
// directories of 100,000 migrations can be compared.
constexpr DiffLimits kMaxThatDiffers = {4096, 400'000};
constexpr std::size_t kMaxPathsOfOne = 10'000;
constexpr std::size_t kMaxPaths = 100'000;  // in memory

std::string NameOfFile() { return fmt::format("{:016x}", HashOf(kMagic)); }

std::size_t PathsOf(const TreeSurvey& survey) {
  const Candidates& c = survey.candidates;
  return 1 + c.ini_files.size() + c.toml_files.size() + c.script_dirs.size();
}

// The id of a tree that is known by one.
std::optional<ContentId> IdOf(const SourceTree& tree) {
  const Result<std::optional<TreeEntry>> top = tree.Find("");
  if (!top || !*top || !(*top)->content.known()) return std::nullopt;
  return (*top)->content;
}

std::string Written(const ContentId& commit, const TreeSurvey& survey) {
  RecordWriter to(kMagic, Reader());
  to.Text(commit.Hex());
  to.Number(survey.directories);
  const Candidates& c = survey.candidates;
  for (const auto* paths : {&c.ini_files, &c.toml_files, &c.script_dirs}) {
    to.Number(paths->size());
    for (const std::string& path : *paths) to.Text(path);
  }
  return to.Finish();
}

std::optional<std::pair<ContentId, TreeSurvey>> Read(std::string_view bytes) {
  RecordReader from(bytes, kMagic, Reader());
  const std::optional<ContentId> commit = ContentId::FromHex(from.Text());
  TreeSurvey survey;
  survey.directories = from.Number();
  Candidates& c = survey.candidates;
  for (auto* paths : {&c.ini_files, &c.toml_files, &c.script_dirs}) {
    for (std::uint64_t n = from.Number(); n > 0 && from.ok(); --n) paths->emplace_back(from.Text());
  }
  if (!commit || !from.AtEnd()) return std::nullopt;
  return std::pair(*commit, std::move(survey));
}

}  // namespace

void SurveyCache::LoadBase() {
  asked_ = true;
  const std::optional<std::string> bytes = files_.Load(NameOfFile());
  if (!bytes) return;
  std::optional<std::pair<ContentId, TreeSurvey>> kept = Read(*bytes);
  if (!kept) return;
  const Result<const SourceTree*> tree = trees_.Of(kept->first);
  if (!tree) return;  // no longer there
  kept_ = kept->first;
  base_tree_ = *tree;
  base_ = std::move(kept->second);
}

std::optional<TreeSurvey> SurveyCache::FromBase(const SourceTree& tree) try {
  if (!asked_) LoadBase();
  if (base_tree_ == nullptr) return std::nullopt;
  const Result<TreeDiff> diff = DiffTrees(base_tree_, tree, kMaxThatDiffers);
  if (!diff) return std::nullopt;
  Result<TreeSurvey> survey = SurveyAfter(base_, *diff);
  if (!survey) return std::nullopt;
  return std::move(*survey);
} catch (const std::bad_alloc&) {
  return std::nullopt;  // a large file of no use may lie there
}

Result<TreeSurvey> SurveyCache::Of(const SourceTree& tree) {
  const std::optional<ContentId> id = IdOf(tree);
  if (!id) return SurveyTree(tree);
  if (const auto known = known_.find(*id); known != known_.end()) return known->second;
  if (std::optional<TreeSurvey> survey = FromBase(tree)) {
    Know(tree, *survey);
    return std::move(*survey);
  }
  Result<TreeSurvey> survey = SurveyTree(tree);
  if (!survey) return survey;
  Know(tree, *survey);
  // This push shall not start from the other one again.
  if (known_.count(*id) != 0) {
    base_tree_ = &tree;
    base_ = *survey;
  } else {
    base_tree_ = nullptr;
  }
  kept_.reset();
  return survey;
}

void SurveyCache::Know(const SourceTree& tree, const TreeSurvey& survey) try {
  const std::optional<ContentId> id = IdOf(tree);
  if (!id || PathsOf(survey) > kMaxPathsOfOne) return;
  known_paths_ += PathsOf(survey);
  if (known_paths_ > kMaxPaths) {
    known_.clear();
    known_paths_ = PathsOf(survey);
  }
  known_.insert_or_assign(*id, survey);
} catch (const std::bad_alloc&) {
  // Then it is not known.
}

void SurveyCache::Keep(const ContentId& commit) try {
  if (known_.empty() || kept_ == commit) return;
  const Result<const SourceTree*> tree = trees_.Of(commit);
  const std::optional<ContentId> id = tree ? IdOf(**tree) : std::nullopt;
  const auto known = id ? known_.find(*id) : known_.end();
  if (known == known_.end() || known->second.directories < kFewDirectories) return;
  files_.Store(NameOfFile(), Written(commit, known->second));
} catch (const std::bad_alloc&) {
  // A push that was judged does not fail for this.
}

}  // namespace onehead
