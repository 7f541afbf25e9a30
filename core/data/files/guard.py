"""What a file really is, decided by its content, and cheap refusals before any parser sees it."""

from __future__ import annotations

import json
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

__all__ = ["Content", "Limits", "inspect"]

HEAD = 65_536
SAVE_AS = "Save the table as CSV, XLSX, Parquet or JSON lines and upload that."
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BINARY_KINDS = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"BM\x00": "a bitmap image",
    b"RIFF": "a media file",
    b"MZ": "a Windows program",
    b"\x7fELF": "a program",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"BZh": "a bzip2 file",
    b"\xfd7zXZ": "an xz file",
    b"\x28\xb5\x2f\xfd": "a zstd file",
    b"SQLite format 3": "an SQLite database",
    b"\x89HDF": "an HDF5 file",
    b"ARROW1": "an Arrow file",
    b"FEA1": "a Feather file",
    b"ORC": "an ORC file",
    b"\x80\x03": "a Python pickle",
    b"\x80\x04": "a Python pickle",
    b"\x80\x05": "a Python pickle",
    b"{\\rtf": "an RTF document",
    b"\x93NUMPY": "a NumPy array",
}
WEB_MARKS = (b"<!doctype html", b"<html", b"<head", b"<body")
WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff")
MOST_CONTROLS = 0.02
MOST_NULS = 0.3


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
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_content(path, name, limits)
    if head.startswith(b"\x1f\x8b"):
        return _gzip_content(path, name, limits)
    if head.startswith(b"PAR1"):
        check_parquet(path, limits)
        return Content("parquet")
    if head.startswith(OLE):
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
    except BROKEN as error:
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
    if head.startswith((b"PK\x03\x04", b"\x1f\x8b", b"PAR1", OLE)):
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
    for magic, kind in BINARY_KINDS.items():
        if head.startswith(magic) and (len(magic) > 2 or b"\x00" in head):
            raise FoldlineError("NOT_TABLE", f"This is {kind}.", SAVE_AS, name)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:200].lower().startswith(WEB_MARKS):
        raise FoldlineError(
            "NOT_TABLE",
            "This is a web page, perhaps a login page.",
            "Download the file itself, signed in.",
            name,
        )
    if text.startswith((b"<?xml", b"<!DOCTYPE")):
        raise FoldlineError("NOT_TABLE", "This is an XML document.", SAVE_AS, name)
    if _is_binary(head):
        raise FoldlineError("NOT_TABLE", "This is a binary file of an unknown kind.", SAVE_AS, name)
    if text.startswith((b"{", b"[")):
        return _json_format(text, name)
    return "csv"


def _is_binary(head: bytes) -> bool:
    if head.startswith(WIDE_BOMS):
        return False
    controls = sum(head.count(bytes([code])) for code in (*range(1, 9), *range(14, 32)))
    nuls = head.count(0)
    wide = nuls > MOST_NULS * len(head) and max(head[::2].count(0), head[1::2].count(0)) > 0.9 * nuls
    return controls > MOST_CONTROLS * len(head) or (nuls > MOST_NULS * len(head) and not wide)


def _json_format(text: bytes, name: str) -> FileFormat:
    """JSON lines, an array of objects, a CSV whose first name only looks like JSON, or a refusal."""
    if text.startswith(b"["):
        if text[1:].lstrip().startswith(b"{"):
            return "jsonl"
        problem = "This is a JSON list, but not of objects."
    else:
        first = text.split(b"\n", 1)[0]
        if _is_object(first):
            return "jsonl"
        problem = "This is a JSON document, not a table."
    if _starts_json(text):
        raise FoldlineError(
            "NOT_TABLE", problem, "Give one flat object a line, or an array of flat objects.", name
        )
    return "csv"


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _starts_json(text: bytes) -> bool:
    body = text[1:].lstrip()[:1]
    return body in (
        (b'"', b"}") if text.startswith(b"{") else tuple(bytes([c]) for c in b'"[{]-0123456789tfn')
    )


def _name_note(name: str, content: Content) -> tuple[Note, ...]:
    if fits(name, content.format):
        return ()
    text = f"The name does not fit the content, which is {FORMATS[content.format].words}."
    return (Note(code="NAME", text=text),)
