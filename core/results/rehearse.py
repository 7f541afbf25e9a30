"""What came of a labelled history that was played again under several rules of when to retrain."""

from __future__ import annotations

from typing import ClassVar

from core.data.table import Frozen, Note
from core.results.base import Result
from core.results.challenge import Difference
from core.results.evaluate import ScoreInterval
from core.standalone.counts import counted


class PlayedRule(Frozen):
    """One rule on the history.

    Attributes:
        name: of the rule.
        score: over all windows after the first part.
        never, always: how much better it is than never retraining and than after every window.
        retrained: windows, from 1, after which a new model began to work.
        asked: those after which the rule asked for one.
        said: action of the rule of Foldline -> how often it was said.
    """

    name: str
    score: ScoreInterval
    never: Difference
    always: Difference
    retrained: tuple[int, ...]
    asked: tuple[int, ...]
    said: dict[str, int] = {}


class RehearseResult(Result):
    """The rules on the same history.

    Attributes:
        metric: id of the score; ``label`` its name.
        rows: labelled rows; ``first`` those that the first model learned from; ``windows`` of the others.
        delay: windows after which labels came.
        newest: whether new models learned from the latest rows alone.
        ordered_by: the column of time; empty for the order of the file.
        text: what came of it, in sentences.
    """

    KIND: ClassVar[str] = "rehearse"

    metric: str
    label: str
    model: str
    rows: int
    first: int
    windows: int
    delay: int
    newest: bool
    ordered_by: str
    rules: tuple[PlayedRule, ...]
    text: str
    notes: tuple[Note, ...] = ()

    @property
    def how(self) -> str:
        """How the history was played, in sentences."""
        latest = "the latest rows" if self.newest else "all rows so far"
        by = f"by {self.ordered_by}" if self.ordered_by else "in the order of the file"
        there, windows = counted(self.rows, "labelled row"), counted(self.windows, "window")
        return (
            f"{self.model} on {there} {by}: the first {self.first:,} train it, the others come in {windows}, "
            f"labels {self.delay} later; retrained on {latest}. "
            "Intervals take windows as independent of each other."
        )
