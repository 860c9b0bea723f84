// Every graph that Alembic's own tests build has the heads, bases, labels and errors that Alembic
// gives it (tests/cases/graphs; e2e/graph_oracle_test.cc asks Alembic again).
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "support/graph_builder.h"

namespace onehead {
namespace {

TEST(GraphSuite, AnswersAreThoseOfAlembic) {
  std::ifstream in(std::string(ONEHEAD_SOURCE_DIR) + "/tests/cases/graphs/alembic_suite.txt");
  int graphs = 0;
  std::string graph;
  for (std::string line; std::getline(in, line);) {
    if (line[0] == '#') continue;
    if (line[0] != ' ') {
      graph = line;
      continue;
    }
    const std::string text = graph.substr(graph.find(':') + 1);
    EXPECT_EQ(testing::AlembicAnswer(testing::GraphOf(text)), line.substr(2)) << graph;
    ++graphs;
  }
  EXPECT_GT(graphs, 60);
}

}  // namespace
}  // namespace onehead
