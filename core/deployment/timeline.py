"""A deployment as a table: one row a batch, and the moments at which its model changed."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from core.catalog.metrics import METRICS
from core.deployment.deployment import Batch, Deployment
from core.deployment.model_entries import Promoted, RolledBack
from core.digits import number, span
from core.standalone.counts import counted


@dataclass(frozen=True)
class BatchRow:
    """A batch as it is shown in a list and in the picture; None where there is no such number.

    Attributes:
        when: day of the end of its times where it has some, else of its coming.
        state, text: verdict on its data.
        score, low, high: on its labels, with the 95 % interval.
        estimate, estimate_low, estimate_high: of the score, where no labels give one.
        expected, expected_low, expected_high: the score on the locked test rows of the model that worked.
        judged: state of the score; empty without one.
        decision: id of the last decision on retraining; empty without one.
        failed: number of checks of the plan that failed.
    """

    batch: str
    when: str
    source: str
    rows: int
    labels: int
    state: str
    text: str
    score: float | None
    low: float | None
    high: float | None
    score_words: str
    estimate: float | None
    estimate_low: float | None
    estimate_high: float | None
    estimate_words: str
    expected: float | None
    expected_low: float | None
    expected_high: float | None
    judged: str
    decision: str
    failed: int
    model: str


@dataclass(frozen=True)
class Turn:
    """A change of the model at work: how many batches came ``before`` it, and what happened."""

    before: int
    words: str


def batch_rows(now: Deployment) -> pd.DataFrame:
    """One row a batch, the oldest first, with the fields of ``BatchRow`` as columns."""
    rows = [_row(now, batch) for batch in now.batches.values()]
    return pd.DataFrame(rows, columns=list(BatchRow.__dataclass_fields__))


def _row(now: Deployment, batch: Batch) -> BatchRow:
    scored, score = batch.scored, batch.score
    expected = (score.holdout if score else None) or (None, None, None)
    guess = scored.estimate if score is None or score.value is None else None
    return BatchRow(
        batch=scored.batch,
        when=(scored.span[-1] if scored.span else scored.at)[:10],
        source=scored.source,
        rows=scored.rows,
        labels=batch.labels,
        state=batch.verdict.state,
        text=batch.verdict.text,
        score=score.value if score else None,
        low=score.low if score else None,
        high=score.high if score else None,
        score_words=score_words(batch),
        estimate=guess.value if guess else None,
        estimate_low=guess.low if guess else None,
        estimate_high=guess.high if guess else None,
        estimate_words=guess.text if guess else "",
        expected=expected[0],
        expected_low=expected[1],
        expected_high=expected[2],
        judged=score.state if score else "",
        decision=batch.decided[-1].action if batch.decided else "",
        failed=sum(one.state == "failed" for one in batch.outcomes),
        model=model_name(now, scored.model),
    )


def model_name(now: Deployment, model: str) -> str:
    """The label of a model with the first digits of its SHA-256, which tell versions of one label apart."""
    return f"{now.models.get(model, 'a model')} · {model[:6]}"


def score_words(batch: Batch) -> str:
    """The score of a batch with its interval and the labels that it stands on, for people."""
    score = batch.score
    if score is None or score.value is None:
        return counted(batch.labels, "label") if batch.labels else "no labels yet"
    ends = span(score.low, score.high, score.value)
    name = METRICS[score.metric].label if score.metric in METRICS else score.metric
    sure = f" ({ends})" if ends else ", no interval"
    return f"{name} {number(score.value, score.low, score.high)}{sure} on {counted(score.n, 'label')}"


def turns(now: Deployment) -> list[Turn]:
    """The promotions and roll-backs, oldest first."""
    seen = [batch.scored.seq for batch in now.batches.values()]
    return [
        Turn(
            sum(seq < move.seq for seq in seen),
            ("Promoted " if isinstance(move, Promoted) else "Rolled back to ") + model_name(now, move.model),
        )
        for move in now.moves
        if isinstance(move, Promoted | RolledBack)
    ]
