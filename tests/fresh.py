"""Scripts and commands in a process of their own without its start of two seconds.

A process is forked from one that has imported the libraries and run nothing: no test leaves anything in it.
Whether a script imports all that it uses only a true start shows: `test_golden`, `test_catalog`.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIBRARIES = (
    "numpy pandas scipy.stats sklearn.pipeline sklearn.compose sklearn.linear_model sklearn.ensemble lightgbm"
)
COMMANDS = (
    "core.command.run core.command.predict core.command.drift core.command.profile core.command.suggest "
    "core.command.commands core.engine.work.deploy core.engine.work.round"
)


def script(*arguments: object, cwd: Path, seconds: int = 120) -> subprocess.CompletedProcess[str]:
    """``python ARGUMENTS`` in a process that cannot import Foldline; ends by SIGALRM after ``seconds``."""
    return _run("", list(map(str, arguments)), cwd, seconds)


def command(*arguments: object, cwd: Path = ROOT, seconds: int = 300) -> subprocess.CompletedProcess[str]:
    """``python -m core ARGUMENTS`` where Foldline can be imported; ends by SIGALRM after ``seconds``."""
    return _run(COMMANDS, ["-m", "core", *map(str, arguments)], cwd, seconds)


def _run(more: str, arguments: list[str], cwd: Path, seconds: int) -> subprocess.CompletedProcess[str]:
    server = _server(more)
    assert server.stdin and server.stdout
    with tempfile.NamedTemporaryFile("r") as out, tempfile.NamedTemporaryFile("r") as err:
        request = {
            "arguments": arguments,
            "cwd": str(cwd),
            "out": out.name,
            "err": err.name,
            "seconds": seconds,
        }
        server.stdin.write(json.dumps(request) + "\n")
        server.stdin.flush()
        code = int(server.stdout.readline())
        return subprocess.CompletedProcess(arguments, code, out.read(), err.read())


@cache
def _server(more: str) -> subprocess.Popen[str]:
    """The process that forks, with the libraries and ``more`` modules imported; ends with this process."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    if more:
        environment["PYTHONPATH"] = str(ROOT)
    modules = [*LIBRARIES.split(), *more.split()]
    server = subprocess.Popen(
        [sys.executable, str(ROOT / "tests" / "forking_server.py"), *modules],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(server.communicate)  # ends its input, and with it the process
    return server
