// Real Alembic, asked about one state of a repository after another.
#pragma once

#include <string>

namespace onehead::testing {

// What tests/e2e/alembic_judge.py says of the commit `rev` of the repository at `directory` (or of
// the files in it if `rev` is empty): "r1 m1 f1", "2 heads: ...", "broken: ...". Python is started
// once for all questions of a test program, since Alembic takes a third of a second to start.
std::string AlembicChain(const std::string& directory, const std::string& rev);

}  // namespace onehead::testing
