"""What training needs from whoever runs it: a way to tell, a way to be stopped, a way to run units."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol


class Outcome(Protocol):
    """How one unit ended: with a value, or with a coded error.

    Attributes:
        unit: what was asked.
        value: what the work returned, None when there is an error.
        error: ``FoldlineError.as_dict`` or None.
        wall, cpu: seconds; peak_mb: largest resident memory.
    """

    unit: Any
    value: Any
    error: dict[str, str] | None
    wall: float
    cpu: float
    peak_mb: float


LATER: Any = object()
"""Given instead of a unit: there is none yet, ask again after an outcome of those under way."""

Runner = Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Outcome]]
"""Runs the work on each unit, in processes of their own, and yields outcomes as they finish."""


class Progress(Protocol):
    """The job as training sees it."""

    def event(self, kind: str, **facts: Any) -> None:
        """Tell something that a page shows at once."""

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Tell how many units are done."""

    def should_stop(self) -> bool:
        """Whether to end now and keep what is there."""
