"""The fold cache: matrices of a fold under the fingerprint of everything that shapes them."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from scipy import sparse

from core.store.files.atomic import disk_errors, room

Matrices = Mapping[str, Any]
"""Name -> float64 array or CSR matrix."""


class FoldCache(Protocol):
    """Where prepared matrices are kept by key (SHA-256 hex); an entry never changes, whoever writes it."""

    def has(self, key: str) -> bool:
        """Whether there is an entry."""

    def get(self, key: str) -> Matrices | None:
        """The entry, to be read and never changed; None when there is none."""

    def put(self, key: str, matrices: Matrices) -> None:
        """Keep an entry, whole or not at all.

        Raises:
            FoldlineError: ``DISK`` when there is no room.
        """


class FolderCache:
    """A fold cache of this machine: a folder for each entry, whose arrays are memory-mapped.

    An entry is written beside its place and renamed, so that a killed process leaves no half entry.

    Args:
        place: gives the folder of a key.
    """

    def __init__(self, place: Callable[[str], Path]) -> None:
        self.place = place

    def has(self, key: str) -> bool:
        """As ``FoldCache``."""
        return self.place(key).exists()

    def get(self, key: str) -> Matrices | None:
        """As ``FoldCache``."""
        place = self.place(key)
        if not place.exists():
            return None
        return {path.stem: _load(path) for path in place.iterdir()}

    def put(self, key: str, matrices: Matrices) -> None:
        """As ``FoldCache``."""
        place = self.place(key)
        beside = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
        try:
            with disk_errors(place):
                beside.mkdir(parents=True)
                room(beside, sum(map(_bytes, matrices.values())))
                for name, matrix in matrices.items():
                    _save(beside / name, matrix)
            with suppress(OSError):  # another process was first; its entry is the same
                os.rename(beside, place)
        finally:
            shutil.rmtree(beside, ignore_errors=True)


def _save(path: Path, matrix: Any) -> None:
    if sparse.issparse(matrix):
        sparse.save_npz(path.with_suffix(".npz"), matrix.tocsr(), compressed=False)
    else:
        np.save(path.with_suffix(".npy"), np.asarray(matrix))


def _bytes(matrix: Any) -> int:
    if sparse.issparse(matrix):
        return int(matrix.nnz) * 12
    return int(np.asarray(matrix).nbytes)


def _load(path: Path) -> Any:
    if path.suffix == ".npz":
        return sparse.load_npz(path)
    return np.load(path, mmap_mode="r", allow_pickle=False)
