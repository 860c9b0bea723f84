#include "onehead/core/migration/merge_revision.h"

#include <gtest/gtest.h>

#include "support/memory_tree.h"

namespace onehead {
namespace {

const MergeRevision kMerge{
    "0123456789ab", {"aaaa", "bbbb"}, "merge heads", "2026-01-31 12:00:00.000001"};

// As Alembic 1.8.1 writes it, but for the blank line of an empty `imports` in its template.
TEST(MergeRevision, PlainText) {
  EXPECT_EQ(MergeRevisionText(kMerge, {}),
            "\"\"\"merge heads\n\n"
            "Revision ID: 0123456789ab\n"
            "Revises: aaaa, bbbb\n"
            "Create Date: 2026-01-31 12:00:00.000001\n\n"
            "\"\"\"\n"
            "from alembic import op\n"
            "import sqlalchemy as sa\n\n\n"
            "# revision identifiers, used by Alembic.\n"
            "revision = '0123456789ab'\n"
            "down_revision = ('aaaa', 'bbbb')\n"
            "branch_labels = None\n"
            "depends_on = None\n\n\n"
            "def upgrade():\n    pass\n\n\n"
            "def downgrade():\n    pass\n");
}

TEST(MergeRevision, TakesOverTheStyleOfAFile) {
  const std::string text = testing::MigrationText("aaaa", {});  // as Alembic 1.16
  const MigrationStyle style = StyleOf(ReadMigration("aaaa.py", text), text);
  const std::string merge = MergeRevisionText(kMerge, style);
  EXPECT_NE(merge.find("from typing import Sequence, Union\n\n"
                       "from alembic import op\nimport sqlalchemy as sa\n"),
            merge.npos)
      << merge;
  EXPECT_NE(merge.find("revision: str = '0123456789ab'\n"
                       "down_revision: Union[str, Sequence[str], None] = ('aaaa', 'bbbb')\n"
                       "branch_labels: Union[str, Sequence[str], None] = None\n"),
            merge.npos)
      << merge;
  EXPECT_NE(merge.find("def upgrade() -> None:\n    pass\n"), merge.npos) << merge;
}

TEST(MergeRevision, KeepsQuotesOtherAnnotationsAndDocstrings) {
  const std::string text =
      "\"\"\"x\"\"\"\nfrom app.types import (\n    Money,\n)\n"
      "from alembic import op\r\nimport sqlalchemy as sa\n"
      "revision: str = \"aaaa\"\ndown_revision: str | None = None\n"
      "branch_labels = None\ndepends_on = None\n"
      "def upgrade() -> None:\n    \"\"\"Upgrade schema.\"\"\"\n    pass\n";
  const MigrationStyle style = StyleOf(ReadMigration("aaaa.py", text), text);
  const std::string merge = MergeRevisionText(kMerge, style);
  EXPECT_NE(merge.find("\n\"\"\"\nfrom alembic import op\nimport sqlalchemy as sa\n"), merge.npos);
  EXPECT_NE(merge.find("revision: str = \"0123456789ab\"\n"
                       "down_revision: str | None = (\"aaaa\", \"bbbb\")\nbranch_labels = None\n"),
            merge.npos)
      << merge;
  EXPECT_NE(merge.find("    \"\"\"Downgrade schema.\"\"\"\n    pass\n"), merge.npos) << merge;
}

// Whatever stands in them, Python reads the same ids and the same title back.
TEST(MergeRevision, AwkwardIdsAndTitlesAreReadBack) {
  for (const std::string& odd : {std::string("it's"), std::string("a\\b"), std::string("say \"x\""),
                                 std::string("\"\"\""), std::string("both ' and \"")}) {
    MergeRevision merge = kMerge;
    merge.parents = {odd, "bbbb"};
    merge.message = odd;
    const Migration read = ReadMigration("m.py", MergeRevisionText(merge, {}));
    EXPECT_TRUE(read.defects.empty()) << odd;
    EXPECT_EQ(read.down_revision.ids, merge.parents);
    EXPECT_EQ(read.title, odd);
  }
}

TEST(MergeRevision, Slug) {
  EXPECT_EQ(SlugOf("Merge heads!"), "merge_heads");
  EXPECT_EQ(SlugOf("  a--b_c 9 "), "a_b_c_9");
  EXPECT_EQ(SlugOf(""), "");
  EXPECT_EQ(SlugOf("this message is far longer than forty characters are"),
            "this_message_is_far_longer_than_forty_");
  EXPECT_EQ(SlugOf(std::string(50, 'x')), std::string(40, 'x') + "_");
  // Not in the middle of a character.
  EXPECT_EQ(SlugOf("x\xc3\xa9", 2), "x_");
}

TEST(MergeRevision, FileName) {
  const CreateTime time{1700000000, 2026, 3, 7, 4, 5, 6};
  struct Case {
    const char* file_template;
    const char* expected;  // "": refused
  };
  const Case cases[] = {
      {"", "ab12_merge_heads.py"},
      {"%(rev)s", "ab12.py"},
      {"%(year)d_%(month).2d_%(day).2d_%(hour).2d%(minute).2d-%(rev)s_%(slug)s",
       "2026_03_07_0405-ab12_merge_heads.py"},
      {"%(year)d%(month)02d%(second)s", "2026036.py"},
      {"%(epoch)s_%(slug).5s", "1700000000_merge.py"},
      {"%(year)d/%(rev)s", "2026/ab12.py"},
      {"100%%_%(rev)s", "100%_ab12.py"},
      {"%(rev)5s%(rev)-5s", " ab12ab12 .py"},
      {"%(nothing)s", ""},
      {"%(rev)d", ""},
      {"%(rev", ""},
      {"%s", ""},
      {"%(rev)", ""},
      {"../%(rev)s", ""},
      {"/%(rev)s", ""},
      {".#%(rev)s", ""},
  };
  for (const Case& c : cases) {
    const Result<std::string> name = MergeFileName(c.file_template, "ab12", "merge_heads", time);
    EXPECT_EQ(name.value_or(""), c.expected) << c.file_template;
  }
}

}  // namespace
}  // namespace onehead
