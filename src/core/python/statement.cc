#include "core/python/statement.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/python/body_scanner.h"
#include "core/python/namespace_use.h"
#include "fmt/format.h"

namespace onehead {
namespace {

constexpr std::string_view kAnyName = "this may bind any name of the module";
constexpr std::string_view kImported = "an import binds this name";
constexpr std::string_view kDepends =
    "a value that is bound inside a compound statement depends on what runs";

// Modules whose "import *" binds none of the names of a migration. Their documentation lists what
// they export; a module that does not stand here may bind anything.
constexpr std::string_view kHarmlessStars[] = {"sqlalchemy", "typing", "datetime", "alembic",
                                               "alembic.op"};

bool IsHarmlessStar(std::string_view module) {
  if (module.starts_with("sqlalchemy.")) return true;
  return std::find(std::begin(kHarmlessStars), std::end(kHarmlessStars), module) !=
         std::end(kHarmlessStars);
}

}  // namespace

// --- The table: first word, function ----------------------------------------------------------

struct StatementReader::SimpleForm {
  std::string_view keyword;
  void (StatementReader::*read)(TokenRange);
};

// Anything else is an assignment or an expression.
constexpr StatementReader::SimpleForm StatementReader::kSimpleForms[] = {
    {"import", &StatementReader::Import},     {"from", &StatementReader::FromImport},
    {"del", &StatementReader::Delete},        {"raise", &StatementReader::Raise},
    {"pass", &StatementReader::Nothing},      {"global", &StatementReader::Nothing},
    {"assert", &StatementReader::Expression},
};

struct StatementReader::CompoundForm {
  std::string_view keyword;
  void (StatementReader::*read_header)(TokenRange);
  Opens opens;
};

constexpr StatementReader::CompoundForm StatementReader::kCompoundForms[] = {
    {"def", &StatementReader::Definition, Opens::kFunction},
    {"class", &StatementReader::ClassDefinition, Opens::kClass},
    {"if", &StatementReader::Nothing, Opens::kBlock},
    {"elif", &StatementReader::Nothing, Opens::kBlock},
    {"else", &StatementReader::Nothing, Opens::kBlock},
    {"while", &StatementReader::Nothing, Opens::kBlock},
    {"for", &StatementReader::For, Opens::kBlock},
    {"try", &StatementReader::Nothing, Opens::kBlock},
    {"except", &StatementReader::AsTargets, Opens::kBlock},
    {"finally", &StatementReader::Nothing, Opens::kBlock},
    {"with", &StatementReader::AsTargets, Opens::kBlock},
    {"match", &StatementReader::Nothing, Opens::kBlock},
    {"case", &StatementReader::Case, Opens::kBlock},
};

namespace {

// Null: none begins with `word`.
template <typename Form, std::size_t n>
const Form* FindForm(const Form (&forms)[n], std::string_view word) {
  const auto* const found = std::find_if(std::begin(forms), std::end(forms),
                                         [word](const Form& form) { return form.keyword == word; });
  return found == std::end(forms) ? nullptr : found;
}

}  // namespace

// --- Lines ------------------------------------------------------------------------------------

Opens StatementReader::ReadLine(const Line& line, Certainty certainty) {
  line_ = &line;
  Begin(line.All());
  certainty_ = certainty;
  if (line.Is(0, "@")) {
    decorated_ = true;
    SideEffects(line.All());
    return Opens::kNothing;
  }
  const std::size_t first = line.Is(0, "async") ? 1 : 0;
  Opens opens = Opens::kNothing;
  if (const CompoundForm* form = FindCompound(first); form != nullptr) {
    opens = Compound(*form, {first, line.size()});
  } else {
    line.ForEachPiece(line.All(), ";", [this](TokenRange statement) { Simple(statement); });
  }
  decorated_ = false;
  return opens;
}

const StatementReader::CompoundForm* StatementReader::FindCompound(std::size_t first) const {
  if (!line_->IsName(first)) return nullptr;
  const std::string_view word = line_->Text(first);
  const CompoundForm* form = FindForm(kCompoundForms, word);
  if (form == nullptr) return nullptr;
  // "match" and "case" are also ordinary names: "match = 1", "match.x()", "case: int".
  if (word == "match" && (!line_->Is(line_->size() - 1, ":") || line_->Is(first + 1, ":"))) {
    return nullptr;
  }
  if (word == "case") {
    const std::size_t colon = HeaderColon({first, line_->size()});
    const bool header = colon > first + 1 && colon < line_->size();
    if (!header || line_->Find({first, colon}, "=") != colon) return nullptr;
  }
  return form;
}

// The colon that ends a header; those of lambdas come before.
std::size_t StatementReader::HeaderColon(TokenRange range) const {
  int lambdas = 0;
  for (std::size_t i = range.begin; i < range.end; i = line_->After(i)) {
    if (line_->Is(i, "lambda")) ++lambdas;
    if (line_->Is(i, ":") && lambdas-- == 0) return i;
  }
  return range.end;
}

Opens StatementReader::Compound(const CompoundForm& form, TokenRange range) {
  const std::size_t colon = HeaderColon(range);
  const TokenRange header = {range.begin, colon};
  const TokenRange body = {colon + 1, range.end};
  Begin(header);
  SideEffects(header);
  (this->*form.read_header)(header);
  // A decorator may call what it decorates at once.
  const bool runs = form.opens == Opens::kClass || (form.opens == Opens::kFunction && decorated_);
  // Its body may call what came before.
  if (runs && names_->bound_by_calls() != nullptr) CallAnything(range.begin);
  // In a loop what stands above runs again.
  const bool again = form.opens == Opens::kFunction && certainty_ != Certainty::kRuns;
  const Opens opens = runs || again ? Opens::kClass : form.opens;
  if (body.empty()) return colon < range.end ? opens : Opens::kNothing;
  if (opens != Opens::kBlock) {
    InlineBody(opens, body);
    return Opens::kNothing;
  }
  if (certainty_ == Certainty::kRuns) certainty_ = Certainty::kMayRun;
  line_->ForEachPiece(body, ";", [this](TokenRange statement) { Simple(statement); });
  return Opens::kNothing;
}

// The body of a function or class that stands on the line of its header.
void StatementReader::InlineBody(Opens opens, TokenRange range) {
  const BodyKind kind = opens == Opens::kClass ? BodyKind::kClass : BodyKind::kFunction;
  BodyScanner scanner(kind, line_->source(), line_->encoding(), names_);
  for (std::size_t i = range.begin; i < range.end; ++i) scanner.Take((*line_)[i]);
  scanner.Take(Token{TokenKind::kNewline});
}

// --- Compound statements ----------------------------------------------------------------------

// A decorator may return anything, and so may a metaclass.
void StatementReader::Definition(TokenRange header) {
  if (header.size() < 2 || !line_->IsName(header.begin + 1)) return;
  const std::size_t name = header.begin + 1;
  if (decorated_) return BindUnknown(name, header, "a decorator may bind any value");
  Bind(line_->Text(name),
       {Value::Simple(Value::Kind::kOther), (*line_)[name].line, line_->SpanOf(header)});
}

void StatementReader::ClassDefinition(TokenRange header) {
  const bool plain = header.size() == 2 || (header.size() == 4 && line_->Is(header.begin + 2, "("));
  if (header.size() < 2 || plain) return Definition(header);
  BindUnknown(header.begin + 1, header, "a base class may bind any value");
}

void StatementReader::For(TokenRange header) {
  BindNames({header.begin + 1, line_->Find(header, "in")}, "a loop binds this name");
}

// "with x as name", "with (x as (a, b)):", "except E as name".
void StatementReader::AsTargets(TokenRange header) {
  for (std::size_t i = header.begin; i + 1 < header.end; ++i) {
    if (line_->Is(i, "as")) BindNames({i + 1, line_->After(i + 1)}, "`as` binds this name");
  }
}

// Every name of a pattern may be a capture.
void StatementReader::Case(TokenRange header) {
  BindNames({header.begin + 1, line_->Find(header, "if")}, "a pattern binds this name");
}

// --- Simple statements ------------------------------------------------------------------------

void StatementReader::Simple(TokenRange range) {
  if (range.empty()) return;
  Begin(range);
  if (line_->IsName(range.begin)) {
    const std::string_view word = line_->Text(range.begin);
    const SimpleForm* form = FindForm(kSimpleForms, word);
    if (form != nullptr) return (this->*form->read)(range);
    const bool alias =
        word == "type" && line_->IsName(range.begin + 1) && !line_->IsKeyword(range.begin + 1);
    if (alias) return TypeAlias(range);
  }
  Assignment(range);
}

void StatementReader::Nothing(TokenRange) {}

void StatementReader::Import(TokenRange range) {
  line_->ForEachPiece({range.begin + 1, range.end}, ",", [&](TokenRange piece) {
    const std::size_t as = line_->Find(piece, "as");
    const std::size_t name = as < piece.end ? as + 1 : piece.begin;
    for (std::size_t i = piece.begin; i < as && as < piece.end; ++i) {
      if (ReachesModule(line_->Text(i), false)) RunAnything(i);
    }
    if (name < piece.end && line_->IsName(name)) BindUnknown(name, range, kImported);
  });
}

void StatementReader::FromImport(TokenRange range) {
  const std::size_t import = line_->Find(range, "import");
  const TokenRange names = line_->StripParentheses({import + 1, range.end});
  if (line_->Is(names.begin, "*") && names.size() == 1) {
    // It binds none of the names that matter, but perhaps one that they take their value from.
    if (IsHarmlessStar(line_->TextOf({range.begin + 1, import}))) return names_->ForgetOthers();
    const int line = (*line_)[names.begin].line;
    return BindAnything({{line, "an import of * may bind any name", StatementText()}},
                        line_->SpanOf(range), "");
  }
  line_->ForEachPiece(names, ",", [&](TokenRange piece) {
    const std::size_t name = piece.end - 1;  // behind "as", or the only one
    if (name != piece.begin && ReachesModule(line_->Text(piece.begin), false)) {
      RunAnything(piece.begin);
    }
    if (line_->IsName(name)) BindUnknown(name, range, kImported);
  });
}

void StatementReader::Delete(TokenRange range) {
  SideEffects(range);
  for (std::size_t i = range.begin + 1; i < range.end; ++i) {
    const bool whole = line_->IsName(i) && !line_->Is(i - 1, ".") && !line_->Is(i + 1, ".") &&
                       !line_->Is(i + 1, "[") && !line_->Is(i + 1, "(");
    if (!whole) {
      // "del x[i]": the names in brackets that belong to an expression are only read.
      if (line_->IsOpening(i) && i > range.begin + 1 && !line_->Is(i - 1, ",")) {
        i = line_->After(i) - 1;
      }
      continue;
    }
    if (certainty_ == Certainty::kRuns) {
      names_->Unbind(line_->Text(i));
    } else {
      BindUnknown(i, range, kDepends);
    }
  }
}

void StatementReader::Raise(TokenRange range) {
  SideEffects(range);
  if (certainty_ != Certainty::kRuns || std::exchange(raised_, true)) return;
  defects_->push_back({(*line_)[range.begin].line,
                       "the module raises an exception whenever it is loaded", StatementText()});
}

void StatementReader::TypeAlias(TokenRange range) {
  BindUnknown(range.begin + 1, range, "a type alias is not a value that can be read");
}

// --- What a statement does besides ------------------------------------------------------------

// Of an expression that is not known: it may change objects, bind names with ":=", or bind
// anything.
void StatementReader::SideEffects(TokenRange range) {
  const bool may_call = names_->bound_by_calls() != nullptr;
  if (may_call && range.size() > 1 && !line_->Is(range.begin, "def")) CallAnything(range.begin);
  for (std::size_t i = range.begin; i < range.end; ++i) {
    const Token& token = (*line_)[i];
    const bool fields = (token.flags & kHasFields) != 0;
    if (may_call && (fields || IsCall(i))) CallAnything(i);
    if (fields) FormatSideEffects(token);
    if (token.kind != TokenKind::kName) continue;
    if (LooksUp(line_->Text(i))) names_->LookUp(token.line);
    if (ReachesFrame(line_->Text(i))) names_->TakeFrame(token.line);
    if (MayBindAnything(i)) RunAnything(i);
    if (IsDisguised(line_->encoding(), line_->Text(i))) Disguised(i);
    if (i > range.begin && (line_->Is(i - 1, ".") || IsKeywordArgument(i))) continue;
    const bool works_on_it = line_->Is(i + 1, ".") || line_->Is(i + 1, "[");
    Mention(line_->Text(i), token.line, works_on_it ? Effect::kChanges : Effect::kMayChange);
    if (line_->Is(i + 1, ":=")) {
      BindUnknown(i, range, "a value bound inside an expression that is not known");
    }
  }
}

void StatementReader::Mention(std::string_view name, int line, Effect effect) {
  const std::uint32_t identity = names_->IdentityOf(name);
  if (identity == kNoIdentity) return;
  names_->GiveAway(identity, {{line, "this may change the value", StatementText()}}, effect);
}

// The bracket of a call, not that of a definition's parameters.
bool StatementReader::IsCall(std::size_t i) const {
  if (i == 0 || !line_->Is(i, "(")) return false;
  if (line_->Is(i - 1, ")") || line_->Is(i - 1, "]")) return true;
  return line_->IsName(i - 1) && !line_->IsKeyword(i - 1) && (i < 2 || !line_->Is(i - 2, "def"));
}

// "f(name=...)": no use of that name.
bool StatementReader::IsKeywordArgument(std::size_t i) const {
  return line_->Is(i + 1, "=") && (line_->Is(i - 1, "(") || line_->Is(i - 1, ","));
}

// What is code in an f-string is not looked into: with ":=" anywhere in it, each of its words may
// be bound.
void StatementReader::FormatSideEffects(const Token& string) {
  const Span span = {string.begin, string.end};
  const std::string_view text = line_->source().substr(span.begin, span.size());
  const bool binds = text.find(":=") != std::string_view::npos;
  const auto cause = [&](std::string_view reason) {
    return Cause{{string.line, std::string(reason), OneLine(text)}};
  };
  ForEachWord(text, [&](std::string_view word, bool after_dot) {
    if (LooksUp(word)) names_->LookUp(string.line);
    if (ReachesFrame(word)) names_->TakeFrame(string.line);
    if (IsDisguised(line_->encoding(), word)) RunAnything(cause(kDisguised), span, text);
    if (ReachesModule(word, after_dot) || ReachesOwnNames(word)) {
      RunAnything(cause(kAnyName), span, text);
    }
    const char next = *(word.data() + word.size());  // at the latest the quote
    const bool works_on_it = next == '.' || next == '[';
    Mention(word, string.line, works_on_it ? Effect::kChanges : Effect::kMayChange);
    if (!binds) return;
    Bind(word, {Value::Unknown(cause("a value bound inside an f-string")), string.line, span});
  });
}

bool StatementReader::MayBindAnything(std::size_t i) const {
  const std::string_view name = line_->Text(i);
  if (line_->Is(i + 1, ".") && line_->Is(i + 2, "modules")) {  // sys.modules[__name__]
    return line_->Is(i + 3, "[") && line_->Is(i + 4, "__name__");
  }
  if (name == "modules") return line_->Is(i + 1, "[") && line_->Is(i + 2, "__name__");
  const bool after_dot = i > 0 && line_->Is(i - 1, ".");
  if (!ReachesModule(name, after_dot) && !ReachesOwnNames(name)) return false;
  if (IsHarmlessUse(line_->source(), {(*line_)[i].begin, (*line_)[i].end})) return false;
  if (!NamespaceUse::IsNamespace(name)) return true;
  if (ReachesOwnNames(name) && line_->Is(i + 1, "(") && !line_->Is(i + 2, ")")) return false;
  NamespaceUse use(line_->source(), (*line_)[i]);
  NamespaceUse::Verdict verdict = NamespaceUse::Verdict::kOpen;
  for (++i; verdict == NamespaceUse::Verdict::kOpen; ++i) {
    verdict = use.Take(i < line_->size() ? (*line_)[i] : Token{TokenKind::kNewline});
  }
  return verdict == NamespaceUse::Verdict::kMayBind;
}

// Once for each statement: what it binds by name, it binds when all of it is read.
void StatementReader::BindAnything(const Cause& cause, Span span, std::string_view text) {
  if (certainty_ == Certainty::kConflict) {
    return names_->BindAnything({cause.defect, Report::kElsewhere}, span);
  }
  if (!std::exchange(bound_anything_, true)) names_->MayBindAnything(cause, span, text);
}

// The same by code, which may go on doing it.
void StatementReader::RunAnything(const Cause& cause, Span span, std::string_view text) {
  if (certainty_ != Certainty::kConflict) names_->BindAllAnyTime(cause);
  BindAnything(cause, span, text);
}

void StatementReader::RunAnything(std::size_t i) {
  RunAnything({{(*line_)[i].line, std::string(kAnyName), StatementText()}},
              line_->SpanOf(statement_), line_->TextOf(statement_));
}

// What runs code of this module, for all that is known: a call, or an operator, a loop, an
// attribute of an object that is not known. REQUIRES: some may bind any name.
void StatementReader::CallAnything(std::size_t i) {
  if (bound_anything_) return;
  Cause cause = *names_->bound_by_calls();
  cause.defect.reason += fmt::format(", and line {} may call it", (*line_)[i].line);
  RunAnything(cause, line_->SpanOf(statement_), "");
}

void StatementReader::Disguised(std::size_t i) {
  names_->BindAllAnyTime(
      {{(*line_)[i].line, std::string(kDisguised), OneLine(line_->Text(i), 80)}});
}

// --- Binding ----------------------------------------------------------------------------------

void StatementReader::BindNames(TokenRange range, std::string_view reason) {
  for (std::size_t i = range.begin; i < range.end; ++i) {
    if (line_->IsName(i) && !line_->IsKeyword(i)) BindUnknown(i, statement_, reason);
  }
}

void StatementReader::BindUnknown(std::size_t name, TokenRange expression,
                                  std::string_view reason) {
  const int line = (*line_)[name].line;
  if (!IsTracked(line_->Text(name)) && IsAscii(line_->Text(name))) {
    return names_->Forget(line_->Text(name));
  }
  Cause cause = {{line, std::string(reason), StatementText()}, Report::kYes};
  Bind(line_->Text(name), {Value::Unknown(std::move(cause)), line, line_->SpanOf(expression)});
}

void StatementReader::Bind(std::string_view name, NamedValue&& value) {
  if (IsDisguised(line_->encoding(), name)) {
    const Span span = value.expression;
    names_->BindAnything({{value.line, std::string(kDisguised), OneLine(name, 80)}}, span);
    return;
  }
  if (certainty_ == Certainty::kMayRun && value.value.known()) {
    value.value = Value::Unknown({{value.line, std::string(kDepends), StatementText()}});
  }
  if (certainty_ == Certainty::kConflict) {
    value.value = Value::Unknown(
        {{value.line, "a conflict is not resolved", StatementText()}, Report::kElsewhere});
  }
  if (!value.value.known() && !IsTracked(name)) return names_->Forget(name);
  names_->Bind(name, std::move(value));
}

void StatementReader::Begin(TokenRange statement) {
  statement_ = statement;
  bound_anything_ = false;
  statement_text_.clear();
}

const std::string& StatementReader::StatementText() {
  if (statement_text_.empty()) statement_text_ = OneLine(line_->TextOf(statement_));
  return statement_text_;
}

}  // namespace onehead
