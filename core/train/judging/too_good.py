"""A validation score that is nearly perfect, which is seldom honest, and the column that carries it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from core.checks.finding import Subject
from core.checks.leakage import leakage
from core.checks.strength import column_strength, evidence_of
from core.data.kinds import physical_type
from core.data.table import Column
from core.evaluate.prediction import Prediction
from core.standalone.counts import agreeing
from core.train.ranking.wording import listed
from core.train.tried import Tried
from core.train.work import Work

SURE, HALF = 0.85, 0.5
"""Strength of a column that is a leak, or that is worth naming."""
KNOWN = "make sure that it is known when a prediction is made."
PERFECT = 0.005
"""Share of the baseline's mistakes, or of its squared error, up to which a score is questioned."""


def doubt_of(work: Work, tried: Mapping[str, Tried], best: str, columns: Sequence[Column]) -> str:
    """Why the score of the best candidate is to be questioned, in words; empty when it is not.

    Args:
        columns: of the table, with the kinds and roles of the recipe.
    """
    one = tried.get(best)
    if one is None or one.status != "done":
        return ""
    truth = np.concatenate([work.labels(valid) for _, valid in work.split.folds])
    guessed = np.concatenate([p.labels for p in one.predictions if isinstance(p, Prediction)])
    if _left(truth, guessed, bool(work.target.classes)) > PERFECT:
        return ""
    return (
        "The best model is nearly always right on rows that it did not learn from, which is seldom honest. "
        f"{_carried_by(work, columns)}"
    )


def _left(truth: np.ndarray, guessed: np.ndarray, classes: bool) -> float:
    """What is left of the mistakes of always guessing the commonest class, or the mean."""
    if not classes:
        return float(np.mean((truth - guessed) ** 2) / np.var(truth.astype("float64")))
    texts = truth.astype(str)
    usual = 1 - np.unique(texts, return_counts=True)[1].max() / len(texts)
    return float(np.mean(texts != guessed.astype(str)) / usual) if usual > 0 else 1.0


def _carried_by(work: Work, columns: Sequence[Column]) -> str:
    """The columns that the checks call leaks, else the one that tells most, in a sentence."""
    frame = work.frame.iloc[work.split.train].copy()
    frame[work.recipe.target] = work.labels(work.split.train)
    there = [c for c in columns if c.name in frame.columns]
    typed = tuple(c.model_copy(update={"physical": physical_type(frame[c.name])}) for c in there)
    subject = Subject(frame, typed, work.recipe.target, work.recipe.task, seed=work.recipe.seed)
    leaks = [one.column for one in leakage(subject, SURE, SURE)]
    if leaks:
        return f"{listed(leaks)} {agreeing('carries', len(leaks))} it: {KNOWN}"
    evidence = evidence_of(subject)
    strengths = (
        {}
        if evidence is None
        else {c.name: column_strength(evidence.rows[c.name], c, evidence) for c in subject.features()}
    )
    name = max(strengths, key=lambda one: strengths[one], default="")
    if name and strengths[name] >= HALF:
        return f"{name} tells most by itself ({strengths[name]:.3f} of 1): {KNOWN}"
    return "No column tells it alone: look at what several tell together, and whether rows stand twice."
