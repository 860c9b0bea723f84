// The options that commands share, and how arguments are read.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "commands/report_text.h"
#include "commands/streams.h"
#include "onehead/base/result.h"

namespace onehead {

enum class OutputFormat { kText, kJson };
enum class ColorChoice { kAuto, kAlways, kNever };
enum class TreeChoice { kCommit, kIndex, kWorkTree };

struct CommonOptions {
  std::string directory;  // -C; empty: where the program was started
  std::vector<std::string> script_locations;
  std::vector<std::string> versions;
  bool recursive = false;
  std::string section;
  OutputFormat format = OutputFormat::kText;
  ColorChoice color = ColorChoice::kAuto;
  bool quiet = false;
  bool verbose = false;
  std::string rev = "HEAD";
  bool worktree = false;
  bool staged = false;

  TreeChoice tree() const {
    if (worktree) return TreeChoice::kWorkTree;
    return staged ? TreeChoice::kIndex : TreeChoice::kCommit;
  }
};

// -C, --script-location, --versions, --recursive, -n, --format, --color, -q, -v.
void AddCommonOptions(CLI::App* app, CommonOptions* options);
void AddFormatOption(CLI::App* app, OutputFormat* format, const std::string& description);
// [REV], --worktree, --staged.
void AddTreeOptions(CLI::App* app, CommonOptions* options);

// Reads `args` into what `app` was given. Null: go on. Else the exit code: 0 after --help, 129
// after wrong usage; the text has been printed.
std::optional<int> ParseArguments(CLI::App* app, const std::vector<std::string>& args, Streams& io);

// What -C does.
[[nodiscard]] Status ChangeDirectory(const std::string& directory);

Color ColorFor(ColorChoice choice, int file_descriptor);

}  // namespace onehead
