"""Does retraining when told beat never and always: real histories played again in the order of time.

``python -m benchmarks.decided.histories FOLDER [--windows 52] [--newest] [--only elec2]``; FOLDER holds
elec2.csv (no time column: the order of the file) and bike_sharing.csv (by date; hour and weekday are added).
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import pandas as pd

from core.command.rehearse import rehearse_words
from core.command.run import fitted
from core.command.session import session
from core.engine.contest_specs import RehearseSpec
from core.engine.settings import cap_threads
from core.recipe import edits
from core.recipe.document import Recipe
from core.results.rehearse import RehearseResult

HISTORIES = ("elec2", "bike_sharing")


def main() -> None:
    """Print the table of each history."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--windows", type=int, default=52)
    parser.add_argument("--newest", action="store_true")
    parser.add_argument("--only", default="")
    asked = parser.parse_args()
    cap_threads()
    for name in HISTORIES:
        if asked.only in name:
            print(f"{name}\n" + "\n".join(rehearse_words(_played(name, asked))), flush=True)


def _played(name: str, asked: argparse.Namespace) -> RehearseResult:
    with tempfile.TemporaryDirectory() as folder, session() as s:
        path = Path(folder) / f"{name}.csv"
        _table(asked.folder / f"{name}.csv").to_csv(path, index=False)
        s.load(path, target="class" if name == "elec2" else "cnt")
        recipe, _ = fitted(_recipe(name, s.recipe()), s, path)
        return s.ask(RehearseResult, RehearseSpec(recipe=recipe, windows=asked.windows, newest=asked.newest))


def _table(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path)
    if "date" not in frame:
        return frame
    when = pd.to_datetime(frame["date"])
    return frame.assign(hour=when.dt.hour, weekday=when.dt.weekday)


def _recipe(name: str, recipe: Recipe) -> Recipe:
    if name == "elec2":
        recipe = edits.set_target(recipe, "class", "binary")
        return edits.choose(edits.set_metric(recipe, "accuracy"), "lightgbm_classifier")
    recipe = edits.set_target(recipe, "cnt", "regression")
    for column in ("instant", "casual", "registered"):
        recipe = edits.set_role(recipe, column, "ignore")
    recipe = edits.set_metric(edits.set_role(recipe, "date", "time"), "mae")
    return edits.choose(recipe, "lightgbm_regressor")


if __name__ == "__main__":
    main()
