"""What a look for copies across the split has found."""

from __future__ import annotations

from typing import ClassVar

from core.results.base import Result


class CopiesResult(Result):
    """Test rows that are copies of rows learned from.

    Attributes:
        words: as ``core.train.rows.copies.CopiesAcross.words``; empty where there are none.
    """

    KIND: ClassVar[str] = "copies"

    words: str
