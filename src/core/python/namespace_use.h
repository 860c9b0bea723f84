// What a use of globals(), vars() or locals() does with the dictionary of names.
//
// Two things only read it: an item that is called, `globals()["upgrade_%s" % name]()` or
// `globals().get(key)()`, which is what Alembic's multidb template does, and a look whether it has
// a name, `if "x" in globals():`. An item whose key is written out may be looked into as well, by
// an attribute, and `.get("x")` may be used in any way. All else may bind a name: an item that is
// assigned, deleted or augmented, any other method, the dictionary itself handed on; and what an
// item with a computed key is may be the built-ins.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/python/tokenizer.h"

namespace onehead {

class NamespaceUse {
 public:
  enum class Verdict : std::uint8_t { kOpen, kReads, kMayBind };

  // True for globals, vars and locals.
  static bool IsNamespace(std::string_view word);

  // REQUIRES: `word`, a token of `text`, is the name of such a function; `text` outlives this.
  NamespaceUse(std::string_view text, const Token& word);

  // The next token, until the verdict is no longer kOpen. The end of a statement is one.
  Verdict Take(const Token& token);

 private:
  enum class State : std::uint8_t {
    kName,    // globals
    kCall,    // globals(
    kWhole,   // globals()
    kMethod,  // globals().
    kGet,     // globals().get
    kInside,  // globals()[ or globals().get(, up to the bracket that closes it
    kItem,    // globals()[...] or globals().get(...)
  };

  Verdict Go(State next) {
    state_ = next;
    return Verdict::kOpen;
  }
  Verdict TakeInside(const Token& token, char first);
  bool IsWrittenOut(const Token& key) const;

  std::string_view text_;
  bool looked_up_;  // "in globals()"
  State state_ = State::kName;
  bool by_get_ = false;
  bool key_is_known_ = false;
  int depth_ = 0;   // of brackets in the one of kInside
  int tokens_ = 0;  // inside of it, so far; two are as good as many
};

}  // namespace onehead
