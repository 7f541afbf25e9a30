"""The rows that a service has answered, in files of the deployment until a round takes them in as batches.

A file belongs to who holds its lock: the service while it writes, then whoever takes it in. The lock goes
with the process, so that what a killed service has left can be taken in too. One line a request.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.errors import FoldlineError
from core.store.files.atomic import disk_errors, make_folder

SERVED = "served"
SHARE = "probability_"
"""How the columns of answers begin that hold the probability of a class."""
FILE = re.compile(r"\d{8}T\d{6}-[0-9a-f]{8}\.jsonl")
MODEL = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Answered:
    """A request that was answered, as a line of a file.

    Attributes:
        model: SHA-256 of the bundle of the model that answered.
        rows: how many it had.
    """

    model: str
    rows: int
    line: bytes


def answered_line(
    rows: int, cells: Mapping[str, Sequence[Any]], said: Mapping[str, Sequence[float]]
) -> bytes:
    """A request as a line of a file.

    Args:
        cells: column -> values as they were given.
        said: column of the answer -> numbers: probabilities of the classes, or the predictions.
    """
    return json.dumps({"rows": rows, "cells": cells, "said": said}).encode() + b"\n"


@dataclass(frozen=True)
class Waiting:
    """The requests of a file, together.

    Attributes:
        began, ended: times of the first and the last writing, UTC.
        torn: whether the last line was cut off, so that it is left out.
    """

    model: str
    rows: int
    cells: dict[str, list[Any]]
    said: dict[str, list[float]]
    began: datetime
    ended: datetime
    torn: bool


@dataclass
class Spool:
    """A file that is being written, of the answers of one model.

    Raises:
        FoldlineError: ``DISK``, when it is made.
        OSError: as the system refuses, when it is made.
    """

    root: Path
    model: str
    rows: int = 0
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        folder = self.root / SERVED
        make_folder(folder)
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}.jsonl"
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC
        with disk_errors(folder / name):
            self._handle = os.open(folder / name, flags, 0o600)
        self._size = 0
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX)
            self._write(json.dumps({"model": self.model}).encode() + b"\n", folder / name)
        except BaseException:
            (folder / name).unlink(missing_ok=True)
            os.close(self._handle)
            raise
        self.path = folder / name

    def add(self, answered: Sequence[Answered]) -> None:
        """Writes requests, all or none.

        Raises:
            FoldlineError: ``DISK`` when there is no room.
        """
        self._write(b"".join(one.line for one in answered), self.path)
        self.rows += sum(one.rows for one in answered)

    def sync(self) -> None:
        """Waits for the disk."""
        with disk_errors(self.path):
            os.fsync(self._handle)

    def close(self) -> None:
        """Ends the file and gives it away, to be taken in."""
        try:
            self.sync()
        finally:
            os.close(self._handle)

    def _write(self, text: bytes, path: Path) -> None:
        with disk_errors(path):
            try:
                view = memoryview(text)
                while view:
                    view = view[os.write(self._handle, view) :]
            except OSError:
                os.ftruncate(self._handle, self._size)
                os.lseek(self._handle, self._size, os.SEEK_SET)
                raise
        self._size += len(text)


def waiting_files(root: Path) -> list[Path]:
    """The files of answered requests in a deployment, those that are being written too, oldest first."""
    folder = root / SERVED
    return sorted(path for path in folder.glob("*.jsonl") if FILE.fullmatch(path.name))


@contextmanager
def owned(path: Path) -> Iterator[bool]:
    """Whether the file is nobody else's; it stays one's own within the block."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        yield False
        return
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield os.fstat(handle).st_nlink > 0  # else somebody was quicker and has taken it in
    finally:
        os.close(handle)


def waiting_rows(path: Path) -> Waiting:
    """What a file holds.

    Raises:
        FoldlineError: ``DAMAGED`` when it is not what a service writes.
    """
    data = path.read_bytes()
    *lines, rest = data.split(b"\n")
    try:
        model = str(json.loads(lines[0])["model"]) if lines else ""
        requests = [json.loads(line) for line in lines[1:]]
        if not MODEL.fullmatch(model) and requests:
            raise ValueError(model)
        counts = [int(one["rows"]) for one in requests]
        cells, said = (_joined([one[part] for one in requests], counts) for part in ("cells", "said"))
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        problem = f"{path.name} is not what a service writes; its rows are not taken in."
        raise FoldlineError(
            "DAMAGED", problem, "Bring it back from a copy, or remove it.", path.name
        ) from error
    began = datetime.strptime(path.name[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    ended = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return Waiting(model, sum(counts), cells, said, began, ended, bool(rest))


def _joined(parts: Sequence[Mapping[str, list[Any]]], counts: Sequence[int]) -> dict[str, list[Any]]:
    """The columns of all requests, one below the other; a request that lacks a column has no values in it."""
    names = dict.fromkeys(name for part in parts for name in part)
    columns: dict[str, list[Any]] = {name: [] for name in names}
    for part, count in zip(parts, counts, strict=True):
        for name, column in columns.items():
            values = part.get(name, [None] * count)
            if len(values) != count:
                raise ValueError(name)
            column += values
    return columns
