"""Labels of new rows: many come later than the rows, and until then they are neither missing nor drift."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from core.data.table import MISSING_WORDS
from core.drift.profile.conversion import came_as
from core.drift.profile.document import ColumnProfile
from core.drift.tests.level_distances import aligned, homogeneity, pooled
from core.spec import WITH_LEVELS
from core.standalone.cells import as_text
from core.standalone.counts import counted_of
from core.watch.judge.schema_gate import DataIssue
from core.watch.words.wording import shown

PENDING = frozenset(
    (
        *(word.casefold() for word in MISSING_WORDS),
        *("-", "--", "—", ".", "..", "...", "tbd", "tba", "pending", "open", "unknown", "unlabeled"),
        *("unlabelled", "not yet", "not known", "to be determined", "to be decided", "missing", "blank"),
        *("not available", "in progress", "awaiting", "waiting", "later", "offen", "ausstehend"),
        *("unbekannt", "inconnu", "en cours", "desconocido", "pendiente"),
    )
)
"""Words, in lower case, that stand where a label is still to come."""
FAIR_P = 0.05
FEWEST = 10
LITTLE = 0.05
SHOWN = 3
RELATION_UNTESTED = "RELATION_UNTESTED"


def arrived(values: pd.Series, levels: Collection[str]) -> pd.Series:
    """The labels with the words gone that stand for one that is still to come.

    Args:
        levels: the classes, which are never such words.
    """
    if came_as(values) != "text":
        return values
    words = values.astype("str").str.strip()
    return values.mask(words.str.casefold().isin(PENDING) & ~words.isin(list(levels)))


def are_classes(old: ColumnProfile, task: str) -> bool:
    """Whether the labels are names of classes, however they are stored; without a task by their kind."""
    return bool(old.levels) and (task in ("binary", "multiclass") or (not task and old.kind in WITH_LEVELS))


def as_classes(old: ColumnProfile, labels: pd.Series, values: pd.Series) -> tuple[ColumnProfile, pd.Series]:
    """The target as one of texts, and the labels of new rows as such: classes that are numbers are names too.

    Args:
        labels: (n,) in the physical type of the target; a class that cannot be read in it is missing.
        values: (n,) as they came.
    """
    names = as_text(labels)
    kind = old.kind if old.kind in WITH_LEVELS else "categorical"
    return replace(old, kind=kind, physical="text"), names.where(names.notna(), as_text(values))


def label_issues(old: ColumnProfile, labels: pd.Series, task: str) -> list[DataIssue]:
    """What is to be known of the labels of new rows: that none or few have come, or that some are foreign.

    Args:
        labels: (n,) typed, missing where none has come.
    """
    present, rows = int(labels.notna().sum()), len(labels)
    if not present:
        text = (
            f"No new row has a label yet ({old.name!r}): nothing is known of the score. "
            "That is usual while outcomes are still to come."
        )
        return [DataIssue("info", "NO_LABELS", old.name, text)]
    issues = foreign_labels(old, labels.dropna(), task)
    if present < rows:
        text = (
            f"{counted_of(present, rows, 'new row', 'has')} a label; what is said of {old.name!r} stands on "
            "them."
        )
        issues.append(DataIssue("info", "LATE_LABELS", old.name, text))
    return issues


def relation_untested(old: ColumnProfile) -> DataIssue:
    """That labels came and no model, whose score would tell whether they still follow from the columns."""
    reason = (
        f"Whether {old.name!r} still depends on the other columns as it did was not tested: no model was "
        "compared. Compare the new rows with a bundle, or with a recipe that has a model: the score on the "
        "new labels tells."
    )
    return DataIssue("info", RELATION_UNTESTED, old.name, reason)


def foreign_labels(old: ColumnProfile, labels: pd.Series, task: str) -> list[DataIssue]:
    """An issue with the labels that are none of the classes; empty when all are, or of numbers."""
    if not are_classes(old, task) or old.rest:
        return []
    foreign = labels[~labels.isin(list(old.levels))]
    if foreign.empty:
        return []
    named = ", ".join(shown(str(level)) for level in foreign.value_counts().index[:SHOWN])
    text = (
        f"{counted_of(len(foreign), len(labels), 'label', 'is')} classes that {old.name!r} never had: "
        f"{named}."
    )
    if task:
        text += " The score leaves these rows out."
    return [DataIssue("warn", "FOREIGN_LABELS", old.name, text)]


def is_fair_draw(labelled: NDArray[np.bool_], predictions: Sequence[pd.Series], usual_missing: float) -> bool:
    """Whether the rows that have a label are like the others, as far as can be told.

    Outcomes often come by class: who defaults is known before who does not. Then the labels that have come
    say nothing of the mix of all. What a model says of both parts tells whether they are alike; without it
    they count as alike when no more labels are missing than in the reference.

    Args:
        predictions: each (n,), what a model says of the rows, as numbers or as texts.
        usual_missing: share of the rows of the reference without a label.
    """
    if min(labelled.sum(), (~labelled).sum()) < FEWEST:
        return bool((~labelled).sum() < FEWEST)
    if not predictions:
        return bool((~labelled).mean() <= usual_missing + LITTLE)
    return all(_p_alike(values[labelled], values[~labelled]) > FAIR_P for values in predictions)


def _p_alike(one: pd.Series, other: pd.Series) -> float:
    """The p-value that both come from one distribution; 1 where one side says nothing."""
    one, other = one.dropna(), other.dropna()
    if one.empty or other.empty:
        return 1.0
    if came_as(one) == "number":
        return float(stats.ks_2samp(one, other).pvalue)
    _, table = aligned(*({str(k): int(v) for k, v in s.value_counts().items()} for s in (one, other)))
    return homogeneity(pooled(table))[1]
