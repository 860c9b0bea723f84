"""Loads generated modules as Alembic does and prints what they bind, a line of JSON for each.

usage: module_oracle.py FIRST COUNT SEED
Texts are the hexadecimal digits of their bytes in UTF-8: they may hold anything.
"""
import json
import re
import resource
import signal
import sys
import types
import warnings

from alembic import util
from alembic.script.base import Script
from module_generator import NAMES, Module

FILE_NAMES = ("a1b2.py", "a1b2_add.py", "x.py", "0012.py")
MUTATED_ONE_IN = 5


def hexed(text):
    return text.encode("utf-8", "surrogatepass").hex()


def described(value):
    if value is None:
        return {"type": "none", "ids": []}
    if isinstance(value, str):
        return {"type": "str", "ids": [hexed(value)]}
    for kind in (tuple, list, set, frozenset):
        if type(value) is kind and all(isinstance(item, str) for item in value):
            return {"type": kind.__name__, "ids": [hexed(item) for item in value]}
    return {"type": "other", "ids": []}


def load(source, file_name):
    """As importlib does it for Alembic: util.load_module_py."""
    module = types.ModuleType(re.sub(r"\W", "_", file_name))
    exec(compile(source, file_name, "exec", dont_inherit=True), module.__dict__)
    return module


class Directory:
    sourceless = False


def ask_alembic(module, file_name):
    """Alembic's own reading of the module: a script, or why there is none."""
    util.load_python_file = lambda directory, name: module
    try:
        script = Script._from_filename(Directory, "", file_name)
        return {"revision": described(script.revision), "title": hexed(script.doc), "doc": hexed(script.longdoc)}
    except Exception as error:
        return {"error": type(error).__name__}


class TooLong(BaseException):
    """A damaged module may loop."""


def give_up(signal_number, frame):
    raise TooLong()


def examine(index, seed):
    made = Module("%d:%d" % (seed, index))
    mutated = index % MUTATED_ONE_IN == MUTATED_ONE_IN - 1
    source = made.mutated() if mutated else made.source
    file_name = FILE_NAMES[index % len(FILE_NAMES)]
    record = {"index": index, "file": file_name, "source": source.hex(), "mutated": mutated,
              "forms": sorted(made.forms), "computed": sorted(made.computed)}
    signal.setitimer(signal.ITIMER_PROF, 5)  # of the processor: the machine may be busy
    try:
        module = load(source, file_name)
        record["values"] = {n: described(getattr(module, n)) for n in NAMES if hasattr(module, n)}
        record["alembic"] = ask_alembic(module, file_name)
    except BaseException as error:
        record["error"] = "%s: %s" % (type(error).__name__, ascii(str(error))[:80])
    signal.setitimer(signal.ITIMER_PROF, 0)
    return record


def main():
    first, count, seed = map(int, sys.argv[1:4])
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGPROF, give_up)
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
    for index in range(first, first + count):
        print(json.dumps(examine(index, seed)))


main()
