"""What the preparation makes of real rows, beside the raw values, and where each column comes from."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd

from core.build import feature_step, preparation, reader
from core.catalog.features import FEATURES
from core.catalog.steps import STEPS
from core.errors import FoldlineError
from core.plan import Block, Plan, plan
from core.recipe.document import Candidate, Recipe
from core.train.target import target_of

FIT_ROWS = 2_000
SHOWN_ROWS = 8
SHOWN_COLUMNS = 300


def preview(recipe: Recipe, frame: pd.DataFrame, model: str) -> dict[str, Any]:
    """The preparation fitted on a sample of the rows, applied to a few of them.

    Args:
        frame: the stored table, every row.
        model: id of the model that ``auto`` is resolved for.

    Returns:
        JSON-ready: ``raw`` and ``features`` and ``prepared`` (column -> values of the shown rows),
        ``columns`` [{name, from, steps}] for each prepared column, ``dropped``, ``rows``, ``sampled``.

    Raises:
        FoldlineError: ``PREPARE`` when a step refuses the rows, in its own words.
    """
    resolved = plan(recipe, Candidate(id=model, model=model))
    target = target_of(recipe, frame)
    rows = np.sort(np.random.default_rng(recipe.seed).permutation(target.rows)[:FIT_ROWS])
    part, y = frame.iloc[rows], target.values[rows]
    # From all of the table: the first rows of an ordered file are too alike to show what a step does.
    shown_rows = np.unique(np.linspace(0, len(part) - 1, SHOWN_ROWS).astype(int))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            whole = preparation(resolved)
            matrix = whole.fit(part, y).transform(part.iloc[shown_rows])
            made = _features(resolved, part)
    except ValueError as error:
        raise FoldlineError(
            "PREPARE", f"The preparation failed: {error}", "Change the step it names."
        ) from error
    before = prepared_names(whole, resolved)
    names = [str(name) for name in before]
    for step_name, step in whole.steps:
        if step_name.startswith("select_"):
            names = [str(name) for name in step.get_feature_names_out(np.array(names, dtype=object))]
    values = matrix.toarray() if hasattr(matrix, "toarray") else np.asarray(matrix)
    shown = names[:SHOWN_COLUMNS]
    return {
        "raw": _values(reader(resolved).fit_transform(part.iloc[shown_rows])),
        "features": _values(made.iloc[shown_rows]),
        "prepared": {name: [float(v) for v in values[:, i]] for i, name in enumerate(shown)},
        "columns": [{"name": name, **origin(name, resolved)} for name in names],
        "dropped": sorted(set(map(str, before)) - set(names)),
        "rows": len(target.rows),
        "sampled": len(rows),
        "resolved": {
            name: [STEPS[choice.spec].label for choice in block.steps]
            for block in resolved.blocks
            for name in block.columns
        },
    }


def prepared_names(pipeline: Any, resolved: Plan) -> list[str]:
    """Names of the prepared columns before any selection, ``block__column``."""
    return [str(name) for name in pipeline.named_steps["prepare"].get_feature_names_out()]


def _features(resolved: Plan, part: pd.DataFrame) -> pd.DataFrame:
    table = reader(resolved).fit_transform(part)
    known = list(table.columns)
    for step in resolved.features:
        table = feature_step(step, resolved.columns, resolved.seed).fit_transform(table)
    return table[[name for name in table.columns if name not in known]]


def _values(frame: pd.DataFrame) -> dict[str, list[Any]]:
    out: dict[str, list[Any]] = {}
    for name in frame.columns:
        column = frame[name]
        missing = column.isna().to_numpy()
        values = (
            column.astype("str").tolist() if not pd.api.types.is_numeric_dtype(column) else column.tolist()
        )
        out[str(name)] = [None if gap else value for gap, value in zip(missing, values, strict=True)]
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


def origin(name: str, resolved: Plan) -> dict[str, Any]:
    """Where a prepared column comes from: its column or feature step, and the steps that made it."""
    prefix, _, rest = name.partition("__")
    block = _block_of(prefix, resolved)
    steps = [STEPS[choice.spec].label for choice in block.steps] if block else []
    known = block.columns if block and not block.rest else ()
    plain = rest.removeprefix("missingindicator_")
    source = max((column for column in known if plain.startswith(column)), key=len, default="")
    if source:
        return {"from": source, "steps": steps}
    labels = [f"{FEATURES[s.spec].label} of {', '.join(s.columns)}" for s in resolved.features]
    fitting = [
        label
        for label, s in zip(labels, resolved.features, strict=True)
        if any(c in plain for c in s.columns)
    ]
    return {"from": "; ".join(fitting) or plain, "steps": steps}
