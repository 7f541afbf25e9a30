"""A few bytes kept back in the workspace: given up on a full disk, so that state can still be written."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from core.store.files.atomic import RESERVE

SPARE = 4 * 2**20


def keep_spare(path: Path) -> None:
    """Occupies the spare bytes, unless they are kept already or the disk has no room for them."""
    try:
        kept = path.stat().st_size if path.exists() else 0
        if kept != SPARE and shutil.disk_usage(path.parent).free + kept >= SPARE + RESERVE:
            path.write_bytes(os.urandom(SPARE))
    except OSError:  # somebody else took the room in between; a part of it is of no use
        give_up_spare(path)


def give_up_spare(path: Path) -> None:
    """Frees the spare bytes, so that the next change of the workspace has room."""
    with suppress(OSError):
        path.unlink(missing_ok=True)
