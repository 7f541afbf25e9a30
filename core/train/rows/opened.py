"""Which rows of a test set were in one that was opened before, whatever drew them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.data.table import Table
from core.errors import FoldlineError
from core.recipe.document import Recipe
from core.recipe.fingerprint import digest
from core.recipe.split import test_keys
from core.standalone.rows.row_order import by_content
from core.store.openings import Opening
from core.train.rows.order import hashes_of_rows
from core.train.rows.same_rows import MOST_OTHERS, TableRows, rows_again

Rows = NDArray[np.int64]
SEED = 0
GONE = ("TABLE", "DAMAGED")
"""Codes of a table whose rows cannot be looked up."""


class ReadRows(Protocol):
    """Gives columns of a stored table, of all rows or of some."""

    def __call__(
        self, table: str, columns: Sequence[str] | None = None, rows: Rows | None = None
    ) -> pd.DataFrame:
        """Read."""


@dataclass(frozen=True, eq=False)
class LockedRows:
    """The rows of a test set, by which they are found again in another one of the same target.

    Attributes:
        keys: names of the split, today's and that of 0.1.0.
        size: rows of the table.
        places: name of the table -> (test rows,) positions in it: as its file has them, and in the order of
            their content, which is the same for a file in another order.
        table, target: id of the table, name of its target.
        columns: those that the recipe lists.
        read: gives stored tables.
    """

    keys: Collection[str]
    size: int
    places: Mapping[str, Rows]
    table: str
    target: str
    columns: Sequence[str]
    read: ReadRows

    @property
    def masks(self) -> dict[str, NDArray[np.bool_]]:
        """Name of the table -> (rows of the table,) which of them are in the test set."""
        every = np.arange(self.size)
        return {name: np.isin(every, rows) for name, rows in self.places.items()}

    @property
    def rows(self) -> Rows:
        """(test rows,) positions in the table as its file has them."""
        return next(iter(self.places.values()))


@dataclass(frozen=True)
class Looks:
    """How often rows of a test set were opened.

    Attributes:
        at: when a test set with any of them was opened, oldest first (seconds since 1970).
        rows: how many of them were opened.
        of: how many they are.
        unknown: openings of other test sets of which it cannot be told whether they held any of these rows.
    """

    at: tuple[float, ...] = ()
    rows: int = 0
    of: int = 0
    unknown: int = 0


def _file_name(file: str, rows: int, target: str) -> str:
    """Names a table by its file (SHA-256 of its bytes, or the table's id), its rows and the target."""
    return digest(["file", file, rows, target])


def locked_rows(recipe: Recipe, read: ReadRows, rows: Rows) -> LockedRows:
    """The rows of a recipe's test set.

    Args:
        rows: positions of the test rows in the table.
    """
    hashes = hashes_of_rows(recipe, read)
    ranks = np.argsort(by_content(hashes))
    content = hashlib.sha256(np.sort(hashes).tobytes()).hexdigest()
    source, target = recipe.source, recipe.target
    name = _file_name(source.sha or source.table, len(hashes), target)
    places = {name: rows, digest(["content", content, target]): ranks[rows]}
    names = [column.name for column in recipe.columns]
    return LockedRows(test_keys(recipe), len(hashes), places, source.table, target, names, read)


@dataclass(frozen=True, eq=False)
class OpenedTables:
    """The tables of a project in which opened rows are looked up.

    Attributes:
        tables: every one, newest first.
    """

    tables: Sequence[Table] = ()

    @cached_property
    def named(self) -> Mapping[str, tuple[Table, str]]:
        """Name that an opening gives a table -> the table and the target."""
        return {
            _file_name(file, table.rows, column.name): (table, column.name)
            for table in self.tables
            for file in (table.id, table.source_sha)
            if file
            for column in table.columns
        }

    def seen(self, rows: LockedRows, opening: Opening) -> NDArray[np.bool_] | None:
        """(test rows,) which were opened in another table; None where that cannot be told.

        Rows that were opened for another target are not the same test. A target that stands under another
        name counts as the same where its values are.
        """
        name = next((name for name in opening.rows if name in self.named), "")
        if not name:
            return None
        table, target = self.named[name]
        theirs = {column.name: column.unique for column in table.columns}
        is_renamed = target not in rows.columns and rows.target not in theirs
        if target != rows.target and not is_renamed:
            return np.zeros(len(rows.rows), dtype=bool)
        shared = {
            one: one for one in sorted(rows.columns, key=lambda one: -theirs.get(one, 0)) if one in theirs
        }
        opened = opening.rows[name]
        some = np.random.default_rng(SEED).permutation(np.flatnonzero(~opened))[:MOST_OTHERS]
        both = {rows.target: target, **shared} if is_renamed else shared
        asked = TableRows({one: one for one in both}, rows.rows, some[:0], _reading(rows, rows.table))
        before = TableRows(both, np.flatnonzero(opened), np.sort(some), _reading(rows, table.id))
        return rows_again(asked, before, rows.target if is_renamed else "", SEED)


def _reading(rows: LockedRows, table: str) -> Callable[[Sequence[str], Rows], pd.DataFrame]:
    return lambda names, places: rows.read(table, names, places)


def looks_at(rows: LockedRows, openings: Sequence[Opening], tables: Sequence[Table] = ()) -> Looks:
    """How often these rows were opened, in this table or in another one of the project.

    An opening of 0.1.0 counts when it is one of the same split.

    Args:
        tables: those of the project.
    """
    of, stored = len(rows.rows), OpenedTables(tables)
    opened, at, unknown = np.zeros(of, dtype=bool), [], 0
    for opening in openings:
        seen = _seen(rows, opening, stored)
        if seen is None:
            unknown += 1
        elif seen.any():
            opened |= seen
            at.append(opening.at)
    return Looks(tuple(at), int(opened.sum()), of, unknown)


def _seen(rows: LockedRows, opening: Opening, stored: OpenedTables) -> NDArray[np.bool_] | None:
    """(test rows,) which of them were in a test set that was opened; None where that cannot be told."""
    same = [opening.rows[name][mine] for name, mine in rows.places.items() if name in opening.rows]
    if same:
        return np.logical_or.reduce(same)
    if not opening.rows:
        return np.ones(len(rows.rows), dtype=bool) if opening.key in rows.keys else None
    try:
        return stored.seen(rows, opening)
    except FoldlineError as error:
        if error.code not in GONE:
            raise
        return None
