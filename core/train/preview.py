"""What the preparation makes of real rows, beside the raw values, and where each column comes from."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.build import feature_step, preparation, reader
from core.catalog.features import FEATURES
from core.catalog.idle import IDLE
from core.catalog.selectors import SELECTORS
from core.catalog.steps import STEPS
from core.errors import FoldlineError
from core.plan import Block, Plan, plan
from core.recipe.document import Candidate, FeatureStep, Recipe
from core.results.base import Columns
from core.results.preview import DroppedColumn, Origin, PreparedColumn, PreviewResult
from core.train.rows.target import target_of

SAMPLE_ROWS = 20_000
FIT_ROWS = 2_000
SHOWN_ROWS = 8
GAP_ROWS = 3
SHOWN_COLUMNS = 300
FLAGGED = "missingindicator_"
"""What scikit-learn puts before the name of a column to name the flag of its missing values."""


def preview_rows(recipe: Recipe, train: NDArray[np.int64]) -> NDArray[np.int64]:
    """Positions of the rows of the table that a preview looks at: at most 20,000 training rows, at random.

    The locked test rows are neither learned from nor shown, nor are rows that are left out for their group.
    """
    return np.sort(np.random.default_rng(recipe.seed).permutation(np.sort(train))[:SAMPLE_ROWS])


def preview(recipe: Recipe, frame: pd.DataFrame, model: str) -> PreviewResult:
    """The preparation fitted on a sample of the rows, applied to a few of them.

    Args:
        frame: training rows of the stored table, such as those of ``preview_rows``; every column.
        model: id of the model that ``auto`` is resolved for.

    Raises:
        FoldlineError: ``PREPARE`` when a step refuses the rows, in its own words.
    """
    resolved = plan(recipe, Candidate(id=model, model=model))
    target = target_of(recipe, frame)
    rows = np.sort(np.random.default_rng(recipe.seed).permutation(target.rows)[:FIT_ROWS])
    part, y = frame.iloc[rows], target.values[rows]
    table = reader(resolved).fit_transform(part)
    shown_rows = _telling(table)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            whole = preparation(resolved)
            matrix = whole.fit(part, y).transform(part.iloc[shown_rows])
            features, made = _features(resolved, table)
    except ValueError as error:
        raise FoldlineError(
            "PREPARE", f"The preparation failed: {error}", "Change the step it names."
        ) from error
    names, dropped = _selected(whole, resolved)
    values = matrix.toarray() if hasattr(matrix, "toarray") else np.asarray(matrix)
    sources = {name: step for step in resolved.features for name in made[step.id]}
    origins = {name: dict(origin(name, resolved, sources)) for name in (*names, *dropped)}
    return PreviewResult(
        raw=_values(table.iloc[shown_rows]),
        features=_values(features.iloc[shown_rows]),
        made=made,
        prepared={name: tuple(map(float, values[:, i])) for i, name in enumerate(names[:SHOWN_COLUMNS])},
        columns=tuple(PreparedColumn(name=name, **origins[name]) for name in names),
        dropped=tuple(DroppedColumn(name=name, by=by, **origins[name]) for name, by in dropped.items()),
        rows=len(target.rows),
        sampled=len(rows),
    )


def _telling(table: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.intp]]:
    """Positions of rows that show what steps do: spread over the table, missing values where there are some.

    The first rows of an ordered file would be too alike.
    """
    missing = table.isna().to_numpy()
    seen, chosen = np.zeros(missing.shape[1], dtype=bool), []
    for _ in range(GAP_ROWS):
        new = (missing & ~seen).sum(axis=1)
        best = int(new.argmax())
        if not new[best]:
            break
        chosen.append(best)
        seen |= missing[best]
    spread = np.linspace(0, len(table) - 1, SHOWN_ROWS - len(chosen)).astype(int)
    return np.unique([*chosen, *spread])


def _selected(pipeline: Any, resolved: Plan) -> tuple[list[str], dict[str, str]]:
    """The prepared columns that are kept, and of the others the label of the selection that dropped them."""
    names = [str(name) for name in pipeline.named_steps["prepare"].get_feature_names_out()]
    dropped: dict[str, str] = {}
    for place, choice in enumerate(resolved.selection, start=1):
        step = pipeline.named_steps[f"select_{place}"]
        kept = [str(name) for name in step.get_feature_names_out(np.array(names, dtype=object))]
        dropped |= {name: SELECTORS[choice.spec].label for name in names if name not in set(kept)}
        names = kept
    return names, dropped


def _features(resolved: Plan, table: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, tuple[str, ...]]]:
    """The columns that feature steps make, and which step makes which."""
    made: dict[str, tuple[str, ...]] = {}
    raw = list(table.columns)
    for step in resolved.features:
        before = set(table.columns)
        table = feature_step(step, resolved.columns, resolved.seed).fit_transform(table)
        made[step.id] = tuple(str(name) for name in table.columns if name not in before)
    return table[[name for name in table.columns if name not in raw]], made


def _values(frame: pd.DataFrame) -> Columns:
    out: Columns = {}
    for name in frame.columns:
        column = frame[name]
        missing = column.isna().to_numpy()
        values = (
            column.astype("str").tolist() if not pd.api.types.is_numeric_dtype(column) else column.tolist()
        )
        out[str(name)] = tuple(None if empty else value for empty, value in zip(missing, values, strict=True))
    return out


def _block_of(prefix: str, resolved: Plan) -> Block | None:
    counts: dict[str, int] = {}
    for block in resolved.blocks:
        if block.rest:
            if prefix == "remainder":
                return block
            continue
        counts[block.group] = counts.get(block.group, 0) + 1
        number = counts[block.group]
        if prefix == (block.group if number == 1 else f"{block.group}_{number}"):
            return block
    return None


def origin(name: str, resolved: Plan, made: Mapping[str, FeatureStep]) -> Origin:
    """Where a prepared column comes from: its column or feature step, and the steps that changed it.

    Args:
        name: ``block__column``, as the preparation calls it.
        made: the columns that feature steps make, with their step.
    """
    prefix, _, rest = name.partition("__")
    block = _block_of(prefix, resolved)
    steps = (
        [STEPS[choice.spec].label for choice in block.steps if choice.spec not in IDLE.values()]
        if block
        else []
    )
    sources = block.columns if block and not block.rest else tuple(made)
    plain = rest.removeprefix(FLAGGED)
    source = max((column for column in sources if plain.startswith(column)), key=len, default=plain)
    step = made.get(source)
    label = f"{FEATURES[step.spec].label} of {', '.join(step.columns)}" if step else source
    return Origin(source=label, steps=tuple(steps))
