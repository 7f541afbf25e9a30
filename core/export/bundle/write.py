"""A trained model as one zip that works without Foldline."""

from __future__ import annotations

import hashlib
import importlib.metadata
import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import joblib as jl
import pandas as pd

from core import __version__
from core.data.table import FileFormat, Table
from core.errors import FoldlineError
from core.export.bundle.manifest import OPTIONAL, Manifest, versions
from core.export.bundle.sample import Sample, sample_of, self_test
from core.export.bundle.schema import Schema
from core.export.bundle.service import service_files
from core.export.bundle.texts import predict_text, readme_text
from core.export.code.script import script
from core.export.code.standalone import copies
from core.export.markdown import escaped
from core.export.model_file.arrays import reachable
from core.export.model_file.gate import check_model
from core.export.model_file.skops_file import dumps, zipped
from core.recipe.document import Recipe
from core.results.bundle import BundleScores
from core.standalone.counts import counted
from core.store.files.atomic import write_bytes

READERS: dict[FileFormat, tuple[str, ...]] = {"xlsx": ("python-calamine",), "parquet": ("pyarrow",)}
"""What pandas needs on top to read a format."""


def write_bundle(
    path: Path,
    fitted_pipeline: Any,
    recipe: Recipe,
    schema: Schema,
    sample_frame: pd.DataFrame,
    card: str,
    scores: BundleScores,
    *,
    table: Table | None = None,
    reference_profile: dict[str, Any] | None = None,
    joblib: bool = False,
    learned: bytes | None = None,
) -> Manifest:
    """Write the bundle of a fitted pipeline, after loading it once and comparing its predictions.

    Equal input gives equal bytes apart from the manifest's ``created``.

    Args:
        path: of the zip.
        fitted_pipeline: of ``core.train.fit``.
        schema: of ``core.export.bundle.schema.describe``.
        sample_frame: rows of the table; the first 20 and only input columns go into the bundle.
        card: Markdown.
        scores: what was measured of it.
        table: the stored table, for the types in train.py.
        reference_profile: of core.watch, for drift.
        joblib: add ``model.joblib`` for people who ask.
        learned: ``LearnedRows`` of the rows it was fitted on.

    Raises:
        FoldlineError: ``EXPORT`` when the model cannot be stored or would not load again exactly.
    """
    inputs = [column.name for column in schema.inputs]
    sample = sample_of(sample_frame[inputs], fitted_pipeline, recipe)
    model = dumps(fitted_pipeline)
    _check(model, sample, recipe)
    used = versions(_uses_lightgbm(fitted_pipeline))
    optional = (*_optional(reference_profile, fitted_pipeline if joblib else None), learned)
    extra = {name: part for name, part in zip(OPTIONAL, optional, strict=True) if part is not None}
    parts: dict[str, bytes] = {
        "model.skops": model,
        "recipe.json": recipe.to_json().encode(),
        "schema.json": schema.model_dump_json(indent=1).encode(),
        "sample.json": sample.model_dump_json(indent=1).encode(),
        "requirements.txt": _requirements(used, recipe.source.read.format).encode(),
        "predict.py": predict_text(recipe.source.read).encode(),
        "train.py": script(recipe, fitted_pipeline, table).encode(),
        **service_files(used),
        "README.md": readme_text(escaped(recipe.target), recipe.task, __version__, tuple(extra)).encode(),
        "MODEL_CARD.md": card.encode(),
        **copies(),
        **extra,
    }
    manifest = _manifest(recipe, fitted_pipeline, used, scores, parts)
    ordered = {"manifest.json": manifest.model_dump_json(indent=1).encode(), **parts}
    write_bytes(path, zipped(ordered, zipfile.ZIP_DEFLATED))
    return manifest


def _check(model: bytes, sample: Sample, recipe: Recipe) -> None:
    """A bundle that could not be opened again is never written."""
    try:
        differing = self_test(sample, check_model(model), recipe)
    except FoldlineError as error:
        raise FoldlineError(
            "EXPORT",
            f"The stored model would not load again. {error.problem}",
            "Choose another model.",
            error.where,
        ) from error
    if differing:
        raise FoldlineError(
            "EXPORT",
            f"The stored model gives {counted(differing, 'other prediction')}.",
            "Choose another model.",
            "model",
        )


def _optional(profile: dict[str, Any] | None, pipeline: Any | None) -> tuple[bytes | None, bytes | None]:
    stored = None if profile is None else json.dumps(profile, indent=1).encode()
    if pipeline is None:
        return stored, None
    buffer = io.BytesIO()
    jl.dump(pipeline, buffer)
    return stored, buffer.getvalue()


def _manifest(
    recipe: Recipe, pipeline: Any, used: dict[str, str], scores: BundleScores, parts: dict[str, bytes]
) -> Manifest:
    classes = () if recipe.task == "regression" else tuple(str(name) for name in pipeline.classes_)
    return Manifest(
        foldline=__version__,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        task=recipe.task,
        target=recipe.target,
        classes=classes,
        positive=(recipe.positive or classes[-1]) if recipe.task == "binary" else "",
        threshold=recipe.threshold,
        versions=used,
        scores=scores,
        members={name: hashlib.sha256(part).hexdigest() for name, part in parts.items()},
    )


def _uses_lightgbm(pipeline: Any) -> bool:
    return any(type(part).__module__.startswith("lightgbm") for part in reachable(pipeline))


def _requirements(used: dict[str, str], format: FileFormat) -> str:
    pins = [f"{name}=={version}" for name, version in used.items() if name != "python"]
    pins += [f"{name}=={importlib.metadata.version(name)}" for name in READERS.get(format, ())]
    return f"# Python {used['python']}\n" + "\n".join(pins) + "\n"
