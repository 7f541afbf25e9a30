"""When test sets were opened, and which rows of which table were in them; no value of a row is stored."""

from __future__ import annotations

import json
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from zlib import compress, decompress

import numpy as np
from numpy.typing import NDArray

from core.store.base import Base


@dataclass(frozen=True)
class Opening:
    """A test set that was opened.

    Attributes:
        at: seconds since 1970, UTC.
        key: names the split.
        packed: the rows, as they are stored.
    """

    at: float
    key: str
    packed: str

    @cached_property
    def rows(self) -> Mapping[str, NDArray[np.bool_]]:
        """Name of a table -> (rows of the table,) which of them were in the test set.

        Empty for an opening by 0.1.0, which is known by its key alone.
        """
        return {name: _mask(count, bits) for name, (count, bits) in json.loads(self.packed).items()}


class Openings(Base):
    """The part of the workspace that counts openings of test sets."""

    @contextmanager
    def opening(self, project: str, key: str, rows: Mapping[str, NDArray[np.bool_]]) -> Iterator[None]:
        """Notes that a test set was opened, unless the block, which shows it, fails.

        Args:
            key, rows: as in ``Opening``.
        """
        with self.db.write() as connection:
            self.project_row(project, connection)
            values = (project, key, time.time(), _packed(rows))
            new = connection.execute(
                "INSERT INTO opening (project, key, at, rows) VALUES (?, ?, ?, ?)", values
            )
        try:
            yield
        except BaseException:
            with self.db.write() as connection:
                connection.execute("DELETE FROM opening WHERE rowid = ?", (new.lastrowid,))
            raise

    def openings(self, project: str) -> list[Opening]:
        """The openings of a project, oldest first."""
        rows = self.db.rows("SELECT * FROM opening WHERE project = ? ORDER BY at, rowid", (project,))
        return [Opening(row["at"], row["key"], row["rows"]) for row in rows]


def _packed(rows: Mapping[str, NDArray[np.bool_]]) -> str:
    bits = {name: compress(np.packbits(mask).tobytes()) for name, mask in rows.items()}
    return json.dumps({name: [len(rows[name]), b64encode(some).decode()] for name, some in bits.items()})


def _mask(count: int, bits: str) -> NDArray[np.bool_]:
    packed = np.frombuffer(decompress(b64decode(bits)), dtype=np.uint8)
    return np.unpackbits(packed, count=count).astype(bool)
