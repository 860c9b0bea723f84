"""What Alembic says about graphs of revisions: a line for each line of standard input.

A graph is written as in tests/support/graph_builder.h: "a; b <- a; c <- a, b + dep, label = l1".
The answer is "error NAME", or the heads, effective heads, bases, branch points, merge points and
labels. Where Alembic walks over a Python set of labelled revisions, whose order changes from run to
run, it gets them in reading order.
"""
import logging
import sys
import warnings

from alembic.script.revision import Revision, RevisionMap


class OrderedMap(RevisionMap):
    def __init__(self, revisions):
        super().__init__(lambda: revisions)
        self.place = {revision: i for i, revision in enumerate(revisions)}

    def in_order(self, revisions):
        return sorted(revisions, key=self.place.get)

    def _map_branch_labels(self, revisions, map_):
        super()._map_branch_labels(self.in_order(revisions), map_)

    def _add_branches(self, revisions, map_):
        super()._add_branches(self.in_order(revisions), map_)


def items(text):
    return tuple("" if item.strip() == "''" else item.strip() for item in text.split(",") if item.strip())


def parse(text):
    text, _, labels = text.partition("=")
    text, _, dependencies = text.partition("+")
    revision, _, down = text.partition("<-")
    # Alembic 1.19 makes a tuple first: '' is an id that cannot exist, not None as in 1.8.1.
    down = items(down)
    return Revision(revision.strip(), down or None, items(dependencies) or None, items(labels) or None)


def answer(line):
    try:
        revisions = [parse(part) for part in line.split(";") if part.strip()]
        graph = OrderedMap(revisions)
        graph._revision_map
    except Exception as error:
        return "error " + type(error).__name__
    real = [r.revision for r in revisions if r.is_head and not r._is_real_head]
    parts = [("heads", graph.heads), ("effective", real), ("bases", graph.bases),
             ("branch", [r.revision for r in revisions if r.is_branch_point]),
             ("merge", [r.revision for r in revisions if r.is_merge_point])]
    parts += [("of " + r.revision, sorted(r.branch_labels)) for r in revisions if r.branch_labels]
    return "; ".join(" ".join([name, *ids]) for name, ids in parts)


def main():
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    for line in sys.stdin:
        print(answer(line.rstrip("\n")))


main()
