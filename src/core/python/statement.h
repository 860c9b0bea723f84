// What one statement at module level does to the names of the module.
//
// Here: one function per form of statement, and the table that finds it by its first word. A new
// form of statement goes there. Not here: blocks and lines (module_reader.h), expressions
// (expression.h).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/python/expression.h"
#include "core/python/logical_line.h"
#include "core/python/name_table.h"

namespace onehead {

// Whether it is certain that a statement runs.
enum class Certainty : std::uint8_t {
  kRuns,
  kMayRun,    // inside an if, for, while, try, with, match
  kConflict,  // between conflict markers: one side of two
};

// What the next lines are.
enum class Opens : std::uint8_t {
  kNothing,   // another statement
  kBlock,     // an indented block that belongs to this module's code
  kFunction,  // an indented block of code that runs later, or never
  kClass,     // an indented block of code that runs there and then, but has names of its own
};

class StatementReader {
 public:
  // REQUIRES: `names` and `defects` outlive the reader.
  StatementReader(NameTable* names, std::vector<ReadDefect>* defects)
      : names_(names), defects_(defects) {}

  Opens ReadLine(const Line& line, Certainty certainty);

 private:
  struct SimpleForm;
  struct CompoundForm;
  static const SimpleForm kSimpleForms[];
  static const CompoundForm kCompoundForms[];

  // A name and what it gets; `value` empty: not known which part.
  struct Target {
    std::size_t name = 0;  // token
    TokenRange value = {};
    enum class Source : std::uint8_t { kValue, kUnknownPart } source = Source::kValue;
  };

  // A target and the value it gets, either of which may have parts.
  struct Pairing {
    TokenRange target = {};
    TokenRange value = {};
    Target::Source source = Target::Source::kValue;
  };

  // Simple statements: `range` is all of one.
  void Simple(TokenRange range);
  void Import(TokenRange range);
  void FromImport(TokenRange range);
  void Delete(TokenRange range);
  void Raise(TokenRange range);
  void TypeAlias(TokenRange range);
  void Nothing(TokenRange range);
  void Expression(TokenRange range);
  void Assignment(TokenRange range);
  void Augmented(TokenRange range);
  void AssignName(std::size_t name, TokenRange value);
  void Assign(const std::vector<TokenRange>& targets, TokenRange value);

  // Compound statements: `header` is what stands before the colon.
  void Definition(TokenRange header);
  void ClassDefinition(TokenRange header);
  void For(TokenRange header);
  void AsTargets(TokenRange header);
  void Case(TokenRange header);
  Opens Compound(const CompoundForm& form, TokenRange range);
  const CompoundForm* FindCompound(std::size_t first) const;
  std::size_t HeaderColon(TokenRange range) const;

  // Parts of them.
  void CollectTargets(Pairing first);  // into found_
  bool Display(TokenRange value, std::vector<TokenRange>* elements) const;
  void Share(const Value& value, TokenRange expression);
  Value ValueOf(const Target& target);
  Value CopyOf(Value value, const Target& target);  // within the budget
  void BindEvaluated(const Target& target, Value&& value);
  void SideEffects(TokenRange range);
  void Mention(std::string_view name, int line, Effect effect);
  bool IsCall(std::size_t i) const;
  bool IsKeywordArgument(std::size_t i) const;
  void FormatSideEffects(const Token& string);
  bool MayBindAnything(std::size_t i) const;
  void BindAnything(const Cause& cause, Span span, std::string_view text);
  void RunAnything(const Cause& cause, Span span, std::string_view text);
  void RunAnything(std::size_t i);
  void Disguised(std::size_t i);
  void CallAnything(std::size_t i);
  void InlineBody(Opens opens, TokenRange range);
  void BindNames(TokenRange range, std::string_view reason);
  void BindUnknown(std::size_t name, TokenRange expression, std::string_view reason);
  void Bind(std::string_view name, NamedValue&& value);
  void Begin(TokenRange statement);
  const std::string& StatementText();

  NameTable* names_;
  std::vector<ReadDefect>* defects_;
  CopyBudget budget_;
  bool raised_ = false;
  // Of the line that is being read:
  const Line* line_ = nullptr;
  TokenRange statement_;
  std::string statement_text_;  // empty: not asked for yet
  Certainty certainty_ = Certainty::kRuns;
  bool bound_anything_ = false;  // it may have bound any name
  bool decorated_ = false;       // a line "@..." came before
  bool only_names_ = false;      // of the assignment: no target is x.y or x[0]
  // Of the assignment that is being read; here so that the next one need not allocate them again.
  std::map<std::pair<std::size_t, std::size_t>, Value> evaluated_;
  std::vector<TokenRange> targets_;
  std::vector<Pairing> pairings_;
  std::vector<Target> found_;
  std::vector<Value> values_;
};

}  // namespace onehead
