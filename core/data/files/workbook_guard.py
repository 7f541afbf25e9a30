"""Refusals of hostile or impossible workbooks, by streaming through their XML before a parser does."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from core.data.files.limits import Limits
from core.data.files.streams import BLOCK, BROKEN, check_ratio
from core.data.table import Note
from core.errors import FoldlineError
from core.standalone.counts import counted

OVERLAP = 4_096
XML_NAMES = (".xml", ".rels", ".vml")
ENTITIES = (b"<!DOCTYPE", b"<!ENTITY")
COLUMN_OF = re.compile(rb'\br="([A-Z]{1,3})[0-9]')
ROW_OF = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="([0-9]{1,7})"|\br="[A-Z]{1,3}([0-9]{1,7})"')
PLACE = re.compile(rb"<(?:\w+:)?(row|c)\b")
NO_VALUE = re.compile(rb"(?:</f>|<f[^>]*/>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")
MERGED = re.compile(rb"<mergeCell ")


@dataclass
class _Sheet:
    """What was seen of one sheet: largest row and column, filled cells, formulas without a value."""

    row: int = 0
    column: int = 0
    cells: int = 0
    formulas: int = 0
    merged: int = 0

    @property
    def area(self) -> int:
        return self.row * self.column


def check_workbook(archive: zipfile.ZipFile, size: int, limits: Limits) -> tuple[Note, ...]:
    """Stream through every part of an .xlsx file once.

    Args:
        size: bytes of the archive.

    Raises:
        FoldlineError: ``BOMB`` (expansion), ``UNSAFE`` (DTD or entities), ``SHEET`` (a far cell, too many
            cells), ``DAMAGED``.
    """
    check_ratio(sum(member.file_size for member in archive.infolist()), size, limits)
    total = 0
    notes: list[Note] = []
    for member in archive.infolist():
        sheet = _Sheet()
        for block, fresh in _blocks(archive, member):
            total += fresh
            check_ratio(total, size, limits)
            if member.filename.lower().endswith(XML_NAMES):
                _check_entities(block, member.filename)
            if member.filename.startswith("xl/worksheets/"):
                _measure(sheet, block, limits)
        notes += _notes(sheet)
    if any(name.endswith("vbaProject.bin") for name in archive.namelist()):
        notes.append(Note(code="MACROS", text="The workbook has macros; they are ignored."))
    return tuple(notes)


def _blocks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[tuple[bytes, int]]:
    """Blocks cut after a '>' so that no tag is divided, each with the number of new bytes."""
    rest = b""
    try:
        with archive.open(member) as stream:
            while fresh := stream.read(BLOCK):
                block = rest + fresh
                cut = block.rfind(b"</c>") + 4
                if cut < 4 or len(block) - cut > BLOCK:
                    cut = max(block.rfind(b">") + 1, len(block) - OVERLAP)
                yield block[:cut], len(fresh)
                rest = block[cut:]
        yield rest, 0
    except (*BROKEN, EOFError, RuntimeError, OSError) as error:
        raise FoldlineError(
            "DAMAGED", f"The workbook is damaged at {member.filename}.", "Save it again and upload that."
        ) from error


def _check_entities(block: bytes, where: str) -> None:
    plain = block.replace(b"\x00", b"") if b"\x00" in block else block
    if any(mark in plain for mark in ENTITIES):
        raise FoldlineError(
            "UNSAFE",
            "The workbook contains XML entities, which no spreadsheet needs.",
            "Save it again as .xlsx.",
            where,
        )


def _measure(sheet: _Sheet, block: bytes, limits: Limits) -> None:
    columns = COLUMN_OF.findall(block)
    rows = {number for pair in set(ROW_OF.findall(block)) for number in pair if number}
    sheet.column = max([sheet.column, *(column_number(letters) for letters in set(columns))])
    sheet.row = max([sheet.row, *(int(number) for number in rows)])
    places = PLACE.findall(block)
    sheet.cells += places.count(b"c")
    sheet.formulas += len(NO_VALUE.findall(block))
    sheet.merged += len(MERGED.findall(block))
    if max(sheet.area, sheet.cells) > limits.cells:
        filled = f"at least {sheet.cells:,}"
        problem = f"The sheet spans {sheet.row:,} x {counted(sheet.column, 'cell')}, {filled} of them stored."
        raise FoldlineError(
            "SHEET", problem, f"Delete far or empty cells; the limit is {limits.cells:,}.", "worksheet"
        )


def column_number(letters: bytes) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _notes(sheet: _Sheet) -> list[Note]:
    notes = []
    if sheet.formulas:
        text = (
            f"{counted(sheet.formulas, 'formula', 'has')} no stored value and read as missing; open and save"
        )
        notes.append(Note(code="FORMULA", text=text + " the file in a spreadsheet program."))
    if sheet.merged:
        notes.append(
            Note(
                code="MERGED",
                text=f"{counted(sheet.merged, 'merged cell')}: only their first cell has the value.",
            )
        )
    return notes
