"""What a bundle says of itself."""

from __future__ import annotations

import importlib.metadata
import platform
from typing import Literal

from core.data.table import Frozen
from core.results.bundle import BundleScores
from core.spec import Task

FORMAT: Literal[1] = 1
MEMBERS = (
    "model.skops",
    "recipe.json",
    "schema.json",
    "sample.json",
    "requirements.txt",
    "predict.py",
    "train.py",
    "README.md",
    "MODEL_CARD.md",
)
LEARNED = "learned_rows.bin"
SERVICE = ("serve.py", "requirements-serve.txt", "Dockerfile")
"""What a model needs to answer requests; bundles before 0.2 have none of it."""
OPTIONAL = ("reference_profile.json", "model.joblib", LEARNED)
CODE = r"foldline_transformers(?:/[a-z_]{1,40}){1,2}\.py"
"""Names of the modules that predict.py imports."""
OLD_CODE = "foldline_transformers.py"
"""The one module that took their place in bundles of version 0.1.0."""
PACKAGES = ("numpy", "scipy", "pandas", "scikit-learn", "skops")


class Manifest(Frozen):
    """The table of contents of a bundle.

    Attributes:
        foldline: version that wrote it.
        created: UTC, ISO 8601.
        classes: as the model knows them; empty for a regression.
        positive, threshold: of a binary task; the threshold None means 0.5.
        versions: package -> version that fitted the model, and ``python``.
        scores: what was measured.
        members: name -> SHA-256 (hex) of every other member.
    """

    format: Literal[1] = FORMAT
    foldline: str
    created: str
    task: Task
    target: str
    classes: tuple[str, ...] = ()
    positive: str = ""
    threshold: float | None = None
    versions: dict[str, str]
    scores: BundleScores = BundleScores()
    members: dict[str, str]


def versions(lightgbm: bool) -> dict[str, str]:
    """The installed versions that the predictions depend on."""
    names = (*PACKAGES, "lightgbm") if lightgbm else PACKAGES
    return {name: importlib.metadata.version(name) for name in names} | {"python": platform.python_version()}
