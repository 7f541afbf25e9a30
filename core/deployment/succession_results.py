"""What finding a deployment its next model has found."""

from __future__ import annotations

from typing import ClassVar

from core.data.table import Note
from core.deployment.model_entries import Evidence
from core.results.base import Result
from core.results.challenge import ChallengeResult


class SucceedResult(Result):
    """A successor that was trained and joined.

    Attributes:
        model: SHA-256 of its bundle; ``label`` what it is called.
        table: id of the table that it learned from.
        rows: of that table.
        text: what is known of it, in a sentence.
    """

    KIND: ClassVar[str] = "succeed"

    deployment: str
    model: str
    label: str
    table: str
    rows: int
    text: str
    notes: tuple[Note, ...] = ()


class ContestResult(Result):
    """A challenger tested against the champion, and what the log keeps of it."""

    KIND: ClassVar[str] = "contest"

    deployment: str
    champion: str
    challenger: str
    evidence: Evidence
    compared: ChallengeResult
