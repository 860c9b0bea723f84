#include "core/python/body_scanner.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

namespace onehead {
namespace {

// Those of the first line may also be methods of other objects: session.exec(), df.eval().
constexpr std::string_view kRunning[] = {"exec", "eval", "execfile"};
constexpr std::string_view kReaching[] = {
    "globals",       "exec_",         "f_globals",   "f_locals",      "f_builtins",
    "__globals__",   "__builtins__",  "builtins",    "__code__",      "__self__",
    "get_referrers", "get_referents", "get_objects", "__subclasses__"};

// They lead to the frame of a module, whose names an attribute of it holds.
constexpr std::string_view kFrames[] = {"currentframe", "_getframe", "tb_frame",
                                        "gi_frame",     "f_back",    "__traceback__"};

// By them an attribute is found whose name is a string.
constexpr std::string_view kLookups[] = {"getattr",  "attrgetter",       "getattr_static",
                                         "__dict__", "__getattribute__", "methodcaller",
                                         "vars",     "getmembers"};

constexpr std::string_view kGlobal[] = {"global"};

constexpr WordFilter kReachingWords = WordFilter().With(kRunning).With(kReaching);
constexpr WordFilter kLookupWords = WordFilter().With(kLookups);
constexpr WordFilter kFrameWords = WordFilter().With(kFrames);
constexpr WordFilter kWords = WordFilter()
                                  .With(kRunning)
                                  .With(kReaching)
                                  .With(kFrames)
                                  .With(kLookups)
                                  .With(kMigrationNames)
                                  .With(kGlobal);

template <std::size_t n>
bool IsOneOf(const std::string_view (&words)[n], std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

template <std::size_t n>
bool MayNormalizeToOneOf(const std::string_view (&words)[n], Encoding encoding,
                         std::string_view name) {
  return std::any_of(std::begin(words), std::end(words),
                     [&](std::string_view word) { return MayNormalizeTo(encoding, name, word); });
}

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool EndsStatement(TokenKind kind) {
  return kind == TokenKind::kNewline || kind == TokenKind::kIndent || kind == TokenKind::kDedent ||
         kind == TokenKind::kEnd;
}

}  // namespace

bool ReachesModule(std::string_view word, bool after_dot) {
  return kReachingWords.MayHold(word) &&
         (IsOneOf(kReaching, word) || (!after_dot && IsOneOf(kRunning, word)));
}

bool LooksUp(std::string_view word) {
  return kLookupWords.MayHold(word) && IsOneOf(kLookups, word);
}

bool ReachesFrame(std::string_view word) {
  return kFrameWords.MayHold(word) && IsOneOf(kFrames, word);
}

bool IsHarmlessUse(std::string_view text, Span word) {
  const std::string_view name = text.substr(word.begin, word.size());
  std::size_t before = word.begin;
  while (before > 0 && IsBlank(text[before - 1])) --before;
  std::size_t behind = word.end;
  while (behind < text.size() && IsBlank(text[behind])) ++behind;
  const std::string_view next = text.substr(behind, 2);
  if (name == "__code__") return next.starts_with('.');
  const std::string_view start = text.substr(0, before);
  const bool defined = before < word.begin && start.ends_with("def") &&
                       (before == 3 || !IsWordCharacter(text[before - 4]));
  const bool in_list = start.ends_with('(') || start.ends_with(',');
  return defined || (in_list && next.starts_with('=') && next != "==");
}

bool IsDisguised(Encoding encoding, std::string_view name) {
  if (IsAscii(name) || !MayNormalizeToAscii(encoding, name)) return false;
  return MayNormalizeToOneOf(kRunning, encoding, name) ||
         MayNormalizeToOneOf(kReaching, encoding, name) ||
         MayNormalizeToOneOf(kFrames, encoding, name) ||
         MayNormalizeToOneOf(kLookups, encoding, name) ||
         MayNormalizeToOneOf(kTrackedNames, encoding, name) ||
         MayNormalizeTo(encoding, name, "locals");
}

std::size_t FindString(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const char before = at == 0 ? '\0' : text[at - 1];
    const std::size_t end = at + word.size();
    const char behind = end == text.size() ? '\0' : text[end];
    const auto may_delimit = [](char c) { return ClassOf(c) == kQuote || c == '.'; };
    if (may_delimit(before) && may_delimit(behind)) return at;
  }
  return std::string_view::npos;
}

std::size_t FindBuiltinsString(std::string_view text) {
  return std::min(text.find("'builtins'"), text.find("\"builtins\""));
}

std::size_t FindReachingString(std::string_view text) {
  std::size_t first = std::string_view::npos;
  for (const std::string_view word : kReaching) first = std::min(first, FindString(text, word));
  return first;
}

bool ReachesOwnNames(std::string_view word) { return word == "locals" || word == "vars"; }

const WordFilter& BodyScanner::Words() { return kWords; }

// `global` is followed by names of any kind.
Token BodyScanner::NextFrom(Tokenizer* tokenizer) const {
  return in_global_ || pending_ ? tokenizer->Next() : tokenizer->NextWanted();
}

void BodyScanner::Take(const Token& token) {
  const std::string_view text = text_.substr(token.begin, token.end - token.begin);
  if (pending_) FollowPending(token);
  if (token.kind == TokenKind::kName) return TakeName(token, text);
  if (EndsStatement(token.kind) || text == ";") in_global_ = false;
  if ((token.flags & kHasFields) != 0) {
    ForEachWord(text, [&](std::string_view word, bool after_dot) {
      if (IsDisguised(encoding_, word)) return TakeName(token, word);
      Mention(token, word, after_dot);
    });
  }
}

void BodyScanner::FollowPending(const Token& token) {
  const NamespaceUse::Verdict verdict = pending_->use.Take(token);
  if (verdict == NamespaceUse::Verdict::kMayBind) Report(std::move(pending_->reach));
  if (verdict != NamespaceUse::Verdict::kOpen) pending_.reset();
}

void BodyScanner::TakeName(const Token& token, std::string_view word) {
  if (IsDisguised(encoding_, word)) {
    names_->BindAllAnyTime({{token.line, std::string(kDisguised), OneLine(word, 80)}});
  } else if (in_global_) {
    names_->BindAnyTime(word, global_);
  } else if (word == "global" && (token.flags & kAfterName) == 0) {
    in_global_ = true;
    const std::size_t end = text_.find_first_of("\r\n#;", token.begin);
    global_ = {{token.line, "a function may bind this name at any time",
                OneLine(Trim(text_.substr(token.begin, end - token.begin)))}};
  } else {
    Mention(token, word, (token.flags & kAfterDot) != 0);
  }
}

// `locals()` of a class is its own namespace.
void BodyScanner::Mention(const Token& token, std::string_view word, bool after_dot) {
  constexpr std::size_t kMaxBytes = 400;  // that are looked at, of one line
  if (!after_dot) names_->MentionInBody(word, token.line);
  if (LooksUp(word)) names_->LookUp(token.line);
  if (ReachesFrame(word)) names_->TakeFrame(token.line);
  if (!ReachesModule(word, after_dot)) return;
  if (token.kind == TokenKind::kName && IsHarmlessUse(text_, {token.begin, token.end})) return;
  const bool at_once = kind_ == BodyKind::kClass;
  const bool is_known = at_once ? token.line == reached_line_ : names_->bound_by_calls() != nullptr;
  if (is_known) return;
  const std::string_view rest = text_.substr(token.begin, kMaxBytes);
  Reach reach;
  reach.text = rest.substr(0, rest.find_first_of("\r\n"));
  reach.cause = {{token.line, "this may bind any name of the module", OneLine(reach.text)}};
  reach.span = {token.begin, token.end};
  reach.at_once = at_once;
  const bool follow =
      NamespaceUse::IsNamespace(word) && token.kind == TokenKind::kName && !pending_;
  if (!follow) return Report(std::move(reach));
  pending_.emplace(Pending{NamespaceUse(text_, token), std::move(reach)});
}

void BodyScanner::Report(Reach reach) {
  if (reach.at_once) {
    reached_line_ = reach.cause.defect.line;
    names_->RunAnything(std::move(reach.cause), reach.span, reach.text);
  } else {
    names_->CallsMayBindAnything(std::move(reach.cause));
  }
}

}  // namespace onehead
