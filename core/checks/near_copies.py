"""Near-duplicates: rows that are nearer to another one than rows of their own would be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.metrics import pairwise_distances

from core.checks.changed_copies import Way, alike_targets, changed_copies, compared_columns, same_group
from core.checks.finding import Finding, Fix, Severity, Subject
from core.standalone.counts import counted
from core.standalone.rows.near_copies import near_parts

MOST_ASKED, MOST_ROWS = 600, 10_000
LEAST_ROWS = 60
MOST_COLUMNS = 24
NEIGHBOURS = 12
LEAST_NUMBERS = 2
DIFFERENT = 0.02
"""Share of the rows, or 20, of different values from which a number can tell rows apart."""
WIDER = 3.0
PLATEAU = 0.8
"""Share of the neighbours within three times a radius that are within it; chance leaves a third or less."""
LEAST_PAIRS = 12
ALIKE = 0.95
FARTHEST = 0.25
"""Mean difference a column up to which rows are called near."""


@dataclass(frozen=True, eq=False)
class _Neighbours:
    """The nearest rows of some rows.

    Attributes:
        distance: (asked, k) sum of the differences, ascending.
        alike: (asked, k) whether the target is the same, or nearly the same number.
        columns: by how many columns they are compared.
    """

    distance: np.ndarray
    alike: np.ndarray
    columns: int


def near_copies(subject: Subject, share: float) -> list[Finding]:
    """Rows that nearly repeat another one: copies with a little noise, or with one cell changed.

    Between rows of their own the number of neighbours grows threefold or more when the radius does; copies
    have as many within a small radius as within three times that.
    """
    copies = copies_in(subject)
    if copies is None:
        return []
    rows = round(copies.share * len(subject.frame))
    severity: Severity = "error" if copies.share >= share else "warn"
    reason = (
        f"About {counted(rows, 'row')} ({copies.share:.0%}) {copies.words}, with the same {subject.target}: "
        "near-duplicates across a split flatter the score."
    )
    fix = None
    if copies.changed:
        reason += " Remove them from the file, or give what they come from the role Group."
    elif copies.within < 1:
        fix = Fix(edit="set_apart", args={"within": copies.within}, label="Keep one of each")
    return [Finding(code="NEAR_DUPLICATES", severity=severity, column="", reason=reason, fix=fix)]


@dataclass(frozen=True)
class Copies:
    """Rows that nearly repeat another one.

    Attributes:
        share: of the rows.
        within: sum of the differences of the scaled numbers up to which they do, all else being equal.
        changed: in how many columns they differ, by any amount; 0 for those that are near in all.
        way: how rows are compared that differ in some columns.
    """

    share: float
    within: float = 0.0
    changed: int = 0
    way: Way = "near"

    @property
    def words(self) -> str:
        """What they do, for the middle of a sentence."""
        but = {1: "repeat another one but for one column", 2: "repeat another one but for two columns"}
        return but.get(self.changed, "nearly repeat another one")


def copies_in(subject: Subject) -> Copies | None:
    """The near-duplicates of a table, None where there are none or the recipe leaves them out."""
    if subject.apart > 0:
        return None
    nearest = _nearest(subject)
    if nearest is not None:
        radius, of_rows = _plateau(nearest)
        if of_rows > 0:
            return Copies(of_rows, within=float(f"{radius:.2g}"))
    copies = changed_copies(subject)
    return Copies(copies.share, changed=copies.columns, way=copies.way) if copies.columns else None


def _nearest(subject: Subject) -> _Neighbours | None:
    names = compared_columns(subject)[:MOST_COLUMNS]
    numbers = [c for c in subject.features() if c.physical != "text" and c.name in names]
    fewest = max(20, DIFFERENT * len(subject.frame))
    fine = [c for c in numbers if c.unique >= min(fewest, 2_000)]
    if len(fine) < LEAST_NUMBERS:
        return None
    frame = _window(subject.frame, fine[0].name, subject.seed)
    frame = frame[frame[subject.target].notna().to_numpy()]
    if len(frame) < LEAST_ROWS:
        return None
    numeric, codes = near_parts(frame, names)
    asked = np.arange(len(frame))
    if len(frame) > MOST_ASKED:  # of neighbours in one column those in the middle have theirs on both sides
        middle = (len(frame) - MOST_ASKED) // 2 if len(subject.frame) > MOST_ROWS else 0
        asked = asked[middle : middle + MOST_ASKED]
    distance = pairwise_distances(numeric[asked], numeric, metric="manhattan")
    for column in codes.T:
        distance += column[asked, None] != column[None, :]
    distance[np.arange(len(asked)), asked] = np.inf
    distance[distance <= 1e-12] = np.inf  # duplicates are another check
    distance[same_group(subject, frame, asked)] = np.inf
    nearest = np.argpartition(distance, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
    distance = np.take_along_axis(distance, nearest, axis=1)
    order = np.argsort(distance, axis=1)
    nearest, distance = (np.take_along_axis(one, order, axis=1) for one in (nearest, distance))
    alike = alike_targets(subject, frame[subject.target], asked, nearest)
    return _Neighbours(distance, alike, len(names))


def _window(frame: pd.DataFrame, name: str, seed: int) -> pd.DataFrame:
    """The rows, or those next to each other in one column, so that copies stay together; in random order."""
    random = np.random.default_rng(seed)
    if len(frame) <= MOST_ROWS:
        return frame.iloc[random.permutation(len(frame))]
    values = frame[name].to_numpy()
    some = np.sort(random.choice(values, 20_000))
    some = some[~pd.isna(some)]
    place = random.uniform(0.2, 0.8)
    half = MOST_ROWS / len(frame) / 2
    low, high = (some[int((place + by) * (len(some) - 1))] for by in (-half, half))
    inside = frame.iloc[np.flatnonzero((values >= low) & (values <= high))[: 2 * MOST_ROWS]]
    return inside.iloc[np.argsort(inside[name].to_numpy(), kind="stable")].head(MOST_ROWS)


def _plateau(nearest: _Neighbours) -> tuple[float, float]:
    """The radius within which rows are copies, and the share of rows with one; 0 when there are none."""
    asked = len(nearest.distance)
    best = (0.0, 0.0)
    for radius in np.geomspace(1e-4, FARTHEST, 40) * nearest.columns:
        inside, around = (nearest.distance <= reach for reach in (radius, WIDER * radius))
        pairs, wide = int(inside.sum()), int(around.sum())
        if wide > (NEIGHBOURS - 2) * asked:
            break
        rows = float(inside.any(axis=1).mean())
        if pairs < max(LEAST_PAIRS, 0.01 * asked) or pairs < PLATEAU * wide:
            continue
        if nearest.alike[inside].mean() >= ALIKE and rows > best[1]:
            best = (float(radius), rows)
    return best
