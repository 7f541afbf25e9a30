"""What a bundle tells about the rows that its model learned from, file by file and column by column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from core.catalog.models import MODELS
from core.catalog.steps import STEPS
from core.drift.profile.document import ColumnProfile, ReferenceProfile
from core.drift.profile.sharing import LEAST
from core.export.bundle.manifest import LEARNED
from core.export.bundle.schema import Schema
from core.export.model_file.arrays import reachable
from core.recipe.document import AUTO, Recipe
from core.results.bundle import Disclosure
from core.standalone.counts import counted, first_of

MOST_HIDDEN = 5
PROFILE, SCHEMA, SAMPLE, MODEL = "reference_profile.json", "schema.json", "sample.json", "model.skops"


def disclosures(
    recipe: Recipe,
    profile: ReferenceProfile,
    schema: Schema,
    pipeline: Any,
    sample_rows: int,
    made_up: bool,
    owners: Sequence[str] = (),
    hidden: Sequence[str] = (),
) -> tuple[Disclosure, ...]:
    """Everything that the files of a bundle tell about rows, the most telling first.

    Args:
        profile, schema: as they go into the bundle.
        pipeline: fitted.
        sample_rows: in sample.json.
        made_up: whether these are nobody's.
        owners: the columns that say what rows belong to.
        hidden: the columns of which the sample rows hold nothing, as they may name somebody.
    """
    listed = [f", and {LEAST} values of {name} (or all, if there are fewer)" for name in owners]
    of_groups = "".join(listed) + "," if listed else ""
    return (
        _sample(sample_rows, made_up, hidden),
        *(Disclosure(file=MODEL, text=text) for text in _model(recipe, pipeline)),
        Disclosure(
            file=PROFILE,
            text="Counts of levels and bins of numbers that at least "
            f"{LEAST} rows{of_groups} share each, weekdays and hours of {LEAST} rows, how many values are "
            "missing, how numbers correlate, quantiles of the model's errors, and a checksum of all rows.",
        ),
        Disclosure(
            file=LEARNED,
            text="For each training row 32 bits of a hash of the inputs of the model: who knows these of a "
            "row, its target not needed, can see whether it was among them, and nothing else is told.",
        ),
        *_columns(profile),
        Disclosure(
            file=SCHEMA,
            text=f"Names and kinds of {counted(len(schema.columns), 'column')}, rounded ranges of numbers "
            f"and days, the share of times at midnight, and levels that at least {LEAST} rows{of_groups} "
            "share, yes and no in their spellings, and classes of the target.",
        ),
        Disclosure(
            file="recipe.json, train.py, MODEL_CARD.md",
            text="Names of columns and of the file, what was chosen, words that mean no value, spellings "
            "that were joined, and the warnings of the checks, which may quote a value.",
        ),
    )


def _sample(rows: int, made_up: bool, hidden: Sequence[str]) -> Disclosure:
    if made_up:
        return Disclosure(file=SAMPLE, text=f"Nothing: its {counted(rows, 'row', 'is')} made up.")
    names = first_of([repr(name) for name in hidden], MOST_HIDDEN, "column")
    but = f", but for the cells of {names}, which may name somebody" if hidden else ""
    text = (
        f"{counted(rows, 'row')} of the training data as they are{but}, with their predictions, to test the "
        "model by."
    )
    return Disclosure(file=SAMPLE, text=text)


def _model(recipe: Recipe, pipeline: Any) -> Iterator[str]:
    """What the fitted steps have learned of single rows or levels."""
    if keeps_rows(recipe):
        yield "Training rows: this kind of model or step is made of them."
    levels, words = 0, 0
    for part in reachable(pipeline):
        learned = vars(part) if hasattr(part, "__dict__") else {}
        levels += _texts(learned.get("categories_")) + _texts(learned.get("levels_"))
        words += len(learned.get("vocabulary_") or ())
    if levels:
        yield (
            f"{counted(levels, 'level')} that its steps encode, the rare ones too: it cannot read them "
            "without."
        )
    if words:
        yield f"{counted(words, 'word')} of texts that it reads."
    yield "Numbers that were fitted, such as means, coefficients and the cuts of trees."


def _texts(learned: Any) -> int:
    """How many texts a learned attribute holds, which may be lists of lists."""
    if isinstance(learned, list | tuple | np.ndarray):
        return sum(map(_texts, learned))
    return int(isinstance(learned, str))


def _columns(profile: ReferenceProfile) -> Iterator[Disclosure]:
    target = [profile.target] if profile.target else []
    for column in [*profile.columns, *target]:
        yield Disclosure(file=PROFILE, column=column.name, text=column_text(column))


def column_text(column: ColumnProfile) -> str:
    """What the reference profile tells of one column."""
    if column.levels:
        text = f"{len(column.levels):,} of {counted(column.distinct, 'level')} with their counts"
        return f"{text}; {counted(column.rest, 'row')} of the others as one sum" if column.rest else text
    if column.rest and column.kind == "numeric":
        return f"no value and no bin: too few share them; {_range(column)}"
    if column.rest:
        return (
            f"no level of {column.distinct:,}: too few rows share them, or they may name somebody; if they "
            "do not, choose the column on Export"
        )
    what = "text lengths" if column.kind in ("text", "id") else "values"
    if len(column.values):
        written = column.kind == "id" and bool(column.parts)
        shapes = "; how they are written, A for letters and 9 for digits" if written else ""
        return f"{what} in {counted(len(column.values), 'bin')}; {_range(column)}{shapes}"
    if column.parts:
        return f"counts of weekdays and hours; {_range(column)}"
    return "how many rows have a value"


def _range(column: ColumnProfile) -> str:
    """The ends of a column as the profile gives them."""
    if column.low is None or column.high is None:
        return "no range"
    if column.kind == "datetime":
        days = [str(np.datetime64(int(end), "s"))[:10] for end in (column.low, column.high)]
        return f"its range as {days[0]} to {days[1]}"
    return f"its range as {column.low:,.6g} to {column.high:,.6g}"


def keeps_rows(recipe: Recipe) -> bool:
    """Whether the recipe's model or one of its steps is made of training rows."""
    stages = [*recipe.prepare.defaults.values(), *recipe.prepare.columns.values()]
    steps = {choice.spec for stage in stages for choice in stage.values()} - {AUTO}
    if any(STEPS[step].keeps_rows for step in steps):
        return True
    return recipe.chosen is not None and MODELS[recipe.chosen.model].keeps_rows
