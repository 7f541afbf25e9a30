"""Writing files so that a crash leaves the old content or the new, never a half."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import FoldlineError

RESERVE = 64 * 2**20
"""Bytes that stay free, so that state can still be written and things can still be deleted."""
TEMPORARY = re.compile(r"\.[^/]+\.(\d+)\.[0-9a-f]{8}\.tmp")
FULL = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turns the operating system's refusals into a coded error.

    Raises:
        FoldlineError: ``DISK`` when there is no room, or no right, to write.
    """
    try:
        yield
    except OSError as error:
        if is_full(error):
            raise full(path.name) from error
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO):
            problem = f"{path.name} could not be written: {os.strerror(error.errno)}. Nothing was changed."
            raise FoldlineError(
                "DISK", problem, "Check the workspace's disk and its rights.", path.name
            ) from error
        raise


def is_full(error: OSError) -> bool:
    """Whether the system refused because there is no room."""
    return error.errno in FULL or "No space left" in str(error)


def full(what: str = "") -> FoldlineError:
    """The error for something, named or not, that was not written because there is no room."""
    lost = f"{what} was not written and" if what else f"{RESERVE >> 20} MB must stay free;"
    return FoldlineError(
        "DISK",
        f"The disk is full; {lost} nothing was changed.",
        "Free some space: delete old projects or runs, or the cache folder of the workspace.",
        what,
    )


def room(folder: Path, size: int) -> None:
    """Checks that ``size`` bytes fit beside the reserve.

    Raises:
        FoldlineError: ``DISK`` when they do not.
    """
    if shutil.disk_usage(folder).free < size + RESERVE:
        raise full()


def temporary_beside(path: Path) -> Path:
    """A new path in the same folder for what is not finished; its name tells which process writes it."""
    return path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}.tmp")


@contextmanager
def replace_from(path: Path) -> Iterator[Path]:
    """A temporary path beside ``path`` that takes its place, fsynced, when the block ends well.

    Raises:
        FoldlineError: ``DISK`` when there is no room; the old file is as it was.
    """
    temporary = temporary_beside(path)
    try:
        with disk_errors(path):
            yield temporary
            move_into(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_bytes(path: Path, data: bytes) -> None:
    """Writes the whole file or nothing.

    Raises:
        FoldlineError: ``DISK`` when there is no room; the old file is as it was.
    """
    with replace_from(path) as temporary:
        temporary.write_bytes(data)


def move_into(source: Path, target: Path) -> None:
    """Moves a finished file to its place in the same file system: content first, then the name.

    Raises:
        FoldlineError: ``DISK`` when the disk refuses.
    """
    with disk_errors(target):
        fsync(source, os.O_RDWR)
        os.replace(source, target)
        fsync(target.parent, os.O_RDONLY)


def fsync(path: Path, flags: int) -> None:
    """Waits until a file (opened with ``os.O_RDWR``) or a folder (``os.O_RDONLY``) is on disk."""
    handle = os.open(path, flags | getattr(os, "O_NOFOLLOW", 0))
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(path: Path) -> None:
    """Creates a folder (mode 0700) whose entry in its parent survives a power cut."""
    with disk_errors(path):
        path.mkdir(mode=0o700, exist_ok=True)
        fsync(path.parent, os.O_RDONLY)


def sha256_of(path: Path) -> str:
    """SHA-256 (hex) of a file's content, read in pieces."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
