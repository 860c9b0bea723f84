// Lines of source: their indentation, continuations, and Git's conflict markers.
#include <algorithm>
#include <string_view>
#include <utility>

#include "core/python/char_class.h"
#include "core/python/tokenizer.h"

namespace onehead {
namespace {

constexpr std::size_t kMaxConflicts = 100;  // that are reported

}  // namespace

// "<<<<<<< ours" and the like. In code the whole line is passed over.
bool Tokenizer::SkipMarkerOf(char c, MarkerPlace place) {
  if (place == MarkerPlace::kString && (c == '=' || c == '|')) return false;
  for (std::size_t i = 1; i < 7; ++i) {
    if (At(pos_ + i) != c) return false;
  }
  const std::size_t after = pos_ + 7;
  if (after < text_.size() && At(after) != ' ' && NewlineSize(after) == 0) return false;
  const std::size_t end = LineEnd(pos_);
  ++markers_seen_;
  const bool starts = c == '<' || !in_conflict_;
  if (starts && conflicts_.size() < kMaxConflicts) {
    conflicts_.push_back(
        {line_, "a conflict marker starts a line", OneLine(text_.substr(pos_, end - pos_))});
  }
  in_conflict_ = c != '>' && (in_conflict_ || c == '<');
  if (place == MarkerPlace::kCode) pos_ = end;
  return true;
}

bool Tokenizer::SkipContinuation() {
  if (NewlineSize(pos_ + 1) == 0) {
    if (pos_ + 1 >= text_.size()) {
      Fail(line_, "the text ends after a backslash", pos_, pos_ + 1);
    } else {
      Fail(line_, "a character follows a line continuation", pos_, LineEnd(pos_));
    }
    return false;
  }
  ++pos_;
  SkipNewline();
  if (pos_ >= text_.size()) {
    Fail(line_ - 1, "the text ends after a backslash", pos_, pos_);
    return false;
  }
  SkipMarker(MarkerPlace::kCode);
  return true;
}

// Blank lines and comments are no lines to the indentation.
bool Tokenizer::StartLine() {
  for (;;) {
    // Most lines are empty, a comment, or begin with a word below that of the line before.
    const std::size_t first = SpacesEnd(text_, pos_);
    const CharClass what = ClassOf(At(first));
    if (what == kWordStart && IsIndentation(first - pos_)) {
      pos_ = first;
      at_line_start_ = false;
      return true;
    }
    if (what == kBreak || what == kComment) {
      pos_ = LineEnd(first);
      if (pos_ < text_.size()) SkipNewline();
      continue;
    }
    if (SkipMarker(MarkerPlace::kCode) && pos_ < text_.size()) {
      SkipNewline();
      continue;
    }
    Indentation found = {};
    if (!MeasureIndentation(&found)) return false;
    if (At(pos_) == '#') pos_ = LineEnd(pos_);
    if (pos_ >= text_.size()) found = {};
    if (pos_ < text_.size() && NewlineSize(pos_) != 0) {
      SkipNewline();
      continue;
    }
    at_line_start_ = false;
    return ApplyIndentation(found);
  }
}

// As many spaces as in front of the line before.
bool Tokenizer::IsIndentation(std::size_t spaces) const {
  const Indentation current = indents_[indents_size_ - 1];
  return std::cmp_equal(spaces, current.column) && std::cmp_equal(spaces, current.alt_column);
}

bool Tokenizer::MeasureIndentation(Indentation* found) {
  int continued = 0;  // the column of the first backslash decides
  Indentation at = {};
  for (;; ++pos_) {
    const std::size_t begin = pos_;
    pos_ = SpacesEnd(text_, begin);
    at.column += static_cast<int>(pos_ - begin);
    at.alt_column += static_cast<int>(pos_ - begin);
    const char c = At(pos_);
    if (c == '\t') {
      at.column = (at.column / 8 + 1) * 8;
      ++at.alt_column;
    } else if (c == '\f') {
      at = {};
    } else if (c == '\\') {
      if (continued == 0) continued = at.column;
      if (!SkipContinuation()) return false;
      --pos_;
    } else {
      break;
    }
  }
  *found = continued != 0 ? Indentation{continued, continued} : at;
  return true;
}

bool Tokenizer::ApplyIndentation(Indentation found) {
  const Indentation current = indents_[indents_size_ - 1];
  if (found.column == current.column && found.alt_column == current.alt_column) return true;
  if (found.column > current.column) {
    if (indents_size_ >= kMaxIndentations) {
      Fail(line_, "too many levels of indentation", pos_, pos_);
      return false;
    }
    if (found.alt_column > current.alt_column) {
      indents_[indents_size_++] = found;
      pending_ = 1;
      return true;
    }
  } else {
    while (indents_size_ > 1 && found.column < indents_[indents_size_ - 1].column) {
      --indents_size_;
      --pending_;
    }
    const Indentation outer = indents_[indents_size_ - 1];
    if (found.column != outer.column) {
      Fail(line_, "the indentation does not match any outer level", pos_, LineEnd(pos_));
      return false;
    }
    if (found.alt_column == outer.alt_column) return true;
  }
  Fail(line_, "inconsistent use of tabs and spaces in indentation", pos_, LineEnd(pos_));
  return false;
}

Token Tokenizer::PendingIndentation() {
  const TokenKind kind = pending_ > 0 ? TokenKind::kIndent : TokenKind::kDedent;
  pending_ += pending_ > 0 ? -1 : 1;
  return Make(kind, pos_, line_);
}

// Looks at the bytes of the string only: a line may hold a million strings.
void Tokenizer::CountLines(std::size_t end) {
  end = std::min(end, text_.size());
  const std::string_view string = text_.substr(0, end);
  for (;;) {
    pos_ = FindFirst(string, pos_, '\n', '\r');
    if (pos_ >= end) break;
    SkipNewline();
    if (pos_ < end) SkipMarker(MarkerPlace::kString);
  }
  pos_ = end;
}

}  // namespace onehead
