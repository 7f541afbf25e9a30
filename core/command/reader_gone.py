"""Words that nobody reads any more, as after ``| head -3``, are dropped; the command goes on to its end."""

from __future__ import annotations

import io
import os
import sys
from typing import Any, TextIO


def outlive_readers() -> None:
    """Let both streams of this process outlive whoever reads them."""
    sys.stdout, sys.stderr = outliving(sys.stdout), outliving(sys.stderr)


def outliving(stream: TextIO) -> TextIO:
    """A stream to the same file that drops what is written once its reader is gone."""
    stream.flush()
    raw = _Outliving(stream.fileno(), "wb", closefd=False)
    buffer = io.BufferedWriter(raw)
    return io.TextIOWrapper(
        buffer, stream.encoding, stream.errors, line_buffering=bool(stream.line_buffering)
    )


class _Outliving(io.FileIO):
    def write(self, data: Any, /) -> int:
        """Write what somebody reads; else all of it goes nowhere, now and later."""
        try:
            return super().write(data)
        except BrokenPipeError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)
            return super().write(data)
