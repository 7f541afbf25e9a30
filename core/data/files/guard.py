"""What a file really is, decided by its content, and cheap refusals before any parser sees it."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

from core.data.file_formats import FORMATS, fits
from core.data.files.limits import MEGABYTE, Limits
from core.data.files.parquet_guard import check_parquet
from core.data.files.streams import BROKEN, check_expansion, check_members, check_single, open_bytes
from core.data.files.workbook_guard import check_workbook
from core.data.table import FileFormat, Note
from core.errors import FoldlineError
from core.standalone.files.content import (
    GZIP_MARK,
    HEAD,
    OLE_MARK,
    PARQUET_MARK,
    SAVE_AS,
    ZIP_MARKS,
    text_format,
)
from core.standalone.files.records import UnreadableFileError

__all__ = ["Content", "Limits", "inspect"]


@dataclass(frozen=True)
class Content:
    """What the guard found.

    Attributes:
        format, compression: as in ReadOptions.
        notes: what is worth telling, such as a name that does not fit the content.
    """

    format: FileFormat
    compression: str = ""
    notes: tuple[Note, ...] = ()


def inspect(path: Path, name: str, limits: Limits) -> Content:
    """The kind of a file by its content, after the checks that need no parser.

    Args:
        name: the label it was uploaded under; only compared with the content.

    Raises:
        FoldlineError: ``EMPTY``, ``SIZE``, ``NOT_TABLE``, ``FORMAT``, ``BOMB``, ``ZIP``, ``PROTECTED``,
            ``UNSAFE``, ``SHEET``, ``COLUMNS``, ``NESTED``, ``TRUNCATED``, ``DAMAGED``.
    """
    size = path.stat().st_size
    if size == 0:
        raise FoldlineError(
            "EMPTY", "The file has no content.", "Upload a file with a header and rows.", name
        )
    if size > limits.file_bytes:
        problem = (
            f"The file has {size / MEGABYTE:,.0f} MB; the limit is {limits.file_bytes // MEGABYTE:,} MB."
        )
        raise FoldlineError("SIZE", problem, "Upload a part of it, or raise the limit.", name)
    content = _by_magic(path, name, limits)
    return Content(content.format, content.compression, (*content.notes, *_name_note(name, content)))


def _by_magic(path: Path, name: str, limits: Limits) -> Content:
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    if head.startswith(ZIP_MARKS):
        return _zip_content(path, name, limits)
    if head.startswith(GZIP_MARK):
        return _gzip_content(path, name, limits)
    if head.startswith(PARQUET_MARK):
        check_parquet(path, limits)
        return Content("parquet")
    if head.startswith(OLE_MARK):
        raise _old_office(path, name)
    return Content(_text_format(head, name))


def _old_office(path: Path, name: str) -> FoldlineError:
    encrypted = "EncryptedPackage".encode("utf-16-le") in path.read_bytes()
    if encrypted or not name.lower().endswith((".xls", ".xlt")):
        return FoldlineError(
            "PROTECTED",
            "The workbook is protected by a password.",
            "Remove the password and save it again.",
            name,
        )
    return FoldlineError("FORMAT", "This is an old .xls workbook.", "Save it as .xlsx and upload that.", name)


def _zip_content(path: Path, name: str, limits: Limits) -> Content:
    try:
        with zipfile.ZipFile(path) as archive:
            check_members(archive, limits)
            names = set(archive.namelist())
            if any(member.startswith("xl/") for member in names):
                return Content("xlsx", notes=check_workbook(archive, path.stat().st_size, limits))
            if "mimetype" in names and "content.xml" in names:
                check_workbook(archive, path.stat().st_size, limits)
                raise FoldlineError(
                    "FORMAT", "This is an OpenDocument file.", "Save it as .xlsx or .csv.", name
                )
            if "word/document.xml" in names or "ppt/presentation.xml" in names:
                raise FoldlineError("NOT_TABLE", "This is an Office document, not a workbook.", SAVE_AS, name)
            check_single(archive)
    except (*BROKEN, OSError, ValueError) as error:
        raise FoldlineError(
            "DAMAGED", "The file is a damaged zip or workbook.", "Upload it again.", name
        ) from error
    check_expansion(path, "zip", limits)
    return Content(_inner_format(path, "zip", name), "zip")


def _gzip_content(path: Path, name: str, limits: Limits) -> Content:
    check_expansion(path, "gzip", limits)
    return Content(_inner_format(path, "gzip", name), "gzip")


def _inner_format(path: Path, compression: str, name: str) -> FileFormat:
    with open_bytes(path, compression) as stream:
        head = stream.read(HEAD)
    if head.startswith((*ZIP_MARKS, GZIP_MARK, PARQUET_MARK, OLE_MARK)):
        raise FoldlineError(
            "ZIP",
            "The archive holds another archive or a workbook.",
            "Unpack it and upload the file itself.",
            name,
        )
    if not head:
        raise FoldlineError(
            "EMPTY", "The file has no content.", "Upload a file with a header and rows.", name
        )
    return _text_format(head, name)


def _text_format(head: bytes, name: str) -> FileFormat:
    try:
        return text_format(head)
    except UnreadableFileError as error:
        raise FoldlineError(error.code, error.problem, error.hint, name) from error


def _name_note(name: str, content: Content) -> tuple[Note, ...]:
    if fits(name, content.format):
        return ()
    text = f"The name does not fit the content, which is {FORMATS[content.format].words}."
    return (Note(code="NAME", text=text),)
