// The options that commands share.
#pragma once

#include <string>
#include <vector>

#include "commands/app/arguments.h"
#include "commands/report/report_text.h"
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
void AddCommonOptions(Arguments* arguments, CommonOptions* options);
void AddFormatOption(Arguments* arguments, OutputFormat* format, const std::string& description);
// [REV], --worktree, --staged.
void AddTreeOptions(Arguments* arguments, CommonOptions* options);

// What -C does.
[[nodiscard]] Status ChangeDirectory(const std::string& directory);

// Does what is written to the descriptor get colours? With kAuto, as Git would decide here
// (color.ui, TERM, its pager), and NO_COLOR.
Color ColorFor(ColorChoice choice, int file_descriptor);
// Writes the lines to `out`, which is that descriptor's stream.
void PrintColored(const Lines& lines, ColorChoice choice, int file_descriptor, std::ostream& out);

}  // namespace onehead
