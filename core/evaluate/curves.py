"""Curves of ranked rows: ROC, precision and recall, gain, calibration."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtr

from core.evaluate.intervals.rates import share_ends
from core.evaluate.payload import MOST_POINTS, thin
from core.scoring.pairs import Floats, Pairs

MOST_CLASSES = 10
TINY = 1e-9


def roc(pairs: Pairs, column: int = -1, most: int = MOST_POINTS) -> pd.DataFrame:
    """The ROC curve of one class against the rest.

    Args:
        pairs: truth and probabilities.
        column: position of the class; by default the last, the positive one of a binary task.
        most: number of points at most.

    Returns:
        ``false_positive_rate``, ``true_positive_rate`` and ``threshold`` (the lowest probability called
        positive; NaN at the start), from (0, 0) to (1, 1). Empty when the class or the rest has no row.
    """
    threshold, true_positives, called = _steps_down(pairs, column)
    wrong = called - true_positives
    if true_positives[-1] == 0 or wrong[-1] == 0:
        return pd.DataFrame(columns=["false_positive_rate", "true_positive_rate", "threshold"], dtype=float)
    x, y = wrong / wrong[-1], true_positives / true_positives[-1]
    keep = thin(x, y, most)
    return pd.DataFrame(
        {"false_positive_rate": x[keep], "true_positive_rate": y[keep], "threshold": threshold[keep]}
    )


def roc_by_class(pairs: Pairs, most: int = 150) -> dict[str, pd.DataFrame]:
    """ROC of each class against the rest, for the (at most ten) largest classes that occur."""
    counts = np.bincount(pairs.truth, minlength=len(pairs.classes))
    largest = np.argsort(-counts, kind="stable")[:MOST_CLASSES]
    return {pairs.classes[code]: roc(pairs, int(code), most) for code in sorted(largest) if counts[code] > 0}


def precision_recall(pairs: Pairs, most: int = MOST_POINTS) -> pd.DataFrame:
    """Precision against recall of the positive class.

    Returns:
        ``recall``, ``precision`` and ``threshold``, from the highest threshold down; empty when there is no
        positive row.
    """
    threshold, true_positives, called = (values[1:] for values in _steps_down(pairs, -1))
    if true_positives[-1] == 0:
        return pd.DataFrame(columns=["recall", "precision", "threshold"], dtype=float)
    x, y = true_positives / true_positives[-1], true_positives / called
    keep = thin(x, y, most)
    return pd.DataFrame({"recall": x[keep], "precision": y[keep], "threshold": threshold[keep]})


def gain(pairs: Pairs) -> pd.DataFrame:
    """What is found when the most probable rows are taken first.

    Rows of equal probability are taken in a random order, on average.

    Returns:
        ``share`` of rows taken (0, .01, ... 1), ``gain`` the share of all positive rows found among them,
        ``lift`` the gain over what a random choice finds (NaN at share 0). Empty without a positive row.
    """
    _, true_positives, called = _steps_down(pairs, -1)
    if true_positives[-1] == 0:
        return pd.DataFrame(columns=["share", "gain", "lift"], dtype=float)
    share = np.linspace(0, 1, 101)
    caught = np.interp(share, called / called[-1], true_positives / true_positives[-1])
    lift = np.divide(caught, share, out=np.full(101, np.nan), where=share > 0)
    return pd.DataFrame({"share": share, "gain": caught, "lift": lift})


def calibration(pairs: Pairs, bins: int = 10) -> pd.DataFrame:
    """Whether what was said to be likely happened as often as said.

    Binary: the probability of the positive class against how often it occurred. Multiclass: the probability
    of the predicted class against how often it was right. Bins hold equal numbers of rows; equal
    probabilities stay together, so there may be fewer bins.

    Returns:
        One row a bin: ``low`` and ``high`` probability, ``predicted`` mean, ``observed`` share with its 95 %
        interval ``observed_low`` and ``observed_high``, and ``rows``.
    """
    claimed, happened = _claims(pairs)
    edges = np.quantile(claimed, np.linspace(0, 1, bins + 1)[1:-1])
    table = pd.DataFrame(
        {"said": claimed, "happened": happened, "bin": np.searchsorted(edges, claimed, side="right")}
    )
    grouped = table.groupby("bin")
    observed, rows = grouped["happened"].sum().to_numpy(), grouped.size().to_numpy(dtype=float)
    low, high = share_ends(observed, rows)
    return pd.DataFrame(
        {
            "low": grouped["said"].min().to_numpy(),
            "high": grouped["said"].max().to_numpy(),
            "predicted": grouped["said"].mean().to_numpy(),
            "observed": observed / rows,
            "observed_low": low,
            "observed_high": high,
            "rows": rows.astype(int),
        }
    )


def calibration_error(table: pd.DataFrame) -> float:
    """Mean distance of predicted and observed over the rows of a ``calibration`` table (ECE), less chance.

    The observed share of few rows is never the predicted one, so that a perfect model shows an error too.
    What chance adds on average is taken off, by how far the bins lie apart beyond it.

    Returns:
        0 to 1; about 0 for probabilities that are right, however few the rows.
    """
    predicted, rows = table["predicted"].to_numpy(), table["rows"].to_numpy(dtype=np.float64)
    distance, share = np.abs(predicted - table["observed"].to_numpy()), rows / rows.sum()
    chance = np.sqrt(np.maximum(predicted * (1 - predicted), TINY) / rows)
    usual = 1 + np.sqrt(2 / len(rows))
    apart = np.sqrt(max(0.0, float(share @ (distance / chance) ** 2) - usual))
    by_chance = np.sqrt(2 / np.pi) * np.exp(-(apart**2) / 2) - 2 * apart * ndtr(-apart)
    return max(0.0, float(share @ (distance - by_chance * chance)))


def _claims(pairs: Pairs) -> tuple[Floats, Floats]:
    if pairs.task == "binary":
        return pairs.probabilities[:, -1], (pairs.truth == len(pairs.classes) - 1).astype(np.float64)
    claimed = pairs.probabilities[np.arange(len(pairs)), pairs.predicted]
    return claimed, (pairs.truth == pairs.predicted).astype(np.float64)


def _steps_down(pairs: Pairs, column: int) -> tuple[Floats, Floats, Floats]:
    """Thresholds from high to low with the number of rows of the class, and of all, at or above each."""
    column %= len(pairs.classes)
    ranking = pairs.ranking(column)
    share = pairs.probabilities[ranking.order, column][ranking.starts]
    hits = np.add.reduceat(ranking.hit, ranking.starts)
    rows = np.diff(np.r_[ranking.starts, len(pairs)]).astype(np.float64)
    return (
        np.r_[np.nan, share[::-1]],
        np.r_[0.0, np.cumsum(hits[::-1])],
        np.r_[0.0, np.cumsum(rows[::-1])],
    )
