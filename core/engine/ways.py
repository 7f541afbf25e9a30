"""The ways in which rows to predict are given; the newest predictions of each way are kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

Way = Literal["file", "table", "case"]


def way(data: Mapping[str, Any]) -> Way:
    """How the rows of a prediction were given: typed in as a case, a table of the project, or a file.

    Args:
        data: as in the spec of the job, see ``core.engine.work.predict.rows_of``.
    """
    if "rows" in data:
        return "case"
    return "table" if "table" in data else "file"
