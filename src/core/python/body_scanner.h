// What the body of a function or class can do to the names of the module.
//
// Bodies are not read as statements: those of their tokens that matter pass by here. What a
// function reaches counts from the first call that the module makes behind it, what a class reaches
// at once.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/python/name_table.h"
#include "core/python/namespace_use.h"
#include "core/python/tokenizer.h"

namespace onehead {

enum class BodyKind : std::uint8_t {
  kFunction,  // runs later, or never
  kClass,     // runs where it stands: a class, a function with a decorator or in a loop
};

class BodyScanner {
 public:
  // REQUIRES: `text` (of the tokens) and `names` outlive the scanner.
  BodyScanner(BodyKind kind, std::string_view text, Encoding encoding, NameTable* names)
      : kind_(kind), text_(text), encoding_(encoding), names_(names) {}

  // What the tokenizer of a module waits for in bodies.
  static const WordFilter& Words();
  // The next token that the scanner must be given. All tokens may be. REQUIRES: the tokenizer waits
  // for Words().
  Token NextFrom(Tokenizer* tokenizer) const;
  // The last one ends a statement (a kDedent or kNewline).
  void Take(const Token& token);

 private:
  // Code that may bind any name; a class does it here and now.
  struct Reach {
    Cause cause;
    Span span;
    std::string_view text;  // some of it
    bool at_once = false;
  };

  void TakeName(const Token& token, std::string_view word);
  void Mention(const Token& token, std::string_view word, bool after_dot);
  void FollowPending(const Token& token);
  void Report(Reach reach);

  BodyKind kind_;
  std::string_view text_;
  Encoding encoding_;
  NameTable* names_;
  bool in_global_ = false;
  Cause global_;
  // A use of the namespace that is not read to its end, and what it is if it binds.
  struct Pending {
    NamespaceUse use;
    Reach reach;
  };
  std::optional<Pending> pending_;
  int reached_line_ = 0;  // the last one that binds at once
};

// Words through which code can bind any name of the module: globals, exec, f_globals, ... Behind a
// dot some of them are methods of other objects, session.exec().
bool ReachesModule(std::string_view word, bool after_dot);
// Words that find an attribute by a string: getattr, attrgetter, __dict__, ...
bool LooksUp(std::string_view word);
// Words that lead to a frame: currentframe, tb_frame, ... What looks up attributes finds the names
// of the module there, by a string that is put together.
bool ReachesFrame(std::string_view word);
// The name at `word` is only given, or only looked at: `def exec(`, `f(exec=1)`,
// `f.__code__.co_name`. REQUIRES: ReachesModule().
bool IsHarmlessUse(std::string_view text, Span word);
// The first place in `text` where `word` may be a string literal, or a part of one between dots;
// npos: none. Linear.
std::size_t FindString(std::string_view text, std::string_view word);
// The first place where a string literal "builtins" may be, the module of exec():
// `sys.modules["builtins"]`.
std::size_t FindBuiltinsString(std::string_view text);
// The same for all words that reach the module, without those that may be methods: what they could
// be methods of has to be found by another word.
std::size_t FindReachingString(std::string_view text);

// A name that is not ASCII, but that Python may read as one that matters (NFKC): it may do what
// that one does.
bool IsDisguised(Encoding encoding, std::string_view name);
inline constexpr std::string_view kDisguised = "Python may read this name as another one";
// locals, vars: when called without arguments they are the names of where they stand.
bool ReachesOwnNames(std::string_view word);

// Calls `take` with each word of an f-string that has fields, and whether a dot stands before it.
// The text around the fields counts too: what is code in it is not looked into.
template <typename Take>
void ForEachWord(std::string_view text, Take take) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t begin = i;
    while (i < text.size() && IsWordCharacter(text[i])) ++i;
    if (i > begin) take(text.substr(begin, i - begin), begin > 0 && text[begin - 1] == '.');
    if (i == begin) ++i;
  }
}

}  // namespace onehead
