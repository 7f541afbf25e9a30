"""The base of every result, and how a stored one is parsed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import AliasChoices, Field, ValidationError

from core.data.table import Frozen
from core.errors import FoldlineError

Columns = dict[str, tuple[Any, ...]]
"""A table as it is stored: name of a column -> its values."""
SplitPrint = Annotated[str, Field(validation_alias=AliasChoices("split", "division"))]
"""Fingerprint of the part of the recipe that decides the split; 0.1.0 stored it as ``division``."""


class Failure(Frozen):
    """The facts of a ``FoldlineError`` that ended a part of the work."""

    code: str
    problem: str
    hint: str = ""
    where: str = ""


class FailedPart(Failure):
    """A part of a job that gave nothing, while the others did: its name, and why."""

    part: str


def failure(facts: Mapping[str, str] | None) -> Failure | None:
    """The facts of an error, or None when there was none."""
    return None if facts is None else Failure.model_validate(facts)


class Result(Frozen):
    """What a job has found: immutable, stored as JSON with its version.

    Attributes:
        KIND: the kind of job that finds it.
        version: of the stored form; 0.1.0 stored none and means 1.
    """

    KIND: ClassVar[str]

    version: Literal[1] = 1

    def facts(self) -> dict[str, Any]:
        """JSON-ready, for ``--json`` and files; the version belongs to the store alone."""
        return self.model_dump(mode="json", exclude={"version"})


class RunResult(Result):
    """A result that is also kept as a run.

    Attributes:
        fingerprint: of the part of the recipe that decides it.
        run: id of the run; empty until it is kept.
    """

    fingerprint: str
    run: str = ""


R = TypeVar("R", bound=Result)


def parsed(model: type[R], payload: dict[str, Any]) -> R:
    """A stored payload as what it is.

    Raises:
        FoldlineError: ``RESULT`` when it has a form that this version does not know.
    """
    try:
        return model.model_validate(payload)
    except ValidationError as error:
        problem = f"A stored result ({model.KIND}) is of another version of Foldline."
        raise FoldlineError("RESULT", problem, "Run that step again.") from error


def parsed_or_none(model: type[R], payload: dict[str, Any] | None) -> R | None:
    """A stored payload as what it is; None when there is none, or it has a form that is not known."""
    try:
        return None if payload is None else parsed(model, payload)
    except FoldlineError:
        return None
