#include "core/python/name_table.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace onehead {

bool IsMigrationName(std::string_view name) {
  return std::find(std::begin(kMigrationNames), std::end(kMigrationNames), name) !=
         std::end(kMigrationNames);
}

namespace {

// Is the name spelled in `text`, perhaps as part of another word? Of "down_revision" the end does
// not count.
bool Spells(std::string_view text, std::string_view name) {
  constexpr std::string_view kBefore = "down_";
  for (std::size_t at = text.find(name); at != std::string_view::npos;
       at = text.find(name, at + name.size())) {
    if (name != "revision" || !text.substr(0, at).ends_with(kBefore)) return true;
  }
  return false;
}

}  // namespace

bool IsTracked(std::string_view name) {
  return std::find(std::begin(kTrackedNames), std::end(kTrackedNames), name) !=
         std::end(kTrackedNames);
}

std::size_t Value::Weight() const {
  // Fixed: what can be read must not depend on how a Value is stored.
  constexpr std::size_t kValueWeight = 152;
  constexpr std::size_t kItemWeight = 32;
  std::size_t weight = kValueWeight + text.size();
  for (const std::string& item : items) weight += kItemWeight + item.size();
  return weight;
}

Value Value::Unknown(Cause cause) {
  Value value = Simple(Kind::kUnknown);
  value.cause = std::make_shared<const Cause>(std::move(cause));
  return value;
}

void NameTable::Bind(std::string_view name, NamedValue&& value) {
  if (const std::uint32_t identity = value.value.identity; identity != kNoIdentity) {
    const auto [owner, first] = owners_.emplace(identity, name);
    if (!first && owner->second != name) {
      GiveAway(identity,
               {{value.line, "a list or set that two names share may change", OneLine(name)}});
    }
  }
  names_.insert_or_assign(name, std::move(value));
}

void NameTable::Unbind(std::string_view name) { names_[name] = {}; }

void NameTable::BindAnything(Cause cause, Span statement) {
  names_.clear();
  const int line = cause.defect.line;
  others_ = {Value::Unknown(std::move(cause)), line, statement, BoundBy::kAnything};
}

void NameTable::MayBindAnything(Cause cause, Span statement, std::string_view text) {
  const int line = cause.defect.line;
  const auto doubt = std::make_shared<const Cause>(std::move(cause));
  ForgetOthers();
  for (auto& [name, value] : names_) {
    if (!value.doubt) value.doubt = doubt;
  }
  if (others_.value.kind == Value::Kind::kAbsent && !others_.doubt) {
    others_ = {{}, line, statement, BoundBy::kAnything, doubt};
  }
  for (const std::string_view name : kTrackedNames) {
    if (!Spells(text, name)) continue;
    NamedValue& value = names_[name];
    value = {Value::Simple(Value::Kind::kUnknown), line, statement, BoundBy::kAnything};
    value.value.cause = doubt;
  }
}

void NameTable::RunAnything(Cause cause, Span statement, std::string_view text) {
  BindAllAnyTime(cause);
  MayBindAnything(std::move(cause), statement, text);
}

void NameTable::BindAllAnyTime(Cause cause) {
  const auto shared = std::make_shared<const Cause>(std::move(cause));
  for (const std::string_view name : kMigrationNames) any_time_.emplace(name, shared);
}

void NameTable::ForgetOthers() {
  std::erase_if(names_, [](const auto& entry) { return !IsTracked(entry.first); });
}

void NameTable::CallsMayBindAnything(Cause cause) {
  if (!bound_by_calls_) bound_by_calls_ = std::move(cause);
}

void NameTable::BindAnyTime(std::string_view name, Cause cause) {
  if (any_time_.count(name) != 0) return;
  any_time_.emplace(name, std::make_shared<const Cause>(std::move(cause)));
}

void NameTable::MentionInBody(std::string_view name, int line) {
  if (!IsMigrationName(name)) return;
  Cause cause = {{line, "the code of a function or class may change the value", OneLine(name)}};
  if (mentioned_.count(name) == 0) {
    mentioned_.emplace(name, std::make_shared<const Cause>(cause));
  }
  GiveAway(IdentityOf(name), std::move(cause));
}

void NameTable::GiveAway(std::uint32_t identity, Cause cause, Effect effect) {
  if (identity == kNoIdentity) return;
  Given& given = given_away_[identity];
  if (given.cause && (effect == Effect::kMayChange || given.effect == Effect::kChanges)) return;
  given = {std::make_shared<const Cause>(std::move(cause)), effect};
}

std::shared_ptr<const Cause> NameTable::WhyDoubtful(std::string_view name,
                                                    const NamedValue& found) const {
  if (const auto any = any_time_.find(name); any != any_time_.end()) return any->second;
  if (found.value.identity == kNoIdentity) return found.doubt;
  const auto mention = mentioned_.find(name);
  if (mention != mentioned_.end()) return mention->second;
  const auto given = given_away_.find(found.value.identity);
  return given == given_away_.end() ? found.doubt : given->second.cause;
}

NamedValue NameTable::Find(std::string_view name) const {
  const auto bound = names_.find(name);
  NamedValue found = bound != names_.end() ? bound->second : others_;
  found.doubt = WhyDoubtful(name, found);
  const auto given = given_away_.find(found.value.identity);
  if (given != given_away_.end() && given->second.effect == Effect::kChanges) {
    found.value = Value::Simple(Value::Kind::kUnknown);
    found.value.cause = given->second.cause;
  }
  return found;
}

std::uint32_t NameTable::IdentityOf(std::string_view name) const {
  if (owners_.empty()) return kNoIdentity;  // nothing that can change has a name
  const auto found = names_.find(name);
  return found == names_.end() ? kNoIdentity : found->second.value.identity;
}

std::size_t NameTable::WeightOf(std::string_view name) const {
  const auto found = names_.find(name);
  return found == names_.end() ? 0 : found->second.value.Weight();
}

}  // namespace onehead
