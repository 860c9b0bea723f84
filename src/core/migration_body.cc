#include "core/migration_body.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

namespace onehead {
namespace {

constexpr std::string_view kReaching[] = {"globals",     "exec",      "eval",
                                          "execfile",    "f_globals", "f_locals",
                                          "__globals__", "builtins",  "__builtins__"};

constexpr std::string_view kGlobal[] = {"global"};

constexpr WordFilter kWords = WordFilter().With(kReaching).With(kMigrationNames).With(kGlobal);

bool EndsStatement(TokenKind kind) {
  return kind == TokenKind::kNewline || kind == TokenKind::kIndent || kind == TokenKind::kDedent ||
         kind == TokenKind::kEnd;
}

}  // namespace

bool ReachesModule(std::string_view word) {
  return kWords.MayHold(word) &&
         std::find(std::begin(kReaching), std::end(kReaching), word) != std::end(kReaching);
}

bool ReachesOwnNames(std::string_view word) { return word == "locals" || word == "vars"; }

const WordFilter& BodyScanner::Words() { return kWords; }

// `global` is followed by names of any kind.
Token BodyScanner::NextFrom(Lexer* lexer) const {
  return in_global_ || pending_ ? lexer->Next() : lexer->NextWanted();
}

void BodyScanner::Take(const Token& token) {
  const std::string_view text = text_.substr(token.begin, token.end - token.begin);
  if (pending_) FollowPending(token);
  if (token.kind == TokenKind::kName) return TakeName(token, text);
  if (EndsStatement(token.kind) || text == ";") in_global_ = false;
  if ((token.flags & kHasFields) != 0) {
    ForEachWord(text, [&](std::string_view word) { Mention(token, word, false); });
  }
}

void BodyScanner::FollowPending(const Token& token) {
  const NamespaceUse::Verdict verdict = pending_->use.Take(token);
  if (verdict == NamespaceUse::Verdict::kMayBind) Report(std::move(pending_->reach));
  if (verdict != NamespaceUse::Verdict::kOpen) pending_.reset();
}

void BodyScanner::TakeName(const Token& token, std::string_view word) {
  if (in_global_) {
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

// `locals()` of a class is its own namespace, and "session.exec()" stands in many functions.
void BodyScanner::Mention(const Token& token, std::string_view word, bool after_dot) {
  constexpr std::size_t kMaxBytes = 400;  // that are looked at, of one line
  if (!after_dot) names_->MentionInBody(word, token.line);
  if (!ReachesModule(word)) return;
  const bool at_once = kind_ == BodyKind::kClass && !after_dot;
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
    names_->MayBindAnything(std::move(reach.cause), reach.span, reach.text);
  } else {
    names_->CallsMayBindAnything(std::move(reach.cause));
  }
}

}  // namespace onehead
