"""A recipe as one plain Python file that trains from the raw file and gives the same predictions."""

from __future__ import annotations

from typing import Any

from sklearn.base import clone

from core import __version__
from core.data.formats.frame import table_file
from core.data.table import Physical, Table
from core.export.code.inline import inline
from core.export.code.plan_source import ONE_THREAD, plan_source
from core.export.code.source import to_source
from core.export.code.standalone import one_piece
from core.recipe.columns import columns_used, model_columns
from core.recipe.document import ColumnChoice, Recipe
from core.recipe.split import hold_out, target_column
from core.standalone.plan import Training

SHARED = {"TableFile", "Training", "TargetColumn", "HoldOut", "train_main"}
"""What the code below names out of core/standalone, besides the steps of the pipeline."""

BUILD = 'def build():\n    """The pipeline: raw table in, prediction out."""\n'
MAIN = 'if __name__ == "__main__":\n    train_main(TRAINING, TRAINING_FILE, build)'
HEAD = '''"""Trains a model that predicts {target} and writes predictions. Written by Foldline {version}.

    python train.py DATA.csv                                        predicts the test rows
    python train.py DATA.csv --predict NEW.csv -o predictions.csv   predicts other rows
    python train.py DATA.csv --rows all ...                         learns from all rows

Needs pandas, numpy and scikit-learn{more}; nothing of Foldline.
"""

from __future__ import annotations

import os

{threads}

{imports}

'''


def script(recipe: Recipe, pipeline: Any, table: Table | None) -> str:
    """The script of a recipe.

    Args:
        pipeline: as ``build`` gave it; a fitted one is written as unfitted.
        table: the stored table; without it the stored types are taken from the kinds of the columns.

    Raises:
        FoldlineError: ``SOURCE`` when a part of the pipeline cannot be written as code.
    """
    source = to_source(clone(pipeline))
    steps = (
        f"TRAINING_FILE = {plan_source(table_file(recipe.source.read))}",
        f"TRAINING = {plan_source(_training(recipe, table))}",
        BUILD + _returned(source.expression),
        MAIN,
    )
    own = inline(one_piece(), source.own | SHARED)
    lightgbm = any(name.startswith("LightGBM") for name in source.own)
    head = HEAD.format(
        target=repr(recipe.target)[1:-1].replace('"""', "'''"),
        version=__version__,
        more=" and lightgbm" if lightgbm else "",
        threads=ONE_THREAD,
        imports=_imports({*own.imports, *source.imports}),
    )
    return head + "\n\n\n".join([own.code, *steps]) + "\n"


def _returned(expression: str) -> str:
    return "    return " + expression.replace("\n", "\n    ")


def _imports(statements: set[str]) -> str:
    wanted = {*statements, "import numpy as np", "import pandas as pd"} - {"import os"}
    joined: dict[str, list[str]] = {}
    for line in sorted(wanted):
        if line.startswith("from "):
            module, name = line.removeprefix("from ").split(" import ")
            joined.setdefault(module, []).append(name)
    plain = [line for line in sorted(wanted) if line.startswith("import ")]
    return "\n".join(
        [*plain, *(f"from {module} import {', '.join(names)}" for module, names in joined.items())]
    )


def _training(recipe: Recipe, table: Table | None) -> Training:
    """What the script must know beside its pipeline."""
    binary = recipe.task == "binary"
    return Training(
        task=recipe.task,
        positive=recipe.positive if binary else "",
        threshold=recipe.threshold if binary else None,
        target=target_column(recipe),
        hold_out=hold_out(recipe),
        missing=tuple(word for word in recipe.source.read.missing if word),
        types={name: _type(recipe.column(name), table) for name in _columns_read(recipe)},
        inputs={column.name: (column.kind, column.missing) for column in model_columns(recipe)},
        verbatim=recipe.source.read.verbatim,
        joined={column.name: dict(column.joined) for column in model_columns(recipe) if column.joined},
        marks={column.name: column.marks for column in model_columns(recipe) if column.marks},
    )


def _columns_read(recipe: Recipe) -> list[str]:
    """The columns that the script reads: those that are used, or all where their content orders the rows."""
    return [c.name for c in recipe.columns] if recipe.split.order == "content" else columns_used(recipe)


def _type(column: ColumnChoice, table: Table | None) -> tuple[Physical, str]:
    if table is not None:
        stored = table.column(column.name)
        return stored.physical, column.format or stored.format
    kinds: dict[str, Physical] = {"numeric": "number", "datetime": "datetime"}
    return kinds.get(column.kind, "text"), column.format
