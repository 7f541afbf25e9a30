"""Packages on a sorting line: which of five types is it, from what the sensors measure."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

ROWS = 3_000
SENSORS = ("weight_g", "length_mm", "width_mm", "height_mm", "hue", "reflectance", "stiffness", "sound_db")
# Mean of each sensor by type; types lie close enough that no sensor alone tells them apart.
TYPES: dict[str, tuple[float, ...]] = {
    "bottle": (310, 210, 68, 70, 120, 0.42, 5.2, 61),
    "can": (290, 150, 66, 66, 200, 0.78, 7.4, 70),
    "carton": (330, 195, 74, 62, 45, 0.35, 3.6, 55),
    "jar": (420, 140, 82, 80, 95, 0.48, 8.3, 66),
    "pouch": (240, 185, 95, 38, 160, 0.55, 1.9, 50),
}
SPREAD = (70, 28, 11, 12, 55, 0.17, 1.7, 7)
LOWEST = (5, 20, 10, 5, 0, 0.01, 0.1, 30)
SHARES = (0.32, 0.26, 0.21, 0.14, 0.07)
DECIMALS = (1, 1, 1, 1, 0, 3, 2, 1)
TRUTH: dict[str, Any] = {
    "target": "product_type",
    "task": "multiclass",
    "classes": dict(zip(TYPES, SHARES, strict=True)),
    "causes": [*SENSORS, "supplier"],
    "no_effect": ["line", "shift", "humidity"],
    "how": "each sensor is normal around a mean that depends on the type; supplier North sends no pouches",
    "planted": {"hue": "6 % blank", "label_mistakes": "1.5 % of the types are wrong on purpose"},
}


def make(seed: int) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The table and the truth about it."""
    rng = np.random.default_rng(seed)
    kinds = rng.choice(list(TYPES), ROWS, p=SHARES)
    means = np.array([TYPES[kind] for kind in kinds])
    measured = means + rng.normal(size=means.shape) * np.array(SPREAD)
    measured = np.maximum(measured, LOWEST)
    frame = pd.DataFrame({name: measured[:, i].round(DECIMALS[i]) for i, name in enumerate(SENSORS)})
    frame["humidity"] = rng.normal(48, 6, ROWS).round(1)
    supplier = rng.choice(["North", "South", "Harbor"], ROWS, p=[0.4, 0.35, 0.25])
    moved = (kinds == "pouch") & (supplier == "North")
    frame["supplier"] = np.where(moved, rng.choice(["South", "Harbor"], ROWS), supplier)
    frame["line"] = rng.choice(["L1", "L2", "L3"], ROWS)
    frame["shift"] = rng.choice(["early", "late", "night"], ROWS)
    frame["hue"] = frame["hue"].where(rng.random(ROWS) >= 0.06).astype("Int64")
    wrong = rng.random(ROWS) < 0.015
    frame["product_type"] = np.where(wrong, rng.choice(list(TYPES), ROWS, p=SHARES), kinds)
    return frame, {**TRUTH, "rows": ROWS}
