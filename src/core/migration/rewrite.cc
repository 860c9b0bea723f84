#include "onehead/core/migration/rewrite.h"

#include <algorithm>
#include <utility>

#include "core/migration/value_layout.h"

namespace onehead {
namespace {

using Shape = ValueLayout::Shape;

struct Edit {
  Span span;
  std::string text;
};

std::string_view Part(std::string_view text, Span span) {
  return text.substr(span.begin, span.size());
}

std::string Join(const std::vector<std::string>& ids) {
  std::string joined;
  for (const std::string& id : ids) joined += (joined.empty() ? "" : ", ") + id;
  return joined;
}

// The ids that the elements stand for, one by one; read with the file's own first lines, so that
// the encoding is the file's.
std::vector<std::string> ElementIds(std::string_view text, const ValueLayout& layout,
                                    const std::vector<std::string>& ids) {
  if (layout.elements.size() == ids.size()) return ids;
  std::vector<std::string> found;  // there are duplicates: each must be read by itself
  for (const ValueElement& element : layout.elements) {
    const Migration read =
        ReadMigration("x.py", "down_revision = " + std::string(Part(text, element.span)));
    const bool one = read.down_revision.known() && read.down_revision.ids.size() == 1;
    found.push_back(one ? read.down_revision.ids.front() : std::string());
  }
  return found;
}

// The edits that give one name its new value.
class ValueEditor {
 public:
  ValueEditor(std::string_view text, const Binding& binding, LiteralStyle style, Escapes escapes)
      : text_(text),
        binding_(binding),
        style_(std::move(style)),
        escapes_(escapes),
        layout_(ReadValueLayout(text, binding.value)) {
    if (!layout_.elements.empty() && layout_.elements.front().is_literal) {
      style_ = StyleOf(Part(text_, layout_.elements.front().span));
    }
    ids_ = ElementIds(text, layout_, binding.ids);
  }

  // False: an id cannot be written.
  bool Run(const std::vector<std::string>& wanted, std::vector<Edit>* edits) {
    edits_ = edits;
    if (wanted.empty()) {
      edits_->push_back({binding_.value, "None"});
    } else if (layout_.shape == Shape::kLiteral && wanted.size() == 1) {
      ReplaceElement(0, wanted.front());
    } else if (layout_.shape == Shape::kList && !ReplacesList(wanted)) {
      EditList(wanted);
    } else {
      edits_->push_back({binding_.value, WholeValue(wanted)});
    }
    return ok_;
  }

 private:
  // A merge that becomes a plain migration becomes a plain string, unless a comment would go; a
  // list that is too short is written anew.
  bool ReplacesList(const std::vector<std::string>& wanted) const {
    if (layout_.elements.size() < wanted.size()) return true;
    return wanted.size() == 1 && layout_.elements.size() > 1 && layout_.comments.empty();
  }

  std::string Literal(const std::string& id) {
    const auto known = std::find(ids_.begin(), ids_.end(), id);
    const auto index = static_cast<std::size_t>(known - ids_.begin());
    if (index < layout_.elements.size() && layout_.elements[index].is_literal) {
      return std::string(Part(text_, layout_.elements[index].span));  // as it was written
    }
    return NewLiteral(id, style_);
  }

  std::string NewLiteral(const std::string& id, const LiteralStyle& style) {
    const std::optional<std::string> literal = WriteLiteral(id, style, escapes_);
    ok_ = ok_ && literal.has_value();
    return literal.value_or("");
  }

  std::string WholeValue(const std::vector<std::string>& wanted) {
    if (wanted.size() == 1) return Literal(wanted.front());
    std::string value;
    for (const std::string& id : wanted) value += (value.empty() ? "(" : ", ") + Literal(id);
    return value + ")";
  }

  void ReplaceElement(std::size_t i, const std::string& id) {
    if (i < ids_.size() && ids_[i] == id) return;
    const ValueElement& element = layout_.elements[i];
    const LiteralStyle style = element.is_literal ? StyleOf(Part(text_, element.span)) : style_;
    edits_->push_back({element.span, NewLiteral(id, style)});
  }

  void EditList(const std::vector<std::string>& wanted) {
    std::vector<char> dropped(layout_.elements.size(), 0);
    std::size_t too_many = dropped.size() - wanted.size();
    const auto drop_if = [&](auto condition) {
      for (std::size_t i = dropped.size(); i-- > 0 && too_many > 0;) {
        if (dropped[i] != 0 || !condition(i)) continue;
        dropped[i] = 1;
        --too_many;
      }
    };
    drop_if([&](std::size_t i) {  // said twice
      return std::find(ids_.begin(), ids_.begin() + static_cast<std::ptrdiff_t>(i), ids_[i]) !=
             ids_.begin() + static_cast<std::ptrdiff_t>(i);
    });
    drop_if([&](std::size_t i) {
      return std::find(wanted.begin(), wanted.end(), ids_[i]) == wanted.end();
    });
    drop_if([](std::size_t) { return true; });
    std::size_t next = 0;
    for (std::size_t i = 0; i < dropped.size(); ++i) {
      if (dropped[i] == 0) ReplaceElement(i, wanted[next++]);
    }
    Drop(dropped);
  }

  void Drop(std::vector<char> dropped) {
    const std::size_t count = dropped.size();
    std::size_t kept = count;
    while (kept > 0 && dropped[kept - 1] != 0) --kept;
    if (kept > 0 && kept < count && layout_.commas.size() < count) {
      // ('a', 'b', 'c') ends without a comma; so does what is left of it.
      const Span tail = {layout_.elements[kept - 1].span.end, layout_.elements[count - 1].span.end};
      if (Part(text_, tail).find_first_of("#\r\n") == std::string_view::npos) {
        edits_->push_back({tail, ""});
        dropped.resize(kept);
      }
    }
    for (std::size_t i = 0; i < dropped.size(); ++i) {
      if (dropped[i] != 0) edits_->push_back({DropSpan(i), ""});
    }
  }

  // The element with its comma: to the next element on its line, or the whole line when it stands
  // alone there. Comments stay.
  Span DropSpan(std::size_t i) const {
    Span span = layout_.elements[i].span;
    if (i < layout_.commas.size()) {
      span.end = layout_.commas[i].end;
    }
    const std::size_t line_begin = text_.find_last_of("\r\n", span.begin);
    const std::size_t begin = line_begin == std::string_view::npos ? 0 : line_begin + 1;
    const std::size_t next = std::min(text_.find_first_not_of(" \t", span.end), text_.size());
    const bool first =
        text_.substr(begin, span.begin - begin).find_first_not_of(" \t") == std::string_view::npos;
    const bool last = next == text_.size() || text_[next] == '\r' || text_[next] == '\n';
    if (first && last && next < text_.size()) {
      const bool crlf = text_.substr(next, 2) == "\r\n";
      return {begin, next + (crlf ? 2 : 1)};
    }
    if (i < layout_.commas.size() && i + 1 < layout_.elements.size() && !last &&
        text_[next] != '#') {
      return {span.begin, next};
    }
    // The last one of its line: the blanks before it go with it.
    while (!first && span.begin > 0 &&
           (text_[span.begin - 1] == ' ' || text_[span.begin - 1] == '\t')) {
      --span.begin;
    }
    return span;
  }

  std::string_view text_;
  const Binding& binding_;
  LiteralStyle style_;
  Escapes escapes_;
  ValueLayout layout_;
  std::vector<std::string> ids_;  // by element
  std::vector<Edit>* edits_ = nullptr;
  bool ok_ = true;
};

class Rewriter {
 public:
  Rewriter(const Migration& migration, std::string_view text, const RewriteRequest& request)
      : migration_(migration), text_(text), request_(request) {}

  Result<std::string> Run() {
    std::string problem;
    for (const Escapes escapes : {Escapes::kAsNeeded, Escapes::kAllButAscii}) {
      std::vector<Edit> edits;
      problem = MakeEdits(escapes, &edits);
      std::string text = problem.empty() ? Apply(std::move(edits), &problem) : std::string();
      if (problem.empty()) problem = Difference(text);
      if (problem.empty()) return text;
    }
    return FailAt(ErrorKind::kInvalid, migration_.path, line_,
                  "the file cannot be rewritten: " + problem);
  }

 private:
  using Ids = std::vector<std::string>;

  // What is wrong, or nothing.
  std::string MakeEdits(Escapes escapes, std::vector<Edit>* edits) {
    std::string problem;
    const auto set = [&](const Binding& binding, const std::optional<Ids>& wanted,
                         const char* name) {
      if (!problem.empty() || !wanted || (binding.known() && binding.ids == *wanted)) return false;
      line_ = binding.line;
      if (binding.state == Binding::State::kAbsent && wanted->empty()) return false;
      if (binding.value.size() == 0) {
        problem = std::string(name) + " is not set in it";
      } else if (!ValueEditor(text_, binding, FileStyle(), escapes).Run(*wanted, edits)) {
        problem = "a revision id is not text";
      }
      return problem.empty();
    };
    if (set(migration_.down_revision, request_.parents, "down_revision")) {
      SetDocLine(migration_.doc_revises, Join(*request_.parents), edits);
    }
    set(migration_.depends_on, request_.depends_on, "depends_on");
    if (request_.id && migration_.has_id() && *request_.id == migration_.id()) return problem;
    const bool in_name = migration_.has_id() && migration_.revision.line == 0;
    const bool written = in_name || set(migration_.revision, AsIds(request_.id), "revision");
    if (request_.id && written) SetDocLine(migration_.doc_revision_id, *request_.id, edits);
    return problem;
  }

  static std::optional<Ids> AsIds(const std::optional<std::string>& id) {
    return id ? std::optional<Ids>(Ids{*id}) : std::nullopt;
  }

  // How the file writes its own id: what had no quotes before gets these.
  LiteralStyle FileStyle() const {
    const Span span = migration_.revision.value;
    if (span.size() == 0) return {};
    const ValueLayout layout = ReadValueLayout(text_, span);
    if (layout.shape != Shape::kLiteral) return {};
    return StyleOf(Part(text_, layout.elements.front().span));
  }

  void SetDocLine(const std::optional<DocLine>& line, const std::string& value,
                  std::vector<Edit>* edits) const {
    if (!line || line->text == value) return;
    const bool glued = !value.empty() && line->value.begin > 0 &&
                       text_[line->value.begin - 1] == ':' && line->value.size() == 0;
    edits->push_back({line->value, (glued ? " " : "") + value});
  }

  std::string Apply(std::vector<Edit> edits, std::string* problem) const {
    std::sort(edits.begin(), edits.end(),
              [](const Edit& a, const Edit& b) { return a.span.begin < b.span.begin; });
    std::string out;
    std::size_t pos = 0;
    for (const Edit& edit : edits) {
      if (edit.span.begin < pos || edit.span.end > text_.size()) {
        *problem = "two names share one value";
        return {};
      }
      out.append(text_.substr(pos, edit.span.begin - pos));
      out += edit.text;
      pos = edit.span.end;
    }
    out.append(text_.substr(pos));
    return out;
  }

  // The file is read again: what it says that was not asked for, or nothing.
  std::string Difference(const std::string& text) const {
    const Migration read = ReadMigration(PathAfter(), text);
    const auto says = [](const Binding& binding, const Binding& before,
                         const std::optional<Ids>& wanted) {
      if (!wanted) return binding.state == before.state && binding.ids == before.ids;
      if (binding.state == Binding::State::kAbsent) return wanted->empty();
      return binding.known() && binding.ids == *wanted;
    };
    if (!says(read.revision, migration_.revision, AsIds(request_.id))) return Changed("revision");
    if (!says(read.down_revision, migration_.down_revision, request_.parents)) {
      return Changed("down_revision");
    }
    if (!says(read.depends_on, migration_.depends_on, request_.depends_on)) {
      return Changed("depends_on");
    }
    if (!says(read.branch_labels, migration_.branch_labels, std::nullopt)) {
      return Changed("branch_labels");
    }
    return DocDifference(read);
  }

  std::string DocDifference(const Migration& read) const {
    const bool same_lines =
        read.doc_revises.has_value() == migration_.doc_revises.has_value() &&
        read.doc_revision_id.has_value() == migration_.doc_revision_id.has_value();
    // A title without a blank line behind it runs on into these lines.
    const bool long_title = migration_.title.find("Revis") != std::string::npos;
    if (!same_lines || (!long_title && read.title != migration_.title)) {
      return "its docstring would not be the same any more";
    }
    // Blanks at its end (a form feed is one) would be lost there.
    const auto holds = [](const std::optional<DocLine>& now, const std::optional<DocLine>& before,
                          const std::optional<std::string>& wanted) {
      return !now || now->text == before->text || (wanted && now->text == *wanted);
    };
    const auto parents =
        request_.parents ? std::optional<std::string>(Join(*request_.parents)) : std::nullopt;
    if (!holds(read.doc_revises, migration_.doc_revises, parents) ||
        !holds(read.doc_revision_id, migration_.doc_revision_id, request_.id)) {
      return "its docstring cannot hold that id";
    }
    for (const ReadDefect& defect : read.defects) {
      const bool known = std::any_of(
          migration_.defects.begin(), migration_.defects.end(), [&](const ReadDefect& old) {
            return old.reason == defect.reason && old.expression == defect.expression;
          });
      if (!known) return defect.reason;
    }
    return {};
  }

  static std::string Changed(const std::string& name) {
    return name +
           " would not be what was asked for (a value that several names share, or an id "
           "that cannot be written in this file)";
  }

  // An id that comes from the file's name changes with the name.
  std::string PathAfter() const {
    const bool in_name = migration_.has_id() && migration_.revision.line == 0;
    if (!in_name || !request_.id) return migration_.path;
    return JoinPath(DirName(migration_.path), *request_.id + ".py");
  }

  const Migration& migration_;
  std::string_view text_;
  const RewriteRequest& request_;
  int line_ = 0;
};

}  // namespace

Result<std::string> RewriteMigration(const Migration& migration, std::string_view text,
                                     const RewriteRequest& request) {
  return Rewriter(migration, text, request).Run();
}

}  // namespace onehead
