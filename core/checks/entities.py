"""Columns that name what rows belong to without being called so: odd numbers, days, pairs and threes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from sklearn.ensemble import ExtraTreesRegressor
from sklearn.model_selection import GroupKFold

from core.checks.finding import FEWEST_ENTITIES, Finding, keep_together
from core.checks.rest import as_numbers
from core.checks.strength import FOLDS, Evidence, level_means
from core.data.kinds import words_of
from core.data.table import Column
from core.standalone.counts import counted

MOST_ROWS, LEAST_ROWS, LEAST_ENTITIES = 2_000, 100, 10
LEAST_EACH = 3.0
"""Mean rows an entity."""
CROWDED = 0.1
"""Share of the values between the smallest and the largest that would be taken by numbers of no entity."""
RATHER = 0.5
"""Pairs that are as many as this share of what chance would give belong together."""
MOST_OF_ONE, EVEN_SHARES = 0.1, 3.0
"""Share of the rows that one entity may have, and how many times its even share that may be among few."""
COARSE, AS_A_MEASURE = 8, 0.5
"""Ranges of a number, and share of what its values tell, from which they tell it as a measure, no name."""
MORE = {2: 1.5, 3: 1.2}
"""How many times more pairs (threes) there must be than values (pairs); else one is a part of the other."""
MOST_COLUMNS, MOST_OF_THREE, TRIED = 14, 8, 3
OF_PERSONS = frozenset(
    {"surname", "lastname", "firstname", "forename", "last", "first", "fullname", "street", "address", "addr"}
    | {"phone", "telephone", "mobile", "email", "mail", "birth", "birthday", "birthdate", "dob", "born"}
    | {"postcode", "zip"}
)
"""Words in names of columns that tell persons or households apart."""
MOST_READ = 60
"""Columns that the small model reads, those of the key first."""
TREES, LEAF = 40, 2
LEAST_LOSS, FLATTERED, PART = 0.03, 0.1, 0.4
"""Strength lost when entities are kept together: at least, where much is left open, and else this part."""


@dataclass(frozen=True, eq=False)
class Key:
    """One to three columns, and (rows,) the entity they name, -1 for none."""

    columns: tuple[Column, ...]
    codes: np.ndarray


def hidden_entities(evidence: Evidence) -> list[Finding]:
    """The one to three columns whose rows a model knows again: it scores less on rows of others."""
    subject = evidence.subject
    if subject.entities(FEWEST_ENTITIES) or any(c.role in ("group", "time") for c in subject.columns):
        return []
    best, loss = None, 0.0
    for key in likeliest_keys(evidence, subject.features()):
        drop = loss_together(evidence, key)
        if drop > loss:
            best, loss = key, drop
    if best is None:
        return []
    names = [c.name for c in best.columns]
    count = len(np.unique(best.codes[best.codes >= 0]))
    what = ", ".join(names[:-1]) + " and " * (len(names) > 1) + names[-1]
    reason = (
        f"{what} {'together name' if len(names) > 1 else 'names'} what rows belong to ({count:,} in "
        f"{counted(len(evidence.rows), 'row')}): a small model tells {subject.target} less well by "
        f"{loss:.2f} ({evidence.measure}) where such rows are kept together, so a split at random flatters "
        "it."
    )
    fix = keep_together(names[0]) if len(names) == 1 else None
    if fix is None:
        reason += f" Add a column to the file that joins {what}, and give it the role Group."
    return [Finding(code="LEAKAGE", severity="warn", column=names[0], reason=reason, fix=fix)]


def loss_together(evidence: Evidence, key: Key, is_named: bool = False) -> float:
    """The strength that is lost where rows of one entity are kept together; 0 where that is next to none."""
    together, apart = strengths(evidence, key, is_named)
    drop = apart - together
    return drop if drop >= max(LEAST_LOSS, min(FLATTERED, PART * (1 - together))) else 0.0


def likeliest_keys(
    evidence: Evidence, features: tuple[Column, ...], of: tuple[Column, ...] = ()
) -> list[Key]:
    """The first three of ``keys_among`` that are no measure, such as an amount, whose size tells the target.

    Args:
        of: columns of which a key must have one; none for any.
    """
    keys = [one for one in keys_among(evidence.rows, features) if not of or any(c in of for c in one.columns)]
    return [one for one in keys[: 2 * TRIED] if not _is_measure(evidence, one)][:TRIED]


def _is_measure(evidence: Evidence, key: Key) -> bool:
    """Whether a number tells the target by the range that it lies in nearly as well as by its very value."""
    if len(key.columns) > 1 or key.columns[0].physical != "number":
        return False
    ranks = evidence.rows[key.columns[0].name].rank(pct=True).to_numpy(dtype="float64")
    ranges = np.where(np.isfinite(ranks), np.ceil(ranks * COARSE), 0).astype(np.int64) - 1
    told = [
        evidence.strength(level_means(codes, int(codes.max()) + 1, evidence.targets, evidence.folds))
        for codes in (ranges, key.codes)
    ]
    return told[0] >= AS_A_MEASURE * told[1] > 0


def keys_among(rows: pd.DataFrame, features: tuple[Column, ...]) -> list[Key]:
    """What may name entities: single columns, then pairs and threes, the least likely by chance first."""
    codes = {c.name: pd.factorize(rows[c.name])[0] for c in features}
    single = [Key((c,), codes[c.name]) for c in features if _repeats_oddly(rows[c.name], c)]
    usable = [c for c in features if 4 <= codes[c.name].max() + 1 <= len(rows) / 2]
    usable = sorted(usable, key=lambda c: -int(codes[c.name].max()))[:MOST_COLUMNS]
    sizes: dict[frozenset[str], int] = {frozenset([c.name]): int(codes[c.name].max()) + 1 for c in usable}
    several = []
    for columns in (*combinations(usable, 2), *combinations(usable[:MOST_OF_THREE], 3)):
        parts = [codes[c.name] for c in columns]
        names = _joint(parts)
        count, usual = int(names.max()) + 1, _by_chance(parts)
        sizes[frozenset(c.name for c in columns)] = count
        most = max(sizes[frozenset(c.name for c in part)] for part in combinations(columns, len(columns) - 1))
        is_new = count <= RATHER * usual and count > MORE[len(columns)] * most
        is_new &= _is_number(len(rows), count) and not dominated(names)
        if is_new and _may_name(columns):
            several.append((count / usual, Key(columns, names)))
    several.sort(key=lambda one: one[0])
    return [*single, *(key for _, key in several)]


def _may_name(columns: tuple[Column, ...]) -> bool:
    """Whether columns may name entities: categories alone are a place in a firm, unless of persons."""
    texts = [c for c in columns if c.physical == "text"]
    return len(texts) < len(columns) or any(OF_PERSONS.intersection(words_of(c.name)) for c in texts)


def _joint(parts: Sequence[np.ndarray]) -> np.ndarray:
    """(rows,) a number for each combination of codes, -1 where one is missing."""
    joint = parts[0].astype("int64")
    for codes in parts[1:]:
        there = (joint >= 0) & (codes >= 0)
        joint = np.where(there, joint * (int(codes.max()) + 1) + codes, -1)
        joint = pd.factorize(np.where(joint < 0, np.nan, joint))[0]
    return joint


def _is_number(rows: int, entities: int) -> bool:
    return LEAST_ENTITIES <= entities <= rows / LEAST_EACH


def dominated(codes: np.ndarray) -> bool:
    """Whether one value has far more rows than an entity among so many: (rows,) codes, -1 for none."""
    counts = np.bincount(codes[codes >= 0])
    return bool(len(counts) and counts.max() > max(MOST_OF_ONE, EVEN_SHARES / len(counts)) * counts.sum())


def _by_chance(parts: Sequence[np.ndarray]) -> int:
    """Different combinations where the values of each column are dealt anew."""
    random = np.random.default_rng(0)
    return int(_joint([random.permutation(codes) for codes in parts]).max()) + 1


def _repeats_oddly(values: pd.Series, column: Column) -> bool:
    """Whether numbers of many digits, or times, come again far more often than their spacing makes likely."""
    present = values.dropna()
    counts = present.value_counts()
    if column.physical == "text" or not _is_number(len(present), len(counts)):
        return False
    if dominated(pd.factorize(values)[0]):
        return False
    if column.physical == "datetime":
        days = present.dt.floor("D").nunique()
        return bool(days == len(counts) and days <= CROWDED * (present.max() - present.min()).days)
    numbers = present.to_numpy(dtype="float64")
    if not np.any(numbers % 1):
        return False
    digits = present.astype("str").str.extract(r"\.(\d+)")[0].fillna("").str.len()
    low, high = np.quantile(numbers, (0.05, 0.95))
    inside = int(((counts.index >= low) & (counts.index <= high)).sum())
    places = (high - low) * 10.0 ** min(12, int(digits.median()))
    return bool(inside <= CROWDED * places)


def strengths(evidence: Evidence, key: Key, is_named: bool = False) -> tuple[float, float]:
    """Strength of a small forest on rows of other entities, at least 0, and on rows drawn at random.

    Args:
        is_named: whether the key is an entity for sure; rows that are alike then tell how much so.
    """
    random = np.random.default_rng(evidence.subject.seed)
    every = [c.name for c in evidence.subject.features() if c.kind != "text"]
    again = evidence.rows[every].duplicated().to_numpy() & (not is_named)  # duplicates are another check
    there = np.flatnonzero((key.codes >= 0) & ~again)
    order = random.permutation(int(key.codes.max()) + 1)
    cumulated = np.cumsum(np.bincount(key.codes[there], minlength=len(order))[order])
    chosen = order[: max(LEAST_ENTITIES, int(np.searchsorted(cumulated, MOST_ROWS)))]
    rows = there[np.isin(key.codes[there], chosen)]
    read = [c.name for c in key.columns if c.role == "feature"]
    names = list(dict.fromkeys([*read, *every]))[:MOST_READ]
    if len(rows) < LEAST_ROWS or not names or len(np.unique(key.codes[rows])) < FOLDS:
        return 0.0, 0.0
    data = np.column_stack([as_numbers(evidence.rows[name]) for name in names])[rows]
    targets, groups = evidence.targets[rows], key.codes[rows]
    some = np.zeros(len(evidence.rows), dtype=bool)
    some[rows] = True
    fold = random.permutation(len(rows)) % FOLDS
    at_random = [(np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in range(FOLDS)]
    apart = list(GroupKFold(FOLDS, shuffle=True, random_state=0).split(data, groups=groups))
    mixed, whole = (evidence.strength(_guesses(data, targets, f), some) for f in (at_random, apart))
    return max(0.0, whole), mixed


def _guesses(data: np.ndarray, targets: np.ndarray, folds: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    out = np.empty_like(targets)
    for fit, judged in folds:
        forest = ExtraTreesRegressor(TREES, min_samples_leaf=LEAF, max_features=0.5, random_state=0)
        fitted = forest.fit(data[fit], targets[fit].squeeze())
        out[judged] = np.asarray(fitted.predict(data[judged])).reshape(len(judged), -1)
    return out
