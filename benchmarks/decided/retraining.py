"""How often the rule asks for a retraining when nothing changed, and how soon when the score dropped.

A year of weekly looks; every look decides anew on all windows so far. The drop comes in week 11 (from 0).
``python -m benchmarks.decided.retraining [--draws 200] [--only WORD]``
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from benchmarks.decided.retraining_worlds import World, worlds
from core.engine.settings import cap_threads
from core.watch.decision.baseline import baseline_of
from core.watch.decision.labelled import window_of
from core.watch.decision.operating import CHANGE, YEAR, operating
from core.watch.decision.rule import Action, decide
from core.watch.decision.window import Baseline, Policy, Window

BEGAN = date(2025, 1, 1)
SHOWN = ("holdout", "labels", "false", "found", "delay", "keep", "unknown", "wrongly kept")


def main() -> None:
    """Print a line for each case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--only", default="", help="cases whose name has this word")
    asked = parser.parse_args()
    cap_threads()
    print(f"{'case':22s} {'score':18s} " + " ".join(f"{name:>8s}" for name in SHOWN))
    for world in worlds():
        if asked.only in world.name:
            print(_line(world, asked.draws), flush=True)
    for many in (50, 100, 300):
        print(operating(Policy(), many).text)


def _line(world: World, draws: int) -> str:
    quiet = [_year(world, seed, 0.0) for seed in range(draws)]
    fallen = [_year(world, seed, world.lost) for seed in range(draws)]
    alarms = np.mean(["RETRAIN" in one for one in quiet])
    first = [one.index("RETRAIN") if "RETRAIN" in one else YEAR for one in fallen]
    there = [place for place in first if place >= CHANGE]
    late = [place - CHANGE + 1 for place in there if place < YEAR]
    said = [action for one in quiet for action in one[CHANGE:]]
    missed = [one[-1] for one, place in zip(fallen, first, strict=True) if place == YEAR]
    delay = f"{np.median(late):8.0f}" if late else f"{'-':>8s}"
    cells = (
        f"{world.holdout:8,d} {world.labels:8,d} {alarms:8.1%} {len(late) / max(1, len(there)):8.0%} {delay} "
        f"{_share(said, 'KEEP')} {_share(said, 'NOT_ENOUGH_DATA')} {missed.count('KEEP') / draws:8.1%}"
    )
    return f"{world.name:22s} {world.metric:18s} {cells}"


def _share(said: Sequence[Action], action: Action) -> str:
    return f"{said.count(action) / len(said):8.0%}"


def _year(world: World, seed: int, lost: float) -> list[Action]:
    """What was said each week, up to the first demand for a retraining."""
    rng = np.random.default_rng([seed, world.holdout, world.labels])
    baseline = _baseline(world, rng)
    windows: list[Window] = []
    said: list[Action] = []
    for week in range(YEAR):
        drawn = world.draw(rng, world.labels, lost if week >= CHANGE else 0.0, week)
        alike = drawn[2:] if world.told else (None, None)
        at = (BEGAN + timedelta(weeks=week + 1)).isoformat()
        windows.append(window_of(baseline, at, world.labels, *drawn[:2], *alike))
        said.append(decide(windows, baseline, began=BEGAN.isoformat()).action)
        if said[-1] == "RETRAIN":
            break
    return said


def _baseline(world: World, rng: np.random.Generator) -> Baseline:
    drawn = world.draw(rng, world.holdout, 0.0, -1)
    return baseline_of(world.metric, *drawn[:2], *(drawn[2:] if world.told else (None, None)))


if __name__ == "__main__":
    main()
