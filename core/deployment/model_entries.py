"""Entries about the models of a deployment: who joined, what was compared, who works."""

from __future__ import annotations

from typing import Literal

from core.data.table import Frozen
from core.deployment.stamps import Number, Sha
from core.results.challenge import Guardrail
from core.stamped import Stamped

Place = Literal["champion", "challenger"]


class Created(Stamped):
    """The deployment was made."""

    kind: Literal["created"] = "created"
    name: str


class Joined(Stamped):
    """A model joined; the bundle of that SHA-256 is kept in the folder."""

    kind: Literal["joined"] = "joined"
    model: Sha
    label: str
    role: Place


class Left(Stamped):
    """A challenger is no longer tried."""

    kind: Literal["left"] = "left"
    model: Sha


class Retrained(Stamped):
    """A successor was trained from a model's recipe; it joins by an entry of its own."""

    kind: Literal["retrained"] = "retrained"
    model: Sha
    parent: Sha
    data: str
    rows: int
    text: str = ""


class Evidence(Frozen):
    """What a decision between two models rests on.

    Attributes:
        verdict: promote, keep, equivalent or continue.
        test: name of the test, with its statistic ``value``.
        difference: the gain with its interval.
        n: rows that were compared; ``seed`` of what was drawn.
        data: SHA-256 of these rows.
        guardrails: in what else the new model was looked at, and what came of it.
    """

    verdict: str
    test: str
    metric: str = ""
    value: Number = None
    difference: tuple[Number, ...] = ()
    n: int
    seed: int = 0
    data: str
    text: str = ""
    guardrails: tuple[Guardrail, ...] = ()


class Challenged(Stamped):
    """A challenger was tested against the champion."""

    kind: Literal["challenged"] = "challenged"
    champion: Sha
    challenger: Sha
    evidence: Evidence


class Promoted(Stamped):
    """A challenger became the champion.

    Attributes:
        previous: the champion before.
        evidence: None when a person promoted it without a test.
        reason: in the words of who did it.
    """

    kind: Literal["promoted"] = "promoted"
    model: Sha
    previous: Sha
    evidence: Evidence | None = None
    reason: str = ""


class RolledBack(Stamped):
    """The champion before came back."""

    kind: Literal["rolled_back"] = "rolled_back"
    model: Sha
    previous: Sha
    reason: str = ""
