"""LightGBM that stops early on an inner split, beside the same settings with every round, on the samples."""

from __future__ import annotations

import time
import warnings
from typing import Any

import numpy as np
import pandas as pd
from lightgbm import LGBMClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split

from benchmarks.tables import ROOT
from core.standalone.transformers import LightGBMClassifier

MOST = 1000
PLAIN: dict[str, Any] = {
    "n_estimators": MOST,
    "learning_rate": 0.05,
    "colsample_bytree": 0.9,
    "reg_lambda": 1e-3,
    "n_jobs": 1,
    "verbosity": -1,
    "random_state": 0,
}


def main() -> None:
    """Print rounds, processor seconds and the ROC AUC on a quarter of the rows."""
    frame = pd.read_csv(ROOT / "sample_data" / "wafer_yield.csv")
    y = (frame.pop("result") == "fail").to_numpy()
    X = frame.select_dtypes("number").to_numpy(dtype="float64")
    X_fit, X_test, y_fit, y_test = train_test_split(X, y, random_state=0, stratify=y)
    warnings.simplefilter("ignore")
    for name, model in (("early", LightGBMClassifier(n_estimators=MOST)), ("all", LGBMClassifier(**PLAIN))):
        started = time.process_time()
        model.fit(X_fit, y_fit)
        seconds = time.process_time() - started
        auc = roc_auc_score(y_test, np.asarray(model.predict_proba(X_test))[:, 1])
        print(f"{name}: {getattr(model, 'rounds_', MOST)} rounds, {seconds:.2f} CPU s, ROC AUC {auc:.3f}")


if __name__ == "__main__":
    main()
