"""Rows of results: a figure, the bar it has to reach, and what it was made of."""
from dataclasses import dataclass
from typing import Optional

from measuring import Sample


@dataclass
class Bar:
    """`at` is the most that a ratio or a peak may be; for "times" (faster) the least."""
    unit: str  # "ratio", "times" or "MiB"
    at: Optional[float] = None  # None: no bar, for information


@dataclass
class Row:
    case: str
    title: str
    program: str
    bar: Bar
    ours: Sample
    theirs: list  # samples; what ours is compared with is their sum
    theirs_name: str = ""

    def what(self):
        return (self.case, self.title, self.theirs_name)

    def failure(self):
        for sample in [self.ours, *self.theirs]:
            if sample.failure:
                return sample.failure
            if not sample.wall_ms:
                return "never started"
        return ""

    def figure(self, of=Sample.wall):
        """By medians, or by Sample.fastest: what is left when others use the machine too."""
        if self.bar.unit == "MiB":
            return self.ours.peak()
        ratio = of(self.ours) / sum(of(sample) for sample in self.theirs)
        return 1 / ratio if self.bar.unit == "times" else ratio

    def verdict(self):
        if self.failure():
            return "failed: " + self.failure()
        if self.bar.at is None:
            return ""
        over = self.figure() / self.bar.at
        if self.bar.unit == "times":
            over = 1 / over
        return "reached" if over <= 1 else "missed by %.0f %%" % (100 * (over - 1))

    def as_json(self):
        return {
            "case": self.case, "title": self.title, "program": self.program,
            "figure": None if self.failure() else round(self.figure(), 4),
            "figure_of_minima": None if self.failure() else round(self.figure(Sample.fastest), 4),
            "unit": self.bar.unit,
            "bar": self.bar.at, "bar_is": "at least" if self.bar.unit == "times" else "at most",
            "verdict": self.verdict() or None, "ours": self.ours.as_json(),
            "theirs_name": self.theirs_name,
            "theirs": [sample.as_json() for sample in self.theirs]}

    def cells(self):
        bar = ""
        if self.bar.at is not None:
            bar = "%s %g" % (">=" if self.bar.unit == "times" else "<=", self.bar.at)
        figure, fastest = "-", ""
        if not self.failure():
            figure = _figure_text(self.figure(), self.bar.unit)
        if not self.failure() and self.theirs:
            fastest = _figure_text(self.figure(Sample.fastest), self.bar.unit)
        theirs = " + ".join(_times_text(sample) for sample in self.theirs)
        if self.theirs_name:
            theirs += "  " + self.theirs_name
        return [self.title, self.program, figure, bar, self.verdict(), fastest,
                _times_text(self.ours), theirs]


@dataclass
class Count:
    """Instructions of one start."""
    case: str
    title: str
    program: str
    instructions: Optional[int]

    def as_json(self):
        return dict(self.__dict__)

    def cells(self):
        millions = "-" if self.instructions is None else "%.3f" % (self.instructions / 1e6)
        return [self.case, self.title, self.program, millions]


def _figure_text(figure, unit):
    if unit == "MiB":
        return "%.1f MiB" % figure
    return "%.0f times" % figure if unit == "times" else "%.2f" % figure


def _times_text(sample):
    if sample.failure or not sample.wall_ms:
        return "-"
    return "%s (%s..%s)" % tuple(
        "%.3g" % value if value < 100 else "%.0f" % value
        for value in (sample.wall(), min(sample.wall_ms), max(sample.wall_ms)))


def side_by_side(rows):
    """The rows of one figure after each other."""
    places = {}
    for row in rows:
        places.setdefault(row.what(), len(places))
    return sorted(rows, key=lambda row: places[row.what()])


def table(heads, rows):
    """Text in columns."""
    rows = [heads] + [row.cells() for row in rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()
             for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


TIMES_HEADS = ["what", "program", "figure", "bar", "", "of minima", "ours: ms (min..max)",
               "theirs: ms (min..max)"]
COUNT_HEADS = ["case", "what", "program", "million instructions"]
