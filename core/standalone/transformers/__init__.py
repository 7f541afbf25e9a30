"""Foldline's own scikit-learn transformers."""

from __future__ import annotations

from .. import MODULE
from .base import AddColumns, ChangeValues, PrepareColumns
from .boosting import HistogramClassifier, HistogramRegressor, LightGBM, LightGBMClassifier, LightGBMRegressor
from .dates import DateFeatures, DateParts, Elapsed
from .levels import Frequency, GroupStatistic, LevelShare, MissingFlag
from .numbers import Arithmetic, Bins, Polynomial, Ratio
from .outliers import Clip, SignedLog
from .read_columns import ReadColumns
from .selection import DropCorrelated, MostInformative
from .texts import TextFeatures, TextTopics

__all__ = [
    "AddColumns",
    "Arithmetic",
    "Bins",
    "ChangeValues",
    "Clip",
    "DateFeatures",
    "DateParts",
    "DropCorrelated",
    "Elapsed",
    "Frequency",
    "GroupStatistic",
    "HistogramClassifier",
    "HistogramRegressor",
    "LevelShare",
    "LightGBM",
    "LightGBMClassifier",
    "LightGBMRegressor",
    "MissingFlag",
    "MostInformative",
    "Polynomial",
    "PrepareColumns",
    "Ratio",
    "ReadColumns",
    "SignedLog",
    "TextFeatures",
    "TextTopics",
]

for _name in __all__:
    globals()[_name].__module__ = MODULE  # what model files record, wherever a class is written
