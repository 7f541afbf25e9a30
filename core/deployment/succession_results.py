"""What finding a deployment its next model has found."""

from __future__ import annotations

from typing import ClassVar

from core.data.table import Note
from core.deployment.model_entries import Evidence
from core.results.base import Result
from core.results.challenge import ChallengeResult
from core.results.rehearse import RehearseResult


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


class ReplayResult(Result):
    """A labelled history played again under several rules of when to retrain the model at work.

    Attributes:
        folder: of the deployment.
        model: SHA-256 of the model at work, whose recipe learned.
        history: name of the table that was played.
    """

    KIND: ClassVar[str] = "replay"

    deployment: str
    folder: str
    model: str
    history: str
    played: RehearseResult
