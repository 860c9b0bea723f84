// What the names of a module are bound to, as far as it is known.
//
// Here: values and the table of names, with all the ways in which a value stops being known.
// Not here: reading expressions (expression.h) and statements (module_reader.h).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/python/logical_line.h"
#include "onehead/base/text.h"
#include "onehead/core/python/diagnostic.h"

namespace onehead {

// The names that are asked for in the end.
inline constexpr std::string_view kMigrationNames[] = {"revision", "down_revision", "branch_labels",
                                                       "depends_on"};
inline constexpr std::string_view kDocName = "__doc__";
// A function of the module that gives values to names that are not bound (PEP 562).
inline constexpr std::string_view kGetattrName = "__getattr__";
inline constexpr std::string_view kTrackedNames[] = {"revision",   "down_revision", "branch_labels",
                                                     "depends_on", kDocName,        kGetattrName};
bool IsMigrationName(std::string_view name);
// One of kTrackedNames.
bool IsTracked(std::string_view name);

// Who reports that a value is unknown.
enum class Report : std::uint8_t {
  kYes,
  kElsewhere,  // it follows from a defect that is reported by itself (a conflict marker)
};

// Why a value is unknown.
struct Cause {
  ReadDefect defect = {};
  Report report = Report::kYes;
};

constexpr std::uint32_t kNoIdentity = 0xFFFFFFFF;

struct Value {
  enum class Kind : std::uint8_t { kAbsent, kUnknown, kNone, kString, kTuple, kList, kSet, kOther };
  Kind kind = Kind::kAbsent;
  std::string text = {};                // kString
  std::vector<std::string> items = {};  // kTuple, kList, kSet: strings only, else it is kOther
  // Of a value that can change after it was bound (list, set, dict): the same object has the same
  // number wherever it is bound. It is the position of the literal that made it.
  std::uint32_t identity = kNoIdentity;
  std::shared_ptr<const Cause> cause = {};  // kUnknown: never null

  bool known() const { return kind != Kind::kUnknown && kind != Kind::kAbsent; }
  bool is_collection() const {
    return kind == Kind::kTuple || kind == Kind::kList || kind == Kind::kSet;
  }
  // What a copy costs, of a budget in bytes.
  std::size_t Weight() const;

  static Value Unknown(Cause cause);
  static Value Simple(Kind kind) { return Value{kind, {}, {}, kNoIdentity, nullptr}; }
};

enum class BoundBy : std::uint8_t {
  kName,      // a statement that names it
  kAnything,  // a statement that may bind any name
};

// What code does to a value that was known.
enum class Effect : std::uint8_t {
  kMayChange,  // perhaps nothing: what was bound stays known, with a doubt
  kChanges,    // the value is unknown
};

// A name and what the last statement that bound it says.
struct NamedValue {
  Value value = {};
  int line = 0;          // of the name there
  Span expression = {};  // what was bound
  BoundBy by = BoundBy::kName;
  // Why the name may be bound to something else all the same, or may be bound though the value is
  // absent. Null: there is no reason.
  std::shared_ptr<const Cause> doubt = {};
};

// Any order will do; most names differ in their size.
struct ShorterFirst {
  bool operator()(std::string_view a, std::string_view b) const {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  }
};

class NameTable {
 public:
  // An object that can change and has a name already is given away: under the other name functions
  // may change it, unseen. REQUIRES: `name` outlives the table.
  void Bind(std::string_view name, NamedValue&& value);
  // Every name but those that are asked for in the end may be bound to something else.
  void ForgetOthers();
  // Bound to something that nobody will ask the reason of: less to remember.
  void Forget(std::string_view name) { names_.erase(name); }
  // `del name`.
  void Unbind(std::string_view name);
  // Something has bound names of which it is not known which: all are unknown.
  void BindAnything(Cause cause, Span statement);
  // The same, perhaps: `from x import *`, `exec(...)`. The names that are asked for in the end keep
  // their values, with a doubt, but for those that the code spells in `text`. Linear in `text`.
  void MayBindAnything(Cause cause, Span statement, std::string_view text);
  // A function that was defined may bind any name when it is called. The first cause is kept.
  void CallsMayBindAnything(Cause cause);
  // Something finds attributes by strings.
  void LookUp(int line) {
    if (looked_up_line_ == 0) looked_up_line_ = line;
  }
  // Something leads to a frame.
  void TakeFrame(int line) {
    if (frame_line_ == 0) frame_line_ = line;
  }
  // Of the first one; 0: nothing does.
  int looked_up_line() const { return looked_up_line_; }
  int frame_line() const { return frame_line_; }
  const Cause* bound_by_calls() const { return bound_by_calls_ ? &*bound_by_calls_ : nullptr; }
  // Code that runs now may bind any name, now and, for all that is known, later: what it has made
  // (a generator, a lambda) may go on. As MayBindAnything(), with a doubt that stays.
  void RunAnything(Cause cause, Span statement, std::string_view text);
  // Any of kMigrationNames may be bound at any time.
  void BindAllAnyTime(Cause cause);
  // A function may bind `name` at any time: `global name`.
  void BindAnyTime(std::string_view name, Cause cause);
  // The code of a function or class uses `name`; if that is one of kMigrationNames and bound to an
  // object that can change, before or after, the object may not be what it was.
  void MentionInBody(std::string_view name, int line);
  // An object that can change was given away: it may not be what it was.
  void GiveAway(std::uint32_t identity, Cause cause, Effect effect = Effect::kMayChange);

  // What `name` is now. Absent: never bound, as far as is known.
  NamedValue Find(std::string_view name) const;
  // The identity of a changeable object that `name` is bound to, else kNoIdentity.
  std::uint32_t IdentityOf(std::string_view name) const;
  // The weight of the value without a copy.
  std::size_t WeightOf(std::string_view name) const;

 private:
  struct Given {
    std::shared_ptr<const Cause> cause;
    Effect effect = Effect::kMayChange;
  };
  // Why another value may be bound than `found`; null: for no reason.
  std::shared_ptr<const Cause> WhyDoubtful(std::string_view name, const NamedValue& found) const;

  std::map<std::string_view, NamedValue, ShorterFirst> names_;
  std::map<std::string_view, std::shared_ptr<const Cause>> any_time_;
  std::map<std::uint32_t, Given> given_away_;
  std::map<std::string_view, std::shared_ptr<const Cause>> mentioned_;  // of kMigrationNames only
  std::map<std::uint32_t, std::string_view> owners_;  // the first name of an object that can change
  std::optional<Cause> bound_by_calls_;
  int looked_up_line_ = 0;
  int frame_line_ = 0;
  NamedValue others_;  // what a name that is not in names_ is: absent, if it is not known otherwise
};

}  // namespace onehead
