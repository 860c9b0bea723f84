// Reads the bindings of a module without running it: what each of the four names is in the end.
//
// One pass over the tokens, line by line, keeping a table of names and what they are bound to. A
// statement at module level changes the table (statement.cc); the bodies of functions and classes
// are skipped, but for the words through which they could reach the module's names
// (body_scanner.cc). Whatever cannot be followed makes names unknown or doubtful instead of being
// guessed. Linear in the text and without recursion over it, since anybody may push any bytes. A
// syntax tree would not decide more: what matters is the order of bindings, and that a file with
// one broken line is still read up to there.
#include "core/python/module_reader.h"

#include <algorithm>
#include <utility>

namespace onehead {
namespace {

// The tokens of one statement that are kept: 32 MB.
constexpr std::size_t kMaxTokens = std::size_t{1} << 20;

bool EndsLine(TokenKind kind) {
  return kind == TokenKind::kNewline || kind == TokenKind::kEnd || kind == TokenKind::kError;
}

// Part of an expression that only makes numbers, strings and collections of them: it binds nothing
// and calls nothing.
bool IsPlainData(TokenKind kind, std::string_view text, std::uint8_t string_flags) {
  constexpr std::string_view kOperators = ",:-+()[]{}";
  if (kind == TokenKind::kNumber) return true;
  if (kind == TokenKind::kString) return (string_flags & (kFormatString | kTemplateString)) == 0;
  if (kind == TokenKind::kName) return text == "None" || text == "True" || text == "False";
  return kind == TokenKind::kOperator && text.size() == 1 &&
         kOperators.find(text) != std::string_view::npos;
}

}  // namespace

ModuleReader::ModuleReader(std::string_view text, const SourceHead& head)
    : text_(text),
      tokenizer_(text, head.bom_size, head.encoding, BodyScanner::Words()),
      line_(text, head.encoding),
      statements_(&names_, &defects_) {}

void ModuleReader::Stop(ReadDefect defect) {
  stopped_ = true;
  complete_ = false;
  // After a conflict the two sides need not fit together: that is the defect, not its traces.
  if (tokenizer_.conflicts().empty()) defects_.push_back(std::move(defect));
}

void ModuleReader::Refuse(ReadDefect defect) {
  refused_ = true;
  Stop(std::move(defect));
}

void ModuleReader::Read() {
  while (!stopped_) {
    const Token token = tokenizer_.Next();
    const bool expects_block = opens_ != Opens::kNothing;
    if (token.kind == TokenKind::kError) {
      Refuse(tokenizer_.error());
    } else if (expects_block && token.kind != TokenKind::kIndent) {
      Refuse({token.line, "an indented block is expected", ""});
    } else if (token.kind == TokenKind::kIndent) {
      if (!expects_block) {
        Refuse({token.line, "unexpected indent", ""});
      } else {
        EnterBlock(std::exchange(opens_, Opens::kNothing));
      }
    } else if (token.kind == TokenKind::kDedent) {
      --depth_;
    } else if (token.kind == TokenKind::kEnd) {
      break;
    } else {
      ReadLine(token);
    }
  }
  AddConflicts();
  AddLookups();
}

// Strings by which attributes are found, or a frame in which they are looked up.
void ModuleReader::AddLookups() {
  constexpr std::string_view kAnyName = "this may bind any name of the module";
  const std::size_t module = FindBuiltinsString(text_);
  if (module != std::string_view::npos) {
    const auto lines = std::count(text_.begin(), text_.begin() + module, '\n');
    names_.BindAllAnyTime({{static_cast<int>(lines) + 1, std::string(kAnyName),
                            OneLine(text_.substr(module, sizeof("'builtins'") - 1))}});
  }
  const int line = names_.looked_up_line();
  if (line == 0) return;
  const std::size_t at = FindReachingString(text_);
  const bool spelled = at != std::string_view::npos;
  if (!spelled && names_.frame_line() == 0) return;
  const std::string_view rest = spelled ? text_.substr(at - 1) : "";
  names_.BindAllAnyTime({{spelled ? line : names_.frame_line(), std::string(kAnyName),
                          OneLine(rest.substr(0, rest.find_first_of("\r\n")))}});
}

void ModuleReader::EnterBlock(Opens opened) {
  if (opened == Opens::kFunction) return SkipDefinition(BodyKind::kFunction);
  if (opened == Opens::kClass) return SkipDefinition(BodyKind::kClass);
  ++depth_;
}

void ModuleReader::AddConflicts() {
  for (const ReadDefect& conflict : tokenizer_.conflicts()) defects_.push_back(conflict);
}

void ModuleReader::CollectLine(Token token) {
  line_.Clear();
  overflow_ = false;
  for (; !EndsLine(token.kind); token = tokenizer_.Next()) {
    if (line_.size() < kMaxTokens) {
      line_.Add(token);
    } else {
      if (!overflow_) plain_data_ = IsPlainAssignment();
      overflow_ = true;
      plain_data_ = plain_data_ && IsPlain(token);
    }
  }
  if (token.kind == TokenKind::kError) Refuse(tokenizer_.error());
}

bool ModuleReader::IsPlain(const Token& token) const {
  return IsPlainData(token.kind, text_.substr(token.begin, token.end - token.begin), token.flags);
}

// "NAME = " and then plain data, as far as the line is kept; not a name that matters.
bool ModuleReader::IsPlainAssignment() const {
  if (!line_.IsName(0) || line_.IsKeyword(0) || !line_.Is(1, "=")) return false;
  if (IsTracked(line_.Text(0)) || IsDisguised(line_.encoding(), line_.Text(0))) return false;
  for (std::size_t i = 2; i < line_.size(); ++i) {
    if (!IsPlain(line_[i])) return false;
  }
  return true;
}

void ModuleReader::ReadLine(const Token& first) {
  const bool conflict_before = tokenizer_.in_conflict();
  const int markers_before = tokenizer_.markers_seen();
  CollectLine(first);
  if (stopped_) return;
  const bool conflict = conflict_before || tokenizer_.markers_seen() != markers_before;
  if (overflow_) return plain_data_ && !conflict ? SkipData() : TooLong();
  if (std::exchange(first_statement_, false)) {
    docstring_ = ReadDocstring(line_, {0, line_.Find(line_.All(), ";")});
    if (docstring_ && docstring_->defect) defects_.push_back(*docstring_->defect);
  }
  Certainty certainty = depth_ > 0 ? Certainty::kMayRun : Certainty::kRuns;
  if (conflict) certainty = Certainty::kConflict;
  opens_ = statements_.ReadLine(line_, certainty);
}

// A name that does not matter is bound to data: that can be said without keeping the data.
void ModuleReader::SkipData() {
  first_statement_ = false;
  ReadDefect defect{line_[0].line, "the value is too long to be read", ""};
  names_.Bind(line_.Text(0), {Value::Unknown({std::move(defect), Report::kYes}),
                              line_[0].line,
                              {line_[2].begin, line_[2].end}});
  opens_ = Opens::kNothing;
}

// Not read at all: it may bind anything, and no block is looked for behind it.
void ModuleReader::TooLong() {
  first_statement_ = false;
  const int number = line_[0].line;
  Stop({number, "the statement is too long to be read", OneLine(line_.TextOf({0, 20}))});
  names_.BindAnything({{}, Report::kElsewhere}, {});
}

// The kIndent is read.
void ModuleReader::SkipDefinition(BodyKind kind) {
  BodyScanner scanner(kind, text_, line_.encoding(), &names_);
  for (int depth = 1; depth > 0;) {
    const Token token = scanner.NextFrom(&tokenizer_);
    if (token.kind == TokenKind::kError) return Refuse(tokenizer_.error());
    if (token.kind == TokenKind::kIndent) ++depth;
    if (token.kind == TokenKind::kDedent) --depth;
    scanner.Take(token);
  }
}

}  // namespace onehead
