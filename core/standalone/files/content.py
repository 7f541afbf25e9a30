"""What a file really is, told by its content; its name means nothing."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from dataclasses import dataclass
from typing import Literal

from ..counts import counted
from .records import UnreadableFileError

SAVE_AS = "Save the table as CSV, XLSX, Parquet or JSON lines and give that."
ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")
ENCRYPTED = 0x1
HEAD = 65_536
LEAST_PARQUET = 12
BLANK = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n,;|"
GZIP_MARK = b"\x1f\x8b"
PARQUET_MARK = b"PAR1"
OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
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
class FileContent:
    """What a file is: ``csv``, ``xlsx``, ``parquet`` or ``jsonl``, and its bytes out of any archive."""

    format: str
    data: bytes


def content_of(path: str) -> FileContent:
    """The content of a file that may be packed.

    Raises:
        UnreadableFileError: ``EMPTY``, ``NOT_TABLE``, ``FORMAT``, ``PROTECTED``, ``ZIP``, ``TRUNCATED``.
    """
    with open(path, "rb") as stream:
        data = stream.read()
    if data.startswith(PARQUET_MARK):
        if len(data) < LEAST_PARQUET or not data.endswith((PARQUET_MARK, b"PARE")):
            raise UnreadableFileError("TRUNCATED", "The file is incomplete.", "Copy it again.")
        return FileContent("parquet", data)
    if data.startswith(OLE_MARK):
        problem = "This is an old .xls workbook, or one that is protected by a password."
        raise UnreadableFileError("FORMAT", problem, "Save it as .xlsx without a password.")
    if data.startswith(ZIP_MARKS):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if any(name.startswith("xl/") for name in archive.namelist()):
                return FileContent("xlsx", data)
            data = _only_member(archive)
    elif data.startswith(GZIP_MARK):
        try:
            data = gzip.decompress(data)
        except EOFError as error:
            raise UnreadableFileError("TRUNCATED", "The file is incomplete.", "Copy it again.") from error
    else:
        return _text_content(data)
    if data.startswith((*ZIP_MARKS, GZIP_MARK, PARQUET_MARK, OLE_MARK)):
        problem = "The archive holds another archive or a workbook."
        raise UnreadableFileError("ZIP", problem, "Unpack it and give the file itself.")
    return _text_content(data)


def _text_content(data: bytes) -> FileContent:
    if not data.strip(BLANK):
        raise UnreadableFileError("EMPTY", "The file has no content.", "Give a file with a header and rows.")
    return FileContent(text_format(data[:HEAD]), data)


def _only_member(archive: zipfile.ZipFile) -> bytes:
    """The bytes of the one file in an archive."""
    infos = archive.infolist()
    if len(infos) != 1 or infos[0].is_dir():
        shown = ", ".join(info.filename for info in infos[:10]) or "nothing"
        problem = f"The archive holds {counted(len(infos), 'member')}: {shown}."
        raise UnreadableFileError("ZIP", problem, "Give one of the files by itself.")
    if infos[0].flag_bits & ENCRYPTED:
        problem = "The archive is protected by a password."
        raise UnreadableFileError("PROTECTED", problem, "Remove the password and save it again.")
    return archive.read(infos[0])


def text_format(head: bytes) -> Literal["csv", "jsonl"]:
    """``csv`` or ``jsonl``: what the beginning of a file that is neither packed nor a workbook is.

    Raises:
        UnreadableFileError: ``NOT_TABLE`` for what is no table.
    """
    for magic, kind in BINARY_KINDS.items():
        if head.startswith(magic) and (len(magic) > 2 or b"\x00" in head):
            raise UnreadableFileError("NOT_TABLE", f"This is {kind}.", SAVE_AS)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:200].lower().startswith(WEB_MARKS):
        raise UnreadableFileError(
            "NOT_TABLE",
            "This is a web page, perhaps a login page.",
            "Download the file itself, signed in.",
        )
    if text.startswith((b"<?xml", b"<!DOCTYPE")):
        raise UnreadableFileError("NOT_TABLE", "This is an XML document.", SAVE_AS)
    if _is_binary(head):
        raise UnreadableFileError("NOT_TABLE", "This is a binary file of an unknown kind.", SAVE_AS)
    if text.startswith((b"{", b"[")):
        return _json_format(text)
    return "csv"


def _is_binary(head: bytes) -> bool:
    if head.startswith(WIDE_BOMS):
        return False
    controls = sum(head.count(bytes([code])) for code in (*range(1, 9), *range(14, 32)))
    nuls = head.count(0)
    wide = nuls > MOST_NULS * len(head) and max(head[::2].count(0), head[1::2].count(0)) > 0.9 * nuls
    return controls > MOST_CONTROLS * len(head) or (nuls > MOST_NULS * len(head) and not wide)


def _json_format(text: bytes) -> Literal["csv", "jsonl"]:
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
        raise UnreadableFileError(
            "NOT_TABLE", problem, "Give one flat object a line, or an array of flat objects."
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
