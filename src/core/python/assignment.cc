// Assignments and expressions: the forms of statement that give a name its value.
#include <algorithm>
#include <iterator>
#include <utility>

#include "core/python/statement.h"

namespace onehead {
namespace {

constexpr std::string_view kAugmented[] = {
    "+=", "-=", "*=", "/=", "//=", "%=", "@=", "&=", "|=", "^=", ">>=", "<<=", "**="};

// Targets of one "a = b = c = value".
constexpr std::size_t kMaxTargets = 64;

}  // namespace

// An expression statement binds nothing, unless ":=" does.
void StatementReader::Expression(TokenRange range) {
  const bool harmless = range.size() == 1 && ((*line_)[range.begin].flags & kHasFields) == 0;
  if (harmless) return;
  Evaluated evaluated = Evaluate(*line_, range, names_, &budget_);
  if (!evaluated.value.known() || certainty_ != Certainty::kRuns) SideEffects(range);
  for (Walrus& walrus : evaluated.walruses) {
    BindEvaluated({walrus.name, walrus.expression}, std::move(walrus.value));
  }
}

// target = target = value
void StatementReader::Assignment(TokenRange range) {
  std::vector<TokenRange>& targets = targets_;
  targets.clear();
  TokenRange rest = range;
  for (;;) {
    const std::size_t equals = line_->Find(rest, "=");
    // "lambda x=1: x" holds no target.
    if (equals == rest.end || line_->Find({rest.begin, equals}, "lambda") != equals) break;
    targets.push_back({rest.begin, equals});
    rest.begin = equals + 1;
  }
  const TokenRange first = targets.empty() ? range : targets.front();
  const std::size_t colon = line_->Find(first, ":");
  const bool annotated = colon != first.end && line_->Find({first.begin, colon}, "lambda") == colon;
  if (annotated && !targets.empty()) targets.front().end = colon;
  if (!targets.empty()) Assign(targets, rest);
  if (annotated) {
    // Python stores the value first: "x: (x := 1) = 2". Without a value it binds nothing else.
    bound_anything_ = false;
    SideEffects({colon + 1, first.end});
  } else if (targets.empty()) {
    Augmented(range);
  }
}

// Always unknown: even where it could be computed, there would be no expression that is the value.
void StatementReader::Augmented(TokenRange range) {
  for (std::size_t i = range.begin; i < range.end; i = line_->After(i)) {
    const bool augmented = std::any_of(std::begin(kAugmented), std::end(kAugmented),
                                       [&](std::string_view op) { return line_->Is(i, op); });
    if (!augmented) continue;
    SideEffects(range);
    const TokenRange target = line_->StripParentheses({range.begin, i});
    if (target.size() == 1 && line_->IsName(target.begin)) {
      BindUnknown(target.begin, {i + 1, range.end}, "an augmented assignment is not evaluated");
    }
    return;
  }
  Expression(range);
}

// "name = value": what most assignments are.
void StatementReader::AssignName(std::size_t name, TokenRange value) {
  const Target target = {name, value};
  Evaluated whole = Evaluate(*line_, value, names_, &budget_);
  const bool known = whole.value.known();
  Value bound = CopyOf(std::move(whole.value), target);
  if (!known || !bound.known() || certainty_ != Certainty::kRuns) SideEffects(value);
  for (Walrus& walrus : whole.walruses) {
    BindEvaluated({walrus.name, walrus.expression}, std::move(walrus.value));
  }
  BindEvaluated(target, std::move(bound));
}

void StatementReader::Assign(const std::vector<TokenRange>& targets, TokenRange value) {
  const TokenRange first = targets.front();
  if (targets.size() == 1 && first.size() == 1 && line_->IsName(first.begin)) {
    return AssignName(first.begin, value);
  }
  evaluated_.clear();
  only_names_ = true;
  std::vector<Target>& found = found_;
  found.clear();
  // Each target looks at the value again.
  const Target::Source source =
      targets.size() <= kMaxTargets ? Target::Source::kValue : Target::Source::kUnknownPart;
  for (const TokenRange target : targets) CollectTargets({target, value, source});
  // All values first: "a, b = b, a".
  Evaluated whole;
  const auto takes_whole = [&](const Target& target) {
    return target.source == Target::Source::kValue && target.value == value;
  };
  const bool needs_whole = std::any_of(found.begin(), found.end(), takes_whole);
  const bool single = needs_whole || found.empty();
  if (single) whole = Evaluate(*line_, value, names_, &budget_);
  values_.clear();
  for (const Target& target : found) {
    values_.push_back(takes_whole(target) ? CopyOf(whole.value, target) : ValueOf(target));
  }
  const bool all_known =
      std::all_of(values_.begin(), values_.end(), [](const Value& v) { return v.known(); });
  // What one target gets can be changed through another, or through x.y and x[0].
  const bool shared = targets.size() > 1 || !only_names_;
  if (shared) {
    for (const Value& part : values_) Share(part, value);
  }
  const bool plain = single && all_known && certainty_ == Certainty::kRuns && whole.value.known();
  if (!plain && first.size() > 1 && names_->bound_by_calls() != nullptr) {
    CallAnything(first.begin);  // taking a value apart may run a generator
  }
  if (!plain || shared) SideEffects(value);
  for (Walrus& walrus : whole.walruses) {
    BindEvaluated({walrus.name, walrus.expression}, std::move(walrus.value));
  }
  for (std::size_t i = 0; i < found.size(); ++i) BindEvaluated(found[i], std::move(values_[i]));
  if (only_names_ || found.empty()) return;
  // "name = x[f()] = value": the call comes after the name is bound.
  bound_anything_ = false;
  for (const TokenRange target : targets) SideEffects(target);
}

// The elements of a tuple or list that is written out; false: it is not.
bool StatementReader::Display(TokenRange value, std::vector<TokenRange>* elements) const {
  value = line_->StripParentheses(value);
  bool display = line_->Find(value, ",") != value.end;
  if (line_->Is(value.begin, "[") && line_->After(value.begin) == value.end) {
    value = {value.begin + 1, value.end - 1};
    display = true;
  }
  if (!display || line_->Find(value, "for") != value.end) return false;
  if (line_->Find(value, "lambda") != value.end) return false;
  *elements = line_->Split(value, ",");
  return std::none_of(elements->begin(), elements->end(),
                      [this](TokenRange element) { return line_->Is(element.begin, "*"); });
}

// The names in a target and the part of the value each one gets.
void StatementReader::CollectTargets(Pairing first) {
  std::vector<Pairing>& work = pairings_;
  work.assign(1, first);
  while (!work.empty()) {
    const Pairing pair = work.back();
    work.pop_back();
    TokenRange names = line_->StripParentheses(pair.target);
    const bool bracketed = line_->Is(names.begin, "[") && line_->After(names.begin) == names.end;
    if (bracketed) names = {names.begin + 1, names.end - 1};
    if (!bracketed && line_->Find(names, ",") == names.end) {
      if (line_->Is(names.begin, "*")) {
        work.push_back({{names.begin + 1, names.end}, pair.value, Target::Source::kUnknownPart});
      } else if (names.size() == 1 && line_->IsName(names.begin)) {
        found_.push_back({names.begin, pair.value, pair.source});
      } else {
        SideEffects(names);  // x.y, x[0]
        only_names_ = false;
      }
      continue;
    }
    const std::vector<TokenRange> parts = line_->Split(names, ",");
    std::vector<TokenRange> elements;
    const bool matched = pair.source == Target::Source::kValue && Display(pair.value, &elements) &&
                         elements.size() == parts.size() &&
                         std::none_of(parts.begin(), parts.end(), [this](TokenRange part) {
                           return line_->Is(part.begin, "*");
                         });
    for (std::size_t i = parts.size(); i-- > 0;) {
      work.push_back({parts[i], matched ? elements[i] : pair.value,
                      matched ? Target::Source::kValue : Target::Source::kUnknownPart});
    }
  }
}

void StatementReader::Share(const Value& value, TokenRange expression) {
  if (value.identity == kNoIdentity) return;  // perhaps there is no expression: "x.y ="
  names_->GiveAway(value.identity,
                   {{(*line_)[expression.begin].line,
                     "a list or set that two names share may change", StatementText()}});
}

Value StatementReader::ValueOf(const Target& target) {
  if (target.source == Target::Source::kUnknownPart) {
    return Value::Unknown(
        {{(*line_)[target.name].line, "which part of the value this name gets is not known",
          StatementText()}});
  }
  const auto key = std::pair(target.value.begin, target.value.end);
  const auto found = evaluated_.find(key);
  if (found != evaluated_.end()) return CopyOf(found->second, target);
  Evaluated evaluated = Evaluate(*line_, target.value, names_, &budget_);
  return evaluated_.emplace(key, std::move(evaluated.value)).first->second;
}

Value StatementReader::CopyOf(Value value, const Target& target) {
  const std::size_t weight = value.Weight();
  if (weight > budget_.bytes) {
    return Value::Unknown({{(*line_)[target.name].line, "too much text is copied from name to name",
                            StatementText()}});
  }
  budget_.bytes -= weight;
  return value;
}

void StatementReader::BindEvaluated(const Target& target, Value&& value) {
  Bind(line_->Text(target.name),
       {std::move(value), (*line_)[target.name].line, line_->SpanOf(target.value)});
}

}  // namespace onehead
