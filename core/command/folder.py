"""The temporary folder of a command: gone when it ends, and swept by a later one when it was killed."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import signal
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import NoReturn

import psutil

NAME = re.compile(r"foldline-(\d{1,10})-[a-z0-9_]{8}")
OWNER = "owner"
"""The file that the owner of a folder holds locked; the lock goes with the process, whatever ends it."""
ENDING = ("SIGTERM", "SIGHUP")


@contextmanager
def own_folder() -> Iterator[Path]:
    """A folder of this process's own, removed at the end, also when SIGTERM or SIGHUP ends the command.

    Raises:
        KeyboardInterrupt: within the block, when such a signal comes.
    """
    root = Path(tempfile.gettempdir())
    sweep_folders(root)
    with _ended_in_order():
        folder = Path(tempfile.mkdtemp(prefix=f"foldline-{os.getpid()}-", dir=root))
        try:
            with (folder / OWNER).open("w") as owner:
                fcntl.lockf(owner, fcntl.LOCK_EX)
                yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def sweep_folders(root: Path) -> list[Path]:
    """Removes what killed commands of this user left in a folder, and gives the folders it removed."""
    gone = [path for path in root.iterdir() if _is_stale(path)]
    for path in gone:
        shutil.rmtree(path, ignore_errors=True)
    return gone


def _is_stale(path: Path) -> bool:
    match = NAME.fullmatch(path.name)
    if match is None or psutil.pid_exists(int(match[1])):
        return False
    try:
        facts = path.lstat()
        return stat.S_ISDIR(facts.st_mode) and facts.st_uid == os.getuid() and not _is_locked(path / OWNER)
    except OSError:  # somebody else removes it
        return False


def _is_locked(owner: Path) -> bool:
    """Whether a process that is not seen from here, such as one of another container, holds the folder."""
    try:
        handle = os.open(owner, os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        return False
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


@contextmanager
def _ended_in_order() -> Iterator[None]:
    before = {}
    with suppress(ValueError):  # outside the main thread signals are somebody else's
        for name in ENDING:
            number = getattr(signal, name)
            if signal.getsignal(number) is not signal.SIG_IGN:  # ignored under nohup, and so it stays
                before[name] = signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
