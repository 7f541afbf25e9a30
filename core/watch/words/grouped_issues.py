"""Findings told together: one line for one thing, however many columns it is true of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.standalone.counts import first_of
from core.watch.judge.schema_gate import DataIssue, Severity

SHOWN = 5
SEVERAL = {
    "DUPLICATE_NAME": "names are there more than once; the first column of each is compared",
    "RENAMED_COLUMN": "columns are missing, but others look like them under a new name",
    "MISSING_COLUMN": "columns are missing from the new data",
    "EXTRA_COLUMN": "columns are not in the reference; they are left out",
    "ALL_MISSING": "columns have no value at all",
    "CONSTANT": "columns have one value only in the new data",
    "INFINITE": "columns hold infinite values; they count as missing",
    "TIME_ZONE": "columns hold times with a zone where there was none, or none where there was one",
    "AMBIGUOUS_DATE": "columns hold dates that may be day or month first",
    "AMBIGUOUS_NUMBER": "columns hold numbers whose point may mark thousands",
    "TYPE_CHANGED": "columns cannot be read as what they were",
    "TYPE_CAST": "columns came as another type; every value could be read",
    "DUPLICATE_IDS": "columns were unique and hold repeated values now",
    "NEW_BY_NATURE": "columns hold hardly a value from before, as within the reference: they may be "
    "identifiers, which need the role group or ignore",
    "UNSEEN_LEVELS": "columns hold values never seen before",
    "FAR_OUTSIDE": "columns hold values far outside the range they had",
    "LONG_TAIL": "columns go more than ten times as far out as before, where their tails may reach",
    "BEYOND_TIMES": "columns of times run beyond those of the reference",
    "OUT_OF_RANGE": "columns run beyond the range they had",
}


NAMES_ONLY = frozenset(("MISSING_COLUMN", "EXTRA_COLUMN", "ALL_MISSING", "CONSTANT", "NEW_BY_NATURE"))


@dataclass(frozen=True)
class IssueGroup:
    """One thing noticed about the new data.

    Attributes:
        text: one sentence, with the first few names when it is true of several columns.
        reasons: of each single issue.
    """

    severity: Severity
    code: str
    text: str
    reasons: tuple[str, ...]

    @property
    def is_all(self) -> bool:
        """Whether the sentence says as much as the single issues do."""
        return len(self.reasons) == 1 or (self.code in NAMES_ONLY and len(self.reasons) <= SHOWN)


def grouped(issues: Sequence[DataIssue]) -> list[IssueGroup]:
    """The issues with those of one code and severity put together, in the order they first come."""
    together: dict[tuple[Severity, str, str], list[DataIssue]] = {}
    for issue in issues:
        alone = "" if issue.code in SEVERAL else issue.column or issue.reason
        together.setdefault((issue.severity, issue.code, alone), []).append(issue)
    return [
        IssueGroup(severity, code, _text(group), tuple(one.reason for one in group))
        for (severity, code, _), group in together.items()
    ]


def _text(group: Sequence[DataIssue]) -> str:
    if len(group) == 1:
        return group[0].reason
    names = first_of([repr(one.column) for one in group], SHOWN)
    return f"{len(group)} {SEVERAL[group[0].code]}: {names}."
