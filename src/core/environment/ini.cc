#include "core/environment/ini.h"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "onehead/base/text.h"

namespace onehead {
namespace {

// The size in bytes of the white-space character that `text` begins with; 0: it is another one.
// White space is Python's str.isspace, which is also what "\s" matches in a str pattern.
std::size_t LeadingSpace(std::string_view text) {
  if (text.empty()) return 0;
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const unsigned first = byte(0);
  if ((first >= 0x09 && first <= 0x0D) || (first >= 0x1C && first <= 0x20)) return 1;
  if (first == 0xC2) return byte(1) == 0x85 || byte(1) == 0xA0 ? 2 : 0;
  if (first == 0xE1) return byte(1) == 0x9A && byte(2) == 0x80 ? 3 : 0;  // U+1680
  if (first == 0xE3) return byte(1) == 0x80 && byte(2) == 0x80 ? 3 : 0;  // U+3000
  if (first != 0xE2) return 0;
  if (byte(1) == 0x81) return byte(2) == 0x9F ? 3 : 0;  // U+205F
  if (byte(1) != 0x80) return 0;
  const unsigned last = byte(2);  // U+2000 to U+200A, U+2028, U+2029, U+202F
  const bool space = (last >= 0x80 && last <= 0x8A) || last == 0xA8 || last == 0xA9 || last == 0xAF;
  return space ? 3 : 0;
}

std::string_view StripLeft(std::string_view text) {
  while (const std::size_t size = LeadingSpace(text)) text.remove_prefix(size);
  return text;
}

std::string_view StripRight(std::string_view text) {
  for (;;) {
    std::size_t cut = 0;
    for (std::size_t size = 1; size <= 3 && size <= text.size() && cut == 0; ++size) {
      if (LeadingSpace(text.substr(text.size() - size)) == size) cut = size;
    }
    if (cut == 0) return text;
    text.remove_suffix(cut);
  }
}

std::string_view Strip(std::string_view text) { return StripRight(StripLeft(text)); }

// Characters, not bytes: ConfigParser compares the index of the first other character.
std::size_t IndentOf(std::string_view line) {
  std::size_t indent = 0;
  while (const std::size_t size = LeadingSpace(line)) {
    line.remove_prefix(size);
    ++indent;
  }
  return indent;
}

// The next line without its end; "\n", "\r\n" and "\r" end one (Python's universal newlines).
std::string_view TakeLine(std::string_view* rest) {
  const std::size_t end = rest->find_first_of("\r\n");
  const std::string_view line = rest->substr(0, end);
  if (end == std::string_view::npos) {
    *rest = {};
  } else {
    const bool pair = rest->substr(end, 2) == "\r\n";
    rest->remove_prefix(end + (pair ? 2 : 1));
  }
  return line;
}

std::string Shown(std::string_view text) { return "'" + Printable(text, 80) + "'"; }

}  // namespace

// ConfigParser._read, line by line.
class IniParser {
 public:
  Result<IniFile> Parse(std::string_view text) {
    while (!text.empty()) {
      ++line_;
      if (Status status = ReadLine(TakeLine(&text)); !status) {
        return Fail(std::move(status.error()));
      }
    }
    JoinValues(&file_.defaults_);
    for (IniSection& section : file_.sections_) JoinValues(&section.options);
    return std::move(file_);
  }

 private:
  Status ReadLine(std::string_view line) {
    const std::string_view text = Strip(line);
    if (!text.empty() && (text[0] == '#' || text[0] == ';')) return {};
    if (text.empty()) {
      if (value_ != nullptr) value_->text += '\n';
      return {};
    }
    const std::size_t indent = IndentOf(line);
    if (value_ != nullptr && indent > indent_) {
      value_->text += '\n';
      value_->text += text;
      return {};
    }
    indent_ = indent;
    const std::size_t close = text.rfind(']');
    // "\[(.+)\]", matched at the start and greedily: what follows the last bracket is ignored.
    if (text[0] == '[' && close != std::string_view::npos && close > 1) {
      return OpenSection(text.substr(1, close - 1));
    }
    if (options_ == nullptr) {
      return Broken(fmt::format("{} stands before the first section header", Shown(text)));
    }
    return ReadOption(text);
  }

  Status OpenSection(std::string_view name) {
    value_ = nullptr;
    section_ = name;
    if (name == "DEFAULT") {
      options_ = &file_.defaults_;
      return {};
    }
    const auto [at, added] = file_.index_.emplace(name, file_.sections_.size());
    if (!added) {
      const int first = file_.sections_[at->second].line;
      return Broken(fmt::format("section {} is already in line {}", Shown(name), first));
    }
    file_.sections_.push_back({std::string(name), line_, {}});
    options_ = &file_.sections_.back().options;
    return {};
  }

  Status ReadOption(std::string_view text) {
    const std::size_t delimiter = text.find_first_of("=:");
    if (delimiter == std::string_view::npos) {
      return Broken(fmt::format("{} is neither 'key = value' nor a section", Shown(text)));
    }
    const std::string name = Lower(StripRight(text.substr(0, delimiter)));
    if (name.empty()) return Broken(fmt::format("{} has no key", Shown(text)));
    const std::string_view value = Strip(text.substr(delimiter + 1));
    const auto [at, added] = options_->emplace(name, IniValue{std::string(value), line_});
    if (!added) {
      return Broken(fmt::format("option {} of section {} is already in line {}", Shown(name),
                                Shown(section_), at->second.line));
    }
    value_ = &at->second;
    return {};
  }

  Status Broken(std::string message) const {
    return FailAt(ErrorKind::kInvalid, "", line_, std::move(message));
  }

  static void JoinValues(IniOptions* options) {
    for (auto& [name, value] : *options) {
      value.text.resize(StripRight(value.text).size());
    }
  }

  IniFile file_;
  int line_ = 0;
  IniOptions* options_ = nullptr;  // of the section that is open
  std::string section_;            // its name
  IniValue* value_ = nullptr;      // the option that an indented line continues
  std::size_t indent_ = 0;         // of that option, or of the last header
};

namespace {

// Interpolation is a copying machine (ten levels, any number of references each); these bounds are
// far above any real value.
constexpr std::size_t kMaxValueBytes = std::size_t{64} << 10;
constexpr std::size_t kMaxReferences = 1000;
constexpr std::size_t kMaxDepth = 10;  // configparser.MAX_INTERPOLATION_DEPTH

// BasicInterpolation._interpolate_some, with a stack in place of its recursion.
class Interpolation {
 public:
  Interpolation(const IniFile& file, std::string_view section, std::string_view here)
      : file_(file), section_(section), here_(here) {}

  Result<std::string> Run(std::string_view text) {
    stack_.push_back(text);
    while (!stack_.empty()) {
      std::string_view& rest = stack_.back();
      const std::size_t percent = rest.find('%');
      out_ += rest.substr(0, percent);
      if (out_.size() > kMaxValueBytes) return TooMuch();
      if (percent == std::string_view::npos) {
        stack_.pop_back();
        continue;
      }
      rest.remove_prefix(percent);
      ONEHEAD_TRY(Percent(&rest));
    }
    return std::move(out_);
  }

 private:
  // `rest`, the top of the stack, begins with a percent sign.
  Status Percent(std::string_view* rest) {
    if (rest->substr(1, 1) == "%") {
      out_ += '%';
      rest->remove_prefix(2);
      return {};
    }
    const std::size_t close = rest->find(')');
    // "%\(([^)]+)\)s"
    const bool reference = rest->substr(1, 1) == "(" && close != std::string_view::npos &&
                           close > 2 && rest->substr(close + 1, 1) == "s";
    if (!reference) {
      return Fail(ErrorKind::kInvalid,
                  fmt::format("{}: a percent sign must be written %%, or be part of %(name)s",
                              Shown(*rest)));
    }
    const std::string name = Lower(rest->substr(2, close - 2));
    rest->remove_prefix(close + 2);
    return Refer(name);
  }

  Status Refer(const std::string& name) {
    if (++references_ > kMaxReferences) return TooMuch();
    const IniValue* value = file_.Find(section_, name);
    if (value == nullptr && name != "here") {
      return Fail(ErrorKind::kInvalid,
                  fmt::format("%({})s names an option that is not there", Printable(name, 80)));
    }
    const std::string_view text = value == nullptr ? here_ : std::string_view(value->text);
    if (text.find('%') == std::string_view::npos) {
      out_ += text;
      return {};
    }
    if (stack_.size() >= kMaxDepth) {
      return Fail(ErrorKind::kInvalid, fmt::format("%({})s is nested more than {} levels deep",
                                                   Printable(name, 80), kMaxDepth));
    }
    stack_.push_back(text);
    return {};
  }

  static tl::unexpected<Error> TooMuch() {
    return Fail(ErrorKind::kLimit, "value too large or too many references");
  }

  const IniFile& file_;
  std::string_view section_;
  std::string_view here_;
  std::vector<std::string_view> stack_;  // what is left of each value, innermost last
  std::string out_;
  std::size_t references_ = 0;
};

}  // namespace

Result<IniFile> IniFile::Parse(std::string_view text) { return IniParser().Parse(text); }

const IniSection* IniFile::FindSection(std::string_view name) const {
  const auto found = index_.find(name);
  return found == index_.end() ? nullptr : &sections_[found->second];
}

const IniValue* IniFile::Find(std::string_view section, std::string_view option) const {
  const IniSection* own = FindSection(section);
  if (own == nullptr) return nullptr;
  if (const auto found = own->options.find(option); found != own->options.end()) {
    return &found->second;
  }
  const auto found = defaults_.find(option);
  return found == defaults_.end() ? nullptr : &found->second;
}

Result<std::optional<IniValue>> IniFile::Get(std::string_view section, std::string_view option,
                                             std::string_view here) const {
  const IniValue* value = Find(section, option);
  if (value == nullptr) return std::nullopt;
  Result<std::string> text = Interpolation(*this, section, here).Run(value->text);
  if (!text) {
    Error error = std::move(text.error());
    error.line = value->line;
    error.message = fmt::format("{}: {}", Printable(option, 80), error.message);
    return Fail(std::move(error));
  }
  return IniValue{std::move(*text), value->line};
}

}  // namespace onehead
