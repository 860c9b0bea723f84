#include "core/migration_names.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace onehead {

bool IsMigrationName(std::string_view name) {
  return std::find(std::begin(kMigrationNames), std::end(kMigrationNames), name) !=
         std::end(kMigrationNames);
}

bool IsTracked(std::string_view name) {
  return name == kDocName || name == kGetattrName || IsMigrationName(name);
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
  anything_ = true;
  const int line = cause.defect.line;
  anything_value_ = {Value::Unknown(std::move(cause)), line, statement, BoundBy::kAnything};
}

void NameTable::ForgetOthers() {
  std::erase_if(names_, [](const auto& entry) { return !IsTracked(entry.first); });
}

void NameTable::CallsMayBindAnything(Cause cause) {
  if (!bound_by_calls_) bound_by_calls_ = std::move(cause);
}

void NameTable::BindAnyTime(std::string_view name, Cause cause) {
  any_time_.emplace(name, std::move(cause));
}

void NameTable::MentionInBody(std::string_view name, int line) {
  if (!IsMigrationName(name)) return;
  Cause cause = {{line, "the code of a function or class may change the value", OneLine(name)}};
  mentioned_.emplace(name, cause);
  GiveAway(IdentityOf(name), std::move(cause));
}

void NameTable::GiveAway(std::uint32_t identity, Cause cause) {
  if (identity != kNoIdentity) given_away_.emplace(identity, std::move(cause));
}

const Cause* NameTable::WhyUnknown(std::string_view name, const NamedValue* found) const {
  if (const auto any = any_time_.find(name); any != any_time_.end()) return &any->second;
  if (found == nullptr || found->value.identity == kNoIdentity) return nullptr;
  const auto mention = mentioned_.find(name);
  if (mention != mentioned_.end()) return &mention->second;
  const auto given = given_away_.find(found->value.identity);
  return given == given_away_.end() ? nullptr : &given->second;
}

NamedValue NameTable::Find(std::string_view name) const {
  const auto bound = names_.find(name);
  const NamedValue* found = bound != names_.end() ? &bound->second
                            : anything_           ? &anything_value_
                                                  : nullptr;
  if (const Cause* cause = WhyUnknown(name, found); cause != nullptr) {
    NamedValue result = found != nullptr ? *found : NamedValue();
    if (result.line == 0) result.line = cause->defect.line;
    result.value = Value::Unknown(*cause);
    return result;
  }
  return found != nullptr ? *found : NamedValue();
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
