"""What the rows of a table belong to, used by the model or left out: who shares what leaves the house."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.checks.finding import FEWEST_ENTITIES, Subject
from core.data.table import Table
from core.drift.profile.sharing import LEAST
from core.drift.tests.lots import Codes
from core.recipe.columns import as_chosen, columns_of
from core.standalone.split import as_groups
from core.train.rows.opened import Rows
from core.train.work import Work, frame_of


@dataclass(frozen=True, eq=False)
class Owners:
    """The columns that say what rows belong to.

    Attributes:
        names: of the columns: that with the role group, else those for which this role is offered.
        codes: (rows of the table, names) number of the patient, device or the like.
    """

    names: tuple[str, ...]
    codes: Codes

    def of(self, rows: Rows) -> Codes | None:
        """(n, names) of these rows; None where no column says what they belong to."""
        return self.codes[rows] if self.names else None


def owners_of(work: Work, table: Table) -> Owners:
    """What the rows of a recipe's table belong to, also by columns that no model reads.

    Of columns that are offered as a group those with at least ten values count: fewer are a category, such as
    sites, whose new levels Monitor is to see, unless a person gives them the role group.
    """
    recipe = work.recipe
    frame = frame_of(recipe, work.resources.read)
    names = [column.name for column in recipe.with_role("group")]
    if not names:
        columns, typed = as_chosen(recipe, columns_of(recipe, table), frame)
        subject = Subject(typed, columns, recipe.target, recipe.task, seed=recipe.seed)
        names = [c.name for c in subject.owners(FEWEST_ENTITIES) if c.unique >= LEAST]
    groups = [
        as_groups(frame[name], recipe.column(name).missing, recipe.column(name).joined) for name in names
    ]
    codes = [pd.factorize(one)[0] for one in groups]
    empty = np.empty((len(frame), 0), dtype=np.int64)
    return Owners(tuple(names), np.column_stack(codes).astype(np.int64) if codes else empty)
