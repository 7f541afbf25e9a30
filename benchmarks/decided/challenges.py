"""How often a new model is promoted that is no better, and one that is; one look, and a look at every row.

The two models agree but for some rows; the truth is known by how rows are drawn.
``python -m benchmarks.decided.challenges [--draws 400]``
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

import numpy as np
from scipy.special import expit
from scipy.stats import norm

from core.catalog.metrics import METRICS
from core.challenge.betting import bet
from core.challenge.guardrails import Rows
from core.challenge.one_look import Gap, gap
from core.engine.settings import cap_threads
from core.evaluate.prediction import Prediction, of_proba, of_values
from core.scoring.pairs import Floats

Drawn = tuple[Rows, list[Prediction]]
Draw = Callable[[np.random.Generator, int, float], Drawn]
ACCURACY, APART = 0.85, 0.10
"""Share of rows that the current model gets right; share of rows that only one of the two gets right."""
SPREAD = 1.5


def labels(draw: np.random.Generator, rows: int, gain: float) -> Drawn:
    """Two classes; the new model is right in ``gain`` more of the rows."""
    gained, lost = (APART + gain) / 2, (APART - gain) / 2
    both = ACCURACY - lost
    kind = draw.choice(4, size=rows, p=[both, lost, gained, 1 - both - gained - lost])
    truth = draw.integers(0, 2, rows)
    sides = [np.isin(kind, (0, 1)), np.isin(kind, (0, 2))]
    shares = [np.where(right, truth, 1 - truth) * 0.8 + 0.1 for right in sides]
    return Rows(_named(truth)), [_binary(share) for share in shares]


def scores(draw: np.random.Generator, rows: int, gain: float, positive: float = 0.3) -> Drawn:
    """Scores that share half of their noise; the ROC AUC of the new model is ``gain`` higher than 0.8."""
    truth = (draw.random(rows) < positive).astype(int)
    common = draw.normal(size=rows)
    shares = []
    for area in (0.8, 0.8 + gain):
        apart = np.sqrt(2) * norm.ppf(area)
        noise = np.sqrt(0.5) * common + np.sqrt(0.5) * draw.normal(size=rows)
        shares.append(expit(SPREAD * (apart * (truth - 0.5) + noise)))
    return Rows(_named(truth)), [_binary(share) for share in shares]


def rare(draw: np.random.Generator, rows: int, gain: float) -> Drawn:
    """As ``scores`` with 2 % positive."""
    return scores(draw, rows, gain, 0.02)


def grouped(draw: np.random.Generator, rows: int, gain: float) -> Drawn:
    """As ``scores`` in 60 groups, half of whose noise lies between groups."""
    groups = draw.integers(0, 60, rows)
    truth = (draw.random(rows) < 0.3).astype(int)
    shares = []
    for area in (0.8, 0.8 + gain):
        apart = np.sqrt(2) * norm.ppf(area)
        noise = np.sqrt(0.5) * draw.normal(size=60)[groups] + np.sqrt(0.5) * draw.normal(size=rows)
        shares.append(expit(SPREAD * (apart * (truth - 0.5) + noise)))
    return Rows(_named(truth), groups), [_binary(share) for share in shares]


def numbers(draw: np.random.Generator, rows: int, gain: float) -> Drawn:
    """Errors with tails of t5; those of the new model are smaller by a share of ``gain``."""
    truth = draw.normal(size=rows) * 10
    common = draw.standard_t(5, rows)
    own = [np.sqrt(0.5) * common + np.sqrt(0.5) * draw.standard_t(5, rows) for _ in range(2)]
    return Rows(truth), [of_values(truth + own[0]), of_values(truth + own[1] * (1 - gain))]


def _named(truth: np.ndarray) -> np.ndarray:
    return np.where(truth == 1, "yes", "no").astype(object)


def _binary(share: Floats) -> Prediction:
    return of_proba("binary", ("no", "yes"), np.column_stack([1 - share, share]))


CELLS: tuple[tuple[str, str, Draw, tuple[int, ...], float], ...] = (
    ("labels", "accuracy", labels, (200, 1000, 5000), 0.02),
    ("scores", "roc_auc", scores, (200, 1000, 5000), 0.02),
    ("scores", "log_loss", scores, (200, 1000), 0.0),
    ("2 % positive", "average_precision", rare, (2000,), 0.0),
    ("60 groups", "roc_auc", grouped, (1000,), 0.02),
    ("numbers", "mae", numbers, (200, 1000), 0.05),
)
LOOKS = 5000


def cells() -> Iterator[tuple[str, str, Draw, int, float]]:
    """Each case with each number of rows, without a gain and with one."""
    for name, metric, draw, sizes, gain in CELLS:
        for rows in sizes:
            for true in (0.0, gain) if gain else (0.0,):
                yield name, metric, draw, rows, true


def main() -> None:
    """Print a line for each cell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=400)
    asked = parser.parse_args()
    print("one look: rows, true gain, share judged, of these promoted, worse said")
    for name, metric, draw, rows, gain in cells():
        gaps = [_one(metric, draw, rows, gain, seed) for seed in range(asked.draws)]
        judged = [one for one in gaps if one.is_judged]
        better = np.mean([one.low > 0 for one in judged]) if judged else np.nan
        worse = np.mean([one.high < 0 for one in judged]) if judged else np.nan
        print(
            f"{name:14s} {metric:18s} {rows:5,} {gain:.2f} {len(judged) / len(gaps):4.0%} "
            f"{better:6.1%} {worse:6.1%}",
            flush=True,
        )
    print(f"a look at every row up to {LOOKS:,}: true gain, promoted, median row of it")
    for gain in (0.0, 0.01, 0.02, 0.04):
        proven = [_bet(gain, seed) for seed in range(asked.draws)]
        at = [one for one in proven if one is not None]
        print(f"{gain:.2f} {len(at) / len(proven):6.1%} {np.median(at) if at else np.nan:,.0f}", flush=True)


def _one(metric: str, draw: Draw, rows: int, gain: float, seed: int) -> Gap:
    labelled, models = draw(np.random.default_rng([seed, rows]), rows, gain)
    return gap(METRICS[metric], labelled.truth, models, labelled.groups, labelled.times)


def _bet(gain: float, seed: int) -> int | None:
    labelled, models = labels(np.random.default_rng([seed, LOOKS]), LOOKS, gain)
    right = [one.labels == labelled.truth for one in models]
    return bet(right[1].astype(float) - right[0].astype(float)).proven


if __name__ == "__main__":
    cap_threads()
    main()
