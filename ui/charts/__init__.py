"""Figures from plain frames: no model, no Streamlit state; every text of data is escaped in here."""

from ui.charts.base import draw
from ui.charts.column_and_target import along
from ui.charts.curves import calibration, confusion, precision_recall, roc, threshold
from ui.charts.drift import drift_effects, overlay
from ui.charts.leaderboard import leaderboard
from ui.charts.one_row import contributions
from ui.charts.regression import importance, predicted_actual, residuals
from ui.charts.search import parameter, search_history
from ui.charts.table import bars, histogram, missingness

__all__ = [
    "along",
    "bars",
    "calibration",
    "confusion",
    "contributions",
    "draw",
    "drift_effects",
    "histogram",
    "importance",
    "leaderboard",
    "missingness",
    "overlay",
    "parameter",
    "precision_recall",
    "predicted_actual",
    "residuals",
    "roc",
    "search_history",
    "threshold",
]
