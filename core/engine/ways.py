"""The ways in which rows to predict are given; the newest predictions of each way are kept."""

from __future__ import annotations

from typing import Literal

from core.engine.job_specs import RowSource, TableRows, TypedRows

Way = Literal["file", "table", "case"]


def way_of(data: RowSource) -> Way:
    """How the rows of a prediction were given: typed in as a case, a table of the project, or a file."""
    if isinstance(data, TypedRows):
        return "case"
    return "table" if isinstance(data, TableRows) else "file"
