"""Entries about batches: rows, labels, checks, the plan behind them, and what was decided."""

from __future__ import annotations

from typing import Literal

from core.data.table import Frozen
from core.deployment.conditions import Condition, Outcome
from core.deployment.stamps import BatchId, FileId, Number, Sha
from core.recipe.usage import Drift
from core.stamped import Stamped
from core.watch.decision.estimate import Estimate
from core.watch.decision.window import Window

How = Literal["key", "order", "given"]
"""How labels found their rows: by a key column, by the order of the rows, or beside them in one file."""


class BatchScore(Frozen):
    """The score of a batch on its labels, as ``core.watch.performance`` judged it against the hold-out.

    Attributes:
        state: as that of ``Performance``.
        n: labelled rows that it stands on.
        low, high: its 95 % interval; None where there is none.
        holdout: the score on the locked test rows with its interval.
        text: one plain sentence.
    """

    state: str
    metric: str = ""
    n: int = 0
    value: Number = None
    low: Number = None
    high: Number = None
    holdout: tuple[Number, Number, Number] | None = None
    text: str = ""


class BatchVerdict(Frozen):
    """The answer for a batch, as ``core.watch.judge.verdict`` gives it: a state, what to do, and why."""

    state: str
    action: str
    text: str


class ShadowSaid(Frozen):
    """What a challenger said in the shadow of rows that the model at work has answered.

    Attributes:
        rows: that it predicted.
        differs: of these, rows that it puts into another class; None for numbers.
        gap: mean absolute difference of the predicted numbers; of classes the mean over the rows of half the
            sum of the differences of their probabilities.
        problem: code of the error that kept it from predicting; empty when it did.
    """

    model: Sha
    rows: int = 0
    differs: int | None = None
    gap: Number = None
    problem: str = ""


class Scored(Stamped):
    """A batch was kept, predicted as far as it could be, and compared with what the model learned from.

    Attributes:
        data: SHA-256 of its rows, labels left out.
        file: SHA-256 of the file in the folder that keeps its rows.
        source: name of the file that they came in, a label only.
        predicted: rows that have a prediction: all, or none when the model could not take them.
        flags: kind of a trust flag -> rows that have it.
        span: first and last value of the time column, as text; empty where there is none.
        verdict: of the comparison.
        problem: code of the error that kept it from being read; empty when it was.
        report: id of the whole report.
        window: what a decision on retraining stands on; None where the model has no score to compare with.
        estimate: of its score without labels, or why there is none; None where nothing was predicted.
        shadow: of rows that a service has answered, what challengers said of them.
    """

    kind: Literal["scored"] = "scored"
    batch: BatchId
    model: Sha
    data: Sha
    file: Sha
    source: str
    rows: int
    predicted: int
    flags: dict[str, int] = {}
    span: tuple[str, ...] = ()
    verdict: BatchVerdict
    problem: str = ""
    report: FileId
    window: Window | None = None
    estimate: Estimate | None = None
    shadow: tuple[ShadowSaid, ...] = ()


class Labelled(Stamped):
    """Labels came for rows of a batch.

    Attributes:
        file: id of the file that holds them.
        given: labels that came for this batch.
        new: rows that had none before.
        changed: rows whose label was another before.
        total: labelled rows of the batch from now on.
        score: None where the labels give none.
        verdict, report, window: of the comparison with the labels among the rows.
    """

    kind: Literal["labelled"] = "labelled"
    batch: BatchId
    file: FileId
    how: How
    key: str = ""
    given: int
    new: int
    changed: int
    total: int
    score: BatchScore | None = None
    verdict: BatchVerdict | None = None
    report: FileId | None = None
    window: Window | None = None


class Checked(Stamped):
    """The checks of the plan were run on a batch; ``plan`` is the number of the entry that holds them."""

    kind: Literal["checked"] = "checked"
    batch: BatchId
    plan: int
    outcomes: tuple[Outcome, ...]


class Planned(Stamped):
    """The plan from now on: what every batch is compared by, and the checks.

    Attributes:
        drift: how large a change must be to count; None as the champion's recipe says.
        policy: thresholds of the decision on retraining; what is not named is as usual.
    """

    kind: Literal["planned"] = "planned"
    checks: tuple[Condition, ...] = ()
    drift: Drift | None = None
    policy: dict[str, float | int | str | bool] = {}


class Decided(Stamped):
    """What the rule on retraining said after a batch, and on what grounds."""

    kind: Literal["decided"] = "decided"
    batch: BatchId
    action: str
    text: str
    reasons: tuple[str, ...] = ()
    test: str = ""
    value: Number = None
    n: int = 0
    seed: int = 0
    data: str = ""
