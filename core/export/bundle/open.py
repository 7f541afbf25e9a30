"""Opening a bundle: only our own, checked part by part; safe to call in a child process."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.data.table import Column, EarlierTable, Table
from core.errors import FoldlineError
from core.export.bundle.archive import members
from core.export.bundle.manifest import CODE, FORMAT, LEARNED, MEMBERS, OLD_CODE, OPTIONAL, SERVICE, Manifest
from core.export.bundle.sample import MOST_ROWS, Sample, self_test
from core.export.bundle.schema import Schema
from core.export.model_file.gate import BROKEN, check_model
from core.recipe.document import Recipe, parse
from core.standalone.counts import counted
from core.standalone.versions import other_versions, versions_text

DOCUMENTS = ("manifest.json", *MEMBERS, *SERVICE, *OPTIONAL, OLD_CODE)
NAMES = re.compile("|".join([*map(re.escape, DOCUMENTS), CODE]))
FILE_BYTES = 2 * 2**30
DOCUMENT_BYTES = 32 * 2**20
LEARNED_BYTES = 2**30
LIMITS = {name: DOCUMENT_BYTES for name in DOCUMENTS if name[:6] != "model."} | {LEARNED: LEARNED_BYTES}
OURS = "Choose a bundle.zip that Foldline wrote."
SAME_HERE = "Its own sample rows still give the same numbers here, so it can be used."
AGAIN = "Export or copy the bundle again."


@dataclass(frozen=True, eq=False)
class Bundle:
    """An opened bundle whose self-test agreed bit for bit.

    Attributes:
        pipeline: fitted; with one thread.
        reference_profile: what core.watch stored, or None when the bundle has none.
        learned: ``LearnedRows`` of its training rows, or None when it does not tell them.
        other_versions: package -> (version that wrote the model, version here), where they differ.
    """

    manifest: Manifest
    recipe: Recipe
    schema: Schema
    pipeline: Any
    sample: Sample
    reference_profile: dict[str, Any] | None
    learned: bytes | None
    other_versions: dict[str, tuple[str, str]]

    @property
    def earlier(self) -> EarlierTable:
        """How the training table was read, for files that are to be read like it."""
        columns = self.schema.columns
        return EarlierTable(
            columns={column.name: (column.physical, column.format) for column in columns},
            levels={column.name: column.levels for column in columns if column.complete},
            zoned={column.name: column.zoned for column in columns},
            fine={column.name: column.fine for column in columns},
            missing=self.schema.missing,
            needed=tuple(column.name for column in self.schema.inputs),
            read=self.recipe.source.read,
        )


def open_bundle(path: Path) -> Bundle:
    """The bundle in a file. Call it in a child process for files of others (see ``check_model``).

    Raises:
        FoldlineError: ``MODEL`` when it is not a bundle or holds something that is not allowed, ``DAMAGED``
            when a part or a prediction is not what was written, ``VERSION`` when it comes from a newer
            Foldline or other library versions give other predictions.
    """
    parts = _parts(path)
    manifest = _manifest(parts)
    _check_hashes(manifest, parts)
    recipe = parse(_json(parts, "recipe.json"))
    schema, sample = _documents(parts)
    other = other_versions(manifest.versions)
    pipeline = _model(parts["model.skops"], manifest, sample, other)
    return Bundle(manifest, recipe, schema, pipeline, sample, _profile(parts), parts.get(LEARNED), other)


def recipe_of(path: Path) -> tuple[Recipe, Table]:
    """The recipe of the bundle in a file, without its model, and the table that it was trained on.

    Of the table only the columns that the recipe uses are known, without their counts.

    Raises:
        FoldlineError: ``MODEL``, ``DAMAGED`` or ``VERSION`` as ``open_bundle``.
    """
    parts = _parts(path)
    _check_hashes(_manifest(parts), parts)
    recipe, (schema, _) = parse(_json(parts, "recipe.json")), _documents(parts)
    columns = tuple(
        Column(name=c.name, physical=c.physical, kind=c.kind, format=c.format, zoned=c.zoned)
        for c in schema.columns
    )
    source = recipe.source
    return recipe, Table(
        id=source.table, name=source.name, rows=source.rows, columns=columns, read=source.read
    )


def reference_in(path: Path) -> dict[str, Any] | None:
    """What the bundle in a file remembers of its training rows, without its model; None when nothing.

    Raises:
        FoldlineError: ``MODEL``, ``DAMAGED`` or ``VERSION`` as ``open_bundle``.
    """
    parts = _parts(path)
    _check_hashes(_manifest(parts), parts)
    return _profile(parts)


def _profile(parts: dict[str, bytes]) -> dict[str, Any] | None:
    name = "reference_profile.json"
    return dict(_json(parts, name)) if name in parts else None


def _parts(path: Path) -> dict[str, bytes]:
    try:
        if path.stat().st_size > FILE_BYTES:
            raise FoldlineError("MODEL", f"{path.name} is larger than a bundle can be.", OURS, path.name)
        data = path.read_bytes()
    except OSError as error:
        raise FoldlineError("MODEL", f"{path.name} cannot be read.", OURS, path.name) from error
    if not data.startswith(b"PK"):
        raise FoldlineError("MODEL", f"{path.name} is not a bundle of this app.", OURS, path.name)
    parts = members(data, NAMES, LIMITS, "MODEL")
    for name in ("manifest.json", *MEMBERS):
        if name not in parts:
            raise FoldlineError("MODEL", f"{path.name} is not a bundle: it lacks {name}.", OURS, name)
    return parts


def _json(parts: dict[str, bytes], name: str) -> dict[str, Any]:
    try:
        document = json.loads(parts[name])
    except (ValueError, RecursionError) as error:
        raise FoldlineError("DAMAGED", f"{name} of the bundle is damaged.", AGAIN, name) from error
    if not isinstance(document, dict):
        raise FoldlineError("DAMAGED", f"{name} of the bundle is damaged.", AGAIN, name)
    return document


def _manifest(parts: dict[str, bytes]) -> Manifest:
    document = _json(parts, "manifest.json")
    if isinstance(document.get("format"), int) and document["format"] > FORMAT:
        raise FoldlineError(
            "VERSION",
            f"The bundle was written by Foldline {str(document.get('foldline'))[:20]} "
            f"in the format {document['format']}; this Foldline knows up to {FORMAT}.",
            "Update Foldline.",
            "manifest.json",
        )
    try:
        return Manifest.model_validate(document)
    except ValueError as error:
        raise FoldlineError(
            "DAMAGED", "manifest.json of the bundle is damaged.", AGAIN, "manifest.json"
        ) from error


def _check_hashes(manifest: Manifest, parts: dict[str, bytes]) -> None:
    for name in sorted((parts.keys() | manifest.members.keys()) - {"manifest.json"}):
        if name not in parts or hashlib.sha256(parts[name]).hexdigest() != manifest.members.get(name):
            raise FoldlineError("DAMAGED", f"{name} of the bundle is not what was written.", AGAIN, name)


def _documents(parts: dict[str, bytes]) -> tuple[Schema, Sample]:
    try:
        schema, sample = (
            Schema.model_validate_json(parts["schema.json"]),
            Sample.model_validate_json(parts["sample.json"]),
        )
    except ValueError as error:
        raise FoldlineError(
            "DAMAGED", "A document of the bundle is damaged.", AGAIN, "schema.json"
        ) from error
    if len(sample.rows) > MOST_ROWS:
        raise FoldlineError(
            "MODEL", f"The bundle's self-test has {counted(len(sample.rows), 'row')}.", OURS, "sample.json"
        )
    return schema, sample


def _model(data: bytes, manifest: Manifest, sample: Sample, other: dict[str, tuple[str, str]]) -> Any:
    try:
        pipeline = check_model(data)
        differing = self_test(sample, pipeline, manifest)
    except FoldlineError as error:
        if other and error.code == "MODEL" and error.where == "model":
            raise _version_error(other) from error
        raise
    except BROKEN as error:
        if other:
            raise _version_error(other) from error
        raise FoldlineError(
            "DAMAGED", "The model cannot predict its own sample rows.", AGAIN, "model"
        ) from error
    if differing and other:
        raise _version_error(other)
    if differing:
        raise FoldlineError(
            "DAMAGED",
            f"The model gives {counted(differing, 'other prediction')} than stored.",
            AGAIN,
            "model",
        )
    return pipeline


def _version_error(other: dict[str, tuple[str, str]]) -> FoldlineError:
    return FoldlineError(
        "VERSION",
        f"{versions_text(other)} It does not give its stored predictions here.",
        "Install the versions in the bundle's requirements.txt, or train it again.",
        "model",
    )
