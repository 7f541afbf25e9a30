"""How rows are split, in words: the same sentences before the rows are there and after they were split."""

from __future__ import annotations

from dataclasses import dataclass

PROPORTIONAL = ", classes in proportion"


@dataclass(frozen=True)
class SplitFacts:
    """What is to be said of a split.

    Attributes:
        scheme, folds, repeats: as ``core.recipe.split.folds_asked``; folds as many as there are.
        share: of the rows that are the test set.
        test, train: numbers of rows.
        time, group: names of the columns with these roles, or empty.
        test_in_proportion, folds_in_proportion: whether the classes are drawn in proportion.
        exact: whether the rows were split; else the numbers of rows are an estimate.
    """

    scheme: str
    folds: int
    repeats: int
    share: float
    test: int
    train: int
    time: str = ""
    group: str = ""
    test_in_proportion: bool = False
    folds_in_proportion: bool = False
    exact: bool = False


def split_words(facts: SplitFacts) -> str:
    """How rows are split, as a person would say it."""
    about = "" if facts.exact else "about "
    return (
        f"Test: {_test(facts)} ({about}{facts.test:,} rows). "
        f"Validation: {_folds(facts)}, from the others ({about}{facts.train:,} rows)."
    )


def _test(facts: SplitFacts) -> str:
    if facts.time:
        return f"the last {facts.share:.0%} in time by {facts.time}"
    if facts.group:
        return f"{facts.share:.0%} of the groups in {facts.group}"
    return f"{facts.share:.0%} drawn at random{PROPORTIONAL if facts.test_in_proportion else ''}"


def _folds(facts: SplitFacts) -> str:
    if facts.time:
        return f"{facts.folds} steps forward in time{' by whole groups' if facts.group else ''}"
    if facts.group:
        return f"{facts.folds} folds of whole groups"
    proportion = PROPORTIONAL if facts.folds_in_proportion else ""
    if facts.scheme == "holdout":
        return f"one tenth held out{proportion}"
    times = f", {facts.repeats} times" if facts.scheme == "repeated" else ""
    return f"{facts.folds} folds{times}{proportion}"
