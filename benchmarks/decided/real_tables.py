"""Real tables as the reader types them: of the folder shared/ beside the project, and scikit-learn's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
from sklearn import datasets

from core.data.read import read
from core.spec import Task

Real = tuple[pd.DataFrame, str, Task]
"""A typed table, its target and how that is read."""
FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data"
FILES: dict[str, tuple[str, Task]] = {
    "adult": ("income", "multiclass"),
    "ames_housing": ("SalePrice", "regression"),
    "bike_sharing": ("cnt", "regression"),
    "california_housing": ("MedHouseVal", "regression"),
    "elec2": ("class", "binary"),
    "employee_salaries": ("current_annual_salary", "regression"),
    "german_credit": ("class", "binary"),
    "hotel_bookings": ("is_canceled", "binary"),
    "letter": ("letter", "multiclass"),
    "nycflights13/flights_30k": ("arr_delay", "regression"),
    "secom": ("Good/Bad", "binary"),
    "sms_spam": ("type", "binary"),
    "telco_churn": ("Churn", "binary"),
    "titanic": ("Survived", "binary"),
    "wine_quality": ("quality", "regression"),
}
LEAKY = {
    "bike_sharing": {"casual", "registered"},
    "hotel_bookings": {"reservation_status", "reservation_status_date"},
    "nycflights13/flights_30k": {"dep_delay", "arr_time", "air_time", "dep_time"},
}
"""Columns of these tables that do give the target away."""
OF_SKLEARN: dict[str, tuple[Callable[..., object], Task]] = {
    "breast_cancer": (datasets.load_breast_cancer, "binary"),
    "diabetes": (datasets.load_diabetes, "regression"),
    "wine": (datasets.load_wine, "multiclass"),
    "iris": (datasets.load_iris, "multiclass"),
    "digits": (datasets.load_digits, "multiclass"),
}


def from_file(name: str) -> Real:
    """A table of the folder; the target ``y`` where its name is none of a column."""
    target, task = FILES[name]
    path = FOLDER / f"{name}.csv"
    return read(path, path.name, target_of=lambda _: target).frame, target, task


def from_sklearn(name: str) -> Real:
    """A table that scikit-learn brings along, with its classes as text."""
    make, task = OF_SKLEARN[name]
    frame = make(as_frame=True).frame.rename(columns=str)  # type: ignore[attr-defined]
    features = frame.drop(columns="target").astype("float64")
    target = frame["target"].astype("float64" if task == "regression" else "str")
    return features.assign(target=target), "target", task


def separable(seed: int, rows: int) -> Real:
    """Classes that strong honest features tell nearly without a mistake."""
    values, classes = datasets.make_classification(
        rows, 12, n_informative=8, n_redundant=2, class_sep=3.0, flip_y=0.0, random_state=seed
    )
    frame = pd.DataFrame(values, columns=[f"f{i}" for i in range(values.shape[1])])
    return frame.assign(target=pd.Series(classes).map({0: "no", 1: "yes"}).astype("str")), "target", "binary"


def real(name: str) -> Real:
    """The table of that name; ``separable 3`` is drawn with that seed."""
    if name in FILES:
        return from_file(name)
    return from_sklearn(name) if name in OF_SKLEARN else separable(int(name.split()[1]), 1_500)


NAMES = (*FILES, *OF_SKLEARN, *(f"separable {seed}" for seed in range(5)))
