#include "core/environment/toml.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
// It asserts what hostile text can make untrue ("[{"), and then reports it as an error. With NDEBUG
// it would let the optimiser assume it instead.
#undef NDEBUG
#define TOML_ASSERT(condition) static_cast<void>(0)
// Its question whether a character is white space has no defined answer for most of Unicode (3.3,
// is_non_ascii_horizontal_whitespace). Here the answer is no.
#if __has_include(<toml++/impl/unicode.h>)
#include <toml++/impl/forward_declarations.h>
#pragma push_macro("TOML_UNREACHABLE")
#undef TOML_UNREACHABLE
#define TOML_UNREACHABLE return false
#include <toml++/impl/unicode.h>
#pragma pop_macro("TOML_UNREACHABLE")
#endif
#include <toml++/toml.h>

#include "core/python/source_encoding.h"
#include "onehead/base/text.h"

namespace onehead {
namespace {

constexpr std::size_t kMaxBrackets = 32;  // arrays and inline tables in each other
constexpr std::size_t kMaxKeyParts = 32;  // of one dotted key

// True when somewhere "alembic" may be a key: after it, and a quote if it has one, comes one of the
// three characters that can follow a key (and not "==", as in a requirement). Or one of its letters
// may be escaped.
bool MayHaveKey(std::string_view text) {
  constexpr std::string_view kName = "alembic";
  constexpr std::string_view kEscapes[] = {"\\u006", "\\U0000006"};  // of "`" to "o"
  if (std::any_of(std::begin(kEscapes), std::end(kEscapes), [&](std::string_view escape) {
        return text.find(escape) != std::string_view::npos;
      })) {
    return true;
  }
  for (std::size_t at = text.find(kName); at != std::string_view::npos;
       at = text.find(kName, at + 1)) {
    std::size_t next = at + kName.size();
    if (next < text.size() && (text[next] == '"' || text[next] == '\'')) ++next;
    next = std::min(text.find_first_not_of(" \t", next), text.size());
    const std::string_view follows = text.substr(next, 2);
    if (follows.empty() || follows == "==") continue;
    if (follows[0] == ']' || follows[0] == '.' || follows[0] == '=') return true;
  }
  return false;
}

bool IsAscii(char c) { return static_cast<unsigned char>(c) < 0x80; }

// Goes through the text once, as far as the parser gets (where the two could disagree the parser
// has met an error), and keeps from it what it cannot take: deep nesting, because it recurses, and
// characters that are not ASCII where it would pass some over as white space. For tomllib these can
// be neither keys nor values; behind a line-ending backslash of a string they are escaped.
class Preparer {
 public:
  explicit Preparer(std::string_view text) : text_(text) {}

  // The text for the parser, with the same lines.
  Result<std::string> Run() {
    while (pos_ < text_.size() && !error_) Step();
    if (error_) return Fail(std::move(*error_));
    return std::move(prepared_.append(text_.substr(copied_)));
  }

 private:
  void Step() {
    const char c = text_[pos_];
    if (c == '#') {
      pos_ = std::min(text_.find('\n', pos_), text_.size());
      return;
    }
    if (c == '"' || c == '\'') {
      const bool triple = text_.substr(pos_, 3) == std::string(3, c);
      return triple ? SkipTripleString(c) : SkipString(c);
    }
    if (!IsAscii(c)) Stop(ErrorKind::kInvalid, "not TOML: a character outside of strings");
    if (c == '[' || c == '{') ++brackets_;
    if ((c == ']' || c == '}') && brackets_ > 0) --brackets_;
    if (c == '.') ++dots_;
    if (c == '\n' || c == '=' || c == ',' || c == '[' || c == '{') dots_ = 0;
    if (brackets_ > kMaxBrackets || dots_ >= kMaxKeyParts) {
      Stop(ErrorKind::kLimit, "it nests too deeply");
    }
    Advance();
  }

  // A string that does not end is where the parser will stop as well.
  void SkipString(char quote) {
    for (++pos_; pos_ < text_.size() && text_[pos_] != '\n'; ++pos_) {
      if (text_[pos_] == quote) {
        ++pos_;
        return;
      }
      if (text_[pos_] == '\\' && quote == '"') ++pos_;
    }
    pos_ = text_.size();
  }

  void SkipTripleString(char quote) {
    const std::string end(3, quote);
    pos_ += 3;
    while (pos_ < text_.size() && !error_) {
      if (text_[pos_] == '\\' && quote == '"') {
        SkipEscape();
      } else if (text_.substr(pos_, 3) == end) {
        pos_ += 3;  // up to two more quotes belong to the text
        while (pos_ < text_.size() && text_[pos_] == quote) ++pos_;
        return;
      } else {
        Advance();
      }
    }
  }

  void SkipEscape() {
    const std::size_t backslash = pos_++;
    while (pos_ < text_.size() && IsBlank(text_[pos_])) Advance();
    if (pos_ == text_.size()) return;
    if (IsAscii(text_[pos_])) {
      if (pos_ == backslash + 1) ++pos_;
    } else if (pos_ == backslash + 1) {
      Stop(ErrorKind::kInvalid, "not TOML: an unknown escape");
    } else {
      EscapeCharacter();
    }
  }

  void EscapeCharacter() {
    const SourceCharacter c = DecodeCharacter(Encoding::kUtf8, text_.substr(pos_));
    if (c.size == 0) return Stop(ErrorKind::kInvalid, "not TOML: it is not UTF-8");
    prepared_ += text_.substr(copied_, pos_ - copied_);
    prepared_ += fmt::format("\\U{:08X}", static_cast<unsigned>(c.code));
    pos_ += c.size;
    copied_ = pos_;
  }

  static bool IsBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

  void Advance() {
    if (text_[pos_] == '\n') ++line_;
    ++pos_;
  }

  void Stop(ErrorKind kind, std::string message) {
    error_ = Error{kind, std::move(message), {}, {}, line_};
  }

  std::string_view text_;
  std::size_t pos_ = 0;
  int line_ = 1;
  std::size_t brackets_ = 0;
  std::size_t dots_ = 0;
  std::string prepared_;
  std::size_t copied_ = 0;  // what stands before is in prepared_
  std::optional<Error> error_;
};

int LineOf(const toml::node& node) { return static_cast<int>(node.source().begin.line); }

TomlValue ValueOf(const toml::node& node) {
  TomlValue value;
  value.line = LineOf(node);
  if (const auto* text = node.as_string()) {
    value.kind = TomlValue::Kind::kString;
    value.strings.push_back(text->get());
  } else if (const auto* boolean = node.as_boolean()) {
    value.kind = TomlValue::Kind::kBoolean;
    value.boolean = boolean->get();
  } else if (const auto* array = node.as_array()) {
    value.kind = TomlValue::Kind::kStrings;
    for (const toml::node& element : *array) {
      if (const auto* string = element.as_string()) {
        value.strings.push_back(string->get());
      } else {
        value.kind = TomlValue::Kind::kOther;
      }
    }
  }
  return value;
}

}  // namespace

const TomlValue* TomlAlembic::Find(std::string_view key) const {
  const auto found = values.find(key);
  return found == values.end() ? nullptr : &found->second;
}

Result<std::optional<TomlAlembic>> ReadTomlAlembic(std::string_view text) {
  if (!MayHaveKey(text)) return std::nullopt;
  // toml++ would pass it over; Python's tomllib refuses it, and Alembic with it.
  if (text.starts_with("\xEF\xBB\xBF")) {
    return FailAt(ErrorKind::kInvalid, "", 1, "not TOML: it begins with a byte-order mark");
  }
  ONEHEAD_ASSIGN_OR_RETURN(const std::string prepared, Preparer(text).Run());
  const toml::parse_result parsed = toml::parse(prepared);
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    return FailAt(ErrorKind::kInvalid, "", static_cast<int>(error.source().begin.line),
                  "not TOML: " + Printable(error.description(), 200));
  }
  const toml::node* tool = parsed.table().get("tool");
  const toml::table* tools = tool == nullptr ? nullptr : tool->as_table();
  const toml::node* node = tools == nullptr ? nullptr : tools->get("alembic");
  if (node == nullptr) return std::nullopt;
  const toml::table* table = node->as_table();
  if (table == nullptr) {
    return FailAt(ErrorKind::kInvalid, "", LineOf(*node), "tool.alembic is not a table");
  }
  TomlAlembic result;
  result.line = LineOf(*node);
  for (const auto& [key, value] : *table) {
    result.values.emplace(std::string(key.str()), ValueOf(value));
  }
  return result;
}

}  // namespace onehead
