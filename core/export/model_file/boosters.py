"""Checking the text of a LightGBM model before LightGBM, which trusts it, reads it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn

import numpy as np
import numpy.typing as npt

from core.errors import FoldlineError

HEAD = b"tree\n"
OBJECTIVES = frozenset({"binary", "multiclass", "regression"})
Ints = npt.NDArray[np.int64]


def refuse(reason: str) -> NoReturn:
    """Raise the one error for model content that would crash or hang.

    Raises:
        FoldlineError: ``MODEL``, always.
    """
    raise FoldlineError(
        "MODEL", f"The model is damaged: {reason}.", "Use the file as Foldline wrote it.", "model"
    )


def check_booster(text: str) -> None:
    """See that every tree of a LightGBM model stays inside its own arrays.

    Args:
        text: what ``Booster.model_to_string`` gave.

    Raises:
        FoldlineError: ``MODEL`` when sizes do not agree, a child does not lie below its parent, or a column,
            leaf or category is out of range.
    """
    try:
        _check(text.encode())
    except (KeyError, ValueError, OverflowError, UnicodeDecodeError) as error:
        raise FoldlineError("MODEL", "The LightGBM model is damaged.", "Export it again.", "model") from error


def _check(data: bytes) -> None:
    start = data.find(b"\nTree=0\n") + 1
    if not data.startswith(HEAD) or start == 0:
        refuse("no trees")
    head = _fields(data[:start].decode().splitlines()[1:])
    classes, features = int(head["num_class"]), int(head["max_feature_idx"]) + 1
    trees = list(_trees(data, start, _ints(head["tree_sizes"])))
    if classes < 1 or int(head["num_tree_per_iteration"]) != classes or len(trees) % classes:
        refuse("the number of trees does not fit the classes")
    _check_objective(head["objective"].split(), classes)
    for tree in trees:
        _check_tree(tree, features)


def _check_objective(words: list[str], classes: int) -> None:
    stated = [int(word.split(":")[1]) for word in words if word.startswith("num_class:")]
    if words[0] not in OBJECTIVES or stated != ([classes] if words[0] == "multiclass" else []):
        refuse(f"the objective {' '.join(words)[:60]!r} does not fit")


def _trees(data: bytes, start: int, sizes: Ints) -> Iterable[dict[str, str]]:
    if len(sizes) == 0 or (sizes <= 0).any() or start + int(sizes.sum()) > len(data):
        refuse("the sizes of the trees are wrong")
    for size in sizes.tolist():
        block = data[start : start + size]
        if not block.startswith(b"Tree="):
            refuse("a tree is not where it should be")
        yield _fields(block.decode().splitlines())
        start += size
    if not data[start:].startswith(b"end of trees"):
        refuse("there are more trees than announced")


def _fields(lines: list[str]) -> dict[str, str]:
    return dict(line.split("=", 1) for line in lines if "=" in line)


def _ints(text: str) -> Ints:
    return np.array([int(word) for word in text.split()], dtype=np.int64)


def _check_tree(tree: dict[str, str], features: int) -> None:
    leaves, categorical = int(tree["num_leaves"]), int(tree["num_cat"])
    if leaves < 1 or len(tree["leaf_value"].split()) != leaves or tree.get("is_linear", "0") != "0":
        refuse("the leaves of a tree are wrong")
    if leaves == 1:
        return
    inner = np.arange(leaves - 1)
    columns, kinds = _ints(tree["split_feature"]), _ints(tree["decision_type"])
    cuts = np.array(tree["threshold"].split(), dtype="float64")
    for values in (columns, kinds, cuts):
        if len(values) != len(inner):
            refuse("a tree has lists of different lengths")
    for side in ("left_child", "right_child"):
        _check_children(_ints(tree[side]), inner, leaves)
    if (columns < 0).any() or (columns >= features).any():
        refuse("a tree asks for a column that is not there")
    _check_categories(tree, cuts[(kinds & 1) == 1], categorical)


def _check_children(child: Ints, inner: Ints, leaves: int) -> None:
    if len(child) != len(inner):
        refuse("a tree has lists of different lengths")
    below = np.where(child >= 0, (child > inner) & (child < len(inner)), ~child < leaves)
    if not below.all():
        refuse("a tree leads back to itself or out of its nodes")


def _check_categories(tree: dict[str, str], places: npt.NDArray[np.float64], count: int) -> None:
    if not ((places >= 0) & (places < count) & (places == np.floor(places))).all():
        refuse("a tree asks for a set of categories that is not there")
    if count:
        edges, words = _ints(tree["cat_boundaries"]), _ints(tree["cat_threshold"])
        if len(edges) != count + 1 or edges[0] != 0 or (np.diff(edges) < 0).any() or edges[-1] > len(words):
            refuse("the sets of categories of a tree are wrong")
