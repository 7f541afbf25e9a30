"""Reading the members of a zip that somebody else may have made: by name, within limits, never to disk."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib

from core.errors import FoldlineError
from core.standalone.counts import counted

MOST_MEMBERS = 200_000
MOST_BYTES = 4 * 2**30
MOST_RATIO = 200
SMALL = 10 * 2**20
CHUNK = 2**20
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, struct.error, NotImplementedError, RuntimeError)
"""What zipfile raises on a damaged, encrypted or unknown archive."""


def members(data: bytes, names: re.Pattern[str], limits: dict[str, int], code: str) -> dict[str, bytes]:
    """The content of every member of a zip.

    Args:
        data: the whole archive.
        names: every member's name must match it wholly.
        limits: most bytes of single members, by name.
        code: of the error.

    Raises:
        FoldlineError: ``code`` when it is no zip, is damaged or truncated, holds an unexpected or doubled
            name, or unpacks to more than the limits (the bytes that really come out count).
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_list(archive, names, code)
            return _read_all(archive, limits, len(data), code)
    except BROKEN as error:
        raise FoldlineError(code, "The file is damaged or incomplete.", "Export it again.") from error


def _check_list(archive: zipfile.ZipFile, names: re.Pattern[str], code: str) -> None:
    listed = [info.filename for info in archive.infolist()]
    if len(listed) > MOST_MEMBERS:
        raise FoldlineError(code, f"The file has {counted(len(listed), 'part')}.", "Use a smaller model.")
    if len(set(listed)) != len(listed):
        raise FoldlineError(code, "The file has two parts of one name.", "Use a file that Foldline wrote.")
    for name in listed:
        if not names.fullmatch(name):
            raise FoldlineError(
                code,
                f"The file has an unexpected part {name[:80]!r}.",
                "Use a file that Foldline wrote.",
                name[:80],
            )


def _read_all(archive: zipfile.ZipFile, limits: dict[str, int], packed: int, code: str) -> dict[str, bytes]:
    out = {}
    left = min(MOST_BYTES, max(SMALL, packed * MOST_RATIO))
    for info in archive.infolist():
        out[info.filename] = _read(archive, info, min(left, limits.get(info.filename, left)), code)
        left -= len(out[info.filename])
    return out


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int, code: str) -> bytes:
    parts, size = [], 0
    with archive.open(info) as member:
        while chunk := member.read(CHUNK):
            size += len(chunk)
            if size > most:
                raise FoldlineError(
                    code,
                    f"The part {info.filename!r} unpacks to too many bytes.",
                    "Export it again.",
                    info.filename,
                )
            parts.append(chunk)
    return b"".join(parts)
