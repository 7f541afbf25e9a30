"""The fold cache: matrices of a fold under the fingerprint of everything that shapes them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from scipy import sparse

from core.store.files.atomic import disk_errors, fsync, room, sha256_of, temporary_beside
from core.store.files.cleanup import remove

Matrices = Mapping[str, Any]
"""Name -> float64 array or CSR matrix."""
SUMS = "sums.json"
"""The file of an entry that holds the SHA-256 of its other files, by name."""


class FoldCache(Protocol):
    """Where prepared matrices are kept by key (SHA-256 hex); an entry never changes, whoever writes it."""

    def has(self, key: str) -> bool:
        """Whether there is an entry."""

    def get(self, key: str) -> Matrices | None:
        """The entry, to be read and never changed; None when there is none, or it is not what was put."""

    def put(self, key: str, matrices: Matrices) -> None:
        """Keep an entry, whole or not at all.

        Raises:
            FoldlineError: ``DISK`` when there is no room.
        """


class FolderCache:
    """A fold cache of this machine: a folder for each entry, whose arrays are memory-mapped.

    An entry is written beside its place, with the checksums of its files, and renamed once it is on disk.
    Each time it is read its files are compared with their checksums (1.6 GB a second); one that is not what
    was written is removed, so that whoever asked makes it again.

    Args:
        place: gives the folder of a key.
    """

    def __init__(self, place: Callable[[str], Path]) -> None:
        self.place = place

    def has(self, key: str) -> bool:
        """As ``FoldCache``; whether the entry is intact shows when it is read."""
        return self.place(key).exists()

    def get(self, key: str) -> Matrices | None:
        """As ``FoldCache``."""
        place = self.place(key)
        if not place.exists():
            return None
        try:
            return _read(place)
        except (OSError, ValueError):  # a missing, cut or changed file, or a disk that cannot give it back
            _discard(place)
            return None

    def put(self, key: str, matrices: Matrices) -> None:
        """As ``FoldCache``."""
        place = self.place(key)
        beside = temporary_beside(place)
        try:
            with disk_errors(place):
                beside.mkdir(parents=True)
                room(beside, sum(map(_bytes, matrices.values())))
                _write(beside, matrices)
            with suppress(OSError):  # another process was first; its entry is the same
                os.rename(beside, place)
                fsync(place.parent, os.O_RDONLY)
        finally:
            remove(beside)


def _read(place: Path) -> Matrices:
    """The matrices of an entry.

    Raises:
        OSError, ValueError: when they are not what was written.
    """
    sums = json.loads((place / SUMS).read_text(encoding="utf-8"))
    names = {path.name for path in place.iterdir()} - {SUMS}
    if not isinstance(sums, dict) or sums != {name: sha256_of(place / name) for name in names}:
        raise ValueError(f"{place.name} is not what was written")
    return {Path(name).stem: _load(place / name) for name in sums}


def _discard(place: Path) -> None:
    """Removes an entry: first its name, so that no other process meets the half of it."""
    aside = temporary_beside(place)
    with suppress(OSError):  # another process did it already, or the disk takes no changes
        os.rename(place, aside)
        remove(aside)


def _write(folder: Path, matrices: Matrices) -> None:
    names = [_save(folder / name, matrix).name for name, matrix in matrices.items()]
    sums = {name: sha256_of(folder / name) for name in names}
    (folder / SUMS).write_text(json.dumps(sums), encoding="utf-8")
    for name in (*names, SUMS):
        fsync(folder / name, os.O_RDWR)
    fsync(folder, os.O_RDONLY)


def _save(path: Path, matrix: Any) -> Path:
    if sparse.issparse(matrix):
        target = path.with_suffix(".npz")
        sparse.save_npz(target, matrix.tocsr(), compressed=False)
    else:
        target = path.with_suffix(".npy")
        np.save(target, np.asarray(matrix))
    return target


def _bytes(matrix: Any) -> int:
    if sparse.issparse(matrix):
        return int(matrix.nnz) * 12
    return int(np.asarray(matrix).nbytes)


def _load(path: Path) -> Any:
    if path.suffix == ".npz":
        return sparse.load_npz(path)
    return np.load(path, mmap_mode="r", allow_pickle=False)
