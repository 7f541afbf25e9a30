"""Documents as bytes: JSON for results, compressed JSON for recipes, each with a hash that reading checks."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import zlib
from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from core.errors import FoldlineError
from core.recipe.document import Recipe, parse

HINT_DAMAGED = "Run that step again, or go back to an earlier version in the history."


def encode(payload: dict[str, Any] | BaseModel) -> bytes:
    """The payload as JSON. Documents, dataclasses and NumPy values become plain lists, dicts and numbers."""
    return json.dumps(payload, default=_plain, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    if hasattr(value, "tolist"):  # NumPy arrays and scalars, without importing NumPy
        return value.tolist()
    raise TypeError(f"a result cannot hold a {type(value).__name__}")


def decode(data: bytes, sha: str, what: str) -> dict[str, Any]:
    """The payload that ``encode`` was given.

    Raises:
        FoldlineError: ``DAMAGED`` when the bytes are not those that were stored.
    """
    check(data, sha, what)
    payload: dict[str, Any] = json.loads(data.decode("utf-8", "surrogatepass"))
    return payload


def pack(recipe: Recipe) -> tuple[bytes, str]:
    """The recipe as compressed JSON, and its hash. A wide table's history would else fill the disk."""
    return pack_document(recipe.model_dump_json())


def pack_document(document: str) -> tuple[bytes, str]:
    """``pack`` for the JSON of a recipe of any version."""
    data = zlib.compress(document.encode())
    return data, digest(data)


def unpack(data: bytes, sha: str, what: str) -> Recipe:
    """The recipe that ``pack`` was given, migrated when an older Foldline stored it.

    Raises:
        FoldlineError: ``DAMAGED`` when the bytes are not those that were stored.
    """
    check(data, sha, what)
    return _parsed(data)


@lru_cache(maxsize=16)
def _parsed(data: bytes) -> Recipe:
    # A recipe is frozen, and the same few are read over and over: the newest ones of the open projects.
    return parse(json.loads(zlib.decompress(data)))


def digest(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def check(data: bytes, sha: str, what: str) -> None:
    """Checks that bytes are those that were stored.

    Raises:
        FoldlineError: ``DAMAGED`` when they are not.
    """
    if digest(data) != sha:
        raise damaged(what)


def damaged(what: str, hint: str = HINT_DAMAGED) -> FoldlineError:
    """The error for a stored object that is not what was stored."""
    problem = f"{what} was changed on disk after it was stored, so it is not used."
    return FoldlineError("DAMAGED", problem, hint, what)
