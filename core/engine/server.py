"""The engine: one single-threaded process a workspace that starts jobs, watches them and outlives the app."""

from __future__ import annotations

import contextlib
import fcntl
import gc
import json
import os
import sqlite3
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import IO

from core.engine import settings
from core.engine.job_kinds import limits
from core.engine.processes.process import inherit_orphans, is_alive, reap_orphans, started_at
from core.engine.processes.supervise import Watched, start, tick
from core.errors import FoldlineError
from core.store.files.cleanup import sweep, trim_cache
from core.store.files.reserve import keep_spare
from core.store.workspace import Workspace

BUSY_PAUSE, IDLE_PAUSE, HOUSE_PAUSE, LOCK_PATIENCE = 0.05, 0.12, 1.0, 3.0
SWEEP_PAUSE = 60.0
"""Seconds between two looks for what killed processes left behind."""
CLOCK_GRAIN = 1.0
"""Seconds by which the time of a change on disk may lie before that of the clock."""


class Engine:
    """The state of the server: what it watches and since when nobody needs it."""

    def __init__(self, ws: Workspace) -> None:
        self.ws = ws
        self.watched: dict[str, Watched] = {}
        self.needed = time.monotonic()
        self.kept_house = 0.0
        self.swept = 0.0
        self.orphans = False

    def serve(self) -> None:
        """Works until no client is alive and no job is left."""
        self.adopt()
        self.clean()
        while True:
            try:
                if self.turn():
                    return
            except FoldlineError:
                # A full disk or a locked database must not end the engine: it may be over in a moment.
                with contextlib.suppress(OSError):  # its log is on that disk
                    traceback.print_exc()
                time.sleep(HOUSE_PAUSE)
            time.sleep(BUSY_PAUSE if self.watched else IDLE_PAUSE)

    def turn(self) -> bool:
        """Looks after every job once, starts what may start; True when it is time to go."""
        self.look_after()
        if len(self.watched) < settings.jobs_at_once():
            self.start_next()
        if time.monotonic() - self.kept_house < HOUSE_PAUSE:
            return False
        self.kept_house = time.monotonic()
        self.adopt()
        keep_spare(self.ws.paths.spare)
        if time.monotonic() - self.swept > SWEEP_PAUSE:
            self.clean()
        if self.orphans and not self.watched:
            reap_orphans()
            self.orphans = False
        return self.may_leave()

    def look_after(self) -> None:
        """Passes requests on, and forgets jobs that have ended."""
        if not self.watched:
            return
        rows = self.ws.db.rows("SELECT id, request FROM job WHERE state = 'running'")
        requests = {row["id"]: row["request"] for row in rows}
        refused: FoldlineError | None = None
        for job, watched in list(self.watched.items()):
            try:
                ended = tick(self.ws, watched, requests.get(job, ""))
            except FoldlineError as error:  # its end cannot be written yet; the others are not to wait for it
                refused, ended = error, False
            if ended:
                del self.watched[job]
                self.orphans = True
        if refused is not None:
            raise refused

    def start_next(self) -> None:
        """Starts the oldest queued job whose project has none running."""
        row = self.ws.db.row(
            """SELECT id, project, kind, spec FROM job WHERE state = 'queued'
            AND project NOT IN (SELECT project FROM job WHERE state = 'running')
            ORDER BY created, rowid LIMIT 1"""
        )
        if row is not None and self._take(row["id"]):
            self.watched[row["id"]] = start(
                self.ws, row["id"], row["project"], row["kind"], row["spec"], tied=False
            )

    def _take(self, job: str) -> bool:
        now, pid = time.time(), os.getpid()
        with self.ws.db.write() as connection:
            cursor = connection.execute(
                """UPDATE job SET state = 'running', started = ?, progressed = ?, owner = ?, owner_started = ?
                WHERE id = ? AND state = 'queued'""",
                (now, now, pid, started_at(pid), job),
            )
            return cursor.rowcount == 1

    def adopt(self) -> None:
        """Takes over running jobs whose owner has gone; the dead among them are settled at the next look.

        A job that its owner took but did not bring to a process waits for its turn again.
        """
        for row in self.ws.db.rows("SELECT * FROM job WHERE state = 'running'"):
            ours = row["owner"] == os.getpid()  # taken, but the system refused to fork
            if row["id"] in self.watched or not (ours or not is_alive(row["owner"], row["owner_started"])):
                continue
            if ours or row["pid"] is not None or row["request"]:
                self._take_over(row)
            else:
                self._put_back(row["id"])

    def _put_back(self, job: str) -> None:
        """Queues a job again, unless a process has claimed it in the meantime; from then on none can."""
        with self.ws.db.write() as connection:
            connection.execute(
                """UPDATE job SET state = 'queued', started = NULL, progressed = NULL, owner = NULL,
                owner_started = NULL WHERE id = ? AND state = 'running' AND pid IS NULL AND request = ''""",
                (job,),
            )

    def _take_over(self, row: sqlite3.Row) -> None:
        """Watches a job, unless a process has claimed it in the meantime: the next look takes it over."""
        allowed = limits(row["kind"], json.loads(row["spec"]))
        pid = os.getpid()
        with self.ws.db.write() as connection:
            cursor = connection.execute(
                "UPDATE job SET owner = ?, owner_started = ? WHERE id = ? AND pid IS ?",
                (pid, started_at(pid), row["id"], row["pid"]),
            )
        if cursor.rowcount == 1:
            owner = (row["pid"] or 0, row["pid_started"], row["started"])
            self.watched[row["id"]] = Watched(row["id"], row["project"], *owner, allowed, own=False)

    def clean(self) -> None:
        """Removes what processes that have gone left behind, at the start and every minute since."""
        self.swept = time.monotonic()
        before = time.time() - CLOCK_GRAIN
        rows = self.ws.db.rows("SELECT id, spec FROM job WHERE state IN ('queued', 'running')")
        sweep(self.ws, before, "\n".join(row["spec"] for row in rows), {row["id"] for row in rows})
        trim_cache(self.ws)
        keep_spare(self.ws.paths.spare)

    def may_leave(self) -> bool:
        """Whether nobody needed the engine for the time of grace; then it signs off in the same moment."""
        clients = self.ws.db.rows("SELECT pid, started FROM client")
        dead = [row["pid"] for row in clients if not is_alive(row["pid"], row["started"])]
        if len(dead) < len(clients) or self.watched:
            self.needed = time.monotonic()
        if not dead and time.monotonic() - self.needed < settings.grace_seconds():
            return False
        with self.ws.db.write() as connection:
            connection.executemany("DELETE FROM client WHERE pid = ?", [(pid,) for pid in dead])
            return self._sign_off(connection)

    def _sign_off(self, connection: sqlite3.Connection) -> bool:
        waiting = connection.execute("SELECT 1 FROM job WHERE state IN ('queued', 'running')").fetchone()
        client = connection.execute("SELECT 1 FROM client").fetchone()
        if waiting or client or time.monotonic() - self.needed < settings.grace_seconds():
            return False
        connection.execute("DELETE FROM engine")
        return True


def main(root: Path) -> int:
    """Runs the engine of a workspace until it is not needed; 0 also when another one runs already."""
    settings.cap_threads()
    inherit_orphans()
    ws = Workspace(root)
    with ws.paths.engine_lock.open("a") as lock:
        if not _locked(lock):
            return 0
        _sign_on(ws)
        settings.preload()
        _warn_of_threads()
        gc.collect()
        gc.freeze()
        Engine(ws).serve()
    return 0


def _locked(lock: IO[str]) -> bool:
    # lockf, not flock: a lock that forked jobs inherit would keep the next engine from starting.
    deadline = time.monotonic() + LOCK_PATIENCE
    while True:
        try:
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)


def _sign_on(ws: Workspace) -> None:
    pid = os.getpid()
    with ws.db.write() as connection:
        connection.execute("INSERT OR REPLACE INTO engine VALUES (1, ?, ?)", (pid, started_at(pid)))


def _warn_of_threads() -> None:
    names = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    if names:
        print(f"threads run before a fork: {', '.join(names)}", file=sys.stderr)  # noqa: T201 - the engine's log
