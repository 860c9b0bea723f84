#include "onehead/core/migration/merge_revision.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "onehead/base/text.h"

namespace onehead {
namespace {

constexpr std::size_t kMaxWidth = 64;  // of a number in a file name
constexpr const char* kNames[] = {"revision", "down_revision", "branch_labels", "depends_on"};

// The text between the name at the start of the line that holds `at` and the "=" before `at`.
std::string AnnotationBefore(std::string_view text, std::size_t at, std::string_view name) {
  if (at > text.size()) return "";
  const std::string_view before = text.substr(0, at);
  const std::size_t newline = before.find_last_of("\r\n");
  std::string_view line = before.substr(newline == before.npos ? 0 : newline + 1);
  if (!line.starts_with(name)) return "";
  line = Trim(line.substr(name.size()));
  if (line.empty() || line.back() == '(') return "";
  if (line.back() != '=' || line.front() != ':') return "";
  return std::string(": ") + std::string(Trim(line.substr(1, line.size() - 2)));
}

char QuoteOf(std::string_view value, char fallback) {
  const std::size_t at = value.find_first_of("'\"");
  return at == value.npos ? fallback : value[at];
}

// Imports that the lines we write may need; others of the file are about its own operations.
bool IsNeededImport(std::string_view line) {
  for (const char* start : {"from __future__ import annotations", "from typing import ",
                            "from collections.abc import ", "import typing"}) {
    // Only what ends on its line: "(" opens a list over several.
    if (line.starts_with(start)) return line.find('(') == line.npos && line.back() != '\\';
  }
  return line == "from alembic import op" || line == "import sqlalchemy as sa";
}

std::vector<std::string> ImportsOf(std::string_view text) {
  std::vector<std::string> imports;
  bool gap = false;
  for (std::string_view line : Split(text, '\n')) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    if (line.empty()) {
      gap = true;
    } else if (IsNeededImport(line)) {
      if (gap && !imports.empty()) imports.emplace_back();
      imports.emplace_back(line);
      gap = false;
    }
  }
  return imports;
}

// Inside of """...""". Quotes need a backslash only where three could meet.
std::string ForDocstring(std::string_view text) {
  const bool escape_quotes =
      text.find("\"\"\"") != text.npos || (!text.empty() && text.back() == '"');
  std::string out;
  for (const char c : text) {
    if (c == '\0') continue;  // Python refuses it
    if (c == '\\' || (c == '"' && escape_quotes)) out += '\\';
    out += c;
  }
  return out;
}

// As Python's repr() where it can: the wanted quote unless the other one saves escapes.
std::string Literal(std::string_view text, char quote) {
  const char other = quote == '\'' ? '"' : '\'';
  if (text.find(quote) != text.npos && text.find(other) == text.npos) quote = other;
  std::string out(1, quote);
  for (const char c : text) {
    if (c == '\\' || c == quote) {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out + quote;
}

std::string Joined(const std::vector<std::string>& pieces) {
  std::string out;
  for (const std::string& piece : pieces) out += (out.empty() ? "" : ", ") + piece;
  return out;
}

bool IsWordByte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  // Python's \w takes letters of every script; here every character beyond ASCII.
  return byte >= 0x80 || c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
         (c >= 'A' && c <= 'Z');
}

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// One "%..." of a Python format string.
class TemplateReader {
 public:
  TemplateReader(std::string_view text, std::string_view id, std::string_view slug,
                 const CreateTime& time)
      : text_(text), id_(id), slug_(slug), time_(time) {}

  // Null: it is no format with the fields that there are.
  std::optional<std::string> Run() {
    std::string out;
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c != '%') {
        out += c;
      } else if (at_ < text_.size() && text_[at_] == '%') {
        out += text_[at_++];
      } else if (!Field(&out)) {
        return std::nullopt;
      }
    }
    return out;
  }

 private:
  struct Format {
    bool left = false;
    bool zero = false;
    std::size_t width = 0;
    std::optional<std::size_t> precision;
    char kind = 's';
  };

  bool Field(std::string* out) {
    if (at_ >= text_.size() || text_[at_] != '(') return false;
    const std::size_t end = text_.find(')', at_);
    if (end == text_.npos) return false;
    const std::string_view name = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    Format format;
    if (!ReadFormat(&format)) return false;
    if (name == "rev" || name == "slug") {
      if (format.kind != 's') return false;
      *out += Padded(std::string(name == "rev" ? id_ : slug_), format);
      return true;
    }
    const std::optional<std::int64_t> number = NumberOf(name);
    if (!number) return false;
    *out += Padded(Digits(*number, format), format);
    return true;
  }

  bool ReadFormat(Format* format) {
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '-') {
        format->left = true;
      } else if (text_[at_] == '0') {
        format->zero = true;
      } else if (text_[at_] != ' ' && text_[at_] != '+' && text_[at_] != '#') {
        break;
      }
    }
    format->width = ReadNumber();
    if (at_ < text_.size() && text_[at_] == '.') {
      ++at_;
      format->precision = ReadNumber();
    }
    if (at_ >= text_.size()) return false;
    format->kind = text_[at_++];
    return std::string_view("sdiu").find(format->kind) != std::string_view::npos;
  }

  std::size_t ReadNumber() {
    std::size_t number = 0;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') {
      number = std::min(kMaxWidth, number * 10 + static_cast<std::size_t>(text_[at_++] - '0'));
    }
    return number;
  }

  std::optional<std::int64_t> NumberOf(std::string_view name) const {
    if (name == "epoch") return time_.epoch;
    if (name == "year") return time_.year;
    if (name == "month") return time_.month;
    if (name == "day") return time_.day;
    if (name == "hour") return time_.hour;
    if (name == "minute") return time_.minute;
    if (name == "second") return time_.second;
    return std::nullopt;
  }

  static std::string Digits(std::int64_t number, const Format& format) {
    std::string digits = std::to_string(number);
    if (format.kind == 's') return digits;
    const std::size_t least =
        std::max(format.precision.value_or(0), format.zero ? format.width : 0);
    if (digits.size() < least) digits.insert(0, least - digits.size(), '0');
    return digits;
  }

  static std::string Padded(std::string text, const Format& format) {
    if (format.kind == 's' && format.precision)
      text.resize(std::min(text.size(), *format.precision));
    if (text.size() >= format.width) return text;
    const std::size_t missing = format.width - text.size();
    text.insert(format.left ? text.size() : 0, missing, ' ');
    return text;
  }

  std::string_view text_;
  std::string_view id_;
  std::string_view slug_;
  const CreateTime& time_;
  std::size_t at_ = 0;
};

}  // namespace

MigrationStyle StyleOf(const Migration& migration, std::string_view text) {
  MigrationStyle style;
  const Binding* bindings[] = {&migration.revision, &migration.down_revision,
                               &migration.branch_labels, &migration.depends_on};
  for (std::size_t i = 0; i < style.annotations.size(); ++i) {
    const Binding& binding = *bindings[i];
    if (binding.line == 0) continue;
    style.annotations[i] = AnnotationBefore(text, binding.value.begin, kNames[i]);
  }
  if (migration.revision.line != 0) {
    const Span value = migration.revision.value;
    style.quote = QuoteOf(text.substr(std::min(value.begin, text.size()), value.size()), '\'');
  }
  if (std::vector<std::string> imports = ImportsOf(text); !imports.empty()) {
    style.imports = std::move(imports);
  }
  style.returns_none = text.find("def upgrade() -> None:") != text.npos;
  style.function_docs = text.find("\"\"\"Upgrade schema.\"\"\"") != text.npos;
  return style;
}

std::string MergeRevisionText(const MergeRevision& merge, const MigrationStyle& style) {
  std::vector<std::string> literals;
  for (const std::string& parent : merge.parents) literals.push_back(Literal(parent, style.quote));
  const std::string values[] = {Literal(merge.id, style.quote), "(" + Joined(literals) + ")",
                                "None", "None"};
  std::string text =
      fmt::format("\"\"\"{}\n\nRevision ID: {}\nRevises: {}\nCreate Date: {}\n\n\"\"\"\n",
                  ForDocstring(merge.message), ForDocstring(merge.id),
                  ForDocstring(Joined(merge.parents)), merge.create_date);
  for (const std::string& line : style.imports) text += line + "\n";
  text += "\n\n# revision identifiers, used by Alembic.\n";
  for (std::size_t i = 0; i < style.annotations.size(); ++i) {
    text += fmt::format("{}{} = {}\n", kNames[i], style.annotations[i], values[i]);
  }
  for (const char* name : {"upgrade", "downgrade"}) {
    text += fmt::format("\n\ndef {}(){}:\n", name, style.returns_none ? " -> None" : "");
    if (style.function_docs) {
      text += fmt::format("    \"\"\"{}{} schema.\"\"\"\n", name[0] == 'u' ? 'U' : 'D', name + 1);
    }
    text += "    pass\n";
  }
  return text;
}

std::string SlugOf(std::string_view message, std::size_t max_bytes) {
  std::string slug;
  bool in_word = false;
  for (const char c : message) {
    if (IsWordByte(c)) {
      if (!in_word && !slug.empty()) slug += '_';
      slug += Lower(c);
    }
    in_word = IsWordByte(c);
  }
  if (slug.size() <= max_bytes) return slug;
  slug.resize(max_bytes);
  const std::size_t cut = slug.rfind('_');
  if (cut != slug.npos) {
    slug.resize(cut);
  } else {
    // Not in the middle of a character.
    while (!slug.empty() && (slug.back() & 0xC0) == 0x80) slug.pop_back();
    if (!slug.empty() && (slug.back() & 0x80) != 0) slug.pop_back();
  }
  return slug + "_";
}

Result<std::string> MergeFileName(std::string_view file_template, std::string_view id,
                                  std::string_view slug, const CreateTime& time) {
  if (file_template.empty()) file_template = "%(rev)s_%(slug)s";
  const std::optional<std::string> name = TemplateReader(file_template, id, slug, time).Run();
  std::string path;
  if (!name || !NormalizePath("", *name + ".py", &path) || !IsMigrationFileName(BaseName(path))) {
    return Fail(ErrorKind::kInvalid,
                "file_template '" + Printable(file_template, 200) + "' gives no file name");
  }
  return path;
}

}  // namespace onehead
