"""The rows of a recipe: its table by reference, its target and its split, loaded once for all that train."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol

import pandas as pd
from numpy.typing import NDArray

from core.recipe.columns import check_kinds, columns_used, split_columns
from core.recipe.consistency import consistent, of_one_table
from core.recipe.document import Recipe, parse
from core.train.folds.fold_cache import FoldCache
from core.train.rows.order import order_of_rows
from core.train.rows.split import Rows, RowSplit, groups_of, places_of, split_rows
from core.train.rows.target import Target, target_of

MOST_LOADED = 2
"""How many recipes, or folds of one, are kept in memory: a search has two, its own folds and fresh ones."""


class TableReader(Protocol):
    """Gives a table by its id, or some of its columns and rows, in the order asked for."""

    def __call__(
        self, table: str, columns: Sequence[str] | None = None, rows: Rows | None = None
    ) -> pd.DataFrame:
        """Read.

        Raises:
            FoldlineError: ``TABLE`` when there is no such table, ``DAMAGED`` when it is not what was stored.
        """


@dataclass(frozen=True, eq=False)
class Work:
    """The rows of a recipe as training needs them, loaded once and shared by forked processes.

    Attributes:
        frame: the columns of the table that the recipe uses, every row.
        fold_seed: of the folds, where they are others than the recipe's own.
        resources: what gave it.
    """

    recipe: Recipe
    frame: pd.DataFrame
    target: Target
    split: RowSplit
    resources: Resources
    fold_seed: int | None = None

    @cached_property
    def document(self) -> str:
        """The recipe as JSON, by which another process can load the same."""
        return self.recipe.model_dump_json()

    def labels(self, rows: Rows) -> NDArray[Any]:
        """Target values of these rows."""
        return self.target.values[rows]

    def groups(self, rows: Rows) -> NDArray[Any] | None:
        """The group of each of these rows as text; None when no column has that role."""
        return groups_of(self.recipe, self.frame.iloc[rows])

    def times(self, rows: Rows) -> NDArray[Any] | None:
        """The place in time of each of these rows, -1 without a time; None when no column has that role."""
        return places_of(self.recipe, self.frame.iloc[rows])

    def with_folds(self, seed: int) -> Work:
        """The same rows with folds drawn by another seed; the test set stays."""
        return self.resources.load(self.document, seed)


@dataclass(eq=False)
class Resources:
    """What work needs of the place where it runs; all else it brings along.

    Attributes:
        read: gives tables by their ids.
        cache: keeps prepared folds.
        loaded: the newest that was loaded, by recipe (JSON) and seed of the folds.
    """

    read: TableReader
    cache: FoldCache
    loaded: dict[tuple[str, int | None], Work] = field(default_factory=dict)

    def work(self, recipe: Recipe) -> Work:
        """The rows of a recipe, ready to train.

        Raises:
            FoldlineError: as ``load``.
        """
        return self._kept(recipe.model_dump_json(), None, lambda: recipe)

    def load(self, document: str, fold_seed: int | None = None) -> Work:
        """The rows of a recipe (JSON), from memory where they are.

        Args:
            fold_seed: another seed for the folds than the recipe's.

        Raises:
            FoldlineError: ``RECIPE`` when the parts of the recipe do not agree; as ``frame_of``,
                ``target_of`` and ``split_rows``.
        """
        return self._kept(document, fold_seed, lambda: parse(json.loads(document)))

    def _kept(self, document: str, fold_seed: int | None, parsed: Callable[[], Recipe]) -> Work:
        key = (document, fold_seed)
        if key not in self.loaded:
            same = next((work for (text, _), work in self.loaded.items() if text == document), None)
            self.loaded[key] = self._drawn(same, fold_seed) if same else self._read(parsed(), fold_seed)
            for old in list(self.loaded)[:-MOST_LOADED]:
                del self.loaded[old]
        return self.loaded[key]

    def _read(self, recipe: Recipe, fold_seed: int | None) -> Work:
        frame = frame_of(recipe, self.read, columns_used(recipe))
        target = target_of(recipe, frame, order_of_rows(recipe, self.read))
        return Work(recipe, frame, target, split_rows(recipe, frame, target, fold_seed), self, fold_seed)

    @staticmethod
    def _drawn(work: Work, fold_seed: int | None) -> Work:
        split = split_rows(work.recipe, work.frame, work.target, fold_seed)
        return replace(work, split=split, fold_seed=fold_seed)


def split_of(
    recipe: Recipe, read: TableReader, order: Callable[[], Rows | None] | None = None
) -> tuple[Target, RowSplit]:
    """The target of a recipe and how its rows are split, without the columns that a model reads.

    Args:
        order: gives what ``order_of_rows`` does, where that is kept; it needs every column otherwise.

    Raises:
        FoldlineError: as ``frame_of``, ``target_of`` and ``split_rows``.
    """
    frame = frame_of(recipe, read, split_columns(recipe))
    target = target_of(recipe, frame, order() if order else order_of_rows(recipe, read))
    return target, split_rows(recipe, frame, target)


def frame_of(
    recipe: Recipe, read: TableReader, columns: Sequence[str] | None = None, rows: Rows | None = None
) -> pd.DataFrame:
    """The table that a recipe is about: every column and row unless some are asked for.

    Every use of a recipe's rows comes through here, so that further tables can be joined here.

    Raises:
        FoldlineError: as ``consistent``, ``of_one_table``, ``TableReader`` and ``check_kinds``.
    """
    frame = read(of_one_table(consistent(recipe)).source.table, columns, rows)
    check_kinds(recipe, frame)
    return frame
