"""Runs one unit in this process, from its JSON on the standard input and the folder of a workspace."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from core.engine.resources import resources_of
from core.engine.settings import cap_threads
from core.store.workspace import Workspace
from core.train.folds.unit import Unit, run_unit


def exact(found: dict[str, Any]) -> dict[str, Any]:
    """What a unit found, as JSON to the last bit; what it took is left out."""
    prediction = found["prediction"]
    scores = {name: float(score).hex() for name, score in found["scores"].items()}
    proba = None if prediction.proba is None else prediction.proba.tobytes().hex()
    return {"scores": scores, "rounds": found["rounds"], "proba": proba}


if __name__ == "__main__":
    cap_threads()
    root, project = sys.argv[1:]
    found = run_unit(Unit.model_validate_json(sys.stdin.read()), resources_of(Workspace(Path(root)), project))
    json.dump(exact(found), sys.stdout)
