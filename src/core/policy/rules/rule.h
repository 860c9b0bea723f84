// What the rules share: their functions, and how they write about migrations.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "onehead/core/policy/rules.h"

namespace onehead::rules {

// One function per file of this folder.
void MultipleHeads(const RuleInput& input, std::vector<Finding>* findings);
void DuplicateRevision(const RuleInput& input, std::vector<Finding>* findings);
void MissingParent(const RuleInput& input, std::vector<Finding>* findings);
void MissingDependency(const RuleInput& input, std::vector<Finding>* findings);
void CycleRule(const RuleInput& input, std::vector<Finding>* findings);
void UnreadableMigration(const RuleInput& input, std::vector<Finding>* findings);
void DoubtfulMigration(const RuleInput& input, std::vector<Finding>* findings);
void NoRevisionId(const RuleInput& input, std::vector<Finding>* findings);
void IgnoredMigration(const RuleInput& input, std::vector<Finding>* findings);
void IllegalRevisionId(const RuleInput& input, std::vector<Finding>* findings);
void LongRevisionId(const RuleInput& input, std::vector<Finding>* findings);
void LabelClashRule(const RuleInput& input, std::vector<Finding>* findings);
void PublishedChanged(const RuleInput& input, std::vector<Finding>* findings);
void RevisesMismatch(const RuleInput& input, std::vector<Finding>* findings);

// An id or path of a pushed file in quotes, printable and not too long.
std::string Quoted(std::string_view text);
// "'a', 'b'"
std::string QuotedList(const std::vector<std::string>& ids);
// " of 'a'": whose value it is; empty for a file without a known id.
std::string OfRevision(const Migration& migration);
// The first of what keeps a file from being read, and how many more there are. REQUIRES: one.
std::string Described(const std::vector<ReadDefect>& defects);
// "1 head", "2 heads"
std::string Count(std::size_t number, std::string_view noun);

// A finding about `migration`, at `line` of its file.
Finding About(const char* rule, const Migration& migration, int line, std::string message);

}  // namespace onehead::rules
