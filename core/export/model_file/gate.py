"""The one way a stored model comes in: skops bytes, checked against fixed lists before and after building."""

from __future__ import annotations

import io
import json
import math
import re
import tokenize
import warnings
from typing import Any

import numpy as np
import skops.io
from sklearn.exceptions import InconsistentVersionWarning

import core.standalone  # noqa: F401 - makes the module name that model files record importable
from core.errors import FoldlineError
from core.export.bundle.archive import members
from core.export.model_file.arrays import check_content
from core.export.model_file.boosters import check_booster
from core.export.model_file.nodes import Node, name_of, walk
from core.standalone.allowed import BY_LOADER, TRUSTED

PARTS = re.compile(r"schema\.json|[A-Za-z0-9_-]{1,64}\.np[yz]")
SPARSE_PARTS = re.compile(r"(format|shape|data|indices|indptr)\.npy")
SCHEMA_BYTES = 128 * 2**20
PROTOCOL = 2
NOT_OURS = "Use a bundle that Foldline wrote."
BROKEN = (
    skops.io.exceptions.UntrustedTypesFoundException,
    ArithmeticError,
    AttributeError,
    EOFError,
    ImportError,
    LookupError,
    MemoryError,
    RecursionError,
    SyntaxError,
    TypeError,
    ValueError,
    tokenize.TokenError,
)
"""What Python, numpy, skops and LightGBM raise while they build something from damaged parts."""


def check_model(data: bytes) -> Any:
    """The model in the bytes of a skops file, if every part of it is on the list and in order.

    Nothing is imported by name, called or unpickled that is not in ``core.standalone.allowed``.
    Crafted content may still find a hole in compiled code: for files of others call it in a child process.

    Args:
        data: the content of a ``model.skops``.

    Raises:
        FoldlineError: ``MODEL`` with the type, setting or part that is refused.
    """
    if not data.startswith(b"PK"):
        raise FoldlineError("MODEL", "This is not a model file of this app.", NOT_OURS)
    parts = members(data, PARTS, {"schema.json": SCHEMA_BYTES}, "MODEL")
    schema = _schema(parts)
    try:
        seen: dict[Any, Node] = {}
        for node in walk(schema):
            _check_node(node, parts)
            _check_identity(node, seen)
        model = _build(data)
    except BROKEN as error:
        raise FoldlineError(
            "MODEL", f"The model is damaged: {str(error)[:200]}", NOT_OURS, "model"
        ) from error
    check_content(model)
    return model


def _schema(parts: dict[str, bytes]) -> Node:
    try:
        schema = json.loads(parts["schema.json"])
        protocol = schema["protocol"]
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise FoldlineError(
            "MODEL", "The model file is damaged: it has no schema.", NOT_OURS, "schema.json"
        ) from error
    if type(protocol) is not int or protocol != PROTOCOL:
        raise FoldlineError(
            "MODEL", f"The model file has the protocol {protocol!r}.", NOT_OURS, "schema.json"
        )
    return dict(schema)


def _check_node(node: Node, parts: dict[str, bytes]) -> None:
    kind, name = node["__loader__"], name_of(node)
    if name not in BY_LOADER.get(kind, frozenset()):
        raise FoldlineError(
            "MODEL", f"The model holds {name[:120]}, which is not on the list.", NOT_OURS, name[:120]
        )
    if kind == "NdArrayNode" and node["type"] == "numpy":
        array_shape(parts[node["file"]])
    elif kind == "SparseMatrixNode":
        for array in members(parts[node["file"]], SPARSE_PARTS, {}, "MODEL").values():
            array_shape(array)
    elif kind == "TreeNode":
        _check_tree(node["__reduce__"]["args"]["content"], parts)
    elif kind == "PartialNode" and name_of(node["content"]["func"]) != "sklearn.utils.validation.check_array":
        raise FoldlineError("MODEL", "The model holds a function that is not on the list.", NOT_OURS)
    elif name == "lightgbm.basic.Booster":
        check_booster(_text(node["content"]["content"]["_handle"]))


def _check_identity(node: Node, seen: dict[Any, Node]) -> None:
    """skops builds the first of the nodes of one id in place of all others: they must be the same."""
    if "__id__" in node and seen.setdefault(node["__id__"], node) != node:
        raise FoldlineError("MODEL", "The model is damaged: two parts have one number.", NOT_OURS, "model")


def _text(node: Node) -> str:
    text = json.loads(node["content"])
    if node["__loader__"] != "JsonNode" or not isinstance(text, str):
        raise FoldlineError("MODEL", "The LightGBM model is damaged.", NOT_OURS, "model")
    return text


def _check_tree(arguments: list[Node], parts: dict[str, bytes]) -> None:
    """One output only: the constructor reads as many class counts as it is told, unchecked."""
    _, classes, outputs = arguments
    if json.loads(outputs["content"]) != 1 or array_shape(parts[classes["file"]]) != (1,):
        raise FoldlineError("MODEL", "The model is damaged: a tree has several outputs.", NOT_OURS, "model")


def array_shape(data: bytes) -> tuple[int, ...]:
    """The shape of an array in numpy's file format, if its header agrees with its size.

    Raises:
        FoldlineError: ``MODEL`` when it holds Python objects or announces more or less than there is.
    """
    stream = io.BytesIO(data)
    version = np.lib.format.read_magic(stream)
    read = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}.get(
        version
    )
    if read is None:
        raise FoldlineError("MODEL", f"The model is damaged: an array has the format {version}.", NOT_OURS)
    shape, _, dtype = read(stream)
    if dtype.hasobject:
        raise FoldlineError("MODEL", "The model holds an array of Python objects.", NOT_OURS)
    if min(shape, default=0) < 0 or math.prod(shape) * dtype.itemsize != len(data) - stream.tell():
        raise FoldlineError("MODEL", f"The model is damaged: an array announces {shape}.", NOT_OURS)
    return tuple(shape)


def _build(data: bytes) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InconsistentVersionWarning)
        return skops.io.loads(data, trusted=TRUSTED)
