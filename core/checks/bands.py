"""Columns of few levels that divide a numeric target into ranges, as a class made from the target does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.checks.finding import Finding, Severity, leave_out
from core.checks.strength import Evidence
from core.data.table import Column
from core.standalone.counts import counted

MOST_ROWS = 4_000
MOST_LEVELS = 24
LEAST_OF_A_LEVEL, RARE = 8, 0.05
"""Rows of a level that counts, and share of the rows that may be in levels of fewer."""
LEAST_SHARE = 0.05
"""Of the rows without a value, or with the commonest of many, from which these are a level."""
AROUND = 5
"""Rows above and below, in the order of the target, whose commonest level is that of the range."""
MOST_ASTRAY, FEW_ASTRAY, FEW_OF_FEW = 0.03, 0.005, 0.01
"""Share of rows out of their range up to which a column is named, up to which it is surely a leak, and up to
which a single border among few rows counts."""
MOST_ASIDE = 0.2
"""Share of rows whose level is none of a range, such as a word for not known, that are left aside."""
ONE_WAY, LEAST_ASTRAY = 0.9, 10
"""Share of one level among so many rows that are astray, from which they are a tail and no slips."""
NEAR, LEAST_NEAR, ASTRAY_NEAR = 15, 8, 0.07
"""Rows on either side of a border that are looked at, the fewest, and the share of them that may stray."""
MOST_BLURRED, SURE_ROWS = 0.25, 250
"""Share of the borders that may be blurred, and rows from which one border alone leaves no doubt."""
OF_CHANCE = 0.3
"""Share of the changes of level, from one row to the next, that a column without a relation would have."""
VALLEY, ONE_SIDED, LEAST_THINNER = 2.2, 1.7, 12
"""How much wider apart rows lie at a border than farther in, where it is a gap between
kinds of rows, the same where one side has too few rows, and the fewest that show it."""
WIDE_GAP = 6.0
"""How many times the usual way from one row to the next a border may be."""
ROUNDED = 0.05
"""Share of rows that may have one value of the target where it was rounded after the levels were made."""
ATOM = 0.5
"""Share of a range that one value of the target takes, such as nothing spent."""


@dataclass(frozen=True)
class Division:
    """How the levels of a column divide the rows in the order of the target.

    Attributes:
        astray: share of the rows that lie in the range of another level.
        sharp: number of borders at which levels change where the target goes on evenly; 0 where more do not.
        atom: whether a border is that of one value that many rows have.
        rows: how many were divided.
    """

    astray: float
    sharp: int
    atom: bool
    rows: int

    @property
    def sure(self) -> bool:
        """Whether chance and honest noise are ruled out."""
        enough = self.rows >= SURE_ROWS or self.sharp > 1
        return self.sharp > 0 and self.astray <= FEW_ASTRAY and enough


def bands_of_target(evidence: Evidence) -> list[Finding]:
    """Columns whose levels, gaps or commonest value say in which range a numeric target lies.

    An honest column blurs where the target goes on evenly: rows just above and just below a border are alike
    but for it. Where levels lie apart by a gap in the target, they may be kinds of rows, and nothing is said.
    """
    if not evidence.numbers:
        return []
    few = evidence.few(MOST_ROWS)
    findings = []
    for column in few.subject.features():
        for codes, words in _divisions(few.rows[column.name], column):
            division = divided(few.targets[:, 0], codes, few.subject.seed)
            if division is not None and (division.sharp or division.atom):
                findings.append(_finding(column.name, words, division, few.subject.target))
                break
    return findings


def _finding(name: str, words: str, division: Division, target: str) -> Finding:
    severity: Severity = "error" if division.sure else "warn"
    but = f", but for {division.astray:.1%} of the rows" if division.astray > 0 else ""
    reason = (
        f"{words} ranges of {target} that do not overlap{but}: "
        f"it may be made from {target}, and known only after the fact."
    )
    return Finding(code="LEAKAGE", severity=severity, column=name, reason=reason, fix=leave_out(name))


def _divisions(values: pd.Series, column: Column) -> Iterator[tuple[np.ndarray, str]]:
    """(rows,) levels, -1 for none, each with how a sentence begins: the levels, the gaps, the commonest."""
    codes, levels = pd.factorize(values)
    missing = codes < 0
    if 2 <= len(levels) <= MOST_LEVELS:
        yield codes, f"The {counted(len(levels), 'value')} of {column.name} are"
    if LEAST_SHARE <= missing.mean() <= 1 - LEAST_SHARE:
        if len(levels) < MOST_LEVELS:
            yield codes + 1, f"The values of {column.name}, and having none, are"
        yield missing.astype(np.int64), f"Rows with and without a value of {column.name} are"
    if len(levels) > MOST_LEVELS and column.kind in ("numeric", "categorical"):
        usual = codes == np.bincount(codes[~missing]).argmax()
        if LEAST_SHARE <= usual.mean() <= 1 - LEAST_SHARE:
            value = levels[np.bincount(codes[~missing]).argmax()]
            shown = f"{value:g}" if isinstance(value, float) else value
            yield np.where(missing, -1, usual), f"Rows with {shown} in {column.name}, and with another, are"


def divided(target: np.ndarray, codes: np.ndarray, seed: int) -> Division | None:
    """How levels divide the target; None where they do not, or where too few rows show it.

    Args:
        target: (rows,) numbers.
        codes: (rows,) levels from 0 on, -1 for rows that are left aside.
        seed: of the order of rows with one value of the target.
    """
    counts = np.bincount(codes + 1)[1:]
    counted = (codes >= 0) & np.append(counts >= LEAST_OF_A_LEVEL, False)[codes]
    if counted.sum() < (1 - RARE) * (codes >= 0).sum() or (counts >= LEAST_OF_A_LEVEL).sum() < 2:
        return None
    counted &= _own_a_range(target, codes, counted, seed)
    raw, values, level = _in_order(target[counted], codes[counted], seed)
    shares = np.bincount(level) / len(level)
    if (level[1:] != level[:-1]).mean() > OF_CHANCE * (1 - (shares**2).sum()):
        return None
    usual = _commonest_around(level)
    astray = usual != level
    borders = np.flatnonzero(usual[1:] != usual[:-1]) + 1
    if astray.mean() > MOST_ASTRAY or not 1 <= len(borders) <= 2 * len(shares):
        return None
    ends = np.concatenate([[0], borders, [len(level)]])
    judged = [_border(values, raw, astray, *ends[i : i + 3]) for i in range(len(borders))]
    if _one_way(level, astray) or (
        len(judged) == 1 and len(level) < SURE_ROWS and astray.mean() > FEW_OF_FEW
    ):
        return None
    times = {kind: judged.count(kind) for kind in ("blurred", "sharp", "gap", "atom")}
    if times["blurred"] > MOST_BLURRED * len(judged) or not times["sharp"] + times["atom"]:
        return None
    sharp = times["sharp"] if times["sharp"] > times["gap"] and not times["atom"] else 0
    return Division(float(astray.mean()), sharp, times["atom"] > 0, len(level))


def _own_a_range(target: np.ndarray, codes: np.ndarray, counted: np.ndarray, seed: int) -> np.ndarray:
    """(rows,) whether a row's level is the commonest one somewhere; all, where many rows have others."""
    _, _, level = _in_order(target[counted], codes[counted], seed)
    owners = np.unique(_commonest_around(level))
    own = np.isin(codes, owners)
    return own if len(owners) > 1 and own[counted].mean() >= 1 - MOST_ASIDE else counted


def _in_order(target: np.ndarray, codes: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Target, the same with rows of one value spread over the way to its neighbours, and levels, in order.

    Rows of one value are in any order; where they are few, levels were perhaps made before the target was
    rounded, and they are in the order of the levels.
    """
    distinct, where, counts = np.unique(target, return_inverse=True, return_counts=True)
    middle = pd.Series(target).groupby(codes).transform("median").to_numpy()
    rounded = counts[where] <= ROUNDED * len(target)
    order = np.lexsort(
        (np.random.default_rng(seed).random(len(target)), np.where(rounded, middle, 0.0), target)
    )
    raw, where = target[order], where[order]
    middles = (distinct[1:] + distinct[:-1]) / 2
    low = np.concatenate([2 * distinct[:1] - middles[:1], middles])
    high = np.concatenate([middles, 2 * distinct[-1:] - middles[-1:]])
    place = (np.arange(len(raw)) - (np.cumsum(counts) - counts)[where] + 0.5) / counts[where]
    return raw, low[where] + place * (high - low)[where], codes[order]


def _commonest_around(level: np.ndarray) -> np.ndarray:
    """(rows,) the commonest level of the rows about each, in the order of the target."""
    kinds, rows = np.unique(level), np.arange(len(level))
    ahead = np.zeros((len(level) + 1, len(kinds)), dtype=np.int64)
    np.cumsum(level[:, None] == kinds, axis=0, out=ahead[1:])
    first, last = np.maximum(rows - AROUND, 0), np.minimum(rows + AROUND + 1, len(level))
    return np.asarray(kinds[(ahead[last] - ahead[first]).argmax(axis=1)])


def _border(
    values: np.ndarray, raw: np.ndarray, astray: np.ndarray, start: int, border: int, end: int
) -> str:
    """What a border between two ranges is: ``blurred``, ``sharp``, a ``gap``, an ``atom``, or empty."""
    below, above = min(NEAR, border - start), min(NEAR, end - border)
    if min(below, above) < LEAST_NEAR:
        return ""
    if astray[border - below : border + above].mean() > ASTRAY_NEAR:
        return "blurred"
    gap = values[border] - values[border - 1]
    usual = (values[border + above - 1] - values[border - below]) / (below + above)
    sides = [_thinner(-values[start:border][::-1], gap / 2), _thinner(values[border:end], gap / 2)]
    known = [ratio for ratio in sides if ratio is not None]
    valley = VALLEY if len(known) == len(sides) else ONE_SIDED
    if known and max(known) <= valley and gap <= WIDE_GAP * usual:
        return "sharp"
    if any(_is_atom(some) for some in (raw[start:border], raw[border:end])):
        return "atom"
    return "gap" if known else ""


def _thinner(values: np.ndarray, gap: float) -> float | None:
    """How much wider apart the rows nearest a border lie than the next ones; None of too few.

    Args:
        values: rising, away from the border.
        gap: from the border to the first.
    """
    near = min(max(NEAR, len(values) // 40), len(values) // 4)
    if near < LEAST_THINNER:
        return None
    nearest, farther = values[near - 1] - values[0] + gap, values[2 * near - 1] - values[near - 1]
    return float(nearest / farther) if farther > 0 and nearest > 0 else None


def _one_way(level: np.ndarray, astray: np.ndarray) -> bool:
    """Whether nearly all rows that are astray have one level, though by far not all rows do."""
    if astray.sum() < LEAST_ASTRAY:
        return False
    among = np.bincount(level[astray], minlength=level.max() + 1) / astray.sum()
    usual = np.bincount(level) / len(level)
    return bool(among.max() >= ONE_WAY and usual[among.argmax()] < 0.8 * ONE_WAY)


def _is_atom(values: np.ndarray) -> bool:
    return bool(np.unique(values, return_counts=True)[1].max() > ATOM * len(values))
