"""Compressed files as bounded streams: never more bytes come out than the limits allow."""

from __future__ import annotations

import errno
import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from core.data.files.limits import MEGABYTE, Limits
from core.errors import FoldlineError
from core.standalone.counts import counted
from core.standalone.files.content import ENCRYPTED

BLOCK = 1 << 20
BROKEN = (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, NotImplementedError)


@contextmanager
def open_bytes(path: Path, compression: str) -> Iterator[IO[bytes]]:
    """The content of a file, decompressed while it is read.

    Args:
        compression: ``""``, ``"gzip"`` or ``"zip"`` (of one member).

    Raises:
        FoldlineError: ``TRUNCATED`` or ``DAMAGED`` when the compressed content breaks off or is wrong.
    """
    try:
        if compression == "gzip":
            with gzip.open(path) as stream:
                yield cast(IO[bytes], stream)
        elif compression == "zip":
            with zipfile.ZipFile(path) as archive, archive.open(archive.infolist()[0]) as stream:
                yield stream
        else:
            with path.open("rb") as stream:
                yield stream
    except EOFError as error:
        raise FoldlineError("TRUNCATED", "The compressed file is incomplete.", "Upload it again.") from error
    except (*BROKEN, OSError) as error:
        is_disk = isinstance(error, OSError) and not isinstance(error, gzip.BadGzipFile)
        if is_disk and not (compression == "zip" and getattr(error, "errno", 0) == errno.EINVAL):
            raise  # a zip that points before its beginning is damaged; all else is the disk's
        raise FoldlineError(
            "DAMAGED", f"The compressed file is damaged: {error}.", "Compress and upload it again."
        ) from error


def check_expansion(path: Path, compression: str, limits: Limits) -> None:
    """Decompress a file once, keeping nothing, to see that it stays within the limits.

    Raises:
        FoldlineError: ``BOMB`` when it expands too much; ``TRUNCATED``, ``DAMAGED``.
    """
    size = path.stat().st_size
    total = 0
    with open_bytes(path, compression) as stream:
        while block := stream.read(BLOCK):
            total += len(block)
            check_ratio(total, size, limits)


def check_ratio(total: int, size: int, limits: Limits) -> None:
    """Refuse what came out of a compressed file of ``size`` bytes when it is out of proportion.

    Raises:
        FoldlineError: ``BOMB``.
    """
    hint = "Upload the data uncompressed, or a part of it."
    if total > limits.expanded_bytes:
        limit = limits.expanded_bytes // MEGABYTE
        raise FoldlineError("BOMB", f"The file expands to more than {limit:,} MB.", hint)
    if total > limits.free_bytes and total > limits.ratio * size:
        raise FoldlineError("BOMB", f"The file expands more than {limits.ratio} times.", hint)


def check_members(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Refuse an archive whose members are too many, encrypted or named to leave their folder.

    Raises:
        FoldlineError: ``ZIP`` or ``PROTECTED``.
    """
    members = archive.infolist()
    if len(members) > limits.members:
        raise FoldlineError(
            "ZIP",
            f"The archive has {counted(len(members), 'member')}; the limit is {limits.members:,}.",
            "Upload one table.",
        )
    for member in members:
        if member.flag_bits & ENCRYPTED:
            raise FoldlineError(
                "PROTECTED",
                "The archive is protected by a password.",
                "Remove the password and save it again.",
            )
        if member.filename.startswith("/") or ".." in member.filename.replace("\\", "/").split("/"):
            raise FoldlineError(
                "ZIP",
                f"The archive has a member with the path {member.filename!r}.",
                "Upload the file itself.",
            )


def check_single(archive: zipfile.ZipFile) -> None:
    """Refuse an archive that is not exactly one table file.

    Raises:
        FoldlineError: ``ZIP``, naming the members.
    """
    names = [member.filename for member in archive.infolist()]
    if len(names) != 1 or names[0].endswith("/"):
        shown = ", ".join(names[:10]) or "nothing"
        raise FoldlineError(
            "ZIP",
            f"The archive holds {counted(len(names), 'member')}: {shown}.",
            "Upload one of the files by itself.",
        )
