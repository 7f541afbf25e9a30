"""What the log of a deployment adds to each of its entries."""

from __future__ import annotations

from core.data.table import Frozen


class Stamped(Frozen):
    """What the log adds to every entry when it is written.

    Attributes:
        seq: its number in the log, from 1.
        at: ISO 8601, UTC.
        by: who caused it.
        before: SHA-256 of the line before; empty in the first.
    """

    seq: int = 0
    at: str = ""
    by: str = ""
    before: str = ""
