"""Free text whose words, or the numbers in it, give the target away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import Ridge
from sklearn.tree import DecisionTreeRegressor

from core.checks.finding import Finding, Severity, leave_out
from core.checks.numbers_in_text import numbers_in
from core.checks.strength import CLASSES, Evidence, number_strength
from core.checks.told_numbers import told_numbers
from core.data.table import Column

MOST_TEXTS = 3_000
LONGEST = 600
"""Characters that are read, half of them from the beginning and half from the end."""
MOST_WORDS = 2_000
LEAST_TEXTS = 20
"""With fewer different texts the texts are levels."""
FEW_WORDS = 6
ALL_WORDS = 0.995
"""From this strength on all words together give the target away; honest texts reach .98."""
AS_WELL = 0.002
"""Strength by which a number must tell better than a few words, to be named instead."""
NAMED = 3
HELD, SURELY_HELD = 0.2, 0.4
"""Share of the rows, beyond chance, whose text holds the very number, to be named and to leave no doubt."""


@dataclass(frozen=True)
class _Telling:
    """How well a text tells the target, by what, and whether that gives it away.

    Attributes:
        strength: Gini or R2; the share of the rows where the text ``held`` the very number.
    """

    strength: float
    by: str
    gives_away: bool
    held: bool = False

    def words(self, column: str, target: str, measure: str) -> str:
        """What is said of it."""
        if self.held:
            told = f"{column} holds {target}, as {self.by}, in {self.strength:.0%} of the rows"
        else:
            told = f"The text of {column} tells {target} by {self.by} ({measure} {self.strength:.3f})"
        return f"{told}: it may have been written after the fact."


def telling_texts(evidence: Evidence, error: float, warn: float) -> list[Finding]:
    """Text columns of which a few words, all words or a number in the text tell the target, out of fold."""
    few = evidence.few(MOST_TEXTS)
    findings = []
    for column in few.subject.features():
        if column.physical != "text" or column.unique < LEAST_TEXTS:
            continue
        telling = _telling(few, column, error, warn)
        if telling is None:
            continue
        severity: Severity = "error" if telling.gives_away else "warn"
        reason = telling.words(column.name, few.subject.target, evidence.measure)
        fix = leave_out(column.name)
        findings.append(
            Finding(code="LEAKAGE", severity=severity, column=column.name, reason=reason, fix=fix)
        )
    return findings


def _telling(few: Evidence, column: Column, error: float, warn: float) -> _Telling | None:
    texts = few.rows[column.name].fillna("").astype("str")
    by_number = max((number_strength(numbers, few) for numbers in numbers_in(texts)), default=0.0)
    telling = _Telling(by_number, "a number in it", by_number >= error)
    held, by = told_numbers(texts, few.targets[:, 0], few.subject.seed) if few.numbers else (0.0, "")
    if by_number < min(error, warn) and held >= HELD:
        return _Telling(held, by, held >= SURELY_HELD, held=True)
    read = _words_of(texts)
    if read is not None:
        counts, words = read
        tree = _by_few_words(few, counts)
        if tree > by_number - AS_WELL:
            telling = _Telling(tree, f"a few words ({_named(few, counts, words)})", tree >= error)
    if telling.strength >= min(error, warn):
        return telling
    return _by_all_words(few, read[0], error) if read is not None else None


def _words_of(texts: pd.Series) -> tuple[csr_matrix, CountVectorizer] | None:
    """Which words each text holds, and what they are; None where no word comes in three texts."""
    ends = texts.str.slice(0, LONGEST // 2) + " " + texts.str.slice(LONGEST // 2).str.slice(-LONGEST // 2)
    words = CountVectorizer(
        binary=True, min_df=3, max_features=MOST_WORDS, ngram_range=(1, 2), token_pattern=r"\w+"
    )
    try:
        return words.fit_transform(ends), words
    except ValueError:  # scikit-learn's way to say that no word comes in three texts
        return None


def _by_all_words(few: Evidence, counts: csr_matrix, error: float) -> _Telling | None:
    every = few.strength(few.out_of_fold(lambda fit, judged: _lines(few, counts, fit, judged)))
    if every < (error if few.numbers else max(error, ALL_WORDS)):
        return None
    alone = len(few.subject.features()) == 1
    return _Telling(every, "its words", not alone)


def _by_few_words(few: Evidence, counts: csr_matrix) -> float:
    return few.strength(few.out_of_fold(lambda fit, judged: _tree(few, counts, fit, judged)))


def _tree(few: Evidence, counts: csr_matrix, fit: np.ndarray, judged: np.ndarray) -> np.ndarray:
    return np.asarray(_fitted(few, counts, fit).predict(counts[judged])).reshape(len(judged), -1)


def _fitted(few: Evidence, counts: csr_matrix, fit: np.ndarray) -> DecisionTreeRegressor:
    leaves = FEW_WORDS + 2 * min(CLASSES, few.targets.shape[1] - 1)
    tree = DecisionTreeRegressor(max_leaf_nodes=leaves, min_samples_leaf=3, random_state=0)
    return tree.fit(counts[fit], few.targets[fit])


def _named(few: Evidence, counts: csr_matrix, words: CountVectorizer) -> str:
    tree = _fitted(few, counts, np.arange(len(few.rows)))
    names = words.get_feature_names_out()
    order = np.argsort(-tree.feature_importances_)[:NAMED]
    return ", ".join(f"“{names[i]}”" for i in order if tree.feature_importances_[i] > 0.01)


def _lines(few: Evidence, counts: csr_matrix, fit: np.ndarray, judged: np.ndarray) -> np.ndarray:
    line = Ridge(alpha=1.0, solver="sparse_cg").fit(counts[fit], few.targets[fit])
    return np.asarray(line.predict(counts[judged])).reshape(len(judged), -1)
