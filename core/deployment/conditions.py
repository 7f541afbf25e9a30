"""The checks of a plan: conditions with a threshold that every batch is held against."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from core.data.table import Frozen

Subject = Literal["missing", "unseen", "outside", "drift", "joint", "finding", "score", "labels", "rows"]
OutcomeState = Literal["passed", "failed", "unknown"]


class Condition(Frozen):
    """One condition.

    Attributes:
        what: what is looked at: shares of rows of a column (``missing``, ``unseen`` levels, ``outside`` the
            range), the ``drift`` of a column or of a prediction, the ``joint`` drift of whole rows, a
            ``finding`` about the data, the ``score``, and the number of ``labels`` and ``rows``.
        column: the column; empty for what concerns all rows, and for a finding about any column.
        code: of the finding that must not be there.
        least, most: the bounds, as shares for shares of rows.
    """

    what: Subject
    column: str = ""
    code: str = ""
    least: float | None = Field(None, allow_inf_nan=False)
    most: float | None = Field(None, allow_inf_nan=False)


class Outcome(Frozen):
    """What a condition came to: ``unknown`` where the batch cannot tell, such as a score without labels.

    Attributes:
        value: what was measured, where that is a number.
        text: one plain sentence.
    """

    condition: Condition
    state: OutcomeState
    value: float | None = None
    text: str = ""
