"""What a command gives, and where it may write, asked before the work so that it is not done in vain."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from core.errors import FoldlineError

Answer = tuple[dict[str, Any], str]
"""What a command gives: JSON-ready facts, and words for a terminal."""


def new_file(path: Path, *inputs: Path) -> Path:
    """The path of a file to write, absolute.

    Args:
        inputs: files that are read, which it must not replace.

    Raises:
        FoldlineError: ``FILE`` when it is something else than a file, one of the inputs, or its folder cannot
            be written to.
    """
    whole = _whole(path)
    if any(whole == _whole(each) for each in inputs):
        raise _refused(path, "is read by this command and would be lost")
    if whole.exists() and not whole.is_file():
        raise _refused(path, "is not a file")
    if not whole.parent.is_dir():
        raise _refused(path, "would be in a folder that does not exist")
    if not os.access(whole.parent, os.W_OK):
        raise _refused(path, "would be in a folder that may not be written to")
    return whole


def folder(path: Path) -> Path:
    """The path of a folder to write to, absolute; made when it does not exist.

    Raises:
        FoldlineError: ``FILE`` when it cannot be made or written to.
    """
    whole = _whole(path)
    try:
        whole.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _refused(path, f"cannot be a folder ({error.strerror})") from error
    if not os.access(whole, os.W_OK):
        raise _refused(path, "may not be written to")
    return whole


def _whole(path: Path) -> Path:
    try:
        resolved = path.resolve()
        resolved.exists()
    except (OSError, ValueError) as error:
        raise _refused(path, f"is not a path ({error})") from error
    return resolved


def _refused(path: Path, reason: str) -> FoldlineError:
    return FoldlineError("FILE", f"{str(path)!r} {reason}.", "Give another path.", str(path))
