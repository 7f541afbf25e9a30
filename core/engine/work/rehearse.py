"""The job that plays a labelled history again under several rules of when to retrain."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.catalog.metrics import METRICS
from core.challenge.one_look import Gap
from core.data.table import Note
from core.digits import difference, number
from core.drift.profile.document import ReferenceProfile
from core.engine.contest_specs import RehearseSpec
from core.engine.context import Context
from core.engine.resources import resources_of
from core.errors import FoldlineError
from core.evaluate.prediction import Prediction
from core.recipe.difference import model_words
from core.results.challenge import Difference
from core.results.evaluate import ScoreInterval
from core.results.rehearse import PlayedRule, RehearseResult
from core.scoring.pairs import Codes
from core.standalone.counts import counted
from core.train.fit import fit_rows, predict_rows
from core.train.rows.target import as_learned
from core.train.work import Work
from core.watch.decision.history import Rehearsal
from core.watch.decision.rehearsal import Played, rehearse
from core.watch.drift import drift
from core.watch.recipe_profile import lot_codes, profile_of

IN_FILE_ORDER = (
    "The recipe names no column of time, so that the rows were taken in the order of the file. That holds "
    "only where later rows stand below."
)


@dataclass(eq=False)
class RecipeLearner:
    """The recipe's model on rows of its table."""

    work: Work
    context: Context
    profiles: dict[tuple[int, int], ReferenceProfile] = field(default_factory=dict)

    def learn(self, rows: Codes) -> Any:
        """The recipe's pipeline, fitted.

        Raises:
            FoldlineError: ``STOPPED`` when the job is to stop; as ``fit_rows``.
        """
        if self.context.should_stop():
            raise FoldlineError("STOPPED", "Stopped before the history was played.", "Start it again.")
        return fit_rows(self.work, rows)

    def predict(self, model: Any, rows: Codes) -> Prediction:
        """What it says, at the recipe's threshold."""
        return predict_rows(self.work, model, rows)

    def truth(self, rows: Codes) -> Any:
        """Values of the target."""
        return self.work.labels(rows)

    def drifted(self, old: Codes, new: Codes) -> bool:
        """Whether Monitor would say so of the columns and how they go together, labels left out."""
        recipe, frame = self.work.recipe, self.work.frame
        key = (int(old[0]), len(old))
        if key not in self.profiles:
            self.profiles[key] = profile_of(recipe, frame.iloc[old], None, None)
        later = as_learned(recipe, frame.iloc[new]).drop(columns=recipe.target).reset_index(drop=True)
        report = drift(self.profiles[key], later, groups=(None, lot_codes(recipe, frame.iloc[new])))
        return report.verdict.state == "drift"


def do_rehearse(ctx: Context, spec: RehearseSpec) -> RehearseResult:
    """Play the labelled rows of a recipe again."""
    recipe = spec.recipe
    if recipe.chosen is None:
        raise FoldlineError(
            "MODEL",
            "The recipe has no chosen model.",
            "Give the recipe.json that `run` wrote, or choose a model on Models.",
        )
    result = played_again(ctx, spec)
    ctx.workspace.put_result(ctx.project, result.KIND, ctx.job, result)
    return result


def played_again(ctx: Context, spec: RehearseSpec) -> RehearseResult:
    """What came of every rule on the labelled rows of a recipe with a chosen model.

    Raises:
        FoldlineError: ``ROWS`` as ``rehearse``; as ``Resources.work`` and ``fit_rows``.
    """
    recipe = spec.recipe
    work = resources_of(ctx.workspace, ctx.project).work(recipe)
    rows = np.sort(work.target.rows)
    times = work.times(rows)
    order = rows if times is None else rows[np.argsort(times, kind="stable")]
    how = Rehearsal(spec.first, spec.windows, spec.delay, spec.newest)
    played = rehearse(RecipeLearner(work, ctx), order, recipe.metric, how, spec.policy, ctx.progress)
    spec_of_score = METRICS[recipe.metric]
    return RehearseResult(
        metric=recipe.metric,
        label=spec_of_score.label,
        model=model_words(recipe.chosen),
        rows=len(order),
        first=int(len(order) * spec.first),
        windows=spec.windows,
        delay=spec.delay,
        newest=spec.newest,
        ordered_by=next((column.name for column in recipe.with_role("time")), ""),
        rules=tuple(_rule(one) for one in played),
        text=_text(spec_of_score.label, played),
        notes=() if times is not None else (Note(code="FILE_ORDER", text=IN_FILE_ORDER),),
    )


def _rule(one: Played) -> PlayedRule:
    score = one.score
    ends = (None, None) if score.why else (score.low, score.high)
    return PlayedRule(
        name=one.name,
        score=ScoreInterval(value=_finite(score.value), low=ends[0], high=ends[1], why=score.why),
        never=_apart(one.never),
        always=_apart(one.always),
        retrained=tuple(place + 1 for place in one.retrained),
        asked=tuple(place + 1 for place in one.asked),
        said=one.said,
    )


def _apart(gap: Gap) -> Difference:
    if not gap.is_judged:
        return Difference(value=_finite(gap.value), why=gap.why)
    return Difference(value=_finite(gap.value), low=gap.low, high=gap.high, p=_finite(gap.p_better))


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _text(label: str, played: tuple[Played, ...]) -> str:
    """What the rule did beside never and always."""
    of_name = {one.name: one for one in played}
    rule, never, always = (of_name[name] for name in ("by the rule", "never", "always"))
    times, every = counted(len(rule.retrained), "retraining"), len(always.retrained)
    return (
        f"{label} {number(rule.score.value)} with {times} by the rule; never retrained: "
        f"{number(never.score.value)} ({_beside(rule.never)}); retrained {counted(every, 'time')}, "
        f"after every window: {number(always.score.value)} ({_beside(rule.always)})."
    )


def _beside(gap: Gap) -> str:
    if not np.isfinite(gap.value):
        return "not comparable"
    if gap.value == 0:
        return "the same"
    if not gap.is_judged:
        return f"the rule is better by {number(gap.value)}, no interval: {gap.why}"
    words = "better" if gap.low > 0 else "worse" if gap.high < 0 else "not different beyond chance"
    return f"the rule is {words}: {difference(gap.value, gap.low, gap.high)}"
