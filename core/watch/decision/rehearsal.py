"""A labelled history played again, in the order of time, under several rules of when to retrain.

The model learns from the first part; each window that follows is predicted by the model that was at work
then, and only labels that had come by then decide and are learned from. A window counts as a week.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from core.catalog.metrics import METRICS
from core.challenge.one_look import Gap, gap
from core.errors import FoldlineError
from core.evaluate.intervals.score_interval import ScoreInterval, intervals
from core.evaluate.prediction import Prediction
from core.scoring.pairs import Codes
from core.standalone.counts import counted
from core.watch.decision.history import HELD_OUT, History, Learner, Moment, Rehearsal, stamp
from core.watch.decision.rule import decide
from core.watch.decision.window import Policy

Name = Literal["never", "always", "monthly", "on drift", "on a lower score", "by the rule"]
NAMES: tuple[Name, ...] = ("never", "always", "monthly", "on drift", "on a lower score", "by the rule")
MONTH = 4
"""Windows of a month."""
FEWEST_ROWS = 20


@dataclass(frozen=True)
class Played:
    """What came of a rule of when to retrain.

    Attributes:
        score: over all windows.
        never, always: how much better it is than under those rules, above 0 when better.
        retrained: the windows after which a new model began to work.
        asked: those after which one was wanted.
        said: action of the rule -> how often; empty of the other rules.
    """

    name: Name
    score: ScoreInterval
    never: Gap
    always: Gap
    retrained: tuple[int, ...]
    asked: tuple[int, ...]
    said: dict[str, int]


def _on_drift(now: Moment) -> bool:
    history = now.history
    return history.learner.drifted(history.learned(now.end), history.window(now.place))


def _on_a_lower_score(now: Moment) -> bool:
    baseline = now.baseline
    scored = [one for one in now.windows() if one.score is not None]
    if not scored or baseline.score is None:
        return False
    fallen = baseline.score - (scored[-1].score or 0.0)
    return (fallen if baseline.better == "higher" else -fallen) >= now.policy.drop_that_matters(baseline)


def _by_the_rule(now: Moment) -> str:
    baseline = now.baseline
    return decide(now.windows(), baseline, now.policy, stamp(now.began)).action


ASKS: dict[Name, Callable[[Moment], bool | str]] = {
    "never": lambda now: False,
    "always": lambda now: True,
    "monthly": lambda now: (now.place + 1) % MONTH == 0,
    "on drift": _on_drift,
    "on a lower score": _on_a_lower_score,
    "by the rule": _by_the_rule,
}


def rehearse(
    learner: Learner,
    order: Codes,
    metric: str,
    how: Rehearsal,
    policy: Policy,
    progress: Callable[[int, int, str], None] = lambda done, total, words: None,
) -> tuple[Played, ...]:
    """Every rule on the same history.

    Args:
        order: (n,) positions of the labelled rows in the order of time.
        progress: told what is done, of how much, in words.

    Raises:
        FoldlineError: ``ROWS`` when windows would be too small; as the learner.
    """
    history = History(learner, np.asarray(order), metric, how)
    least = int(np.diff(history.cuts).min())
    if least < FEWEST_ROWS or history.cuts[0] < FEWEST_ROWS / HELD_OUT:
        there, each = counted(len(order), "labelled row"), counted(least, "row")
        problem = f"{there} cannot make {how.windows} windows: each would have {each}."
        raise FoldlineError("ROWS", problem, f"Ask for fewer windows, so that each has {FEWEST_ROWS} rows.")
    walked = []
    for done, name in enumerate(NAMES):

        def tell(place: int, done: int = done, name: Name = name) -> None:
            progress(done * how.windows + place, len(NAMES) * how.windows, f"Retraining {name}")

        walked.append((name, *_walk(history, policy, ASKS[name], tell)))
    rows = history.order[history.cuts[0] :]
    lots = np.repeat(np.arange(how.windows), np.diff(history.cuts))
    return _judged(METRICS[metric], learner.truth(rows), lots, walked)


_Walked = tuple[Name, Prediction, tuple[int, ...], tuple[int, ...], dict[str, int]]


def _walk(
    history: History, policy: Policy, asks: Callable[[Moment], bool | str], tell: Callable[[int], None]
) -> tuple[Prediction, tuple[int, ...], tuple[int, ...], dict[str, int]]:
    end, began, before = int(history.cuts[0]), 0, None
    predictions: list[Prediction] = []
    retrained, asked, said = list[int](), list[int](), dict[str, int]()
    for place in range(history.how.windows):
        tell(place)
        predictions.append(history.says(end, place))
        known = place - history.how.delay
        answer = asks(Moment(history, policy, end, before, began, place, known))
        if isinstance(answer, str):
            said[answer] = said.get(answer, 0) + 1
        if answer is not True and answer != "RETRAIN":
            continue
        asked.append(place)
        labelled = int(history.cuts[known + 1]) if known >= 0 else 0
        if labelled > end and place + 1 < history.how.windows:
            end, began, before = labelled, place + 1, end
            retrained.append(place)
    return joined(predictions), tuple(retrained), tuple(asked), said


def joined(predictions: Sequence[Prediction]) -> Prediction:
    """Predictions of rows that follow each other, as one."""
    first = predictions[0]
    shares = [one.proba for one in predictions if one.proba is not None]
    labels = np.concatenate([one.labels for one in predictions])
    return Prediction(first.task, first.classes, labels, np.concatenate(shares) if shares else None)


def _judged(metric: Any, truth: Any, lots: Codes, walked: Sequence[_Walked]) -> tuple[Played, ...]:
    """Scores and differences, with windows as what is independent of each other."""
    of_name = {name: prediction for name, prediction, *_ in walked}
    out = []
    for name, prediction, retrained, asked, said in walked:
        score = intervals([metric], truth, prediction, groups=lots)[metric.id]
        never, always = (
            gap(metric, truth, (of_name[other], prediction), groups=lots) for other in ("never", "always")
        )
        out.append(Played(name, score, never, always, retrained, asked, said))
    return tuple(out)
