"""Python that imports its arguments, then runs what each line of standard input says, each in a fork.

Started by ``tests.fresh``; imports nothing of Foldline unless it is told to. A line is the JSON of
{arguments, cwd, out, err, seconds}; the answer is a line with the exit code, below 0 for a signal.
"""

import gc
import importlib
import json
import os
import runpy
import signal
import sys
from pathlib import Path
from typing import Any


def redirect(request: dict[str, Any]) -> None:
    """Take the folder and the files of a request, and end after its seconds."""
    os.chdir(request["cwd"])
    modes = {0: os.O_RDONLY, 1: os.O_WRONLY, 2: os.O_WRONLY}
    for number, path in enumerate((os.devnull, request["out"], request["err"])):
        descriptor = os.open(path, modes[number])
        os.dup2(descriptor, number)
        os.close(descriptor)
    sys.stdin = open(0, closefd=False)  # the old one may have read ahead  # noqa: SIM115
    signal.alarm(request["seconds"])


def execute(arguments: list[str]) -> None:
    """What ``python ARGUMENTS`` does, for a script and for ``-m``."""
    if arguments[0] == "-m":
        sys.path[0] = os.getcwd()
        sys.argv = arguments[1:]
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
    else:
        sys.path[0] = str(Path(arguments[0]).resolve().parent)
        sys.argv = arguments
        runpy.run_path(arguments[0], run_name="__main__")


def main() -> None:
    """Answer until standard input ends; a fork leaves with what it ran."""
    for name in sys.argv[1:]:
        importlib.import_module(name)
    gc.freeze()  # a fork need not copy what no collection looks at
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if child == 0:
            redirect(request)
            execute(request["arguments"])
            return
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
