"""Houses that were sold: a number to predict from sizes, places, dates and a line of text."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

ROWS = 3_000
DISTRICTS = {
    "Harbour": 1.35, "Old Town": 1.28, "Riverside": 1.18, "Park Hill": 1.12, "University": 1.08,
    "Station": 1.0, "Westend": 0.98, "Millfield": 0.94, "Eastgate": 0.9, "Northfield": 0.86,
    "Foundry": 0.82, "Airport": 0.74,
}  # fmt: skip
CONDITIONS = {"new": 1.12, "good": 1.0, "fair": 0.92, "poor": 0.8}
ENERGY = {"A": 1.06, "B": 1.03, "C": 1.0, "D": 0.99, "E": 0.97, "F": 0.94, "G": 0.9}
REMARKS = {
    "bright living room with large windows": 1.03,
    "quiet street close to a school": 1.02,
    "needs a new roof and new wiring": 0.88,
    "recently renovated kitchen and bath": 1.06,
    "close to a busy road and the railway": 0.93,
    "garden faces south with old trees": 1.04,
    "small cellar and a dry attic": 1.0,
    "sold with all the furniture": 1.0,
}
TRUTH: dict[str, Any] = {
    "target": "price",
    "task": "regression",
    "formula": "price = 3100 * living_area^0.85 * factors * noise; noise is log-normal with sigma 0.10",
    "factors": {
        "district": DISTRICTS,
        "condition": CONDITIONS,
        "energy_label": ENERGY,
        "remarks": REMARKS,
        "garage": "1.05 with one",
        "lot_m2": "(lot / 400)^0.08",
        "sold_on": "4 % a year",
        "age": "0.9975 for each year since it was built",
    },
    "no_effect": ["heating", "agent", "floors"],
    "planted": {
        "listing_no": "id: counts the rows",
        "currency": "constant",
        "energy_label": "9 % blank",
        "lot_m2": "4 % blank",
        "living_area_ft2": "the same as living_area in another unit",
    },
}


def make(seed: int) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The table and the truth about it."""
    rng = np.random.default_rng(seed)
    area = np.clip(rng.lognormal(4.75, 0.33, ROWS), 35, 380).round(0)
    first = rng.integers(0, len(REMARKS), ROWS)
    second = (first + rng.integers(1, len(REMARKS), ROWS)) % len(REMARKS)
    remarks = np.array(list(REMARKS))[np.column_stack([first, second])]
    built = 2025 - np.minimum(rng.gamma(2.2, 18, ROWS), 120).astype(int)
    sold = np.datetime64("2021-01-01") + rng.integers(0, 1_640, ROWS).astype("timedelta64[D]")
    frame = pd.DataFrame(
        {
            "listing_no": np.arange(1, ROWS + 1),
            "sold_on": sold,
            "district": rng.choice(list(DISTRICTS), ROWS),
            "living_area": area,
            "living_area_ft2": (area * 10.764).round(0),
            "lot_m2": (area * rng.lognormal(0.9, 0.5, ROWS)).round(0),
            "rooms": np.clip((area / 28 + rng.normal(0, 0.8, ROWS)).round(), 1, 12).astype(int),
            "bathrooms": np.clip((area / 90 + rng.normal(0, 0.5, ROWS)).round(), 1, 5).astype(int),
            "floors": rng.choice([1, 2, 3], ROWS, p=[0.35, 0.55, 0.1]),
            "year_built": built,
            "condition": rng.choice(list(CONDITIONS), ROWS, p=[0.15, 0.5, 0.25, 0.1]),
            "energy_label": rng.choice(list(ENERGY), ROWS, p=[0.08, 0.14, 0.24, 0.22, 0.16, 0.1, 0.06]),
            "garage": rng.choice(["yes", "no"], ROWS, p=[0.6, 0.4]),
            "heating": rng.choice(["gas", "heat pump", "district", "oil"], ROWS, p=[0.45, 0.25, 0.2, 0.1]),
            "agent": rng.choice([f"agent {n:02d}" for n in range(1, 31)], ROWS),
            "currency": "EUR",
            "remarks": [f"{a}; {b}" for a, b in remarks],
        }
    )
    frame["price"] = (_price(frame, remarks) * rng.lognormal(0, 0.10, ROWS) / 100).round(0) * 100
    for name, share in (("energy_label", 0.09), ("lot_m2", 0.04)):
        frame[name] = frame[name].where(rng.random(ROWS) >= share)
    return _whole(frame), {**TRUTH, "rows": ROWS}


def _price(frame: pd.DataFrame, remarks: np.ndarray) -> np.ndarray:
    years = (frame["sold_on"].to_numpy() - np.datetime64("2021-01-01")) / np.timedelta64(365, "D")
    said = np.vectorize(REMARKS.get)(remarks).prod(axis=1)
    return (
        3100
        * frame["living_area"].to_numpy() ** 0.85
        * frame["district"].map(DISTRICTS).to_numpy()
        * frame["condition"].map(CONDITIONS).to_numpy()
        * frame["energy_label"].map(ENERGY).to_numpy()
        * np.where(frame["garage"] == "yes", 1.05, 1.0)
        * (frame["lot_m2"].to_numpy() / 400) ** 0.08
        * 1.04**years
        * 0.9975 ** (2025 - frame["year_built"].to_numpy())
        * said
    )


def _whole(frame: pd.DataFrame) -> pd.DataFrame:
    """Whole numbers written without a decimal point, also in columns with missing values."""
    names = ["living_area", "living_area_ft2", "lot_m2", "price"]
    return frame.astype(dict.fromkeys(names, "Int64"))
