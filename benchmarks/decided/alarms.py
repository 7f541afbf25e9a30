"""How often rules for drift cry wolf on tables where nothing changed, and what they find where something did.

Beside Foldline's rule stand three that are in wide use, each over all columns without allowing for their
number: a p-value below 0.05 (Kolmogorov-Smirnov, chi-squared), a distance from 0.1 (Wasserstein in standard
deviations, Jensen-Shannon with base e), and a population stability index from 0.1 (ten reference deciles, or
levels). Like their common implementations these look at the values that are there, not at those missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats
from scipy.spatial.distance import jensenshannon

from core.drift.profile.build import reference_profile
from core.spec import Kind
from core.watch.drift import drift

CLEAN, CHANGED = 100, 50
SIZES = ((1_000, 1_000), (1_000, 200), (5_000, 200), (5_000, 5_000))
LEVELS = (2, 2, 3, 10, 50, 300)
Draw = np.random.Generator


@dataclass(frozen=True)
class Column:
    """A column to watch."""

    name: str
    kind: Kind


def clean(draw: Draw, rows: int) -> pd.DataFrame:
    """Twenty columns: ten normal, four with heavy tails (t with 2 degrees), six with 2 to 300 levels."""
    normal = {f"normal {i}": draw.normal(size=rows) for i in range(10)}
    heavy = {f"heavy {i}": draw.standard_t(2, rows) for i in range(4)}
    levels = {f"levels {i}": pd.Series(draw.integers(0, n, rows)).astype("str") for i, n in enumerate(LEVELS)}
    return pd.DataFrame(normal | heavy | levels)


def foldline(reference: pd.DataFrame, current: pd.DataFrame) -> bool:
    """Whether Foldline's rule calls one of the columns drifted."""
    watched = [Column(str(name), _kind(cells)) for name, cells in reference.items()]
    found = drift(reference_profile(reference, watched), current)
    return any(column.state == "drift" for column in found.columns)


def _kind(cells: pd.Series) -> Kind:
    return "numeric" if cells.dtype == np.float64 else "categorical"


Rule = Callable[[pd.Series, pd.Series], bool]


def any_column(rule: Rule) -> Callable[[pd.DataFrame, pd.DataFrame], bool]:
    """The rule on every column by itself."""
    return lambda a, b: any(rule(a[name].dropna(), b[name].dropna()) for name in a)


def counts(a: pd.Series, b: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """How often each level, or each tenth of the reference, occurs on both sides."""
    if _kind(a) == "numeric":
        cuts = np.unique(np.quantile(a, np.linspace(0.1, 0.9, 9)))
        a, b = pd.Series(np.searchsorted(cuts, a)), pd.Series(np.searchsorted(cuts, b))
    both = pd.concat([a.value_counts(), b.value_counts()], axis=1).fillna(0).to_numpy(dtype=np.float64)
    return both[:, 0], both[:, 1]


def p_value(a: pd.Series, b: pd.Series) -> bool:
    """A p-value below 0.05."""
    if _kind(a) == "numeric":
        return bool(stats.ks_2samp(a, b).pvalue < 0.05)
    return bool(stats.chi2_contingency(np.array(counts(a, b))).pvalue < 0.05)


def distance(a: pd.Series, b: pd.Series) -> bool:
    """A distance of at least 0.1."""
    if _kind(a) == "numeric":
        return bool(stats.wasserstein_distance(a, b) / a.std() >= 0.1)
    return bool(jensenshannon(*counts(a, b)) >= 0.1)


def stability(a: pd.Series, b: pd.Series) -> bool:
    """A population stability index of at least 0.1; empty cells count as 0.0001 of the rows."""
    p, q = (np.maximum(side / side.sum(), 1e-4) for side in counts(a, b))
    return bool(np.sum((p - q) * np.log(p / q)) >= 0.1)


RULES: Mapping[str, Callable[[pd.DataFrame, pd.DataFrame], bool]] = {
    "Foldline": foldline,
    "p < 0.05": any_column(p_value),
    "distance": any_column(distance),
    "PSI": any_column(stability),
}


def _numbers(
    change: Callable[[Draw, np.ndarray], np.ndarray],
) -> Callable[[Draw], tuple[pd.Series, pd.Series]]:
    def pair(draw: Draw) -> tuple[pd.Series, pd.Series]:
        return pd.Series(draw.normal(size=10_000)), pd.Series(change(draw, draw.normal(size=2_000)))

    return pair


def _holes(draw: Draw) -> tuple[pd.Series, pd.Series]:
    a, b = pd.Series(draw.normal(size=10_000)), pd.Series(draw.normal(size=2_000))
    return a.mask(draw.random(10_000) < 0.02), b.mask(draw.random(2_000) < 0.2)


def _outlier(draw: Draw) -> tuple[pd.Series, pd.Series]:
    a, b = pd.Series(draw.normal(size=10_000)), pd.Series(draw.normal(0.5, size=2_000))
    a.iloc[0] = 1e6
    return a, b


def _new_level(draw: Draw) -> tuple[pd.Series, pd.Series]:
    a, b = (pd.Series(draw.integers(0, 5, rows)).astype("str") for rows in (10_000, 2_000))
    return a, b.mask(draw.random(2_000) < 0.03, "new")


def _tiny(draw: Draw) -> tuple[pd.Series, pd.Series]:
    return pd.Series(draw.normal(size=200_000)), pd.Series(draw.normal(0.02, size=200_000))


CHANGES: Mapping[str, Callable[[Draw], tuple[pd.Series, pd.Series]]] = {
    "missing from 2 % to 20 %": _holes,
    "mean +0.5 sd, one 1e6 in the reference": _outlier,
    "5 % become -999": _numbers(lambda draw, x: np.where(draw.random(len(x)) < 0.05, -999.0, x)),
    "a new level, 3 %": _new_level,
    "mean +0.25 sd": _numbers(lambda _, x: x + 0.25),
    "mean +0.5 sd": _numbers(lambda _, x: x + 0.5),
    "spread x 1.5": _numbers(lambda _, x: x * 1.5),
    "mean +0.02 sd, 200,000 rows (too small to matter)": _tiny,
}


def alarms(draw: Draw, reference: int, current: int) -> dict[str, float]:
    """Share of clean pairs on which each rule flags at least one of 20 columns."""
    pairs = [(clean(draw, reference), clean(draw, current)) for _ in range(CLEAN)]
    return {name: float(np.mean([rule(a, b) for a, b in pairs])) for name, rule in RULES.items()}


def finds(draw: Draw, change: Callable[[Draw], tuple[pd.Series, pd.Series]]) -> dict[str, float]:
    """Share of changed pairs that each rule flags."""
    pairs = [[cells.to_frame("x") for cells in change(draw)] for _ in range(CHANGED)]
    return {name: float(np.mean([rule(a, b) for a, b in pairs])) for name, rule in RULES.items()}


def _line(what: str, shares: Mapping[str, float]) -> str:
    return f"{what:<52}" + "".join(f"{100 * share:>10.0f}" for share in shares.values())


def main() -> None:
    """Print both tables, in percent."""
    draw = np.random.default_rng(0)
    print(f"{'at least one false alarm in 20 clean columns, %':<52}" + "".join(f"{n:>10}" for n in RULES))
    for sizes in SIZES:
        print(_line("{:,} rows against {:,}".format(*sizes), alarms(draw, *sizes)), flush=True)
    print("found, 2,000 rows against 10,000, %")
    for what, change in CHANGES.items():
        print(_line(what, finds(draw, change)), flush=True)


if __name__ == "__main__":
    main()
