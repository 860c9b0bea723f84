"""The cases: each makes its repositories, measures, and adds rows.

Whatever a case compares with runs in turn with the program, in one run. Bars are those of the
static build; the other builds are listed beside it.
"""
import os
import subprocess
import sys
from dataclasses import dataclass

import migrations
from measuring import Command
from rebase_case import rebase
from repository import Server, alembic_files, commit, ordinary_files
from results import Bar, Count, Row


@dataclass
class Program:
    label: str
    path: str
    shim: str  # the text of the hook that `onehead install --server` writes


PACKED, LOOSE = "packed", "loose"


@dataclass
class Sizes:
    """How large everything is, and how often it is measured."""
    files: int = 1000
    many_files: int = 200000
    migrations: int = 1000
    curve: tuple = (100, 1000, 10000, 100000)
    refs: int = 1000
    picks: int = 50
    fast_rounds: int = 300
    rounds: int = 60
    slow_rounds: int = 11
    alembic_every: int = 10
    warmup: int = 1


QUICK = Sizes(files=20, many_files=250, migrations=12, curve=(5,), refs=4, picks=3,
              fast_rounds=1, rounds=1, slow_rounds=1, alembic_every=1, warmup=0)


class Bench:
    def __init__(self, git, scratch, meter, programs, sizes):
        self.git = git
        self.scratch = scratch
        self.meter = meter
        self.programs = programs
        self.sizes = sizes
        self.counting = False
        self.rows = []
        self.counts = []
        self.case = ""

    def say(self, text):
        print("%s: %s" % (self.case, text), file=sys.stderr, flush=True)

    def directory(self, name):
        path = os.path.join(self.scratch, self.case, name)
        os.makedirs(path)
        return path

    def server(self, name, pieces):
        self.say("making the repository %s" % name)
        return Server.make(self.git, self.directory(name), pieces)

    def hook(self, program, push, prepare=()):
        """The program as the hook, without the shim."""
        return Command(program.label, [program.path, "pre-receive"], push.directory,
                       push.environment, push.stdin, list(prepare))

    def git_command(self, push, *args, stdin=os.devnull):
        """A command of Git that sees what the hook sees; it too comes after some other process."""
        return Command("git " + args[0], [self.git.program, *args], push.directory,
                       push.environment, stdin, ["/bin/true"])

    def measure(self, what, commands, rounds):
        """Samples by the keys of `commands`."""
        self.say("measuring " + what)
        return dict(zip(commands, self.meter.run(list(commands.values()), rounds,
                                                 self.sizes.warmup)))

    def add(self, title, program, bar, ours, theirs=(), theirs_name=""):
        self.rows.append(Row(self.case, title, program.label, bar, ours, list(theirs), theirs_name))

    def count(self, title, program, command, sample):
        if self.counting and not sample.failure:
            self.say("counting instructions: %s, %s" % (title, program.label))
            self.counts.append(Count(self.case, title, program.label,
                                     self.meter.instructions(command)))


def must_be_refused(bench, server, parent):
    """A benchmark of a hook that sees nothing would be easy to win: here it has to refuse."""
    forked = migrations.Migration(900000000, migrations.revision(1))
    server.grow([("forked", parent, [(forked.path, forked.text())])])
    push = server.catch("forked", ["forked:main"])
    for program in bench.programs:
        with open(push.stdin, "rb") as stdin:
            done = subprocess.run([program.path, "pre-receive"], cwd=push.directory, stdin=stdin,
                                  env=push.environment, capture_output=True, text=True)
        if done.returncode == 128:  # too much for it: the rows will say that it failed
            bench.say("%s: %s" % (program.label, done.stderr.splitlines()[0]))
        elif done.returncode != 1 or "multiple-heads" not in done.stderr:
            raise RuntimeError("%s does not refuse a second head: exit code %d\n%s" % (
                program.label, done.returncode, done.stderr))


def listing(server, name, words):
    """A file with one word per line, for `git cat-file --batch`."""
    path = os.path.join(os.path.dirname(server.path), name)
    with open(path, "w") as file:
        file.write("".join(word + "\n" for word in words))
    return path


def blobs_of_migrations(bench, server, branch="main"):
    lines = bench.git(server.path, "ls-tree", "-r", branch, migrations.VERSIONS + "/").splitlines()
    return [line.split()[2] for line in lines]


# --- a push that touches no migration ---

def no_migration(bench):
    sizes = bench.sizes
    commands = {}
    for files in (sizes.files, sizes.many_files):
        server = bench.server("files-%d" % files, _tree(files, 50))
        must_be_refused(bench, server, server.tip())
        path = next(ordinary_files(1))[0]
        server.grow([("edit", server.tip(), [(path, "changed\n")])])
        push = server.catch("edit", ["edit:main"])
        commands[files, "git"] = bench.git_command(push, "rev-parse", "HEAD")
        for program in bench.programs:
            commands[files, program.label] = bench.hook(program, push, server.without_cache())
            commands[files, program.label, "shim"] = _through_shim(program, push, server)
        # What is in a Python file decides whether it is a migration that lies astray.
        server.grow([("python", server.tip(), [("src/d00/d00/a.py", "x = 1\n")])])
        python = server.catch("python", ["python:main"])
        commands[files, "git", "python"] = bench.git_command(python, "rev-parse", "HEAD")
        for program in bench.programs:
            commands[files, program.label, "python"] = bench.hook(program, python,
                                                                  server.without_cache())
    commands["true"] = Command("true", ["/bin/true"], "/", {})
    samples = bench.measure("pushes that touch no migration", commands, sizes.fast_rounds)
    for program in bench.programs:
        for files in (sizes.files, sizes.many_files):
            git = [samples[files, "git"]]
            title = "push without a migration, %d files" % files
            bench.add(title, program, Bar("ratio", 0.8), samples[files, program.label], git,
                      "git rev-parse HEAD")
            bench.count(title, program, commands[files, program.label],
                        samples[files, program.label])
            bench.add(title + ", through the shim", program, Bar("ratio", 1.3),
                      samples[files, program.label, "shim"], git, "git rev-parse HEAD")
            bench.add("push of a Python file that is no migration, %d files" % files, program,
                      Bar("ratio", 0.8), samples[files, program.label, "python"],
                      [samples[files, "git", "python"]], "git rev-parse HEAD")
        bench.add("push without a migration, %d files to %d" % (sizes.many_files, sizes.files),
                  program, Bar("ratio", 1.1), samples[sizes.many_files, program.label],
                  [samples[sizes.files, program.label]], "the same with fewer files")
        bench.add("the same, %d files, to an empty program" % sizes.files, program, Bar("ratio"),
                  samples[sizes.files, program.label], [samples["true"]], "/bin/true")


def _tree(files, count, branch="main"):
    yield from commit(branch, ordinary_files(files))
    yield from commit(branch, alembic_files(count))


def _through_shim(program, push, server):
    hook = os.path.join(server.path, "hooks", "pre-receive-" + program.label)
    with open(hook, "w") as file:
        file.write(program.shim)
    os.chmod(hook, 0o755)
    return Command(program.label, [hook], push.directory, push.environment, push.stdin,
                   server.without_cache())


# --- a push that adds a migration ---

class Growing:
    """A server with so many migrations, the last of them by a first push that was judged.

    `second` adds one more, `edit` adds none. `extra` are further commits on top of `first`, and
    `packing` is whether the server has packed the objects of the first push, or has them loose.
    """

    def __init__(self, bench, count, packing, extra=()):
        self.server = server = bench.server(
            "migrations-%d" % count, _tree(bench.sizes.files, count - 1))
        must_be_refused(bench, server, server.tip())
        first, second = migrations.Migration(count), migrations.Migration(count + 1)
        on_first = "refs/heads/first"
        server.grow([("first", server.tip(), [(first.path, first.text())]),
                     ("second", on_first, [(second.path, second.text())]),
                     ("edit", on_first, [(next(ordinary_files(1))[0], "changed\n")])])
        server.grow((branch, on_first, files) for branch, files in extra)
        for program in bench.programs:
            bench.say("a first push, %s" % program.label)
            hook = "#!/bin/sh\nexec '%s' pre-receive\n" % program.path
            if not server.warm_up(program.label, "first:main", hook):
                bench.say("it was refused, so that nothing is remembered of it")
        server.push(["first:main"])
        if packing == PACKED:
            bench.git(server.path, "repack", "-adq")
        self.edit = server.catch("edit", ["edit:main"])
        self.second = server.catch("second", ["second:main"])

    def cold(self, bench, program):
        return bench.hook(program, self.second, self.server.without_cache())

    def warm(self, bench, program):
        return bench.hook(program, self.second, self.server.with_cache(program.label))

    def without(self, bench, program):
        return bench.hook(program, self.edit, self.server.with_cache(program.label))


def one_migration(bench):
    sizes = bench.sizes
    growing = Growing(bench, sizes.migrations, PACKED)
    blobs = listing(growing.server, "blobs", blobs_of_migrations(bench, growing.server))
    commands = {"cat-file": bench.git_command(growing.second, "cat-file", "--batch", stdin=blobs),
                "alembic": _alembic_heads(bench, growing.server)}
    for program in bench.programs:
        commands[program.label] = growing.cold(bench, program)
        commands[program.label, "warm"] = growing.warm(bench, program)
        commands[program.label, "none"] = growing.without(bench, program)
    samples = bench.measure("pushes that add a migration", commands, sizes.rounds)
    for program in bench.programs:
        cold, warm = samples[program.label], samples[program.label, "warm"]
        title = "push of one migration onto %d" % sizes.migrations
        bench.add(title + ", nothing cached", program, Bar("ratio", 0.7), cold,
                  [samples["cat-file"]], "git cat-file --batch")
        bench.add(title + ", nothing cached", program, Bar("times", 50), cold,
                  [samples["alembic"]], "alembic heads")
        bench.add(title + ", second push", program, Bar("ratio", 1.5), warm,
                  [samples[program.label, "none"]], "a push without a migration")
        bench.add(title + ", peak memory", program, Bar("MiB", 8), cold)
        bench.add(title + ", peak memory, second push", program, Bar("MiB", 8), warm)
        bench.count(title + ", nothing cached", program, commands[program.label], cold)
        bench.count(title + ", second push", program, commands[program.label, "warm"], warm)


def _alembic_heads(bench, server):
    """`alembic heads` in a work tree of main."""
    work = os.path.join(os.path.dirname(server.path), "work")
    bench.git(os.path.dirname(server.path), "clone", "-q", "-s", server.path, work)
    environment = dict(bench.git.environment, PYTHONDONTWRITEBYTECODE="1")
    for python in (os.path.realpath(sys.executable), "/usr/bin/python3"):
        found = subprocess.run([python, "-c", "import alembic"], env=environment,
                               capture_output=True)
        if found.returncode == 0:
            break
    return Command("alembic heads", [python, "-m", "alembic", "heads"], work, environment,
                   every=bench.sizes.alembic_every)


def curve(bench):
    for count in bench.sizes.curve:
        growing = Growing(bench, count, LOOSE)
        old, new = growing.second.line()[:2]
        commands = {"git": bench.git_command(growing.second, "diff-tree", "-r", old, new)}
        for program in bench.programs:
            commands[program.label, "cold"] = growing.cold(bench, program)
            commands[program.label, "warm"] = growing.warm(bench, program)
        rounds = bench.sizes.rounds if count < 10000 else bench.sizes.slow_rounds
        samples = bench.measure("pushes onto %d migrations" % count, commands, rounds)
        for program in bench.programs:
            _curve_rows(bench, program, count, samples)
            bench.count("push of one migration onto %d, second push" % count, program,
                        commands[program.label, "warm"], samples[program.label, "warm"])


def _curve_rows(bench, program, count, samples):
    large = count >= 10000
    for kind, name in (("cold", "nothing cached"), ("warm", "second push")):
        title = "push of one migration onto %d, %s" % (count, name)
        has_bar = large and kind == "warm"
        ours, git = samples[program.label, kind], [samples["git"]]
        bench.add(title, program, Bar("ratio", 1.0 if has_bar else None), ours, git,
                  "git diff-tree -r OLD NEW")
        bench.add(title + ", peak memory", program, Bar("MiB", 64 if has_bar else None), ours)


# --- many refs ---

def refs(bench):
    sizes = bench.sizes
    edited = [path for path, _ in ordinary_files(sizes.files)]
    commits = []
    for index in range(sizes.refs):
        added = migrations.Migration(sizes.migrations + 2 + index,
                                     migrations.revision(sizes.migrations))
        commits.append(("adds/%04d" % index, [(added.path, added.text())]))
        commits.append(("edits/%04d" % index,
                        [(edited[index % len(edited)], "changed for %d\n" % index)]))
    server = Growing(bench, sizes.migrations, PACKED, extra=commits).server
    one = server.catch("one", ["second:refs/heads/new/0000"])
    same = server.catch("same",
                        ["second:refs/heads/new/%04d" % index for index in range(sizes.refs)])
    _refs_at_one_commit(bench, server, one, same)
    for kind, what in (("edits", "no migration"), ("adds", "one migration each")):
        push = server.catch(kind, ["refs/heads/%s/*:refs/heads/%s/*" % (kind, kind)])
        _refs_at_many_commits(bench, server, push, kind, what)


def _refs_at_one_commit(bench, server, one, same):
    commands = {}
    for program in bench.programs:
        for kind, prepare in (("nothing cached", server.without_cache()),
                              ("second push", server.with_cache(program.label))):
            commands[program.label, kind, "one"] = bench.hook(program, one, prepare)
            commands[program.label, kind, "same"] = bench.hook(program, same, prepare)
    samples = bench.measure("many refs at one commit", commands, bench.sizes.rounds)
    for program in bench.programs:
        for kind in ("nothing cached", "second push"):
            bench.add("%d refs at one commit, %s" % (bench.sizes.refs, kind), program,
                      Bar("ratio", 3), samples[program.label, kind, "same"],
                      [samples[program.label, kind, "one"]], "one ref")


def _refs_at_many_commits(bench, server, push, kind, what):
    objects = bench.git(server.client, "rev-list", "--objects", "--branches=%s/*" % kind,
                        "--not", server.tip())
    types = bench.git(server.client, "cat-file", "--batch-check=%(objectname) %(objecttype)",
                      text="".join(line.split()[0] + "\n" for line in objects.splitlines()))
    wanted = [line.split()[0] for line in types.splitlines() if not line.endswith(" blob")]
    commands = {"git": bench.git_command(push, "cat-file", "--batch",
                                         stdin=listing(server, kind + "-objects", wanted))}
    for program in bench.programs:
        commands[program.label] = bench.hook(program, push, server.without_cache())
        commands[program.label, "warm"] = bench.hook(program, push,
                                                     server.with_cache(program.label))
    samples = bench.measure("many refs, %s" % what, commands, bench.sizes.slow_rounds)
    for program in bench.programs:
        for key, name in ((program.label, "nothing cached"),
                          ((program.label, "warm"), "second push")):
            bench.add("%d refs at as many commits, %s, %s" % (bench.sizes.refs, what, name),
                      program, Bar("ratio", 1.0), samples[key], [samples["git"]],
                      "git cat-file --batch, commits and trees")


# --- a whole tree ---

def check(bench):
    sizes = bench.sizes
    server = bench.server("tree", _tree(sizes.many_files, sizes.migrations))
    plain = Command("", [], server.path, bench.git.environment)
    blobs = listing(server, "blobs", blobs_of_migrations(bench, server))

    def command(args, stdin=os.devnull, prepare=()):
        return Command(args[0], args, plain.cwd, plain.environment, stdin, list(prepare))

    commands = {"ls-tree": command([bench.git.program, "ls-tree", "-r", "main"]),
                "cat-file": command([bench.git.program, "cat-file", "--batch"], blobs)}
    for program in bench.programs:
        args = [program.path, "check", "main"]
        commands[program.label] = command(args, prepare=server.without_cache())
        commands[program.label, "again"] = command(args)
    samples = bench.measure("check of a whole tree", commands, sizes.slow_rounds)
    for program in bench.programs:
        for key, name in ((program.label, "nothing cached"), ((program.label, "again"), "again")):
            bench.add("check of %d files with %d migrations, %s" % (
                sizes.many_files, sizes.migrations, name), program, Bar("ratio", 1.2), samples[key],
                [samples["ls-tree"], samples["cat-file"]], "git ls-tree -r, git cat-file --batch")
        bench.count("check of %d files" % sizes.many_files, program, commands[program.label],
                    samples[program.label])


CASES = {"no-migration": no_migration, "one-migration": one_migration, "curve": curve,
         "refs": refs, "check": check, "rebase": rebase}
