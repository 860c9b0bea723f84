"""Random layouts of directories and packages, and where Python finds what a configuration names.

usage: location_oracle.py FIRST COUNT SEED
A line of JSON for each: the files, svc/alembic.ini among them, and, for the directories in which
Alembic may be run ("svc" and the top), the script location and those version locations that are
there, as alembic.util.coerce_resource_to_filename finds them (by importlib.resources).
"""
import contextlib
import importlib
import importlib.resources
import json
import os
import pathlib
import random
import sys
import tempfile

DIRECTORIES = ("svc", "", "svc/d1", "svc/d2", "d1", "svc/src", "src")


class Layout:
    def __init__(self, seed, index):
        self.random = random.Random("%d:%d" % (seed, index))
        self.package = "p%d" % index
        self.script = self.location()
        self.versions = [self.location() for _ in range(self.random.randrange(1, 4))]
        self.prepend = self.random.sample(["d1", "d2", "."], self.random.randrange(4))
        self.files = sorted(set(self.some_files()))

    def location(self):
        name = self.random.choice(("m", "m", "v", "w"))
        return self.random.choice((name, name, "m/" + name, "%(here)s/" + name, "svc/" + name, "./" + name,
                                   self.package + ":" + name, self.package + ".q:" + name, self.package + ":m/" + name))

    def some_files(self):
        for directory in DIRECTORIES:
            for name in ("m", "v", "w", "m/m", "m/v", "m/w"):
                if self.random.randrange(3) == 0:
                    yield os.path.join(directory, name, "x")
            package = os.path.join(directory, self.package)
            kind = self.random.randrange(5)
            if kind == 0:
                yield os.path.join(package, "__init__.py")
            for name in ("m", "v", "q/m", "q/v", "q/w", "m/v") if kind < 2 else ():
                if self.random.randrange(3) == 0:
                    yield os.path.join(package, name, "x")
            if kind < 2 and self.random.randrange(4) == 0:
                yield os.path.join(package, "q", "__init__.py")

    def ini(self):
        lines = ["[alembic]", "script_location = " + self.script, "version_locations = " + " ".join(self.versions)]
        if self.prepend:
            lines.append("prepend_sys_path = " + " ".join(self.prepend))
        return "\n".join(lines) + "\n"

    def write(self, top):
        for path in self.files:
            full = pathlib.Path(top, path)
            full.parent.mkdir(parents=True, exist_ok=True)
            full.write_text("")
        pathlib.Path(top, "svc").mkdir(exist_ok=True)

    def found_from(self, top, directory):
        with run_in(os.path.join(top, directory), self.prepend, self.package):
            script = self.find(top, self.script)
            if script is None:
                return None
            return [script, [path for path in (self.find(top, text) for text in self.versions) if path is not None]]

    def find(self, top, text):
        text = text.replace("%(here)s", os.path.join(top, "svc"))
        if ":" in text:
            package, rest = text.split(":")
            try:
                text = str(importlib.resources.files(package) / rest)
            except (ModuleNotFoundError, NotADirectoryError):
                return None
        return os.path.relpath(text, top) if os.path.isdir(text) else None


@contextlib.contextmanager
def run_in(directory, prepend, package):
    before, path = os.getcwd(), list(sys.path)
    os.chdir(directory)
    # What src/ stands for is an installed project, and the first of the rest the running program.
    sys.path[:] = prepend + [os.getcwd(), os.path.join(os.getcwd(), "src")] + path
    importlib.invalidate_caches()
    sys.path_importer_cache.clear()
    try:
        yield
    finally:
        for name in [name for name in sys.modules if name.split(".")[0] == package]:
            del sys.modules[name]
        sys.path[:] = path
        os.chdir(before)


def main():
    first, count, seed = map(int, sys.argv[1:4])
    for index in range(first, first + count):
        layout = Layout(seed, index)
        with tempfile.TemporaryDirectory() as top:
            top = os.path.realpath(top)
            layout.write(top)
            found = {directory: layout.found_from(top, directory) for directory in ("svc", "")}
        print(json.dumps({"index": index, "files": layout.files, "ini": layout.ini(), "found": found,
                          "script": layout.script, "versions": layout.versions}))


main()
