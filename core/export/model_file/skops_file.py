"""A fitted pipeline as the bytes of a skops file, the same for the same pipeline."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import skops.io

from core.errors import FoldlineError
from core.export.model_file.nodes import Node, children

MOMENT = (1980, 1, 1, 0, 0, 0)
"""The date of every member: the earliest that a zip can hold."""


def dumps(pipeline: Any) -> bytes:
    """The pipeline as a skops file.

    skops names arrays after memory addresses; they are renumbered in order of appearance, so that equal
    input gives equal bytes and no address leaves the machine.

    Raises:
        FoldlineError: ``EXPORT`` when a part of the pipeline cannot be stored.
    """
    try:
        raw = skops.io.dumps(pipeline)
    except (TypeError, AttributeError, skops.io.exceptions.UnsupportedTypeException) as error:
        raise FoldlineError(
            "EXPORT", f"The model cannot be stored: {error}", "Choose another model."
        ) from error
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    schema = json.loads(parts.pop("schema.json"))
    files = _renumber(schema)
    ordered = {new: parts[old] for old, new in files.items()}
    ordered["schema.json"] = json.dumps(schema, separators=(",", ":")).encode()
    return zipped({name: _still(part) if name.endswith(".npz") else part for name, part in ordered.items()})


def _renumber(schema: Node) -> dict[str, str]:
    """Number nodes and files through; a node that stands for an earlier one becomes its copy."""
    first: dict[int, Node] = {}
    files: dict[str, str] = {}
    waiting = [schema]
    while waiting:
        node = waiting.pop()
        first_node = first.setdefault(node["__id__"], node) if "__id__" in node else node
        if first_node is not node:
            node.clear()
            node.update(first_node)
            continue
        if node["__loader__"] == "SetNode":
            node["content"].sort(key=lambda item: str(item.get("content")))
        if "__id__" in node:
            node["__id__"] = len(first)
        if "file" in node:
            old = node["file"]
            node["file"] = files.setdefault(old, f"{len(files) + 1}{old[old.rindex('.') :]}")
        waiting.extend(reversed(children(node)))
    return files


def _still(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist()})


def zipped(parts: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    """A zip with these members in this order and one fixed date."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, part in parts.items():
            info = zipfile.ZipInfo(name, MOMENT)
            info.compress_type = compression
            info.external_attr = 0o644 << 16
            archive.writestr(info, part)
    return buffer.getvalue()
