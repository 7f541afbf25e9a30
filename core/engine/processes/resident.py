"""The child of ``core.engine.residents``: opens one bundle, then answers until nobody asks any more."""

from __future__ import annotations

import json
import resource
import signal
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from core.engine.processes import failure
from core.engine.processes.usage import limit_memory

LONGEST = 120.0
"""Seconds of one answer after which the kernel ends this process, whoever waits for it or not."""


def main(arguments: list[str]) -> int:
    """Answer questions.

    Args:
        arguments: the number of the pipe's end, the path of the bundle, seconds of idleness after which to
            leave, bytes of address space.
    """
    pipe, idle, memory = Connection(int(arguments[0])), float(arguments[2]), int(arguments[3])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is meant for who asks; then the pipe closes
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    limit_memory(memory)
    from core.engine.work.one_row import Asked  # brings all that a model needs, within the limit

    asked = Asked(Path(arguments[1]))
    while pipe.poll(idle):
        try:
            question = json.loads(pipe.recv_bytes())
        except (EOFError, ConnectionResetError):
            return 0
        signal.setitimer(signal.ITIMER_REAL, LONGEST)
        answer = _answer(asked, question, memory)
        signal.setitimer(signal.ITIMER_REAL, 0)
        try:
            pipe.send_bytes(json.dumps(answer).encode())
        except (BrokenPipeError, ConnectionResetError):
            return 0
    return 0


def _answer(asked: Any, question: dict[str, Any], memory: int) -> dict[str, Any]:
    try:
        found: dict[str, Any] = asked.answered(question)
        return found
    except Exception as error:  # noqa: BLE001 - a question that fails is an answer like any other
        return {"error": failure.from_exception(error, memory)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
