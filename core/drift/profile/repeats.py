"""How many rows of a table repeat another one: what is remembered of it, and when a new table has more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FEWEST = 2
CLEARLY = 4
"""Standard errors by which new rows must repeat each other more than those of the reference did."""


@dataclass(frozen=True)
class Repeats:
    """Rows that repeat an earlier one.

    Attributes:
        rows: how many.
        squares: the sum, over the distinct rows, of the square of how often each is repeated.
    """

    rows: int
    squares: int

    def to_dict(self) -> dict[str, int]:
        """JSON-ready."""
        return {"rows": self.rows, "squares": self.squares}

    @classmethod
    def from_dict(cls, facts: Mapping[str, int] | None) -> Repeats | None:
        """The repeats that ``to_dict`` was made from, and that were checked; None of none."""
        return None if facts is None else cls(**facts)


def repeats_of(keys: NDArray[Any]) -> Repeats:
    """The repeats among rows.

    Args:
        keys: (n,) a number for each row, the same for equal rows.
    """
    more = np.unique(keys, return_counts=True)[1] - 1
    return Repeats(int(more.sum()), int((more**2).sum()))


def are_more(old: Repeats, n_old: int, now: Repeats, n_now: int) -> bool:
    """Whether rows repeat others clearly more often than those of the reference did.

    Rows that are written more than once are so in proportion to the rows; those that are equal by chance grow
    with the square of their number, so a larger table is allowed that.

    Args:
        n_old, n_now: rows of each table.
    """
    larger = n_now / max(1, n_old)
    factor = larger * max(1.0, larger)
    error = ((old.squares + 1) * (factor + factor**2)) ** 0.5
    return now.rows - old.rows * factor > max(FEWEST, CLEARLY * error)
