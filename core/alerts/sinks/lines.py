"""Alerts as JSON lines at the end of a file."""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Sequence
from pathlib import Path

from core.alerts.alert import Alert
from core.alerts.sinks.reach import SinkFailure

FLAGS = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def write_lines(alerts: Sequence[Alert], path: Path) -> None:
    """Adds one line an alert, all or none, and waits for the disk.

    Two writers do not mix their lines, and a line that somebody left half is ended first. The file is made
    for its owner alone; a link, a pipe or a device is refused.

    Raises:
        SinkFailure: when the system refuses.
    """
    text = "".join(f"{alert.line()}\n" for alert in alerts).encode()
    try:
        handle = os.open(path, FLAGS, 0o600)
    except OSError as error:
        raise SinkFailure(f"{path.name} could not be opened: {os.strerror(error.errno or 0)}.") from error
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise SinkFailure(f"{path.name} is no ordinary file.")
        fcntl.flock(handle, fcntl.LOCK_EX)
        _add(handle, text)
    except OSError as error:
        raise SinkFailure(f"{path.name} was not written: {os.strerror(error.errno or 0)}.") from error
    finally:
        os.close(handle)


def _add(handle: int, text: bytes) -> None:
    """Adds text; when the disk refuses, the file is as long as it was."""
    size = os.fstat(handle).st_size
    if size and os.pread(handle, 1, size - 1) != b"\n":
        text = b"\n" + text
    try:
        view = memoryview(text)
        while view:
            view = view[os.write(handle, view) :]
        os.fsync(handle)
    except OSError:
        os.ftruncate(handle, size)
        raise
