#include "core/python/expression.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "core/python/literal.h"
#include "fmt/format.h"

namespace onehead {
namespace {

using Kind = Value::Kind;

// What a token that cannot be continued with makes of an expression. A new reason goes here.
struct Reason {
  std::string_view token;
  std::string_view reason;
};
constexpr Reason kReasonsAfterValue[] = {
    {"(", "a call cannot be evaluated without running Python"},
    {"[", "a subscript cannot be evaluated without running Python"},
    {".", "an attribute cannot be evaluated without running Python"},
    {"if", "a conditional expression cannot be evaluated without running Python"},
    {"for", "a comprehension cannot be evaluated without running Python"},
    {"async", "a comprehension cannot be evaluated without running Python"},
    {"%", "string formatting cannot be evaluated without running Python"},
};
constexpr Reason kReasonsForValue[] = {
    {"lambda", "a function is not a value that can be read"},
    {"await", "a call cannot be evaluated without running Python"},
    {"yield", "a call cannot be evaluated without running Python"},
    {"*", "a starred expression cannot be evaluated without running Python"},
    {"**", "a starred expression cannot be evaluated without running Python"},
};
constexpr std::string_view kAnyOperator =
    "this expression cannot be evaluated without running Python";

template <std::size_t n>
std::string_view Lookup(const Reason (&table)[n], std::string_view token,
                        std::string_view otherwise = kAnyOperator) {
  for (const Reason& entry : table) {
    if (entry.token == token) return entry.reason;
  }
  return otherwise;
}

// One open bracket; the outermost one is the expression itself.
struct Frame {
  char bracket = 0;
  std::size_t begin = 0;          // first token inside
  std::size_t element_begin = 0;  // first token of the current element
  Kind kind = Kind::kTuple;       // what the commas make
  bool comma = false;
  bool illegal = false;  // an element is no string, or this is a dict
  std::vector<std::string> items = {};
  std::optional<Value> operand = {};  // the current element, as far as it is read
  bool plus = false;                  // "+" stands behind it
  std::optional<std::size_t> walrus = {};
};

class Evaluator {
 public:
  Evaluator(const Line& line, TokenRange range, NameTable* names, CopyBudget* budget)
      : line_(line), range_(range), names_(names), budget_(budget), pos_(range.begin) {
    FindWalrusNames();
  }

  Evaluated Run() {
    Open(0, Kind::kTuple);
    while (pos_ < range_.end && !failed_) {
      if (WantsOperand()) {
        Operand();
      } else {
        AfterOperand();
      }
    }
    if (!failed_ && Top().plus) Fail(kAnyOperator);
    if (!failed_ && range_.empty()) Fail("a value is missing");
    if (!failed_) result_.value = CloseTop();
    if (failed_) result_.walruses.clear();
    return std::move(result_);
  }

 private:
  Frame& Top() { return stack_.back(); }
  bool WantsOperand() { return !Top().operand || Top().plus; }

  void Fail(std::string_view reason) { Fail(std::string(reason)); }
  void Fail(const char* reason) { Fail(std::string(reason)); }
  void Fail(std::string reason) {
    failed_ = true;
    const std::size_t last = range_.empty() ? line_.size() : range_.end;
    const int line = line_[std::min(pos_, last - 1)].line;
    result_.value =
        Value::Unknown({{line, std::move(reason), OneLine(line_.TextOf(range_))}, Report::kYes});
  }

  void Open(char bracket, Kind kind) {
    Frame frame;
    frame.bracket = bracket;
    frame.begin = frame.element_begin = pos_;
    frame.kind = kind;
    stack_.push_back(std::move(frame));
  }

  // A value read before a walrus of the same expression could be out of date.
  void FindWalrusNames() {
    for (std::size_t i = range_.begin; i + 1 < range_.end; ++i) {
      if (line_.Is(i + 1, ":=")) walrus_names_.insert(line_.Text(i));
    }
  }

  void Operand() {
    switch (line_[pos_].kind) {
      case TokenKind::kString:
        return Strings();
      case TokenKind::kName:
        return Name();
      case TokenKind::kNumber:
        ++pos_;
        return Deliver(Value::Simple(Kind::kOther));
      default:
        return Symbol();
    }
  }

  void Strings() {
    Value value = Value::Simple(Kind::kString);
    bool any_text = false;
    bool any_bytes = false;
    for (; pos_ < range_.end && line_[pos_].kind == TokenKind::kString; ++pos_) {
      const Literal literal = DecodeString(line_[pos_], line_.source(), line_.encoding());
      if (literal.state == LiteralState::kUnknown || literal.state == LiteralState::kMalformed) {
        return Fail(literal.problem);
      }
      (literal.state == LiteralState::kText ? any_text : any_bytes) = true;
      value.text += literal.text;
    }
    if (any_text && any_bytes) return Fail("bytes and text cannot be concatenated");
    Deliver(any_bytes ? Value::Simple(Kind::kOther) : std::move(value));
  }

  void Name() {
    const std::string_view name = line_.Text(pos_);
    if (Top().bracket == '(' && pos_ == Top().begin && line_.Is(pos_ + 1, ":=")) {
      Top().walrus = pos_;
      pos_ += 2;
      Top().element_begin = pos_;
      return;
    }
    if (name == "None" || name == "True" || name == "False") {
      ++pos_;
      return Deliver(Value::Simple(name == "None" ? Kind::kNone : Kind::kOther));
    }
    if (line_.IsKeyword(pos_)) return Fail(Lookup(kReasonsForValue, name));
    if (walrus_names_.count(name) != 0) return Fail(kAnyOperator);
    NameValue(name);
  }

  void NameValue(std::string_view name) {
    const std::size_t weight = names_->WeightOf(name);
    if (weight > budget_->bytes) return Fail("too much text is copied from name to name");
    budget_->bytes -= weight;
    NamedValue found = names_->Find(name);
    // "prior('x')": the call is the reason, whatever the name is.
    const std::string_view next = pos_ + 1 < range_.end ? line_.Text(pos_ + 1) : "";
    const std::string_view reason = Lookup(kReasonsAfterValue, next, "");
    if (!reason.empty()) return Fail(reason);
    if (!found.value.known() || found.doubt) {
      return Fail(fmt::format("the value of the name {} is not known here", OneLine(name, 40)));
    }
    // "a + ['b']": nobody follows what has been done to the list `a` since.
    if (found.value.identity != kNoIdentity && (Top().plus || next == "+")) {
      return Fail(fmt::format("the list {} may have changed", OneLine(name, 40)));
    }
    ++pos_;
    Deliver(std::move(found.value));
  }

  void Symbol() {
    const std::string_view token = line_.Text(pos_);
    if (token == "(" || token == "[" || token == "{") {
      ++pos_;
      return Open(token[0], token[0] == '('   ? Kind::kTuple
                            : token[0] == '[' ? Kind::kList
                                              : Kind::kSet);
    }
    if (token == ")" || token == "]" || token == "}") return Close();
    const bool sign = token == "-" || token == "+" || token == "~";
    if (sign && pos_ + 1 < range_.end && line_[pos_ + 1].kind == TokenKind::kNumber) {
      pos_ += 2;
      return Deliver(Value::Simple(Kind::kOther));
    }
    if (token == "...") {
      ++pos_;
      return Deliver(Value::Simple(Kind::kOther));
    }
    Fail(Lookup(kReasonsForValue, token));
  }

  void AfterOperand() {
    const std::string_view token = line_.Text(pos_);
    if (line_[pos_].kind != TokenKind::kOperator) return Fail(Lookup(kReasonsAfterValue, token));
    if (token == "+") {
      Top().plus = true;
      ++pos_;
    } else if (token == "," && !Top().walrus) {
      TakeElement();
      Top().comma = true;
      ++pos_;
      Top().element_begin = pos_;
    } else if (token == ":" && Top().bracket == '{') {
      TakeElement();
      Top().illegal = true;  // a dict
      ++pos_;
    } else if (token == ")" || token == "]" || token == "}") {
      Close();
    } else {
      Fail(Lookup(kReasonsAfterValue, token));
    }
  }

  void Close() {
    if (Top().plus || stack_.size() < 2 || (Top().walrus && !Top().operand)) {
      return Fail(kAnyOperator);
    }
    Value value = CloseTop();
    stack_.pop_back();
    ++pos_;
    Deliver(std::move(value));
  }

  // The element that was read belongs to the tuple, list or set now.
  void TakeElement() {
    Frame& frame = Top();
    Value element = std::move(*frame.operand);
    frame.operand.reset();
    if (element.kind == Kind::kString) {
      frame.items.push_back(std::move(element.text));
      return;
    }
    frame.illegal = true;
    // An object that was made right here has no name yet, unless a walrus gave it one.
    const bool named = element.identity < line_[range_.begin].begin || !walrus_names_.empty();
    if (element.identity == kNoIdentity || !named) return;
    names_->GiveAway(element.identity, {{line_[pos_ < range_.end ? pos_ : range_.end - 1].line,
                                         "a list that is part of another value may change",
                                         OneLine(line_.TextOf(range_))},
                                        Report::kYes});
  }

  Value CloseTop() {
    Frame& frame = Top();
    const bool group = frame.kind == Kind::kTuple && !frame.comma && frame.operand.has_value();
    if (group) {
      Value value = std::move(*frame.operand);
      if (frame.walrus) {
        result_.walruses.push_back({*frame.walrus, {frame.element_begin, pos_}, value});
      }
      return value;
    }
    if (frame.operand) TakeElement();
    Value value = Value::Simple(frame.illegal ? Kind::kOther : frame.kind);
    if (frame.kind == Kind::kSet && pos_ == frame.begin) value.kind = Kind::kOther;  // {}
    if (frame.kind != Kind::kTuple) value.identity = line_[frame.begin - 1].begin;
    if (value.is_collection()) value.items = std::move(frame.items);
    return value;
  }

  void Deliver(Value value) {
    Frame& frame = Top();
    if (!frame.operand) {
      frame.operand = std::move(value);
      return;
    }
    frame.plus = false;
    Value& left = *frame.operand;
    if (left.kind != value.kind ||
        (left.kind != Kind::kString && left.kind != Kind::kTuple && left.kind != Kind::kList)) {
      return Fail("only two strings, tuples or lists can be added here");
    }
    left.text += value.text;
    std::move(value.items.begin(), value.items.end(), std::back_inserter(left.items));
    // A new list, which no other name can be bound to.
    if (left.kind == Kind::kList) left.identity = line_[frame.element_begin].begin;
  }

  const Line& line_;
  TokenRange range_;
  NameTable* names_;
  CopyBudget* budget_;
  std::size_t pos_;
  std::vector<Frame> stack_;
  std::set<std::string_view> walrus_names_;
  bool failed_ = false;
  Evaluated result_;
};

// Most values are one literal. Absent: this one is not, or it is not known.
Value LiteralValue(const Line& line, TokenRange range) {
  if (range.size() != 1) return {};
  if (line.Is(range.begin, "None")) return Value::Simple(Kind::kNone);
  if (line[range.begin].kind != TokenKind::kString) return {};
  Literal literal = DecodeString(line[range.begin], line.source(), line.encoding());
  if (literal.state == LiteralState::kNotText) return Value::Simple(Kind::kOther);
  Value value = Value::Simple(Kind::kAbsent);
  if (literal.state != LiteralState::kText) return value;
  value.kind = Kind::kString;
  value.text = std::move(literal.text);
  return value;
}

}  // namespace

Evaluated Evaluate(const Line& line, TokenRange range, NameTable* names, CopyBudget* budget) {
  Evaluated literal = {LiteralValue(line, range), {}};
  if (literal.value.kind != Kind::kAbsent) return literal;
  return Evaluator(line, range, names, budget).Run();
}

}  // namespace onehead
