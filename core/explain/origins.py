"""Which columns of the table each prepared column comes from, read off the fitted steps."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

OPENS, CLOSES = "\ue000", "\ue001"
"""Private characters around the number of a column, so that a name is found wherever a step writes it."""
MARK = re.compile(f"{OPENS}(\\d+){CLOSES}")
Origins = tuple[tuple[str, ...], ...]


def origins(before: Any) -> Origins:
    """The original columns of each column of the prepared matrix, in its order; several share a feature.

    Args:
        before: the fitted steps before the model: columns, feature_*, prepare, select_*.
    """
    made = _made(before)
    found: list[tuple[str, ...]] = []
    selected: list[Any] = []
    for name, step in before.steps:
        if name == "prepare":
            found = _prepared(step, made)
        elif name.startswith("select_"):
            selected.append(step)
    for step in selected:
        places = np.array([str(place) for place in range(len(found))], dtype=object)
        found = [found[int(place)] for place in _renamed(step).get_feature_names_out(places)]
    return tuple(found)


def _made(before: Any) -> dict[str, tuple[str, ...]]:
    """Each column before the preparation -> the original columns that it is made of."""
    made: dict[str, tuple[str, ...]] = {}
    for name, step in before.steps:
        if name == "columns":
            made = {str(column): (str(column),) for column in step.get_feature_names_out()}
        elif name.startswith("feature_"):
            parts = tuple(dict.fromkeys(part for column in step.columns for part in made[str(column)]))
            made |= {str(column): parts for column in step.names_out_ if str(column) not in made}
    return made


def _prepared(step: Any, made: Mapping[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Of each column of a fitted ColumnTransformer."""
    inputs = [str(column) for column in step.feature_names_in_]
    found: list[tuple[str, ...]] = []
    for name, block, columns in step.transformers_:
        place = step.output_indices_[name]
        if place.stop > place.start:
            names = [inputs[c] if isinstance(c, int | np.integer) else str(c) for c in columns]
            found += [made[source] for source in _sources(block, names, place.stop - place.start)]
    return found


def _sources(block: Any, names: Sequence[str], size: int) -> list[str]:
    """The column that each output of a block comes from, by the number in its marked name."""
    if block == "passthrough" or len(names) == 1:
        return [*names] if len(names) == size else [names[0]] * size
    marked = np.array([f"{OPENS}{place}{CLOSES}" for place in range(len(names))], dtype=object)
    return [names[_marked(str(out))] for out in _renamed(block, names).get_feature_names_out(marked)]


def _marked(name: str) -> int:
    found = MARK.search(name)
    if found is None:
        raise ValueError(f"a prepared column, {name!r}, comes from no column")
    return int(found[1])


def _renamed(block: Any, names: Sequence[str] = ()) -> Any:
    """A copy of fitted steps that takes other names for its columns than those it was fitted with."""
    if hasattr(block, "steps"):
        other = copy.copy(block)
        other.steps = [(name, _renamed(step, names)) for name, step in block.steps]
        return other
    if block == "passthrough":
        return block
    other = copy.copy(block)
    if hasattr(other, "feature_names_in_"):
        del other.feature_names_in_
    if len(names) and hasattr(other, "names_out_"):
        other.names_out_ = _with_marks(other.names_out_, names)
    return other


def _with_marks(given: Sequence[str], names: Sequence[str]) -> list[str]:
    """Names that begin with that of their column, with marks in its place.

    Steps of our own write what they make of one column after the other: as many for each, or else each as
    far as its name goes, the longer name first.
    """
    size, turn, marked = len(given) // len(names), 0, []
    equal = all(
        str(name).startswith(names[min(i // max(1, size), len(names) - 1)]) for i, name in enumerate(given)
    )
    for place, name in enumerate(given):
        if equal and size * len(names) == len(given):
            turn = place // size
        else:
            fitting = [later for later in range(turn, len(names)) if str(name).startswith(names[later])]
            turn = max(fitting, key=lambda later: len(names[later]))
        marked.append(f"{OPENS}{turn}{CLOSES}{str(name)[len(names[turn]) :]}")
    return marked
