"""Connections to the workspace's SQLite file: one for each thread and process, opened when needed."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.errors import FoldlineError
from core.store import migrations as schema
from core.store.files.paths import SPARE_NAME
from core.store.files.reserve import give_up_spare

BUSY_SECONDS = 10.0
WAIT_FOR_DISK = "PRAGMA synchronous = FULL"
LEAVE_TO_SYSTEM = "PRAGMA synchronous = NORMAL"
_OPEN: weakref.WeakSet[Database] = weakref.WeakSet()


class Database:
    """The database of one workspace; safe to share between threads, and after a fork.

    Args:
        path: the SQLite file; created and migrated on first use.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        _OPEN.add(self)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[sqlite3.Row]:
        """All rows of a query, values bound to its question marks."""
        with coded_errors(self.path):
            return self._connection().execute(sql, values).fetchall()

    def row(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Row | None:
        """The first row of a query, or None when it gives no row."""
        rows = self.rows(sql, values)
        return rows[0] if rows else None

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """A transaction that holds the write lock from its start.

        Args:
            durable: whether the commit waits for the disk; False for progress that a crash may lose.

        Raises:
            FoldlineError: ``DISK``, ``BUSY`` or ``DAMAGED``; nothing of the transaction is kept.
        """
        with coded_errors(self.path):
            connection = self._connection()
            connection.execute(WAIT_FOR_DISK if durable else LEAVE_TO_SYSTEM)
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def close(self) -> None:
        """Closes this thread's connection; the next use opens a new one."""
        connection = getattr(self._local, "connection", None)
        self._local.connection = None
        if connection is not None:
            connection.close()

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = _connect(self.path)
        return connection


def _connect(path: Path) -> sqlite3.Connection:
    # The at-fork hook below closes connections; a connection is only ever used by the thread that opened it.
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    connection.row_factory = sqlite3.Row
    _use_wal(connection)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    schema.migrate(connection)
    return connection


def _use_wal(connection: sqlite3.Connection) -> None:
    # SQLite does not wait for a lock while it changes the journal mode, so two first openers can collide.
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def close_connections() -> None:
    """Closes this thread's connection to every workspace.

    SQLite keeps its knowledge of locks per process. A forked child would inherit that knowledge but not the
    locks, and could then lose what others write, so nothing is open when a process forks.
    """
    for database in list(_OPEN):
        database.close()


@contextmanager
def coded_errors(path: Path) -> Iterator[None]:
    """Turns SQLite's failures into coded errors; on a full disk the spare room goes to the next try.

    Raises:
        FoldlineError: ``DISK`` (no room, no right), ``BUSY`` (locked too long) or ``DAMAGED`` (not readable).
    """
    try:
        yield
    except sqlite3.IntegrityError:
        raise
    except sqlite3.DatabaseError as error:
        if "full" in str(error):
            give_up_spare(path.with_name(SPARE_NAME))
        raise _coded(str(error), path) from error


def _coded(text: str, path: Path) -> FoldlineError:
    if "full" in text:
        return FoldlineError(
            "DISK",
            "The disk is full; nothing was changed.",
            "Free some space: delete old projects or runs, or the cache folder of the workspace.",
            path.name,
        )
    if "readonly" in text or "unable to open" in text or "disk I/O" in text:
        problem = f"The workspace could not be used: {text}."
        return FoldlineError("DISK", problem, "Check the workspace's disk and its rights.", path.name)
    if "locked" in text:
        problem = f"The workspace was busy for more than {BUSY_SECONDS:g} seconds."
        return FoldlineError("BUSY", problem, "Try again.", path.name)
    problem = f"The workspace's database answers: {text}."
    return FoldlineError("DAMAGED", problem, "Restore the workspace from a copy.", path.name)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=close_connections)
