"""The merge strategy in a rebase that touches no migration.

What it is compared with is a strategy that does nothing but start the same Git commands: they are
taken from Git's own trace of a first rebase, and replayed by a small static program.
"""
import json
import os
import shutil
import subprocess

from measuring import Command, compile_helper
from repository import CACHE, alembic_files, commit, ordinary_files
from results import Bar

# What a rebase has changed, back to what it was.
_RESET = """cd "$1" || exit
rm -rf .git/rebase-merge .git/%s
git checkout -q -f -B topic start && rm -rf .git/objects/[0-9a-f][0-9a-f]
""" % CACHE


def rebase(bench):
    origin = _make(bench)
    replay = _make_replay(bench, origin)
    commands = {"stock": _rebase_command(bench, _copy(origin, "stock"), [], "ort"),
                "replay": replay}
    for program in bench.programs:
        commands[program.label] = _rebase_command(
            bench, _copy(origin, program.label), [_bin(bench, program.label, program.path)],
            "onehead")
    samples = bench.measure("rebases", commands, bench.sizes.slow_rounds)
    for program in bench.programs:
        title = "rebase of %d commits" % bench.sizes.picks
        bench.add(title, program, Bar("ratio", 1.2), samples[program.label], [samples["replay"]],
                  "the same Git commands alone")
        bench.add(title, program, Bar("ratio"), samples[program.label], [samples["stock"]],
                  "git rebase without a strategy")


def _make(bench):
    """A work tree with the branch `topic` to rebase onto main; all objects are in one pack."""
    work = os.path.join(bench.directory("rebase"), "origin")
    git = bench.git
    bench.say("making the repository")
    os.makedirs(work)
    git(work, "init", "-q", "--initial-branch=main")
    git(work, "config", "gc.auto", "0")
    paths = [path for path, _ in ordinary_files(bench.sizes.files)]
    pieces = [*commit("main", ordinary_files(bench.sizes.files)),
              *commit("main", alembic_files(100)),
              *commit("start", [(paths[0], "topic\n")], "refs/heads/main")]
    for number in range(1, bench.sizes.picks):
        path = paths[number * len(paths) // bench.sizes.picks]
        pieces += commit("start", [(path, "topic %d\n" % number)])
    pieces += commit("main", [(paths[-1], "moved on\n")])
    git.stream(work, pieces)
    git(work, "repack", "-adq")
    git(work, "checkout", "-q", "-f", "-B", "topic", "start")
    return work


def _copy(origin, name):
    work = os.path.join(os.path.dirname(origin), name)
    shutil.copytree(origin, work, symlinks=True)
    return work


def _bin(bench, label, program):
    """A directory for PATH in which Git finds `program` as a merge strategy."""
    directory = bench.directory("bin-" + label)
    name = "replay" if label == "replay" else "onehead"
    os.symlink(program, os.path.join(directory, "git-merge-" + name))
    return directory


def _rebase_command(bench, work, path, strategy, extra=()):
    environment = dict(bench.git.environment, **dict(extra))
    environment["PATH"] = ":".join([*path, environment["PATH"]])
    options = [] if strategy == "ort" else ["-s", strategy]
    return Command(strategy, [bench.git.program, "rebase", "-q", *options, "main", "topic"], work,
                   environment, prepare=["/bin/sh", _reset_script(work), work])


def _reset_script(work):
    path = os.path.join(os.path.dirname(work), "reset.sh")
    with open(path, "w") as file:
        file.write(_RESET)
    return path


def _make_replay(bench, origin):
    """Rebases once with the first program and keeps what Git was asked to do."""
    bench.say("recording the Git commands")
    program = bench.programs[0]
    work = _copy(origin, "replay")
    path = [_bin(bench, "recorded", program.path)]
    recorded = _rebase_command(bench, work, path, "onehead")
    trace = os.path.join(os.path.dirname(work), "trace")
    git = _with_environment(bench.git, dict(recorded.environment, GIT_TRACE2_EVENT=trace))
    git(work, *recorded.args[1:])
    merges = _commands_of_merges(trace)
    if len(merges) != bench.sizes.picks:
        raise RuntimeError("%d merges were recorded" % len(merges))
    result = bench.git(work, "rev-parse", "topic")
    _pack_inputs(bench.git, work, [word for commands in merges.values() for command in commands
                                   for word in command])
    script = os.path.join(os.path.dirname(work), "commands")
    with open(script, "w") as file:
        for remote, commands in merges.items():
            file.write("= %s\n" % remote + "".join(" ".join(words) + "\n" for words in commands))
    helper = compile_helper("replay", bench.directory("replay"))
    replay = _rebase_command(bench, work, [_bin(bench, "replay", helper)], "replay",
                             {"ONEHEAD_BENCH_COMMANDS": script})
    git = _with_environment(bench.git, replay.environment)
    subprocess.run(replay.prepare, env=replay.environment, check=True)
    git(work, *replay.args[1:])
    if bench.git(work, "rev-parse", "topic") != result:
        raise RuntimeError("the replayed commands make something else")
    return replay


def _with_environment(git, environment):
    other = type(git)(environment["HOME"])
    other.environment = environment
    return other


def _commands_of_merges(trace):
    """What `git merge-onehead` started: the commit that is picked -> argument lists."""
    merges, commands = {}, {}
    with open(trace) as lines:
        for line in lines:
            event = json.loads(line)
            if event["event"] != "start":
                continue
            words, session = event["argv"][1:], event["sid"]
            if words[:1] == ["merge-onehead"]:
                merges[session] = words[-1]
            commands.setdefault(session.rpartition("/")[0], []).append(words)
    return {remote: commands.get(session, []) for session, remote in merges.items()}


def _pack_inputs(git, work, words):
    """Throw-away commits that the program made for these commands stay; all else goes."""
    reachable = set(git(work, "rev-list", "--branches", "--reflog").split())
    ids = {word for word in words if len(word) >= 40 and word not in reachable}
    pack = os.path.join(work, ".git", "objects", "pack", "pack")
    if ids:
        git(work, "pack-objects", "-q", pack, text="".join(word + "\n" for word in sorted(ids)))
