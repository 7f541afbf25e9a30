"""The checks of a plan: conditions with a threshold that every batch is held against."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal

from pydantic import Field

from core.catalog.metrics import METRICS
from core.data.table import Frozen
from core.errors import FoldlineError

Subject = Literal["missing", "unseen", "outside", "drift", "joint", "finding", "score", "labels", "rows"]
OutcomeState = Literal["passed", "failed", "unknown"]


class Condition(Frozen):
    """One condition.

    Attributes:
        what: what is looked at: shares of rows of a column (``missing``, ``unseen`` levels, ``outside`` the
            range), the ``drift`` of a column or of a prediction, the ``joint`` drift of whole rows, a
            ``finding`` about the data, the ``score``, and the number of ``labels`` and ``rows``.
        column: the column; empty for what concerns all rows, and for a finding about any column.
        code: of the finding that must not be there, or id of the metric that alone counts as the score.
        least, most: the bounds, as shares for shares of rows.
    """

    what: Subject
    column: str = ""
    code: str = ""
    least: float | None = Field(None, allow_inf_nan=False)
    most: float | None = Field(None, allow_inf_nan=False)

    @property
    def words(self) -> str:
        """The condition as a person writes it; ``condition_of_words`` reads it again."""
        return WORDS[self.what](self)


class Outcome(Frozen):
    """What a condition came to: ``unknown`` where the batch cannot tell, such as a score without labels.

    Attributes:
        value: what was measured, where that is a number.
        text: one plain sentence.
    """

    condition: Condition
    state: OutcomeState
    value: float | None = None
    text: str = ""


def condition_of_words(text: str) -> Condition:
    """The condition that a person wrote, such as ``missing rate of age <= 5 %``.

    Raises:
        FoldlineError: ``CHECK`` when it is none.
    """
    text = text.strip()
    for pattern, made in READ:
        found = pattern.fullmatch(text)
        if found:
            return made(found)
    forms = "; ".join(FORMS)
    raise FoldlineError(
        "CHECK", f"{text[:80]!r} is not a condition that is known.", f"Write one of: {forms}."
    )


FORMS = (
    "missing rate of COLUMN <= 5 %",
    "no unseen levels in COLUMN",
    "values out of range in COLUMN <= 1 %",
    "COLUMN not in drift",
    "rows as wholes not in drift",
    "no CODE in COLUMN",
    "score >= 0.8, or METRIC >= 0.8",
    "labels >= 100",
    "rows >= 100",
)


def _bound(one: Condition, scale: float = 1.0, unit: str = "") -> str:
    limits = ((">=", one.least), ("<=", one.most))
    return " and ".join(f"{sign} {limit * scale:.12g}{unit}" for sign, limit in limits if limit is not None)


def _share(what: str) -> Callable[[Condition], str]:
    return lambda one: f"{what} {one.column} {_bound(one, 100, ' %')}"


def _share_or_none(what: str) -> Callable[[Condition], str]:
    return lambda one: f"no {what} {one.column}" if one.most == 0 else _share(what)(one)


WORDS: Mapping[str, Callable[[Condition], str]] = {
    "missing": _share("missing rate of"),
    "unseen": _share_or_none("unseen levels in"),
    "outside": _share_or_none("values out of range in"),
    "drift": lambda one: f"{one.column} not in drift",
    "joint": lambda one: "rows as wholes not in drift",
    "finding": lambda one: f"no {one.code}" + (f" in {one.column}" if one.column else ""),
    "score": lambda one: f"{one.code or 'score'} {_bound(one)}",
    "labels": lambda one: f"labels {_bound(one)}",
    "rows": lambda one: f"rows {_bound(one)}",
}
"""What is looked at -> the words of such a condition."""
BOUND = r"(?P<sign><=|>=) *(?P<limit>-?\d+(?:\.\d+)?(?:e-?\d+)?)"
IN_WORDS: Mapping[str, Subject] = {
    "missing rate of": "missing",
    "unseen levels in": "unseen",
    "values out of range in": "outside",
}


def _limited(
    what: Subject, found: re.Match[str], scale: float = 1.0, column: str = "", code: str = ""
) -> Condition:
    limit = round(float(found["limit"]) / scale, 12)
    is_least = found["sign"] == ">="
    least, most = (limit, None) if is_least else (None, limit)
    return Condition(what=what, column=column, code=code, least=least, most=most)


READ: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Condition]], ...] = (
    (
        re.compile(rf"(?P<what>{'|'.join(IN_WORDS)}) (?P<column>.+?) *{BOUND} *%", re.DOTALL),
        lambda found: _limited(IN_WORDS[found["what"]], found, 100, found["column"]),
    ),
    (
        re.compile(r"no (?P<what>unseen levels in|values out of range in) (?P<column>.+)", re.DOTALL),
        lambda found: Condition(what=IN_WORDS[found["what"]], column=found["column"], most=0),
    ),
    (re.compile(r"rows as wholes not in drift"), lambda found: Condition(what="joint")),
    (
        re.compile(r"(?P<column>.+) not in drift", re.DOTALL),
        lambda found: Condition(what="drift", column=found["column"]),
    ),
    (
        re.compile(r"no (?P<code>[A-Z][A-Z_]+)(?: in (?P<column>.+))?", re.DOTALL),
        lambda found: Condition(what="finding", code=found["code"], column=found["column"] or ""),
    ),
    (re.compile(rf"labels *{BOUND}"), lambda found: _limited("labels", found)),
    (re.compile(rf"rows *{BOUND}"), lambda found: _limited("rows", found)),
    (
        re.compile(rf"(?P<code>score|{'|'.join(METRICS.ids())}) *{BOUND}"),
        lambda found: _limited("score", found, code=found["code"].removeprefix("score")),
    ),
)
"""How a condition is written, the more special first, and what is made of it."""
