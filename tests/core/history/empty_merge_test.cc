#include "onehead/core/history/empty_merge.h"

#include <gtest/gtest.h>

#include <string>

namespace onehead {
namespace {

constexpr const char* kHead =
    "\"\"\"merge heads\n\nRevises: a, b\n\"\"\"\nfrom typing import Union\nimport alembic\n\n"
    "revision: str = 'm'\ndown_revision: Union[str, None] = ('a', 'b')\nbranch_labels = None\n"
    "depends_on = None\n\n\n";

TEST(IsEmptyMigration, TrueOfWhatAlembicWrites) {
  for (const char* body :
       {"def upgrade() -> None:\n    pass\n\n\ndef downgrade() -> None:\n    pass\n",
        "def upgrade():\n    \"\"\"nothing\"\"\"\n    pass  # yes\n\ndef downgrade(): pass\n",
        "def upgrade():\n    ...\ndef downgrade():\n    return None\n", ""}) {
    EXPECT_TRUE(IsEmptyMigration(kHead + std::string(body))) << body;
  }
}

TEST(IsEmptyMigration, FalseOfWhatDoesSomethingOrMay) {
  for (const char* body :
       {"def upgrade():\n    op.execute('x')\n", "def upgrade():\n    if x:\n        pass\n",
        "op.execute('x')\n", "x = 1\n", "def upgrade(): op.execute('x')\n", "class A:\n    pass\n",
        "@run\ndef upgrade():\n    pass\n", "def upgrade():\n    x = 1\n    pass\n",
        "def upgrade():\n    return f()\n", "def upgrade(:\n", "<<<<<<< a\n=======\n>>>>>>> b\n"}) {
    EXPECT_FALSE(IsEmptyMigration(kHead + std::string(body))) << body;
  }
}

}  // namespace
}  // namespace onehead
