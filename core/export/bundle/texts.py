"""The texts of a bundle that people and Python read: predict.py and README.md."""

from __future__ import annotations

from core.data.formats.frame import table_file
from core.data.table import ReadOptions
from core.export.code.plan_source import ONE_THREAD, plan_source
from core.spec import Task

PREDICT = '''"""Predicts with the model beside this file. It needs only requirements.txt.

    python predict.py DATA.csv -o predictions.csv      writes predictions
    python predict.py DATA.csv --sep ";"               another separator
    python predict.py --check                          sees whether the model still gives the same numbers
"""

from __future__ import annotations

import os
import sys

{threads}

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from foldline_transformers.plan import TableFile
from foldline_transformers.predict_command import predict_main

TRAINING_FILE = {file}

if __name__ == "__main__":
    predict_main(HERE, TRAINING_FILE)
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
| `serve.py` | answers requests over HTTP; `requirements-serve.txt` and `Dockerfile` are for it |
| `train.py` | trains the same model again from the raw file, as plain code |
| `MODEL_CARD.md` | what the model is for, how it was tested, its limits |
| `model.skops` | the model; it holds no code, and only types on a fixed list load |
| `foldline_transformers/` | the few steps that scikit-learn lacks, and how files are read and predicted |
| `schema.json` | the columns it needs, their rounded ranges and common levels |
| `sample.json` | a few rows and their predictions, for `--check` |
| `recipe.json` | every choice that led here; Foldline opens it |
| `requirements.txt` | the exact versions that give the exact numbers |
| `manifest.json` | a SHA-256 of every file above |
"""
EXTRA = {
    "model.joblib": "the same model for joblib.load; loading it runs code, so check its hash first",
    "learned_rows.bin": "32 bits of a hash of each training row, so that rows it has seen are no test",
    "reference_profile.json": "counts and bins of the training data that many rows share, to notice drift",
}


def predict_text(read: ReadOptions) -> str:
    """The predict.py of a bundle whose training file was read like this."""
    return PREDICT.format(threads=ONE_THREAD, file=plan_source(table_file(read)))


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
