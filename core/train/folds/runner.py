"""What training needs from whoever runs it: a way to tell, a way to be stopped, a way to run units."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from core.train.folds.unit import Unit
from core.train.work import Resources

U = TypeVar("U")
R = TypeVar("R")


@dataclass(frozen=True)
class Outcome(Generic[U, R]):
    """What became of one unit.

    Attributes:
        value: what the work gave, or None when there is an error.
        error: the facts of a FoldlineError, or None.
        wall, cpu: seconds; cpu counts the unit's own children too.
        peak_mb: largest resident memory of the unit's process while it worked.
    """

    unit: U
    value: R | None
    error: dict[str, str] | None
    wall: float
    cpu: float
    peak_mb: float


LATER: Any = object()
"""Given instead of a unit: there is none yet, ask again after an outcome of those under way."""


class Runner(Protocol):
    """Runs the units of one job wherever it likes: in processes of this machine, or on others.

    It has the resources of the place where units run, and knows the job's limits and when it is to stop.
    """

    def run(
        self,
        work: Callable[[Unit, Resources], R],
        units: Iterable[Unit],
        over: Callable[[], bool] = lambda: False,
    ) -> Iterator[Outcome[Unit, R]]:
        """Do the work on each unit and give outcomes as they come, in any order.

        A unit that fails, crashes, swells or takes too long is an outcome with an error; the others go on.
        Once the job is to stop, units under way are given up, the rest never starts, and neither gives an
        outcome.

        Args:
            work: a function of a module, which another process can import: ``run_unit`` or ``prepare_unit``.
            units: taken one by one, each when there is room for it, so that a search may decide late;
                ``LATER`` among them makes the runner wait for an outcome.
            over: asked as often as whether the job is to stop; once True, these units end in the same way.
        """


class Progress(Protocol):
    """The job as training sees it."""

    def event(self, kind: str, **facts: Any) -> None:
        """Tell something that a page shows at once."""

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Tell how many units are done."""

    def should_stop(self) -> bool:
        """Whether to end now and keep what is there."""
