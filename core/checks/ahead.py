"""Number columns that were made from later targets, where rows have an order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.checks.finding import FEWEST_ENTITIES, Finding, Severity, Subject, leave_out
from core.checks.strength import Evidence, targets_of

MOST_ROWS = 3_000
LEAST_ROWS = 60
MOST_STEPS = 30
FARTHEST = 400
ROWS_A_STEP = 10
SPIKES = 6
EXPLAINS = 0.98
"""Share of a column that the targets around its row must explain."""
MUCH_LESS = 0.2
"""Share of what earlier targets leave open that may stay open."""
EXACT = 1e-6
"""Share that stays open where nothing does but rounding."""
MOST_COLUMNS, MOST_TARGETS = 60, 3


@dataclass(frozen=True, eq=False)
class _Order:
    """Rows in the order in which they came.

    Attributes:
        by: what says so, for people.
        timed: whether that is a time; the rows of a file may begin with the newest.
        upwards: whether they are taken from the last to the first, as such a file has them.
        belongs: (rows,) the group of each; a group's rows stand together.
    """

    rows: pd.DataFrame
    by: str
    belongs: np.ndarray
    timed: bool
    upwards: bool = False

    @property
    def turned(self) -> _Order:
        """The same from the last row to the first."""
        return _Order(self.rows[::-1], self.by, self.belongs[::-1], self.timed, True)


def made_of_later_targets(evidence: Evidence) -> list[Finding]:
    """Columns that the targets of later rows explain, and those of earlier ones do not."""
    findings: dict[str, Finding] = {}
    for order in _orders(evidence):
        if len(order.rows) < LEAST_ROWS:
            continue
        names = [c.name for c in evidence.subject.features("numeric", "boolean") if c.physical == "number"]
        values = order.rows[names[:MOST_COLUMNS]].to_numpy(dtype="float64")
        targets = targets_of(order.rows[evidence.subject.target], evidence.numbers)
        for target in (one for one in targets.T[:MOST_TARGETS] if one.std() > 0):
            for place in _looking_ahead(values, target, order.belongs):
                name = names[place]
                findings.setdefault(name, _finding(name, evidence.subject.target, order))
    return list(findings.values())


def _finding(name: str, target: str, order: _Order) -> Finding:
    if order.upwards:
        reason = (
            f"{name} is made of values of {target} in the rows above, {order.by}. If the file begins with "
            "the newest row these are later ones, which are not known when it is to be predicted; if it "
            "begins with the oldest it may stay."
        )
    else:
        late = "they are not known when it is to be predicted."
        reason = (
            f"{name} is made of values of {target} in later rows, {order.by}, or in the row itself: {late}"
        )
    if not order.timed and not order.upwards:
        reason += " If the file begins with the newest row they are earlier ones, and it may stay."
    severity: Severity = "error" if order.timed else "warn"
    return Finding(code="LEAKAGE", severity=severity, column=name, reason=reason, fix=leave_out(name))


def _counter(subject: Subject) -> str:
    """The column of whole numbers that only rises, or only falls, from row to row; empty for none."""
    for column in subject.columns:
        if column.physical != "number" or column.name == subject.target or column.missing:
            continue
        steps = np.diff(subject.frame[column.name].to_numpy(dtype="float64"))
        if len(steps) and not np.any(steps % 1) and (np.all(steps > 0) or np.all(steps < 0)):
            return column.name
    return ""


def _orders(evidence: Evidence) -> list[_Order]:
    """The orders that rows may have: by a time or as in the file, all together and within groups."""
    subject = evidence.subject
    times = [c for c in subject.columns if c.role == "time"]
    times += [c for c in subject.columns if c.kind == "datetime" and c not in times]
    groups = [c for c in subject.columns if c.role == "group"]
    groups += [c for c in subject.entities(FEWEST_ENTITIES) if c not in groups]
    groups += [c for c in subject.entities_aside(FEWEST_ENTITIES) if c not in groups]
    groups += [
        c
        for c in subject.columns
        if c not in groups and c.kind == "id" and 2 <= c.unique <= len(subject.frame) / 5
    ]
    frame = subject.frame[subject.frame[subject.target].notna().to_numpy()]
    orders = []
    time = times[0].name if times else _counter(subject)
    by = f"by {time}" if time else "as they stand in the file"
    rows = _piece(frame, time)
    orders.append(_Order(rows, by, np.zeros(len(rows), dtype=np.int64), bool(times)))
    for group in groups[:2]:
        whole = _whole_groups(frame, group.name, time)
        codes = pd.factorize(whole[group.name])[0]
        orders.append(_Order(whole, f"{by}, of the same {group.name}", codes, bool(times)))
    return orders if time else [*orders, *(order.turned for order in orders)]


def _piece(frame: pd.DataFrame, time: str) -> pd.DataFrame:
    """Consecutive rows in the middle."""
    if time and not frame[time].is_monotonic_increasing:
        frame = frame.iloc[frame[time].argsort(kind="stable").to_numpy()]
    first = max(0, (len(frame) - MOST_ROWS) // 2)
    return frame.iloc[first : first + MOST_ROWS]


def _whole_groups(frame: pd.DataFrame, group: str, time: str) -> pd.DataFrame:
    """The rows of some groups, each in order."""
    names = frame[group].dropna()
    sizes = names.value_counts()
    some = sizes.sample(frac=1, random_state=0)
    chosen = some[some.cumsum() <= max(MOST_ROWS, int(some.iloc[0]))].index if len(some) else some.index
    rows = frame[frame[group].isin(chosen)]
    if time:
        rows = rows.sort_values(time, kind="stable")
    rows = rows.iloc[np.argsort(pd.factorize(rows[group])[0], kind="stable")]
    return rows.head(MOST_ROWS)


def _looking_ahead(values: np.ndarray, target: np.ndarray, belongs: np.ndarray) -> list[int]:
    """The columns that later targets, or the row's own, explain, or their steps, as earlier ones do not."""
    near = max(2, min(MOST_STEPS, len(values) // (2 * ROWS_A_STEP)))
    distances = np.arange(-near, near + 1)
    first = np.r_[True, belongs[1:] != belongs[:-1]]
    steps = np.where(first[:, None], np.nan, np.diff(values, axis=0, prepend=np.nan))
    found = []
    for place, fits in enumerate(_near(values, target, belongs, distances)):
        one = steps[:, place]
        if fits and _explained_ahead(values[:, place], target, belongs, distances):
            found.append(place)
        elif np.nanstd(one) > 0:
            far = np.union1d(_spikes(one, target), np.arange(-3, 4))
            if _explained_ahead(one, target, belongs, far):
                found.append(place)
    return found


def _near(values: np.ndarray, target: np.ndarray, belongs: np.ndarray, distances: np.ndarray) -> np.ndarray:
    """(columns,) whether the targets around may explain a column: all at once, missing values as the mean."""
    around = np.column_stack([_shifted(target, belongs, int(by)) for by in distances])
    used = np.isfinite(around).all(axis=1)
    if used.sum() < LEAST_ROWS // 2 or not values.shape[1]:
        return np.zeros(values.shape[1], dtype=bool)
    rows = np.where(np.isfinite(values[used]), values[used], np.nan)
    empty = ~np.isfinite(rows)
    counts = np.maximum((~empty).sum(axis=0), 1)
    centred = np.where(empty, 0.0, rows - np.nansum(rows, axis=0) / counts)
    data = np.column_stack([np.ones(int(used.sum())), around[used]])
    lines, *_ = np.linalg.lstsq(data, centred, rcond=None)
    left = ((centred - data @ lines) ** 2).sum(axis=0)
    fits: np.ndarray = left <= 0.2 * (centred**2).sum(axis=0)
    return fits


def _spikes(steps: np.ndarray, target: np.ndarray) -> np.ndarray:
    """The distances, at most 400 rows, at which the target goes with the steps of a column most."""
    reach = min(FARTHEST, len(target) // 3)
    one = np.nan_to_num(steps - np.nanmean(steps))
    two = np.r_[0.0, np.diff(target)]
    size = 2 ** int(np.ceil(np.log2(2 * len(target))))
    both = np.fft.irfft(np.conj(np.fft.rfft(one, size)) * np.fft.rfft(two, size), size)
    distances = np.r_[np.arange(-reach, 0), np.arange(reach + 1)]
    strongest: np.ndarray = distances[np.argsort(-np.abs(both[distances]))[:SPIKES]]
    return np.unique(np.r_[strongest, strongest - 1, strongest + 1])


def _explained_ahead(
    values: np.ndarray, target: np.ndarray, belongs: np.ndarray, distances: np.ndarray
) -> bool:
    around = np.column_stack([_shifted(target, belongs, int(by)) for by in distances])
    used = np.isfinite(values) & np.isfinite(around).all(axis=1)
    if (
        not target.std() > 0
        or used.sum() < max(LEAST_ROWS // 2, 3 * len(distances))
        or not values[used].std() > 0
    ):
        return False
    every = _open(values[used], around[used])
    if every > 1 - EXPLAINS:
        return False
    before = _open(values[used], around[used][:, distances < 0])
    now = _open(values[used], around[used][:, distances <= 0])
    by_later = now > EXACT and every <= MUCH_LESS * now
    by_own = now <= EXACT < before and _is_mixed(values[used], around[used][:, distances == 0])
    return bool(by_later or by_own)


def _is_mixed(values: np.ndarray, own: np.ndarray) -> bool:
    """Whether the row's own target alone does not tell the column: what tells it alone is found elsewhere."""
    return _open(values, own) > 1e-3


def _shifted(target: np.ndarray, belongs: np.ndarray, by: int) -> np.ndarray:
    """(rows,) the target so many rows later in the same group, NaN where there is none."""
    out = np.full(len(target), np.nan)
    here = np.arange(len(target))
    there = here + by
    inside = (there >= 0) & (there < len(target))
    inside[inside] &= belongs[there[inside]] == belongs[here[inside]]
    out[inside] = target[there[inside]]
    return out


def _open(values: np.ndarray, around: np.ndarray) -> float:
    """Share of the spread of values that a line of the targets around does not explain, for its freedom."""
    data = np.column_stack([np.ones(len(values)), around])
    lines, *_ = np.linalg.lstsq(data, values, rcond=None)
    left = ((values - data @ lines) ** 2).sum() / max(1, len(values) - data.shape[1])
    return float(left / values.var())
