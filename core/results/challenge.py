"""What testing a new model against the current one has found."""

from __future__ import annotations

from typing import ClassVar, Literal

from core.data.table import Frozen, Note
from core.results.base import Columns, Result
from core.results.evaluate import ScoreInterval


class Guardrail(Frozen):
    """Something in which a better model must not be worse."""

    name: str
    state: Literal["ok", "broken", "not_judged"]
    text: str


class Difference(Frozen):
    """The new score minus the current one, turned so that more is better, with its 95 % interval."""

    value: float | None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    why: str = ""


class Peeking(Frozen):
    """What may be looked at after every row.

    Attributes:
        score: what is bet on, in words; ``own`` whether it is the very score that was asked for.
        pairs: differences that were seen: rows, or pairs of rows.
        evidence: wealth of the bet that the new model is better; from 20 on that is proven.
        best_evidence: the highest it has been; ``proven`` the pairs after which it was proven, or None.
        curve: rows, mean, low, high of the confidence sequence.
    """

    score: str
    pairs: int
    evidence: float
    best_evidence: float
    proven: int | None
    curve: Columns
    own: bool = True


class ChallengeResult(Result):
    """The verdict on a new model and what it stands on.

    Attributes:
        metric: id of the score; ``label`` its name.
        rows: labelled rows that neither model learned from; ``left_out`` those that one did.
        overlap_checked: whether both bundles tell which rows they learned from.
        alike: what was taken as independent: rows, groups, times, both.
        needed: rows in all that would end it, or None.
        plan: true gain -> rows that show it in four of five looks.
        split: rows that a traffic split would need, in parts of these; None where nobody knows.
        text: the verdict in one sentence; ``action`` what to do.
    """

    KIND: ClassVar[str] = "challenge"

    decision: Literal["promote", "keep", "equivalent", "continue"]
    action: str
    text: str
    metric: str
    label: str
    rows: int
    left_out: int
    overlap_checked: bool
    alike: str
    least: float
    margin: float
    champion: ScoreInterval
    challenger: ScoreInterval
    difference: Difference
    guardrails: tuple[Guardrail, ...]
    needed: int | None
    plan: dict[str, int]
    peeking: Peeking | None = None
    split: float | None = None
    notes: tuple[Note, ...] = ()
    result: str = ""

    @property
    def split_words(self) -> str:
        """What a traffic split would cost, in a sentence; empty where nobody knows."""
        if self.split is None:
            return ""
        return (
            "A traffic split, where each row goes to one of the two alone, would need about "
            f"{self.split:.1f} times as many rows to tell as much: here both answer the same rows."
        )
