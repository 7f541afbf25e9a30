"""Files that people really have, and files that no one should have, made of one small table."""

from __future__ import annotations

import datetime
import decimal
import gzip
import io
import json
import random
import zipfile
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

SEPARATORS = {"semicolon": ";", "tab": "\t", "bar": "|", "blank": " ", "tilde": "~"}


def parquet_of(frame: pd.DataFrame) -> bytes:
    stream = io.BytesIO()
    frame.to_parquet(stream)
    return stream.getvalue()


def workbook_of(frame: pd.DataFrame, cover: bool = False, **options: Any) -> bytes:
    stream = io.BytesIO()
    with pd.ExcelWriter(stream, engine="xlsxwriter") as writer:
        if cover:
            pd.DataFrame({"About": ["x"]}).to_excel(writer, sheet_name="About")
        frame.to_excel(writer, sheet_name="Rows", index=False, **options)
    return stream.getvalue()


def zip_of(*members: tuple[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in members:
            archive.writestr(name, data)
    return stream.getvalue()


def odd_files(table: pd.DataFrame) -> dict[str, bytes]:
    """Name of a file -> its bytes.

    Args:
        table: all-text cells with the columns age, income, city and day.
    """
    text = table.to_csv(index=False)
    return {
        **_texts(table, text),
        **_objects(table, text),
        **_parquet(table),
        **_workbooks(table),
        **_packed(table, text.encode()),
        **_others(),
    }


def _texts(table: pd.DataFrame, text: str) -> dict[str, bytes]:
    head, body = text.split("\n", 1)
    comma = table.assign(**{name: table[name].str.replace(".", ",") for name in ("age", "income")})
    texts = {
        "plain.csv": text,
        "decimal_comma.csv": comma.to_csv(index=False, sep=";"),
        "empty.csv": "",
        "blank.csv": "\n\n  \n",
        "header.csv": f"{head}\n",
        "header_alone.csv": head,
        "mark_alone.csv": "\ufeff",
        "nul_cells.csv": text.replace("Ulm", "U\0lm"),
        "crlf.csv": text.replace("\n", "\r\n"),
        "carriage_returns.csv": text.replace("\n", "\r"),
        "unclosed.csv": f'{text}"abc,1',
        "quotes_within.csv": text.replace("Ulm", 'U"l"m'),
        "quoted.csv": table.to_csv(index=False, quoting=1),
        "single_quotes.csv": table.to_csv(index=False, quoting=1, quotechar="'"),
        "too_long.csv": f"{text}1,2,3,4,5,6,7,8,9,10\n",
        "too_short.csv": f"{text}1,2\n",
        "comma_at_end.csv": text.replace("\n", ",\n"),
        "preamble.csv": f"Report of today\n\n{text}",
        "total.csv": f"{text}Total,,,,,,\n",
        "header_twice.csv": f"{head}\n{text}",
        "long_cell.csv": f"{text}1,2,{'x' * 300_000},1,a,2024-01-01,u\n",
        "column_twice.csv": "age," + text.rstrip("\n").replace("\n", "\n1,"),
        "no_header.csv": body,
        "column_missing.csv": table.drop(columns="age").to_csv(index=False),
        "web_page.csv": "<html><body>login</body></html>",
        "xml.csv": '<?xml version="1.0"?><a/>',
        **{f"as_text.{ending}": text for ending in ("xlsx", "parquet", "json", "gz", "b.c", "txt")},
        **{f"{name}.csv": table.to_csv(index=False, sep=mark) for name, mark in SEPARATORS.items()},
    }
    encodings = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1250", "latin-1")
    encoded = {f"{name}.csv": text.encode(name, "replace") for name in encodings}
    return {**{name: each.encode() for name, each in texts.items()}, **encoded, "no_ending": text.encode()}


def _objects(table: pd.DataFrame, text: str) -> dict[str, bytes]:
    lines = table.to_json(orient="records", lines=True)
    nested = (json.dumps({**row, "city": {"a": 1}}) for row in table.to_dict("records"))
    texts = {
        "lines.json": lines,
        "lines.csv": lines,
        "array.json": table.to_json(orient="records"),
        "array.txt": table.to_json(orient="records", indent=1),
        "columns.json": table.to_json(),
        "split.json": table.to_json(orient="split"),
        "nested.json": "\n".join(nested),
        "cut.json": '{"a":1}\n{"a":',
        "empty_array.json": "[]",
        "numbers.json": "[1,2]",
        "mixed.json": '[{"a":1},2]',
        "control.json": lines.replace("Ulm", "U\x01lm"),
    }
    return {**{name: each.encode() for name, each in texts.items()}, "wide.json": lines.encode("utf-16")}


def _parquet(table: pd.DataFrame) -> dict[str, bytes]:
    rows, whole = len(table), parquet_of(table)
    columns: dict[str, dict[str, Any]] = {
        "lists": {"city": [[1, 2]] * rows},
        "objects": {"city": [{"a": 1}] * rows},
        "bytes": {"city": [b"ab"] * rows},
        "durations": {"age": pd.to_timedelta(range(rows), unit="s")},
        "times": {"day": pd.Timestamp("2024-01-05")},
        "zoned": {"day": pd.Timestamp("2024-01-05 10:00", tz="Asia/Tokyo")},
        "levels": {"city": table["city"].astype("category")},
        "booleans": {"age": True},
        "gaps": {"age": pd.array([1, None] * (rows // 2), dtype="Int64")},
        "decimals": {"age": [decimal.Decimal("1.5")] * rows},
        "dates": {"day": [datetime.date(2024, 1, 2)] * rows},
        "clocks": {"day": [datetime.time(10, 0)] * rows},
        "dates_for_numbers": {"age": pd.Timestamp("2024-01-05")},
        "long_numbers": {"age": [2**60 + 1] * rows},
        "infinite": {"age": [np.inf, 1.0] * (rows // 2)},
    }
    files = {f"{name}.parquet": parquet_of(table.assign(**change)) for name, change in columns.items()}
    cut = {"cut.parquet": whole[:-20], "begun.parquet": whole[:100], "mark.parquet": b"PAR1"}
    return {
        **files,
        **cut,
        "whole.parquet": whole,
        "whole.csv": whole,
        "rows_none.parquet": parquet_of(table.iloc[:0]),
    }


def _workbooks(table: pd.DataFrame) -> dict[str, bytes]:
    whole, rows = workbook_of(table), len(table)
    mixed = {"age": [1.5, "x", True] * (rows // 3), "city": [datetime.time(1, 2)] * rows}
    return {
        "whole.xlsx": whole,
        "book.csv": whole,
        "book.zip": whole,
        "cut.xlsx": whole[:-100],
        "begun.xlsx": whole[:500],
        "rows_none.xlsx": workbook_of(table.iloc[:0]),
        "nothing.xlsx": workbook_of(pd.DataFrame()),
        "lower.xlsx": workbook_of(table, startrow=3),
        "cover.xlsx": workbook_of(table, cover=True),
        "types.xlsx": workbook_of(table.assign(day=pd.Timestamp("2024-02-03"), **mixed)),
    }


def _packed(table: pd.DataFrame, text: bytes) -> dict[str, bytes]:
    packed, lines = gzip.compress(text), table.to_json(orient="records", lines=True).encode()
    return {
        "one.zip": zip_of(("a.csv", text)),
        "two.zip": zip_of(("a.csv", text), ("b.csv", text)),
        "none.zip": zip_of(),
        "folder.zip": zip_of(("d/", b"")),
        "zip_in.zip": zip_of(("a.zip", zip_of(("a.csv", text)))),
        "empty_in.zip": zip_of(("a.csv", b"")),
        "lines.zip": zip_of(("a.json", lines)),
        "binary.zip": zip_of(("a.bin", bytes(range(256)) * 10)),
        "cut.zip": zip_of(("a.csv", text))[:200],
        "packed.gz": packed,
        "packed.csv": packed,
        "cut.gz": packed[:-30],
        "changed.gz": packed[:50] + b"\x00\xff" + packed[52:],
        "mark.gz": b"\x1f\x8b",
        "twice.gz": gzip.compress(packed),
        "empty.gz": gzip.compress(b""),
    }


def _others() -> dict[str, bytes]:
    marks = (b"%PDF-1.4 x", b"\x89PNG\r\n\x1a\n123", b"MZ\x00\x00", b"SQLite format 3\x00", b"\x80\x04K\x01.")
    more = (bytes(range(256)) * 20, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    return {f"binary_{place}.csv": data for place, data in enumerate((*marks, *more))}


def changed_files(table: pd.DataFrame, number: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Files of all formats in which bytes were changed, lost or added at random."""
    draw, text = random.Random(seed), table.to_csv(index=False).encode()
    lines = table.to_json(orient="records", lines=True).encode()
    whole = (text, lines, parquet_of(table), workbook_of(table), gzip.compress(text), zip_of(("a.csv", text)))
    for place in range(number):
        data = bytearray(draw.choice(whole))
        for _ in range(draw.choice((1, 3, 30))):
            at, length = draw.randrange(len(data)), draw.randrange(1, 20)
            change = draw.choice((data[at : at + 1], b"", draw.randbytes(length)))
            data[at : at + draw.choice((0, 1, length))] = draw.randbytes(1) if change else b""
            data = data or bytearray(b"x")
        yield f"changed_{place}.{draw.choice(('csv', 'xlsx', 'parquet', 'json', 'gz', 'zip'))}", bytes(data)
