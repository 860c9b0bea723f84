// The whole program as a function, so that tests can link it.
#pragma once

namespace onehead {

// Runs the command that the arguments name and returns the exit code of the process.
int RunProgram(int argc, char** argv);

}  // namespace onehead
