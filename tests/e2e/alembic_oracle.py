"""Prints what Alembic prints for the environments of a directory: "# NAME", then the text.

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

name, top, verbose = sys.argv[1], sys.argv[2], sys.argv[3] == "1"
for environment in sorted(real_listdir(top)):
    if environment.startswith("."):
        continue
    out = io.StringIO()
    config = Config(stdout=out)
    config.set_main_option("script_location", os.path.join(top, environment))
    getattr(command, name)(config, verbose=verbose)
    print("# " + environment)
    print(out.getvalue().replace(top + "/", ""), end="")
