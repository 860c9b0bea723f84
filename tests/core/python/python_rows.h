// A table of texts and what is read from each.
#pragma once

#include <gtest/gtest.h>

#include "core/python/migration_dump.h"
#include "onehead/core/migration/migration.h"

namespace onehead {

struct Row {
  const char* text;
  const char* expected;  // DumpMigration
};

inline void Check(const Row& row) {
  EXPECT_EQ(DumpMigration(ReadMigration("versions/x.py", row.text), row.text), row.expected)
      << row.text;
}

}  // namespace onehead
