"""The texts of a bundle that people and Python read: predict.py and README.md."""

from __future__ import annotations

from core.data.table import ReadOptions
from core.export.code.reading import reader_code
from core.spec import Task
from core.standalone.allowed import TRUSTED

PREDICT = '''"""Predicts with the model beside this file. It needs only requirements.txt.

    python predict.py DATA.csv -o predictions.csv      writes predictions
    python predict.py DATA.csv --sep ";"               another separator
    python predict.py --check                          sees whether the model still gives the same numbers
"""

from __future__ import annotations

{imports}

# Sums depend on the number of threads in their last digits, so there is one.
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["MKL_NUM_THREADS"] = "1"

import numpy as np
import pandas as pd

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import foldline_transformers.cells as own
import skops.io

as_text = own.as_text

# The types that this model file may hold; anything else is refused.
TRUSTED = (
{trusted}
)


{reader}


def document(name):
    """The content of a JSON file of the bundle."""
    with open(os.path.join(HERE, name), encoding="utf-8") as stream:
        return json.load(stream)


def load():
    """The model, if its file is the one that was written."""
    path = os.path.join(HERE, "model.skops")
    with open(path, "rb") as stream:
        found = hashlib.sha256(stream.read()).hexdigest()
    if found != document("manifest.json")["members"]["model.skops"]:
        sys.exit("model.skops was changed; use the file of the bundle.")
    return skops.io.load(path, trusted=TRUSTED)


def inputs(schema):
    """The columns that the model needs."""
    return [column for column in schema["columns"] if column["role"] == "feature"]


def typed(frame, schema):
    """The input columns as numbers, texts and times."""
    frame = frame.rename(columns=str)
    needed = inputs(schema)
    missing = [column["name"] for column in needed if column["name"] not in frame.columns]
    if missing:
        hint = ". Does the file have another separator? Name it with --sep."
        sys.exit("Columns that the model needs are missing: " + ", ".join(map(repr, missing)) + hint)
    words = [word for word in schema["missing"] if word]
    out = {{}}
    for column in needed:
        cells = frame[column["name"]]
        if column["physical"] == "number":
            out[column["name"]] = own.as_number(cells, schema["decimal"])
        elif column["physical"] == "datetime":
            out[column["name"]] = own.as_datetime(cells, column["format"])
        else:
            text = own.as_text(cells)
            out[column["name"]] = text.mask(text.isin(words))
            continue
        given = own.as_text(cells)
        lost = int((out[column["name"]].isna() & given.notna() & ~given.isin(words)).sum())
        if lost:
            told = f"{{lost:,}} cells of {{column['name']!r}} are no {{column['physical']}}."
            print(told, "They count as missing.", file=sys.stderr)
    return pd.DataFrame(out, index=frame.index)


def predict(model, frame, manifest):
    """Numbers, or labels and probabilities: the positive class of two is last and has the threshold."""
    if manifest["task"] == "regression":
        values = model.predict(frame) if len(frame) else np.zeros(0)
        return pd.DataFrame({{"prediction": np.asarray(values, dtype="float64").ravel()}}, index=frame.index)
    classes = [str(name) for name in model.classes_]
    shares = model.predict_proba(frame) if len(frame) else np.zeros((0, len(classes)))
    shares = np.asarray(shares, dtype="float64")
    if manifest["task"] == "binary":
        order = [1, 0] if manifest["positive"] == classes[0] else [0, 1]
        classes, shares = [classes[i] for i in order], shares[:, order]
        threshold = 0.5 if manifest["threshold"] is None else manifest["threshold"]
        best = (shares[:, 1] >= threshold).astype("int64")
    else:
        best = shares.argmax(axis=1)
    out = {{"prediction": np.asarray(classes, dtype=object)[best]}}
    out.update({{f"probability_{{name}}": shares[:, i] for i, name in enumerate(classes)}})
    return pd.DataFrame(out, index=frame.index)


def check(model, manifest, schema):
    """How many stored predictions come out differently."""
    sample = document("sample.json")
    cells = dict(zip(sample["columns"], zip(*sample["rows"])))
    rows = {{}}
    for name, physical in zip(sample["columns"], sample["physical"]):
        values = list(cells.get(name, ()))
        if physical == "number":
            rows[name] = pd.Series([np.nan if v is None else float(v) for v in values], dtype="float64")
        elif physical == "datetime":
            rows[name] = pd.Series(pd.to_datetime(values, format="ISO8601"), dtype="datetime64[us]")
        else:
            rows[name] = pd.Series(values, dtype="str")
    found = predict(model, pd.DataFrame(rows), manifest)
    return sum(
        not (cell == known or known is None and cell != cell)
        for name, column in sample["predictions"].items()
        for cell, known in zip(found[name], column)
    )


def main():
    parser = argparse.ArgumentParser(description="Predict with the model beside this file.")
    parser.add_argument("data", nargs="?", help="a csv, xlsx or Parquet file")
    parser.add_argument("-o", "--output", default="predictions.csv", help="the file to write")
    parser.add_argument("--sep", default="", help="separator of a csv that differs from the training file's")
    parser.add_argument("--check", action="store_true", help="compare with the stored predictions")
    given = parser.parse_args()
    if not given.check and not given.data:
        parser.error("give a file to predict, or --check")
    model, manifest, schema = load(), document("manifest.json"), document("schema.json")
    if given.check:
        differing = check(model, manifest, schema)
        if differing:
            sys.exit(f"{{differing}} stored predictions come out differently; install requirements.txt.")
        print("The model gives the stored predictions exactly.")
    if given.data:
        wanted = {{column["name"]: column["physical"] for column in inputs(schema)}}
        try:
            raw = read_raw(given.data, wanted, given.sep)
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
            sys.exit(f"{{given.data}} cannot be read: {{error}}")
        found = predict(model, typed(raw, schema), manifest)
        found.to_csv(given.output, index=False)
        print(f"Wrote {{len(found):,}} predictions to {{given.output}}.")


if __name__ == "__main__":
    main()
'''

README = """# A trained model: {target}

{about}

Written by Foldline {version}. Foldline is not needed to use it.

    python -m pip install -r requirements.txt
    python predict.py --check
    python predict.py DATA.csv -o predictions.csv

`predictions.csv` has one row for each row of the data: {columns}.

| file | what it is |
|---|---|
| `predict.py` | predicts from the command line |
| `train.py` | trains the same model again from the raw file, as plain code |
| `MODEL_CARD.md` | what the model is for, how it was tested, its limits |
| `model.skops` | the model; it holds no code, and only types on a fixed list load |
| `foldline_transformers/` | the few preparation steps that scikit-learn lacks, and how cells are read |
| `schema.json` | the columns it needs, their ranges and levels |
| `sample.json` | a few rows and their predictions, for `--check` |
| `recipe.json` | every choice that led here; Foldline opens it |
| `requirements.txt` | the exact versions that give the exact numbers |
| `manifest.json` | a SHA-256 of every file above |
"""
EXTRA = {
    "model.joblib": "the same model for joblib.load; loading it runs code, so check its hash first",
    "reference_profile.json": "what the training data looked like, to notice drift",
}


def predict_text(read: ReadOptions) -> str:
    """The predict.py of a bundle whose training file was read like this."""
    trusted = "\n".join(f'    "{name}",' for name in TRUSTED)
    reader = reader_code(read)
    needed = {*reader.imports, "import argparse", "import hashlib", "import json", "import zipfile"}
    imports = "\n".join(sorted(needed, key=lambda line: (line.startswith("from"), line)))
    return PREDICT.format(trusted=trusted, imports=imports, reader=reader.code)


def readme_text(target: str, task: Task, version: str, extra: tuple[str, ...]) -> str:
    """The README.md of a bundle.

    Args:
        target: escaped for Markdown.
        extra: optional members that the bundle has.
    """
    about = {
        "regression": "It predicts a number (regression).",
        "binary": "It tells two classes apart (binary classification).",
        "multiclass": "It tells several classes apart (multiclass classification).",
    }[task]
    columns = "`prediction`" if task == "regression" else "`prediction` and a `probability_` of each class"
    text = README.format(target=target, about=about, version=version, columns=columns)
    return text + "".join(f"| `{name}` | {EXTRA[name]} |\n" for name in extra)
