"""Which new rows a model has learned from, by 32 bits of a hash of each: it tells no value of a row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtrc

from core.drift.profile.row_digest import Keys

Short = NDArray[np.uint32]
KEPT = np.dtype("<u4")
BY_CHANCE = 0.001
"""New rows repeat learned ones by chance; more of them than in one of a thousand tables are the same rows."""


@dataclass(frozen=True, eq=False)
class LearnedRows:
    """The inputs of the rows of a training table.

    Attributes:
        hashes: (n,) sorted; equal rows have equal ones.
    """

    hashes: Short

    @classmethod
    def of(cls, keys: Keys) -> LearnedRows:
        """From the keys of rows, in any order."""
        return cls(np.sort(_short(keys)))

    @classmethod
    def from_bytes(cls, data: bytes) -> LearnedRows:
        """As ``to_bytes`` wrote them; what is not a whole hash at the end is left out."""
        whole = data[: len(data) // KEPT.itemsize * KEPT.itemsize]
        return cls(np.sort(np.frombuffer(whole, dtype=KEPT).astype(np.uint32)))

    def to_bytes(self) -> bytes:
        """The hashes, four bytes each, the lowest first."""
        return self.hashes.astype(KEPT).tobytes()

    @property
    def repeated(self) -> float:
        """Share of rows that another row equals: so many new rows equal a learned one by chance."""
        if not len(self.hashes):
            return 0.0
        _, counts = np.unique(self.hashes, return_counts=True)
        return float(counts[counts > 1].sum()) / len(self.hashes)

    def holds(self, keys: Keys) -> NDArray[np.bool_]:
        """(m,) whether a row was learned from; of 4 billion learned rows one is taken for any other."""
        if not len(self.hashes):
            return np.zeros(len(keys), dtype=bool)
        wanted = _short(keys)
        places = np.minimum(np.searchsorted(self.hashes, wanted), len(self.hashes) - 1)
        return np.asarray(self.hashes[places] == wanted)

    def overlap(self, keys: Keys) -> NDArray[np.bool_]:
        """(m,) the rows that were learned from; none where no more equal learned ones than chance gives."""
        same = self.holds(keys)
        hits = int(same.sum())
        usual = self.repeated + len(self.hashes) / 2**32
        more = hits > 0 and float(bdtrc(hits - 1, len(keys), min(usual, 1.0))) < BY_CHANCE
        return same if more else np.zeros(len(keys), dtype=bool)


def _short(keys: Keys) -> Short:
    return (keys >> np.uint64(32)).astype(np.uint32)
