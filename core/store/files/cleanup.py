"""Removing what nothing refers to any more."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Set
from pathlib import Path

import psutil

from core.store.base import Base
from core.store.files.atomic import TEMPORARY

YOUNG_SECONDS = 600.0
"""An object that no row names is left alone for this long: its row may be about to be written."""
UPLOAD = re.compile(r"(\d{1,9})-.+\.upload")
CLOCK_SLACK = 2.0
"""Seconds by which the start of a process and the change of a file may seem to be in the wrong order."""
CACHE_BYTES = 5 * 2**30


def drop_files(
    base: Base,
    *,
    tables: Iterable[str] = (),
    results: Iterable[str] = (),
    jobs: Iterable[str] = (),
    deployments: Iterable[str] = (),
) -> None:
    """Removes the files of tables that no project holds, of removed results, jobs and deployments."""
    for table in tables:
        # The write lock keeps another project from linking the file between the look and the removal.
        with base.db.write() as connection:
            in_use = connection.execute("SELECT 1 FROM held_table WHERE id = ?", (table,)).fetchone()
            if in_use is None:
                base.paths.table(table).unlink(missing_ok=True)
    for result in results:
        base.paths.payload(result).unlink(missing_ok=True)
        remove(base.paths.files(result))
    for job in jobs:
        remove(base.paths.job(job))
    for deployment in deployments:
        remove(base.paths.deployment(deployment))


def sweep(base: Base, before: float, wanted: str, live_jobs: Set[str]) -> int:
    """Removes what dead processes left behind and gives the number of things removed.

    Args:
        before: only what was last changed earlier than this (seconds since 1970).
        wanted: text that names the uploads which queued and running jobs still need.
        live_jobs: ids of jobs whose folders are in use.
    """
    gone = [path for path in base.paths.listing("tmp") if _left(path, before, wanted, live_jobs)]
    for folder in ("tables", "payloads", "cache", "deployments"):
        gone += [path for path in base.paths.listing(folder) if _half_written(path, before)]
    gone += _unnamed(base, before - YOUNG_SECONDS)
    for path in gone:
        remove(path)
    return len(gone)


def trim_cache(base: Base, limit: int = CACHE_BYTES) -> None:
    """Removes the cache entries that were not touched for longest until the rest fits in ``limit`` bytes."""
    entries = sorted(base.paths.listing("cache"), key=_changed, reverse=True)
    used = 0
    for entry in entries:
        used += sum(path.stat().st_size for path in entry.rglob("*") if path.is_file())
        if used > limit:
            remove(entry)


def remove(path: Path) -> None:
    """Removes a file or a folder; one that has gone already is fine."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _changed(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except FileNotFoundError:
        return float("inf")


def _left(path: Path, before: float, wanted: str, live_jobs: Set[str]) -> bool:
    upload = UPLOAD.fullmatch(path.name)
    changed = _changed(path)
    if changed >= before or path.name in live_jobs or path.name in wanted:
        return False
    return upload is None or not _writer_lives(int(upload[1]), changed)


def _half_written(path: Path, before: float) -> bool:
    match = TEMPORARY.fullmatch(path.name)
    changed = _changed(path)
    return match is not None and changed < before and not _writer_lives(int(match[1]), changed)


def _writer_lives(pid: int, changed: float) -> bool:
    """Whether the process that wrote something still runs; one that began later has only its number."""
    try:
        return psutil.Process(pid).create_time() < changed + CLOCK_SLACK
    except psutil.NoSuchProcess:
        return False


def _unnamed(base: Base, before: float) -> list[Path]:
    results = {row["id"] for row in base.db.rows("SELECT id FROM result")}
    tables = {row["id"] for row in base.db.rows("SELECT id FROM held_table")}
    deployments = {row["id"] for row in base.db.rows("SELECT id FROM deployment")}
    named = {"payloads": results, "files": results, "tables": tables, "deployments": deployments}
    return [
        path
        for folder, ids in named.items()
        for path in base.paths.listing(folder)
        if path.stem not in ids and not path.name.startswith(".") and _changed(path) < before
    ]
