// The table of commands, and finding one in it.
#pragma once

#include <string>
#include <vector>

#include "commands/app/streams.h"

namespace onehead {

struct Command {
  const char* name;
  const char* summary;  // one line
  int (*run)(const std::vector<std::string>& args, Streams& io);
};

// The one table that help, dispatch and "did you mean" read.
const std::vector<Command>& AllCommands();

// Runs args[0] with the rest. `program` is the name the program was started by: `pre-receive`,
// `git-onehead` and `git-merge-onehead` mean what they say.
int Dispatch(const std::string& program, std::vector<std::string> args, Streams& io);

}  // namespace onehead
