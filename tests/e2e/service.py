"""The service of a deployment as a process of its own, asked over HTTP, that can be ended or killed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.e2e.server import PATIENCE, ROOT, free_port


def until(what: Callable[[], Any], seconds: float = PATIENCE) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


class Service:
    """``python -m core serve FOLDER``; it answers when this is made.

    Args:
        options: more of its command line.
    """

    def __init__(self, folder: Path, *options: object) -> None:
        self.port = free_port()
        words = ["serve", str(folder), "--port", str(self.port), *map(str, options)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "core", *words], cwd=ROOT, stderr=subprocess.DEVNULL
        )
        until(lambda: self.process.poll() is not None or self.text("/v2/health/ready"))

    def text(self, path: str, body: Any = None) -> str:
        """What it says, or nothing while it is not there."""
        try:
            data = None if body is None else json.dumps(body).encode()
            asked = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data)
            with urllib.request.urlopen(asked, timeout=30) as answered:
                return str(answered.read().decode())
        except OSError:
            return ""

    def rows(self, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """Predictions of rows, and the model that gave them."""
        answer: dict[str, Any] = json.loads(self.text("/rows", {"rows": list(rows)}))
        return answer

    def version(self, row: dict[str, Any]) -> str:
        """The model that answers now."""
        return str(self.rows([row])["model"]["version"])

    def end(self, how: int = signal.SIGTERM) -> int:
        """Ends it by a signal and gives its exit code."""
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)
