"""Says what Alembic finds in commits and directories: one line of answer for each line of input.

input: GIT_DIRECTORY<tab>REV, or DIRECTORY<tab> for the files as they are. It is read as somebody
does who runs `alembic` beside the first alembic.ini that there is, from the top on.

answer: the revisions from the base on, "r1 m1 f1", each by the name in its title ("add f1"). With
an id that is not that name "f1'" (one of 12 hexadecimal digits) or "f1:0004"; a merge revision is
"merge(f1,m1)". In front "2 heads: " if there are several. "broken: ..." if Alembic cannot load it or
warns of it, which it does for an id that two files declare.
"""
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import warnings

from alembic.config import Config
from alembic.script import ScriptDirectory


def label(revision, labels):
    title = (revision.doc or "").split("\n")[0]
    parents = revision._versioned_down_revisions
    if len(parents) > 1 and not title.startswith("add "):
        return "merge(" + ",".join(sorted(labels[parent] for parent in parents)) + ")"
    name = title[4:] if title.startswith("add ") else revision.revision
    if name == revision.revision:
        return name
    return name + ("'" if re.fullmatch("[0-9a-f]{12}", revision.revision) else ":" + revision.revision)


def chain(top):
    os.chdir(next(path for path, _, names in os.walk(top) if "alembic.ini" in names))
    script = ScriptDirectory.from_config(Config("alembic.ini"))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        heads = script.get_heads()
        waiting = sorted(script.walk_revisions(), key=lambda revision: revision.revision)
    for warning in caught:
        if issubclass(warning.category, UserWarning):
            return "broken: " + str(warning.message)
    labels = {}
    while waiting:
        for revision in waiting:
            if all(parent in labels for parent in revision._versioned_down_revisions):
                labels[revision.revision] = label(revision, labels)
                waiting.remove(revision)
                break
    text = " ".join(labels.values())
    return text if len(heads) == 1 else "%d heads: %s" % (len(heads), text)


def answer(directory, rev):
    try:
        if not rev:
            return chain(directory)
        with tempfile.TemporaryDirectory() as top, tempfile.TemporaryFile() as archive:
            subprocess.run(["git", "-C", directory, "archive", rev], stdout=archive, check=True)
            archive.seek(0)
            tarfile.open(fileobj=archive).extractall(top)
            return chain(top)
    except Exception as error:
        return ("broken: %s: %s" % (type(error).__name__, error)).replace("\n", " ")
    finally:
        os.chdir("/")


os.environ.update(GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_NOSYSTEM="1")
for line in sys.stdin:
    print(answer(*line.rstrip("\n").split("\t")), flush=True)
