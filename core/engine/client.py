"""Keeping the engine alive from a process that wants jobs done."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from core.engine.processes.process import is_alive, started_at
from core.engine.settings import ONE_THREAD
from core.errors import FoldlineError
from core.store.files.atomic import disk_errors, room
from core.store.workspace import Workspace

LOOK_EVERY = 1.0
_HOME = Path(__file__).resolve().parents[2]
_lock = threading.Lock()
_looked: dict[Path, float] = {}
_begun: dict[Path, subprocess.Popen[bytes]] = {}


def ensure_server(ws: Workspace) -> None:
    """Makes sure that the workspace's engine runs, and goes on while this process lives.

    Cheap enough for every rerun: it looks at most once a second.

    Raises:
        FoldlineError: ``ENGINE`` when the engine ended as soon as it started, ``DISK`` when there is no room.
    """
    with _lock:
        now = time.monotonic()
        if now - _looked.get(ws.root, -LOOK_EVERY) < LOOK_EVERY:
            return
        _looked[ws.root] = now
        _register(ws)
        _check(ws)
        row = ws.db.row("SELECT pid, started FROM engine")
        if ws.root not in _begun and (row is None or not is_alive(row["pid"], row["started"])):
            _begun[ws.root] = _begin(ws)


def _register(ws: Workspace) -> None:
    pid = os.getpid()
    started = started_at(pid)
    row = ws.db.row("SELECT started FROM client WHERE pid = ?", (pid,))
    if row is None or row["started"] != started:
        with ws.db.write() as connection:
            connection.execute("INSERT OR REPLACE INTO client VALUES (?, ?)", (pid, started))


def _check(ws: Workspace) -> None:
    """Forgets an engine of ours that has ended, which also spares a zombie."""
    process = _begun.get(ws.root)
    code = None if process is None else process.poll()
    if code is None:
        return
    del _begun[ws.root]
    if code > 0:
        room(ws.root, 0)
        last = ws.paths.engine_log.read_text(errors="replace").strip().rpartition("\n")[2][:300]
        hint = f"Look into {ws.paths.engine_log.name} in the workspace folder, then reload the page."
        raise FoldlineError("ENGINE", f"The engine could not start: {last}", hint)


def _begin(ws: Workspace) -> subprocess.Popen[bytes]:
    with disk_errors(ws.paths.engine_log), ws.paths.engine_log.open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "core.engine", str(ws.root)],
            cwd=_HOME,
            env={**os.environ, **ONE_THREAD},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
