"""Which rows of a test set were in one that was opened before, whatever drew them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.recipe.document import Recipe
from core.recipe.fingerprint import digest
from core.recipe.split import test_keys
from core.standalone.rows.row_order import by_content
from core.store.openings import Opening
from core.train.rows.order import hashes_of_rows

Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class LockedRows:
    """The rows of a test set, by which they are found again in another one of the same target.

    Attributes:
        keys: names of the split, today's and that of 0.1.0.
        size: rows of the table.
        places: name of the table -> (test rows,) positions in it: as its file has them, and in the order of
            their content, which is the same for a file in another order.
    """

    keys: Collection[str]
    size: int
    places: Mapping[str, Rows]

    @property
    def masks(self) -> dict[str, NDArray[np.bool_]]:
        """Name of the table -> (rows of the table,) which of them are in the test set."""
        every = np.arange(self.size)
        return {name: np.isin(every, rows) for name, rows in self.places.items()}


@dataclass(frozen=True)
class Looks:
    """How often rows of a test set were opened.

    Attributes:
        at: when a test set with any of them was opened, oldest first (seconds since 1970).
        rows: how many of them were opened.
        of: how many they are.
        unknown: openings of other test sets by an earlier version, which did not keep their rows.
    """

    at: tuple[float, ...] = ()
    rows: int = 0
    of: int = 0
    unknown: int = 0


def locked_rows(recipe: Recipe, read: Callable[[str, Sequence[str]], pd.DataFrame], rows: Rows) -> LockedRows:
    """The rows of a recipe's test set.

    Args:
        read: gives columns of a stored table.
        rows: positions of the test rows in it.
    """
    hashes = hashes_of_rows(recipe, read)
    ranks = np.argsort(by_content(hashes))
    content = hashlib.sha256(np.sort(hashes).tobytes()).hexdigest()
    file = recipe.source.sha or recipe.source.table
    names = digest(["file", file, len(hashes), recipe.target]), digest(["content", content, recipe.target])
    return LockedRows(test_keys(recipe), len(hashes), dict(zip(names, (rows, ranks[rows]), strict=True)))


def looks_at(rows: LockedRows, openings: Sequence[Opening]) -> Looks:
    """How often these rows were opened. An opening of 0.1.0 counts when it is one of the same split."""
    of = len(next(iter(rows.places.values())))
    opened, at, unknown = np.zeros(of, dtype=bool), [], 0
    for opening in openings:
        seen = np.full(of, not opening.rows and opening.key in rows.keys)
        for name, mine in rows.places.items():
            if name in opening.rows:
                seen |= opening.rows[name][mine]
        if seen.any():
            opened |= seen
            at.append(opening.at)
        elif not opening.rows:
            unknown += 1
    return Looks(tuple(at), int(opened.sum()), of, unknown)
