"""A lack of memory is MEMORY whatever raised it, and nothing else is."""

from __future__ import annotations

import errno
import signal
import threading
from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from core.engine.processes import failure
from core.engine.processes.units import run_units
from core.engine.processes.usage import starved
from core.errors import FoldlineError
from core.lack_of_memory import is_memory

LIMIT = 3 * 2**30


def threads() -> None:
    """Threads until their stacks no longer fit."""
    threading.stack_size(512 * 2**20)
    for _ in range(64):
        threading.Thread(target=threading.Event().wait, daemon=True).start()


def of_duckdb() -> None:
    connection = duckdb.connect(config={"memory_limit": "20MB", "temp_directory": "", "threads": 1})
    connection.execute("SELECT list(i) FROM range(50000000) t(i)").fetchall()


def behind_a_refusal() -> None:
    try:
        np.empty(2**33)
    except MemoryError as error:
        raise FoldlineError("PREPARE", "The preparation failed.") from error


def of_the_system() -> None:
    raise OSError(errno.ENOMEM, "Cannot allocate memory")


REALLY: dict[str, Callable[[], Any]] = {
    "numpy": lambda: np.empty(2**33),
    "bytes": lambda: bytearray(2**33),
    "arrow": lambda: pa.allocate_buffer(2**33),
    "threads": threads,
    "duckdb": of_duckdb,
    "behind": behind_a_refusal,
    "enomem": of_the_system,
    "huge": lambda: np.zeros((2**31, 2**31, 2**31)),
}


def test_a_lack_of_memory_has_one_name() -> None:
    outcomes = run_units(lambda name: REALLY[name](), list(REALLY), 1, memory_limit=LIMIT)
    codes = {one.unit: (one.error or {}).get("code") for one in outcomes}
    assert codes == dict.fromkeys(REALLY, "MEMORY")


@pytest.mark.parametrize(
    "error",
    [
        ValueError("could not convert string to float: 'out of memory'"),
        KeyError("std::bad_alloc"),
        FoldlineError("COLUMN", "There is no column 'MemoryError'."),
        OSError(errno.ENOSPC, "No space left on device"),
        PermissionError(errno.EACCES, "Permission denied", "out of memory.csv"),
        ZeroDivisionError("division by zero"),
    ],
)
def test_what_only_speaks_of_memory_is_none(error: BaseException) -> None:
    assert not is_memory(error)
    assert failure.from_exception(error, None)["code"] != "MEMORY"


def test_a_kill_is_lack_of_memory_only_with_evidence() -> None:
    killed = int(signal.SIGKILL)
    assert failure.from_status(killed, None)["code"] == "KILLED"
    assert failure.from_status(killed, None, starved=True)["code"] == "MEMORY"
    assert failure.from_status(killed, None, "terminate: std::bad_alloc")["code"] == "MEMORY"
    assert starved() >= 0
