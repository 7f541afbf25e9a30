"""The scores themselves. Each takes a ``Sample`` (b sets of row weights) and gives b numbers.

Those of labels need its ``Counts`` only.

NaN means that the rows do not define the score, and never that something failed:
``roc_auc``, ``average_precision``, ``f1``, ``recall`` without a row of the positive class (``roc_auc`` also
without a row of the other), ``roc_auc_ovr`` and ``mcc`` with one class only, ``r2`` with a constant target,
``mape`` with nothing but zeros, ``precision`` when no row is called positive. ``balanced_accuracy`` and
``f1_macro`` average over the classes that occur.
"""

from __future__ import annotations

import numpy as np

from core.scoring.pairs import Counts, Floats, Sample


def roc_auc(sample: Sample) -> Floats:
    """The chance that a positive row gets a higher probability than a negative one; ties count one half."""
    return _auc(sample, len(sample.pairs.classes) - 1)


def roc_auc_ovr(sample: Sample) -> Floats:
    """Mean of the areas of each class against the rest, over the classes that occur (macro average)."""
    areas = np.stack([_auc(sample, column) for column in range(len(sample.pairs.classes))])
    finite = np.isfinite(areas)
    return _ratio(np.where(finite, areas, 0).sum(axis=0), finite.sum(axis=0))


def average_precision(sample: Sample) -> Floats:
    """Precision averaged over the recall steps, without interpolation."""
    hits, rows = sample.by_rank(len(sample.pairs.classes) - 1)
    true_positives = np.cumsum(hits[:, ::-1], axis=1)[:, ::-1]
    called = np.cumsum(rows[:, ::-1], axis=1)[:, ::-1]
    precision = np.divide(true_positives, called, out=np.zeros_like(true_positives), where=called > 0)
    return _ratio(np.einsum("ij,ij->i", hits, precision), hits.sum(axis=1))


def log_loss(sample: Sample) -> Floats:
    """Mean negative log of the probability given to the true class, in nats."""
    return sample.mean(sample.pairs.log_losses)


def brier(sample: Sample) -> Floats:
    """Mean squared distance between the probability of the positive class and what happened."""
    last = len(sample.pairs.classes) - 1
    return sample.mean((sample.pairs.probabilities[:, last] - (sample.pairs.truth == last)) ** 2)


def accuracy(sample: Counts) -> Floats:
    """Share of rows whose label is right."""
    return _ratio(np.trace(sample.confusion, axis1=1, axis2=2), sample.total)


def balanced_accuracy(sample: Counts) -> Floats:
    """Mean over the classes of the share of its rows that are found."""
    right = np.diagonal(sample.confusion, axis1=1, axis2=2)
    rows = sample.confusion.sum(axis=2)
    recalls = np.divide(right, rows, out=np.zeros_like(rows), where=rows > 0)
    return _ratio(recalls.sum(axis=1), (rows > 0).sum(axis=1))


def precision(sample: Counts) -> Floats:
    """Share of the rows called positive that are."""
    return _ratio(sample.confusion[:, -1, -1], sample.confusion[:, :, -1].sum(axis=1))


def recall(sample: Counts) -> Floats:
    """Share of the positive rows that are called positive."""
    return _ratio(sample.confusion[:, -1, -1], sample.confusion[:, -1, :].sum(axis=1))


def f1(sample: Counts) -> Floats:
    """Harmonic mean of precision and recall."""
    positive = sample.confusion[:, -1, :].sum(axis=1)
    called = sample.confusion[:, :, -1].sum(axis=1)
    value = _ratio(2 * sample.confusion[:, -1, -1], positive + called)
    return np.where(positive > 0, value, np.nan)


def f1_macro(sample: Counts) -> Floats:
    """Mean over the classes of their F1."""
    right = np.diagonal(sample.confusion, axis1=1, axis2=2)
    both = sample.confusion.sum(axis=2) + sample.confusion.sum(axis=1)
    values = np.divide(2 * right, both, out=np.zeros_like(both), where=both > 0)
    return _ratio(values.sum(axis=1), (both > 0).sum(axis=1))


def mcc(sample: Counts) -> Floats:
    """Correlation of true and predicted class, -1 to 1; 0 when only one is predicted (Gorodkin 2004)."""
    true, called = sample.confusion.sum(axis=2), sample.confusion.sum(axis=1)
    total = sample.total
    covariance = np.trace(sample.confusion, axis1=1, axis2=2) * total - (true * called).sum(axis=1)
    spread_true = total**2 - (true**2).sum(axis=1)
    spread_called = total**2 - (called**2).sum(axis=1)
    scale = np.sqrt(spread_true * spread_called)
    value = np.divide(covariance, scale, out=np.zeros_like(scale), where=scale > 0)
    return np.where(spread_true > 0, value, np.nan)


def rmse(sample: Sample) -> Floats:
    """Root of the mean squared error, in units of the target."""
    return np.sqrt(sample.mean(sample.pairs.errors**2))


def mae(sample: Sample) -> Floats:
    """Mean absolute error, in units of the target."""
    return sample.mean(sample.pairs.errors)


def r2(sample: Sample) -> Floats:
    """Share of the target's variance that is explained; negative when worse than its mean."""
    centred = sample.pairs.truth - sample.pairs.truth.mean()
    around_mean = sample.mean(centred**2) - sample.mean(centred) ** 2
    constant = around_mean <= 1e-24 * max(float((sample.pairs.truth**2).max()), 1e-300)
    return 1 - _ratio(sample.mean(sample.pairs.errors**2), np.where(constant, 0, around_mean))


def median_ae(sample: Sample) -> Floats:
    """Median absolute error, in units of the target."""
    order = np.argsort(sample.pairs.errors)
    counted = np.cumsum(np.take(sample.weights, order, axis=1), axis=1)
    ordered = np.append(sample.pairs.errors[order], np.nan)
    middles = ((sample.total - 1) // 2, sample.total // 2)
    places = [(counted <= middle[:, None]).sum(axis=1) for middle in middles]
    return (ordered[places[0]] + ordered[places[1]]) / 2


def mape(sample: Sample) -> Floats:
    """Mean absolute error as a share of the true value; rows whose true value is 0 are left out."""
    size = np.abs(sample.pairs.truth)
    counted = (size > 0).astype(np.float64)
    shares = np.divide(sample.pairs.errors, size, out=np.zeros_like(counted), where=size > 0)
    return _ratio(sample.weights @ shares, sample.weights @ counted)


def _auc(sample: Sample, column: int) -> Floats:
    hits, rows = sample.by_rank(column)
    misses = rows - hits
    below = np.cumsum(misses, axis=1) - misses / 2
    return _ratio(np.einsum("ij,ij->i", hits, below), hits.sum(axis=1) * misses.sum(axis=1))


def _ratio(over: Floats, under: Floats) -> Floats:
    """NaN where there is nothing to divide by."""
    return np.divide(over, under, out=np.full(np.shape(over), np.nan), where=under > 0)
