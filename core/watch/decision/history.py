"""A labelled history in the order of time, the models that were made of it, and what was known when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Protocol

import numpy as np

from core.evaluate.prediction import Prediction
from core.scoring.pairs import Codes
from core.watch.decision.baseline import baseline_of, held_to
from core.watch.decision.labelled import window_of
from core.watch.decision.window import Baseline, Policy, Window

HELD_OUT = 0.2
"""Share of the rows that a model learns from: on these, the latest, a twin of it is scored."""
WEEK = date(2000, 1, 3)


class Learner(Protocol):
    """Trains and predicts rows of a table, given by their positions."""

    def learn(self, rows: Codes) -> Any:
        """A model of these rows."""

    def predict(self, model: Any, rows: Codes) -> Prediction:
        """What it says of rows."""

    def truth(self, rows: Codes) -> Any:
        """Labels as str, or numbers."""

    def drifted(self, old: Codes, new: Codes) -> bool:
        """Whether new rows have drifted from those that a model learned from."""


@dataclass(frozen=True)
class Rehearsal:
    """How a history is played.

    Attributes:
        first: share of the rows that the first model learns from.
        windows: into which the others are cut, of equal size.
        delay: windows after which labels come.
        newest: whether a new model learns from as many of the latest rows as the first did, and not from all.
    """

    first: float = 0.3
    windows: int = 26
    delay: int = 1
    newest: bool = False


@dataclass(eq=False)
class History:
    """The rows in the order of time, and the models made of them, by how many rows had labels then."""

    learner: Learner
    order: Codes
    metric: str
    how: Rehearsal
    models: dict[int, Any] = field(default_factory=dict)
    baselines: dict[int, Baseline] = field(default_factory=dict)
    spoken: dict[tuple[int, int], Prediction] = field(default_factory=dict)

    def __post_init__(self) -> None:
        start = int(len(self.order) * self.how.first)
        self.cuts = np.linspace(start, len(self.order), self.how.windows + 1).astype(np.int64)

    def learned(self, end: int) -> Codes:
        """The rows that a model learns from when that many have labels."""
        return self.order[max(0, end - int(self.cuts[0])) if self.how.newest else 0 : end]

    def window(self, place: int) -> Codes:
        return self.order[self.cuts[place] : self.cuts[place + 1]]

    def says(self, end: int, place: int) -> Prediction:
        """What the model of that many rows says of a window."""
        if (end, place) not in self.spoken:
            if end not in self.models:
                self.models[end] = self.learner.learn(self.learned(end))
            self.spoken[end, place] = self.learner.predict(self.models[end], self.window(place))
        return self.spoken[end, place]

    def standard(self, end: int, before: int | None) -> Baseline:
        """What the model of ``end`` rows is held to, after that of ``before`` rows."""
        return held_to(self.baseline(end), None if before is None else self.baseline(before))

    def baseline(self, end: int) -> Baseline:
        """What a twin of that model did on the latest of its rows."""
        if end not in self.baselines:
            rows = self.learned(end)
            cut = int(len(rows) * (1 - HELD_OUT))
            twin = self.learner.learn(rows[:cut])
            held = rows[cut:]
            prediction = self.learner.predict(twin, held)
            self.baselines[end] = baseline_of(self.metric, self.learner.truth(held), prediction)
        return self.baselines[end]


@dataclass(frozen=True, eq=False)
class Moment:
    """The end of a window.

    Attributes:
        end: rows that the model at work learned from; ``before`` those of the model before it, or None.
        began: its first window; ``known`` the last window with labels.
    """

    history: History
    policy: Policy
    end: int
    before: int | None
    began: int
    place: int
    known: int

    @property
    def baseline(self) -> Baseline:
        """What the model at work is held to."""
        return self.history.standard(self.end, self.before)

    def windows(self) -> list[Window]:
        """Those of the model at work, so far as their labels have come."""
        baseline, out = self.baseline, []
        for place in range(self.began, self.place + 1):
            rows = self.history.window(place)
            if place > self.known:
                out.append(Window(at=stamp(place + 1), rows=len(rows)))
                continue
            truth, prediction = self.history.learner.truth(rows), self.history.says(self.end, place)
            out.append(window_of(baseline, stamp(place + 1), len(rows), truth, prediction))
        return out


def stamp(week: int) -> str:
    """When a window ends, counted from 1, or the first begins."""
    return (WEEK + timedelta(weeks=week)).isoformat()
