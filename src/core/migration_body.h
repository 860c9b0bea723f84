// What the body of a function or class can do to the names of the module.
//
// Bodies are not read as statements: their tokens pass by here, one after the other. Not seen: a
// function that the module calls while it is loaded and that binds through globals(). Alembic's
// own multidb template has globals()[...] in upgrade(), so that alone must not be held against it.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/lexer.h"
#include "core/migration_names.h"

namespace onehead {

enum class BodyKind : std::uint8_t {
  kFunction,  // runs later, or never
  kClass,     // runs where it stands
};

class BodyScanner {
 public:
  // REQUIRES: `text` (of the tokens) and `names` outlive the scanner.
  BodyScanner(BodyKind kind, std::string_view text, NameTable* names)
      : kind_(kind), text_(text), names_(names) {}

  void Take(const Token& token);

 private:
  void TakeName(const Token& token, std::string_view word);
  void TakeCall(const Token& token);

  BodyKind kind_;
  std::string_view text_;
  NameTable* names_;
  TokenKind before_ = TokenKind::kNewline;
  Token name_;  // the last token, if it was a name
  bool after_dot_ = false;
  bool in_global_ = false;
  Cause global_;
};

// Calls that can bind a name of the module they stand in.
enum class BindingArguments : std::uint8_t { kAny, kNone };
struct BindingCall {
  std::string_view name;
  BindingArguments arguments;
};
// Null: `name` is none of them.
const BindingCall* FindBindingCall(std::string_view name);

}  // namespace onehead
