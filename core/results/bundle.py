"""What taking a model out and back in has found: a bundle that was written, or one that was opened."""

from __future__ import annotations

from typing import Any, ClassVar

from core.data.table import Frozen
from core.digits import times
from core.drift.profile.interval import Conformal
from core.recipe.usage import Drift, LearnedFrom
from core.results.base import FailedPart, Result
from core.results.compare import BoardRow
from core.results.evaluate import ScoreInterval, not_noted
from core.results.validate import ThresholdAdvice
from core.spec import Kind, Task
from core.standalone.counts import counted


class BundleScores(Frozen):
    """What was measured of the model in a bundle.

    Attributes:
        cv: in validation; None when that is not known.
        test: metric -> score on the locked test rows; empty when they were never opened for this model.
        test_opened: how often any of them were, for this model or another.
        test_unknown: openings of other test sets that may have held some of them; nothing tells.
    """

    cv: ScoreInterval | None = None
    test: dict[str, ScoreInterval] = {}
    test_opened: int = 0
    test_unknown: int = 0

    @property
    def no_test(self) -> str:
        """Why there is no score of the model on the locked test rows, in words; empty when there is one."""
        if self.test:
            return ""
        if not self.test_opened and self.test_unknown:
            return (
                "There is no test score of this model. Whether its locked test rows were seen is not known: "
                f"{not_noted(self.test_unknown)}."
            )
        if not self.test_opened:
            return (
                "The locked test rows were never opened: there is no score on rows that nothing was "
                "chosen by."
            )
        return (
            f"Rows of the locked test set were opened {times(self.test_opened)}, with an earlier recipe or "
            "in a run that was deleted: there is no test score of this model, and what was seen may have "
            "shaped it."
        )


class Disclosure(Frozen):
    """What a file of a bundle tells about the training rows, in one plain sentence.

    Attributes:
        column: the column it is about, or empty.
    """

    file: str
    column: str = ""
    text: str


class ModelReport(Frozen):
    """What the card and the bundle tell of a recipe's model.

    Like the report.json of a run, but ``leaderboard`` has the rows of the comparison as they were stored and
    ``cv_score`` has ``value``, ``low`` and ``high``.

    Attributes:
        chosen: id of the candidate, or empty.
        test_opened: how often any of the test rows were opened.
        test_unknown: openings of other test sets that may have held some of them; nothing tells.
        test_rows, test_rows_opened: how many there are, and how many were opened before these scores.
        folds: where ``cv_score`` was measured, in words, unless on those of the comparison.
        rows: that it learned from; ``columns`` of the table.
        without_target, repeated: further rows of the table, left out as they have no target or repeat
            an earlier one.
        words: how the rows were split.
        created: UTC, ISO 8601.
        versions: package -> version.
        advice: another threshold, where ``threshold_advice`` has one.
        left_out: what could not be looked for, such as that.
        doubt: why the best score is to be questioned, in words.
        carried: which column carries a very good score, in words; empty for none.
        copies: how many test rows repeat, or nearly repeat, a row that was learned from, in words.
        unbeaten: that the model was not better than the baseline beyond chance, in words.
        unfound: that no positive test row was called so, in words.
        undefined: that folds in which the score is not defined count in the ranking, in words.
        hold_out: what ahead and behind mean where a single hold-out judged, in words.
        interval: of a predicted number, or why there is none; empty of classes.
    """

    task: Task
    metric: str
    leaderboard: tuple[BoardRow, ...] = ()
    chosen: str = ""
    cv_score: ScoreInterval | None = None
    folds: str = ""
    test: dict[str, ScoreInterval] = {}
    baseline: dict[str, float | None] = {}
    test_opened: int = 0
    test_unknown: int = 0
    test_rows: int = 0
    test_rows_opened: int = 0
    rows: int
    columns: int
    without_target: int = 0
    repeated: int = 0
    words: str = ""
    created: str = ""
    versions: dict[str, str] = {}
    advice: ThresholdAdvice | None = None
    left_out: tuple[FailedPart, ...] = ()
    doubt: str = ""
    carried: str = ""
    copies: str = ""
    unbeaten: str = ""
    unfound: str = ""
    undefined: str = ""
    hold_out: str = ""
    interval: Conformal | str = ""

    @property
    def row_words(self) -> str:
        """The rows of the table, those that are left out, and those that remain."""
        out = [f"{self.without_target:,} without a target"] if self.without_target else []
        out += [counted(self.repeated, "duplicate")] if self.repeated else []
        every = counted(self.rows + self.without_target + self.repeated, "row")
        return f"{every} (left out: {', '.join(out)}; {self.rows:,} remain)" if out else every

    @property
    def scores(self) -> BundleScores:
        """The scores that go into a bundle."""
        return BundleScores(
            cv=self.cv_score,
            test=self.test,
            test_opened=self.test_opened,
            test_unknown=self.test_unknown,
        )


class BundleInput(Frozen):
    """A column that a model needs, and what it looked like in training; ``levels`` has the commonest ones."""

    name: str
    kind: Kind
    low: float | str | None
    high: float | str | None
    levels: tuple[str, ...]


class BundleFacts(Frozen):
    """What a page shows of a bundle.

    Attributes:
        created: UTC, ISO 8601.
        versions: package -> version that fitted it.
        other_versions: package -> (version that fitted it, version here), where they differ.
        model: in words.
        positive, threshold: of a binary task; the threshold None means 0.5.
        example: a row of the training data: column -> value.
        has_reference: whether it remembers its training rows, for Monitor.
        drift: the limits that new rows are judged by; None where 0.1.0 did not store them.
        metric: that the models were ranked by; empty where 0.1.0 did not store it.
    """

    task: Task
    target: str
    classes: tuple[str, ...]
    created: str
    versions: dict[str, str]
    other_versions: dict[str, tuple[str, str]]
    scores: BundleScores
    model: str
    positive: str
    threshold: float | None
    inputs: tuple[BundleInput, ...]
    example: dict[str, Any]
    has_reference: bool
    drift: Drift | None = None
    metric: str = ""


class ExportResult(BundleFacts, Result):
    """A bundle that was written, after opening it again as a stranger would.

    Attributes:
        part: the rows it learned from, and ``rows`` how many.
        card: the model card, Markdown.
        bytes: size of the file.
        members: names of what lies in it, the manifest left out.
        tested_rows: that the self-test predicted.
        fingerprint: of the part of the recipe that decides the model.
        made_up: whether its sample rows are made up.
        tells: what it tells about the training rows; empty of a bundle of 0.1.0, where that was not listed.
        result: id in the store, whose files hold the bundle.
    """

    KIND: ClassVar[str] = "export"

    name: str
    part: LearnedFrom
    rows: int
    card: str
    report: ModelReport
    bytes: int
    members: tuple[str, ...]
    tested_rows: int
    fingerprint: str
    made_up: bool = False
    tells: tuple[Disclosure, ...] = ()
    result: str = ""


class OpenResult(BundleFacts, Result):
    """A bundle that somebody brought: the name of its file, and its id in the store."""

    KIND: ClassVar[str] = "open"

    name: str
    result: str = ""


Model = ExportResult | OpenResult
"""A model to predict with."""
