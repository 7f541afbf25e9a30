"""The structure of a skops file: which parts of a node are nodes themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Node = dict[str, Any]


def name_of(node: Node) -> str:
    """Full name of the type or function that a node stands for."""
    return f"{node['__module__']}.{node['__class__']}"


def children(node: Node) -> list[Node]:
    """The nodes directly below one, in the order of the file.

    Raises:
        KeyError, TypeError, AttributeError: the node lacks a part that its kind must have.
    """
    kind = node["__loader__"]
    if kind == "DictNode":
        return [node["key_types"], *node["content"].values()]
    if kind in ("ListNode", "TupleNode", "SetNode"):
        return list(node["content"])
    if kind == "NdArrayNode":
        return [*node["content"], node["shape"]] if node["type"] == "json" else []
    if kind == "ObjectNode":
        return [node["content"]] if node.get("content") is not None else []
    if kind in ("TreeNode", "LossNode"):
        return [node["__reduce__"]["args"], node["content"]]
    if kind in ("DTypeNode", "RandomStateNode"):
        return [node["content"]]
    return [node["content"][part] for part in PARTS.get(kind, ())]


PARTS = {
    "DefaultDictNode": ("main", "default_factory"),
    "PartialNode": ("func", "args", "kwds", "namespace"),
    "RandomGeneratorNode": ("bit_generator", "seed_seq"),
}


def walk(root: Node) -> Iterator[Node]:
    """Every node, parents before their children, in the order of the file."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))
