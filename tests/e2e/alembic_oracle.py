"""Prints what Alembic prints for the environments of a directory: "# NAME", then the text, or
"error" when it cannot be loaded.

usage: alembic_oracle.py heads|branches|history DIRECTORY VERBOSE
Old Alembic reads a directory in the order of os.listdir; sorted, it is what newer ones read.
"""
import io
import os
import sys

from alembic import command
from alembic.config import Config

real_listdir = os.listdir
os.listdir = lambda *args: sorted(real_listdir(*args))

sys.stdout.reconfigure(encoding="utf-8")
name, top, verbose = sys.argv[1], sys.argv[2], sys.argv[3] == "1"
for environment in sorted(real_listdir(top)):
    if environment.startswith("."):
        continue
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")
    config = Config(stdout=out)
    config.set_main_option("script_location", os.path.join(top, environment))
    print("# " + environment)
    try:
        getattr(command, name)(config, verbose=verbose)
        out.flush()
        print(out.buffer.getvalue().decode().replace(top + "/", ""), end="")
    except Exception:
        print("error")
