"""A recipe as one plain Python file that trains from the raw file and gives the same predictions."""

from __future__ import annotations

import re
from typing import Any

from sklearn.base import clone

from core import __version__
from core.data.table import Physical, Table
from core.export.code.division import division_code, target_code
from core.export.code.inline import inline
from core.export.code.reading import reader_code, training_code
from core.export.code.source import to_source
from core.export.code.standalone import one_piece
from core.recipe.document import ColumnChoice, Recipe
from core.train.fold_cache import columns_used

SHARED = {
    *("as_number", "as_text", "as_datetime", "without", "as_groups"),
    *("as_order", "in_order", "places_in_time", "cut_in_time"),
}
"""What the code below may call out of core/standalone, besides the steps of the pipeline."""
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

HEAD = '''"""Trains a model that predicts {target} and writes predictions. Written by Foldline {version}.

    python train.py DATA.csv                                        predicts the test rows
    python train.py DATA.csv --predict NEW.csv -o predictions.csv   predicts other rows
    python train.py DATA.csv --rows all ...                         learns from all rows

Needs pandas, numpy and scikit-learn{more}; nothing of Foldline.
"""

from __future__ import annotations

import os

# Sums depend on the number of threads in their last digits, so there is one.
{threads}

{imports}

'''
TYPED = '''
def typed(frame):
    """The columns in use as numbers, texts and times."""
    frame = frame.rename(columns=str)
    out = {}
    for name, (physical, format) in TYPES.items():
        if name not in frame.columns:
            continue
        if physical == "number":
            out[name] = as_number(frame[name], DECIMAL)
        elif physical == "datetime":
            out[name] = as_datetime(frame[name], format)
        else:
            text = as_text(frame[name])
            out[name] = text.mask(text.isin(MISSING))
    return pd.DataFrame(out, index=frame.index)
'''
CLASSES = '''
def predict(pipeline, frame):
    """Labels and probabilities; a label is {rule}."""
    classes = [str(name) for name in pipeline.classes_]
    shares = pipeline.predict_proba(frame)
{order}
    out = {{"prediction": np.asarray(classes, dtype=object)[best]}}
    out.update({{f"probability_{{name}}": shares[:, i] for i, name in enumerate(classes)}})
    return pd.DataFrame(out, index=frame.index)
'''
BINARY = """{turned}    best = (shares[:, 1] >= {threshold!r}).astype("int64")"""
TURNED = """    order = [1, 0] if classes[0] == {positive!r} else [0, 1]
    classes, shares = [classes[i] for i in order], shares[:, order]
"""
MULTICLASS = "    best = shares.argmax(axis=1)"
NUMBERS = '''
def predict(pipeline, frame):
    """Predicted numbers."""
    values = np.asarray(pipeline.predict(frame), dtype="float64")
    return pd.DataFrame({"prediction": values}, index=frame.index)
'''
MAIN = """
def main():
    parser = argparse.ArgumentParser(description="Train the model and predict.")
    parser.add_argument("data", help="the file to learn from")
    parser.add_argument("--rows", choices=("train", "all"), default="train", help="the rows to learn from")
    parser.add_argument("--predict", metavar="NEW", help="a file to predict; the test rows without it")
    parser.add_argument("-o", "--output", default="predictions.csv", help="the file to write")
    given = parser.parse_args()

    frame = typed(read_training(given.data))
    values, rows = target_of(frame)
    train, test = divide(frame, rows, values)
    fitted = rows if given.rows == "all" else train
    pipeline = build().fit(frame.iloc[fitted], values[fitted])
    print(f"Learned from {len(fitted):,} rows.")
    if given.predict:
        wanted = {name: physical for name, (physical, _) in TYPES.items() if name != TARGET}
        found = predict(pipeline, typed(read_raw(given.predict, wanted)))
    else:
        found = predict(pipeline, frame.iloc[test])
        found.insert(0, "row", test)
    found.to_csv(given.output, index=False)
    print(f"Wrote {len(found):,} predictions to {given.output}.")


if __name__ == "__main__":
    main()
"""


def script(recipe: Recipe, pipeline: Any, table: Table | None) -> str:
    """The script of a recipe.

    Args:
        pipeline: as ``build`` gave it; a fitted one is written as unfitted.
        table: the stored table; without it the stored types are taken from the kinds of the columns.

    Raises:
        FoldlineError: ``SOURCE`` when a part of the pipeline cannot be written as code.
    """
    source = to_source(clone(pipeline))
    divide, splitters = division_code(recipe)
    reader = reader_code(recipe.source.read)
    steps = (
        "\n".join(
            [
                "def build():",
                '    """The pipeline: raw table in, prediction out."""',
                _returned(source.expression),
            ]
        ),
        reader.code,
        training_code(recipe.source.read),
        TYPED.strip(),
        target_code(recipe),
        divide,
        _predict(recipe),
        MAIN.strip(),
    )
    called = set(re.findall(r"\w+", "\n".join(steps))) & SHARED
    own = inline(one_piece(), source.own | called)
    lightgbm = any(name.startswith("LightGBM") for name in source.own)
    head = HEAD.format(
        target=repr(recipe.target)[1:-1].replace('"""', "'''"),
        version=__version__,
        more=" and lightgbm" if lightgbm else "",
        threads="\n".join(f'os.environ["{name}"] = "1"' for name in THREADS),
        imports=_imports({*own.imports, *source.imports, *reader.imports}, splitters),
    )
    return head + "\n\n\n".join([_constants(recipe, table), own.code, *steps]) + "\n"


def _returned(expression: str) -> str:
    return "    return " + expression.replace("\n", "\n    ")


def _imports(statements: set[str], splitters: set[str]) -> str:
    wanted = {*statements, "import argparse", "import numpy as np", "import pandas as pd"} - {"import os"}
    wanted |= {f"from sklearn.model_selection import {name}" for name in splitters}
    joined: dict[str, list[str]] = {}
    for line in sorted(wanted):
        if line.startswith("from "):
            module, name = line.removeprefix("from ").split(" import ")
            joined.setdefault(module, []).append(name)
    plain = [line for line in sorted(wanted) if line.startswith("import ")]
    return "\n".join(
        [*plain, *(f"from {module} import {', '.join(names)}" for module, names in joined.items())]
    )


def _constants(recipe: Recipe, table: Table | None) -> str:
    types = {name: _type(recipe.column(name), table) for name in columns_used(recipe)}
    lines = [f"    {name!r}: {kind!r}," for name, kind in types.items()]
    return "\n".join(
        [
            f"TARGET = {recipe.target!r}",
            f"MISSING = {[word for word in recipe.source.read.missing if word]!r}",
            f"DECIMAL = {recipe.source.read.decimal!r}",
            "# Column: how its cells are stored, and the format of dates written as text.",
            "TYPES = {",
            *lines,
            "}",
        ]
    )


def _type(column: ColumnChoice, table: Table | None) -> tuple[Physical, str]:
    if table is not None:
        stored = table.column(column.name)
        return stored.physical, column.format or stored.format
    kinds: dict[str, Physical] = {"numeric": "number", "datetime": "datetime"}
    return kinds.get(column.kind, "text"), column.format


def _predict(recipe: Recipe) -> str:
    if recipe.task == "regression":
        return NUMBERS.strip()
    if recipe.task == "multiclass":
        return CLASSES.format(rule="the most probable class", order=MULTICLASS).strip()
    cut = 0.5 if recipe.threshold is None else recipe.threshold
    turned = TURNED.format(positive=recipe.positive) if recipe.positive else ""
    order = BINARY.format(turned=turned, threshold=cut)
    return CLASSES.format(rule=f"positive from a probability of {cut} on", order=order).strip()
