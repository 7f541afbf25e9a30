"""The metrics of regression, in order of display."""

from __future__ import annotations

from core.scoring import scores
from core.spec import Metric, Task

REGRESSION: tuple[Task, ...] = ("regression",)

REGRESSION_METRICS = (
    Metric(
        "rmse",
        "Root mean squared error",
        "Typical size of an error in units of the target; large errors weigh more.",
        scores.rmse,
        tasks=REGRESSION,
        better="lower",
        low=0,
        short="RMSE",
        headline={"regression": 1},
        default_for=REGRESSION,
        interval="root of mean",
    ),
    Metric(
        "mae",
        "Mean absolute error",
        "Average size of an error in units of the target.",
        scores.mae,
        tasks=REGRESSION,
        better="lower",
        low=0,
        short="MAE",
        headline={"regression": 2},
        interval="mean",
        stands_in=1,
    ),
    Metric(
        "r2",
        "R squared",
        "Share of the target's variance that is explained; 0 is no better than the mean.",
        scores.r2,
        tasks=REGRESSION,
        high=1,
        headline={"regression": 3},
        interval="explained",
    ),
    Metric(
        "median_ae",
        "Median absolute error",
        "Half of the errors are smaller than this; a few large errors do not move it.",
        scores.median_ae,
        tasks=REGRESSION,
        better="lower",
        low=0,
        short="Median error",
        interval="median",
        stands_in=2,
    ),
    Metric(
        "mape",
        "Mean absolute percentage error",
        "Average error as a share of the true value; rows whose true value is 0 are left out.",
        scores.mape,
        tasks=REGRESSION,
        better="lower",
        low=0,
        short="MAPE",
        headline={"regression": 4},
        interval="mean",
        relative=True,
    ),
)
