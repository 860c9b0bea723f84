"""How long the program takes, as ratios of whole processes that are measured in turn in one run.

    ./install.sh bench                                        builds the program and measures it
    python3 tests/bench/bench.py --program PATH               measures one that is there already
"""
import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True  # nothing is written beside the source
from cases import CASES, QUICK, Bench, Program, Sizes
from measuring import Meter
from repository import Git
from results import COUNT_HEADS, TIMES_HEADS, side_by_side, table


def main():
    options = parse_arguments()
    scratch = tempfile.mkdtemp(prefix="onehead-bench-", dir=options.scratch)
    try:
        bench = make_bench(options, scratch)
        document = describe(bench, options)
        print(machine_text(document["machine"]), flush=True)
        failed = run_cases(bench, options)
    finally:
        if options.keep:
            print("kept: " + scratch, file=sys.stderr)
        else:
            shutil.rmtree(scratch, ignore_errors=True)
    if bench.rows:
        print(table(TIMES_HEADS, side_by_side(bench.rows)))
    if bench.counts:
        print("\n" + table(COUNT_HEADS, bench.counts))
    document["rows"] = [row.as_json() for row in side_by_side(bench.rows)]
    document["instructions"] = [count.as_json() for count in bench.counts]
    document["errors"] = failed
    if options.json:
        with open(options.json, "w") as file:
            json.dump(document, file, indent=1)
            file.write("\n")
    for error in failed:
        print("error: " + error, file=sys.stderr)
    return 1 if failed else 0


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="bench.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", action="append", required=True, metavar="[LABEL=]PATH",
                        help="onehead, built for release; repeatable, to list builds side by side")
    parser.add_argument("--case", action="append", choices=sorted(CASES), metavar="NAME",
                        help="only this case, repeatable: " + ", ".join(CASES))
    parser.add_argument("--json", metavar="FILE", help="write the results there too")
    parser.add_argument("--instructions", action="store_true",
                        help="count the hook's instructions too, with valgrind --tool=callgrind")
    parser.add_argument("--quick", action="store_true",
                        help="tiny sizes: shows that the benchmark works, and measures nothing")
    parser.add_argument("--scratch", metavar="DIR",
                        help="make the repositories below DIR (1.5 GB; default: where Python "
                        "makes temporary files)")
    parser.add_argument("--keep", action="store_true", help="do not remove them at the end")
    return parser.parse_args()


def make_bench(options, scratch):
    git = Git(scratch)
    programs = []
    for number, word in enumerate(options.program):
        label, _, path = word.rpartition("=")
        path = os.path.abspath(path)
        if not os.access(path, os.X_OK):
            sys.exit("error: %s is not a program" % path)
        programs.append(Program(label or linked(path), path, shim_of(git, scratch, path, number)))
    if len({program.label for program in programs}) != len(programs):
        sys.exit("error: two programs have one label: --program LABEL=PATH")
    bench = Bench(git, scratch, Meter(scratch), programs, QUICK if options.quick else Sizes())
    bench.counting = options.instructions
    if options.instructions and not bench.meter.can_count():
        sys.exit("error: valgrind is not found")
    return bench


def linked(path):
    """"static" or "shared", as `onehead --version` says."""
    text = subprocess.run([path, "--version"], capture_output=True, text=True).stdout
    return "static" if "static" in text else "shared"


def shim_of(git, scratch, path, number):
    """The hook that this program installs."""
    repository = os.path.join(scratch, "shim-%d.git" % number)
    git(scratch, "init", "-q", "--bare", repository)
    done = subprocess.run([path, "install", "--server", repository], env=git.environment,
                          capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit("error: %s install --server failed: %s" % (path, done.stderr))
    with open(os.path.join(repository, "hooks", "pre-receive")) as file:
        return file.read()


def run_cases(bench, options):
    """Every case asked for; what went wrong."""
    failed = []
    for name in options.case or CASES:
        bench.case = name
        begin, before = time.monotonic(), len(bench.rows)
        try:
            CASES[name](bench)
        except (RuntimeError, OSError) as error:
            failed.append("%s: %s" % (name, error))
        if not options.keep:
            shutil.rmtree(os.path.join(bench.scratch, name), ignore_errors=True)
        failed += ["%s: %s: %s: %s" % (name, row.title, row.program, row.failure())
                   for row in bench.rows[before:] if row.failure()]
        bench.say("done in %.0f s" % (time.monotonic() - begin))
    return failed


def describe(bench, options):
    def first_line(*args):
        return subprocess.run(args, capture_output=True, text=True).stdout.strip()

    model = ""
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo") as lines:
            model = next((line.split(":", 1)[1].strip() for line in lines
                          if line.startswith("model name")), "")
    return {
        "schema": "onehead.bench/1", "quick": options.quick,
        "machine": {"processor": model or platform.machine(), "processors": os.cpu_count(),
                    "system": platform.platform(), "git": first_line(bench.git.program, "--version"),
                    "load": list(os.getloadavg())},
        "programs": [{"label": program.label, "bytes": os.path.getsize(program.path),
                      "version": first_line(program.path, "--version").splitlines()}
                     for program in bench.programs]}


def machine_text(machine):
    return "%s, %d processors, load %.1f; %s\nwhole processes in turn, medians; ratios to theirs\n" % (
        machine["processor"], machine["processors"], machine["load"][0], machine["git"])


if __name__ == "__main__":
    sys.exit(main())
