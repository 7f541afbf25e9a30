"""A real server of the app on a free port with its own workspace, which can be killed and started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from core.engine import jobs
from core.engine.job_state import Job
from core.engine.processes.process import is_alive, signal_family
from core.recipe.document import Recipe
from core.store.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """``streamlit run app.py`` with its workspace.

    Args:
        home: becomes FOLDLINE_HOME; what it holds already is what the app opens.
        options: more of Streamlit's command line.
    """

    def __init__(self, home: Path, *options: str) -> None:
        self.home, self.port, self.options = home, free_port(), options
        self.log = home.parent / f"{home.name}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.workspace = Workspace(home)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and come back when it answers."""
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(self.port)]
        environment = {**os.environ, "FOLDLINE_HOME": str(self.home)}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, *self.options], cwd=ROOT, env=environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start:\n{self.said()}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1):
                return True
        except OSError:
            return False

    def said(self) -> str:
        """What the server printed."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def kill(self) -> None:
        """End the app's own process at once, as ``kill -9`` does; the job server goes on."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def engine(self) -> int | None:
        """Process id of the job server, or None when none runs."""
        row = self.workspace.db.row("SELECT pid, started FROM engine")
        return row["pid"] if row is not None and is_alive(row["pid"], row["started"]) else None

    def kill_engine(self) -> None:
        """End the job server and the jobs it has started, at once."""
        if (pid := self.engine()) is not None:
            signal_family(pid, signal.SIGKILL)
            wait_until(lambda: self.engine() is None, "the job server ends")

    def stop(self) -> None:
        """End everything of it."""
        self.kill()
        self.kill_engine()

    # What the app has stored, read by the same code on the same folder.

    def recipe(self, project: str) -> Recipe:
        """The recipe of a project."""
        found = self.workspace.recipe(project)
        assert found is not None, "the project has no recipe"
        return found

    def latest(self, project: str, kind: str) -> Job | None:
        """The newest job of a kind."""
        return jobs.latest(self.workspace, project, kind)

    def wait_job(self, project: str, kind: str, timeout: float = 120.0, after: str = "") -> Job:
        """The newest job of a kind once it has ended; it must be another one than ``after``."""

        def ended() -> bool:
            job = self.latest(project, kind)
            return job is not None and job.id != after and not job.is_active

        wait_until(ended, f"the {kind} job ends", timeout)
        found = self.latest(project, kind)
        assert found is not None
        return found

    def wait_idle(self, project: str, timeout: float = 120.0) -> None:
        """Come back when no job of the project runs or waits."""
        wait_until(lambda: not jobs.active(self.workspace, project), "all jobs end", timeout)


def wait_until(holds: object, what: str, timeout: float = 20.0) -> None:
    """Come back when ``holds()`` is true; fail with what was waited for."""
    deadline = time.monotonic() + timeout
    while not holds():  # type: ignore[operator]
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {timeout:g} s in vain: {what}")
        time.sleep(0.05)
