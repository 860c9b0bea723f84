// A module from its first to its last line: logical lines, blocks, the docstring.
//
// Not here: what a statement does (statement.h), Alembic's rules for the values
// (migration.cc).
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/python/body_scanner.h"
#include "core/python/docstring.h"
#include "core/python/logical_line.h"
#include "core/python/name_table.h"
#include "core/python/statement.h"
#include "core/python/tokenizer.h"

namespace onehead {

class ModuleReader {
 public:
  // REQUIRES: `text` outlives the reader and has no NUL.
  ModuleReader(std::string_view text, const SourceHead& head);

  // Once.
  void Read();

  const NameTable& names() const { return names_; }
  const std::optional<Docstring>& docstring() const { return docstring_; }
  const std::vector<ReadDefect>& defects() const { return defects_; }
  // False: reading stopped at a defect, so names may be bound further down.
  bool complete() const { return complete_; }
  // It stopped at what Python refuses.
  bool refused() const { return refused_; }

 private:
  void ReadLine(const Token& first);
  void CollectLine(Token token);
  void TooLong();
  void SkipData();
  bool IsPlain(const Token& token) const;
  bool IsPlainAssignment() const;
  void EnterBlock(Opens opened);
  void SkipDefinition(BodyKind kind);
  void Refuse(ReadDefect defect);
  void Stop(ReadDefect defect);
  void AddConflicts();
  void AddLookups();

  std::string_view text_;
  Tokenizer tokenizer_;
  Line line_;
  NameTable names_;
  std::vector<ReadDefect> defects_;
  StatementReader statements_;
  std::optional<Docstring> docstring_;
  bool first_statement_ = true;
  bool complete_ = true;
  bool stopped_ = false;
  bool refused_ = false;
  bool overflow_ = false;    // of the line that is being read
  bool plain_data_ = false;  // of a line with overflow_: a name that does not matter, and data
  int depth_ = 0;            // open blocks of this module's code
  Opens opens_ = Opens::kNothing;
};

}  // namespace onehead
