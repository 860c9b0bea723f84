#include "core/migration_body.h"

#include <string>

namespace onehead {
namespace {

constexpr BindingCall kBindingCalls[] = {
    {"exec", BindingArguments::kAny},     {"eval", BindingArguments::kAny},
    {"execfile", BindingArguments::kAny}, {"globals", BindingArguments::kAny},
    {"locals", BindingArguments::kNone},  {"vars", BindingArguments::kNone}};

bool EndsStatement(TokenKind kind) {
  return kind == TokenKind::kNewline || kind == TokenKind::kIndent || kind == TokenKind::kDedent ||
         kind == TokenKind::kEnd;
}

}  // namespace

const BindingCall* FindBindingCall(std::string_view name) {
  for (const BindingCall& call : kBindingCalls) {
    if (call.name == name) return &call;
  }
  return nullptr;
}

void BodyScanner::Take(const Token& token) {
  if (token.kind == TokenKind::kName) {
    TakeName(token, text_.substr(token.begin, token.end - token.begin));
    after_dot_ = false;
  } else {
    const char c = token.begin < text_.size() ? text_[token.begin] : '\0';
    if (EndsStatement(token.kind) || c == ';') in_global_ = false;
    if (c == '(' && before_ == TokenKind::kName && kind_ == BodyKind::kClass) TakeCall(name_);
    after_dot_ = c == '.';
  }
  before_ = token.kind;
}

void BodyScanner::TakeName(const Token& token, std::string_view word) {
  name_ = token;
  if (in_global_) {
    names_->BindAnyTime(word, global_);
  } else if (word == "global" && before_ != TokenKind::kName) {
    in_global_ = true;
    const std::size_t end = text_.find_first_of("\r\n#;", token.begin);
    global_ = {{token.line, "a function may bind this name at any time",
                OneLine(Trim(text_.substr(token.begin, end - token.begin)))}};
  } else if (!after_dot_) {
    names_->MentionInBody(word, token.line);
  }
}

// `locals()` of a class is its own namespace.
void BodyScanner::TakeCall(const Token& token) {
  const std::string_view word = text_.substr(token.begin, token.end - token.begin);
  const BindingCall* call = FindBindingCall(word);
  if (call == nullptr || call->arguments == BindingArguments::kNone) return;
  const std::size_t end = text_.find_first_of("\r\n", token.begin);
  names_->BindAnything({{token.line, "this may bind any name of the module",
                         OneLine(text_.substr(token.begin, end - token.begin))}},
                       {token.begin, token.end});
}

}  // namespace onehead
