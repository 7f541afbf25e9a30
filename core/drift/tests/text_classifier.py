"""Can a classifier tell old texts from new?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse, stats
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import SGDClassifier

from core.drift.profile.document import Numbers

TEXTS = 4000
TOKENS = 2**14


def mann_whitney(old: Numbers, new: Numbers) -> tuple[float, float]:
    """AUC of scores that should be higher on the new side, and its one-sided p."""
    result = stats.mannwhitneyu(new, old, alternative="greater", method="asymptotic")
    return float(result.statistic / (len(old) * len(new))), float(np.nan_to_num(result.pvalue, nan=1.0))


def least_auc(old: int, new: int, z: float) -> float:
    """How far above one half an AUC must be, with these numbers of scores, to be z standard errors away."""
    return float(z * np.sqrt((old + new + 1) / (12.0 * old * new)))


def text_auc(old: pd.Series, new: pd.Series, seed: int) -> tuple[float, float, float]:
    """Held-out AUC of a linear model on hashed words and length, its p, and the least AUC - 0.5 to be seen.

    Row order does not matter: the texts are sorted before they are drawn.
    """
    rng = np.random.default_rng(seed)
    sides = [_drawn(side, rng) for side in (old, new)]
    halves = [(side[: len(side) // 2], side[len(side) // 2 :]) for side in sides]
    fit = [half[0] for half in halves]
    judged = [half[1] for half in halves]
    truth = np.repeat([0, 1], [len(fit[0]), len(fit[1])])
    model = SGDClassifier(loss="log_loss", alpha=1e-4, class_weight="balanced", random_state=seed)
    model.fit(_matrix([*fit[0], *fit[1]]), truth)
    scores = [model.decision_function(_matrix(texts)) for texts in judged]
    auc, p = mann_whitney(*scores)
    return auc, p, least_auc(len(judged[0]), len(judged[1]), 1.645)


def _drawn(side: pd.Series, rng: np.random.Generator) -> list[str]:
    ordered = np.sort(side.dropna().to_numpy(dtype=object))
    return [str(text) for text in rng.permutation(ordered)[:TEXTS]]


def _matrix(texts: list[str]) -> sparse.csr_matrix:
    words = HashingVectorizer(n_features=TOKENS, alternate_sign=False).transform(texts)
    length = np.log1p([len(text) for text in texts]).reshape(-1, 1) / 5
    return sparse.csr_matrix(sparse.hstack([words, length]))
