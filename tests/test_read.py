"""Reading files: the right cells, the right types, a coded refusal, never a silent guess."""

from __future__ import annotations

import csv
import gzip
import io
import json
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.data.files.limits import Limits
from core.data.formats.frame import frame_from_file, table_file
from core.data.formats.parquet import read_table, write_table
from core.data.read import read
from core.data.table import Reading, ReadOptions
from core.errors import FoldlineError
from core.export.code.inline import inline
from core.export.code.plan_source import plan_source
from core.export.code.standalone import one_piece
from tests.conftest import shared

ROOT = Path(__file__).resolve().parents[1]
PROBE = """
import json, resource, sys, time
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
from core.data.read import read
from core.errors import FoldlineError
for path in map(Path, sys.argv[1:]):
    start = time.monotonic()
    try:
        found = read(path, path.name)
        out = {"shape": found.frame.shape, "notes": [n.code for n in found.notes],
               "physical": [c.physical for c in found.columns], "names": list(found.frame.columns)}
    except FoldlineError as error:
        out = {"code": error.code, "problem": error.problem, "hint": error.hint}
    out |= {"file": path.name, "seconds": time.monotonic() - start}
    print(json.dumps(out), flush=True)
"""

REFUSED = {
    "bomb.csv.gz": "BOMB",
    "bomb.xlsx": "BOMB",
    "strbomb.xlsx": "BOMB",
    "bomb_plain_string.parquet": "BOMB",
    "far.xlsx": "SHEET",
    "farcol.xlsx": "SHEET",
    "rep.ods": "FORMAT",
    "laughs.ods": "UNSAFE",
    "laughs.xlsx": "UNSAFE",
    "quad.xlsx": "UNSAFE",
    "xxe.ods": "UNSAFE",
    "xxe.xlsx": "UNSAFE",
    "ole.xlsx": "PROTECTED",
    "nested.parquet": "NESTED",
    "dup.parquet": "NAMES",
    "trunc.csv.gz": "TRUNCATED",
    "zipmulti.csv.zip": "ZIP",
    "zipone.csv.zip": "ZIP",
    "dups.csv": "COLUMNS",
    "wide2.csv": "COLUMNS",
    "empty.csv": "EMPTY",
    "ws.csv": "EMPTY",
    "hdr.csv": "NO_ROWS",
    "redos.csv": "NO_ROWS",
    "html.csv": "NOT_TABLE",
    "surr.csv": "ENCODING",
    "ragged_first.csv": "RAGGED",
    "ragged_more.csv": "RAGGED",
}
READ = {
    "blankname.csv": ((1, 3), {"BLANK_NAME"}),
    "bom.csv": ((1, 2), set()),
    "c.xlsx": ((1, 2), {"NAME"}),
    "cr.csv": ((2, 2), set()),
    "dupcol.csv": ((1, 3), {"DUPLICATE_NAME"}),
    "formula.xlsx": ((1, 3), {"FORMULA", "MERGED", "SHEETS"}),
    "hugeint.csv": ((2, 1), {"BIG_INTEGER"}),
    "latin.csv": ((1, 2), {"ENCODING"}),
    "mixed.csv": ((300_001, 1), {"TYPE"}),
    "nul.csv": ((2, 2), {"NUL"}),
    "nums.csv": ((2, 11), {"LEADING_ZERO", "BIG_INTEGER", "INFINITE", "MONEY", "MISSING_WORDS"}),
    "ragged_less.csv": ((1, 3), {"SHORT_ROWS"}),
    "utf16.csv": ((1, 2), {"ENCODING"}),
}


def probe(paths: list[Path]) -> dict[str, dict[str, Any]]:
    """What reading gives for each file, in a child with 3 GB and 60 s of processor time."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *map(str, paths)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == len(paths), f"the child died at {paths[len(found)]}: {done.stderr[-2000:]}"
    return {row["file"]: row for row in found}


@pytest.fixture(scope="module")
def generated() -> dict[str, dict[str, Any]]:
    return probe(sorted(shared("badinputs/generated").iterdir()))


def test_every_generated_file_has_an_expectation(generated: dict[str, dict[str, Any]]) -> None:
    assert set(generated) == set(REFUSED) | set(READ)


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_hostile_file_is_refused_soon(generated: dict[str, dict[str, Any]], name: str) -> None:
    row = generated[name]
    assert row.get("code") == REFUSED[name], row
    assert row["seconds"] < 20  # a hang, not a benchmark
    assert row["hint"]


@pytest.mark.parametrize("name", sorted(READ))
def test_messy_file_is_read_with_notes(generated: dict[str, dict[str, Any]], name: str) -> None:
    row = generated[name]
    shape, notes = READ[name]
    assert (tuple(row.get("shape", ())), set(row.get("notes", ()))) == (shape, notes), row


def from_text(
    tmp_path: Path, text: str | bytes, options: ReadOptions | None = None, **limits: int
) -> Reading:
    path = tmp_path / "upload"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(path, "upload.csv", options, Limits(**limits))


def codes(reading: Reading) -> set[str]:
    return {note.code for note in reading.notes}


SPECTRUM = [
    "comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "location_coordinates", "newlines",
    "newlines_crlf", "quotes_and_newlines", "simple", "simple_crlf", "utf8",
]  # fmt: skip


@pytest.mark.parametrize("name", SPECTRUM)
def test_csv_spectrum(name: str) -> None:
    path = shared(f"badinputs/csv-spectrum/csvs/{name}.csv")
    expected = json.loads(shared(f"badinputs/csv-spectrum/json/{name}.json").read_text(encoding="utf-8"))
    found = frame_from_file(path, read(path, path.name).read).to_dict("records")
    if name == "location_coordinates":  # its JSON is one object, with another telephone number
        phone = "Contact Phone Number"
        found, expected = (
            [{k: v for k, v in row.items() if k != phone} for row in r] for r in (found, [expected])
        )
    assert found == expected


HARMLESS = {"MONEY", "MISSING_WORDS", "LEADING_ZERO"}
POLLOCK = "badinputs/pollock/polluted_sample"


def test_pollock_never_wrong_and_silent() -> None:
    paths = sorted(shared(f"{POLLOCK}/csv").iterdir())
    found = probe(paths)
    exact, wrong = [], []
    for path in paths:
        row = found[path.name]
        clean = list(
            csv.reader(io.StringIO((path.parents[1] / "clean" / path.name).read_text(encoding="utf-8")))
        )
        rows = len(clean) - ("no_header" not in path.name)
        same = row.get("shape") == [rows, len(clean[0])] if clean else False
        flagged = "code" in row or set(row["notes"]) - HARMLESS
        exact += [path.name] if same and not _differs(path, clean) else []
        wrong += [path.name] if not flagged and (not same or _differs(path, clean)) else []
    assert wrong == []
    assert len(exact) >= 15, exact


def _differs(path: Path, clean: list[list[str]]) -> bool:
    """Whether the cells differ from the clean version, blanks around them apart."""
    frame = frame_from_file(path, read(path, path.name).read)
    body = clean[len(clean) - len(frame) :]
    return [[c.strip() for c in row] for row in frame.to_numpy().tolist()] != [
        [c.strip() for c in r] for r in body
    ]


@pytest.mark.parametrize(
    ("name", "shape", "note"),
    [("airedale", (54, 8), "FOOTER"), ("imdb", (100, 44), "ESCAPE"), ("milk", (380, 23), "BLANK_NAME")],
)
def test_clevercsv_files(name: str, shape: tuple[int, int], note: str) -> None:
    path = shared(f"badinputs/clevercsv/{name}.csv")
    found = read(path, path.name)
    assert found.frame.shape == shape
    assert note in codes(found)


def _data_sets() -> Iterator[tuple[str, int, int]]:
    text = shared("data/README.md").read_text(encoding="utf-8")
    for line in text.splitlines():
        parts = [part.strip() for part in line.split("|")]
        if len(parts) > 4 and parts[1].endswith(".csv"):
            yield parts[1], int(parts[2]), int(parts[3])


def test_data_sets_have_the_shape_their_readme_states() -> None:
    sets = list(_data_sets())
    found = probe([shared(f"data/{name}") for name, _, _ in sets])
    assert len(sets) >= 20
    assert {name: found[Path(name).name].get("shape") for name, _, _ in sets} == {
        n: [r, c] for n, r, c in sets
    }


def test_adult_cells_are_trimmed_and_typed() -> None:
    found = read(shared("data/adult.csv"), "adult.csv")
    types = {c.name: (c.physical, c.missing) for c in found.columns}
    assert types["age"] == ("number", 0)
    assert sum(missing for _, missing in types.values()) == 6465
    assert set(found.frame["income"].unique()) >= {"<=50K", ">50K"}


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [
        ("a;b\n1,5;x\n2,25;y\n", "a", [1.5, 2.25]),
        ("a\tb\n1\tx\n2\ty\n", "a", [1.0, 2.0]),
        ("a|b\n1|x\n2|y\n", "a", [1.0, 2.0]),
        ("a,b\n 1 , x\n2,y\n", "a", [1.0, 2.0]),
        ("a,b\n1e3,x\n-.5,y\n", "a", [1000.0, -0.5]),
        ("a,b\n1,x\n?,y\n", "a", [1.0, np.nan]),
        ("a,b\n1,x\ninf,y\n", "a", [1.0, np.nan]),
        ("a,b\n007,x\n12,y\n", "a", ["007", "12"]),
        ("a,b\n9007199254740993,x\n1,y\n", "a", ["9007199254740993", "1"]),
        ("a,b\n9007199254740991,x\n1,y\n", "a", [9007199254740991.0, 1.0]),
        ("a,b\nTrue,x\nFalse,y\n", "a", ["True", "False"]),
        ("a,b\n$5,x\n$6,y\n", "a", ["$5", "$6"]),
    ],
)
def test_cells_become_their_physical_type(
    tmp_path: Path, text: str, column: str, expected: list[Any]
) -> None:
    found = from_text(tmp_path, text).frame[column]
    assert found.dtype == ("float64" if isinstance(expected[0], float) else "str")
    pd.testing.assert_series_equal(found, pd.Series(expected, name=column, dtype=found.dtype))


@pytest.mark.parametrize(
    ("cells", "format", "first", "ambiguous"),
    [
        (["2020-01-31", "2020-02-01"], "%Y-%m-%d", "2020-01-31", False),
        (["2020-01-31T10:00:00Z", "2020-02-01T11:30:00Z"], "%Y-%m-%dT%H:%M:%S%z", "2020-01-31 10:00", False),
        (["2020-01-31 10:00:00.5", "2020-02-01 11:30:00"], "ISO8601", "2020-01-31 10:00:00.5", False),
        (["31/01/2020", "01/02/2020"], "%d/%m/%Y", "2020-01-31", False),
        (["01/31/2020", "02/01/2020"], "%m/%d/%Y", "2020-01-31", False),
        (["01/02/2020", "03/04/2020"], "%m/%d/%Y", "2020-01-02", True),
        (["31.01.2020 10:15", "01.02.2020 09:00"], "%d.%m.%Y %H:%M", "2020-01-31 10:15", False),
        (["2020/01/31", "2020/02/01"], "%Y/%m/%d", "2020-01-31", False),
        (["31-Jan-2020", "01-Feb-2020"], "%d-%b-%Y", "2020-01-31", False),
    ],
)
def test_dates_follow_one_format(
    tmp_path: Path, cells: list[str], format: str, first: str, ambiguous: bool
) -> None:
    found = from_text(tmp_path, "when,b\n" + "".join(f"{cell},x\n" for cell in cells))
    assert found.columns[0].physical == "datetime"
    assert found.columns[0].format == format
    assert found.frame["when"].iloc[0] == pd.Timestamp(first)
    assert ("AMBIGUOUS_DATE" in codes(found)) == ambiguous


@pytest.mark.parametrize(
    ("cells", "other", "first", "told"),
    [
        (["1.234", "2.500"], "1,5", 1.234, True),
        (["1.234", "0,5"], "1,5", 1.234, True),
        (["12.5", "3.25"], "1,5", 12.5, False),
        (["1,5", "2,25"], "1,5", 1.5, False),
        (["1.234", "12.500"], "a", 1.234, True),
        (["1.234", "12.5"], "a", 1.234, False),
        (["0.234", "0.500"], "a", 0.234, False),
    ],
)
def test_a_point_that_may_mark_thousands_is_told(
    tmp_path: Path, cells: list[str], other: str, first: float, told: bool
) -> None:
    found = from_text(tmp_path, "x;y\n" + "".join(f"{cell};{other}\n" for cell in cells * 3))
    assert found.frame["x"].iloc[0] == first
    notes = [note.text for note in found.notes if note.code == "AMBIGUOUS_NUMBER"]
    assert bool(notes) == told
    if told:
        assert "1.234" in notes[0] and "decimal mark" in notes[0] and "1234" in notes[0]


def test_points_in_a_file_with_commas_between_fields_are_decimal_marks(tmp_path: Path) -> None:
    found = from_text(tmp_path, "x,y\n" + "1.234,a\n2.345,b\n" * 3)
    assert found.frame["x"].iloc[0] == 1.234 and "AMBIGUOUS_NUMBER" not in codes(found)


def test_thousands_and_decimals_together_are_told_and_kept_as_text(tmp_path: Path) -> None:
    found = from_text(tmp_path, "x;y\n" + "1.234,56;1,5\n12.345,60;2,5\n" * 3)
    assert found.columns[0].physical == "text" and "MONEY" in codes(found)


def test_a_late_day_decides_between_day_and_month(tmp_path: Path) -> None:
    cells = ["01/02/2020"] * 3_000 + [f"0{d}/03/2020" for d in range(1, 10)] + ["25/12/2020"]
    found = from_text(tmp_path, "when,b\n" + "".join(f"{cell},x\n" for cell in cells))
    assert found.columns[0].format == "%d/%m/%Y"
    assert found.frame["when"].notna().all()


@pytest.mark.parametrize(
    "cells", [["1.2.3", "4.5.6"], ["10:15", "11:30"], ["2020-13-45", "2020-01-01"], ["A-1-2", "B-2-3"]]
)
def test_what_only_resembles_dates_stays_text(tmp_path: Path, cells: list[str]) -> None:
    found = from_text(tmp_path, "when,b\n" + "".join(f"{cell},x\n" for cell in cells))
    assert found.columns[0].physical == "text"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a,b\n1,2\n3,4,5\n6,7\n", "RAGGED"),
        ("a,b,c\n1,2,3\n4,5\n6,7,8\n", "RAGGED"),
        ("a,b\n1,2,3\n4,5,6\n7,8,9\n", "RAGGED"),
        ('a,b\n1,"x\n2,y\n3,"z"\n', "QUOTES"),
        ('a,b\n1,"never closed\n2,y\n', "QUOTES"),
        ("a,b\n" + "1,2\n" * 5 + "".join(f"{i},2,3\n" for i in range(4)), "MULTI"),
        (b"%PDF-1.7\n%\xe2\xe3\n1 0 obj", "NOT_TABLE"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "NOT_TABLE"),
        (b"MZ\x90\x00\x03\x00\x00\x00", "NOT_TABLE"),
        (b"\x80\x04\x95\x00\x00\x00\x00\x00\x00\x00\x00cbuiltins\neval\n.", "NOT_TABLE"),
        ('{"a": {"b": [1, 2]},\n "c": 3}', "NOT_TABLE"),
        ("[1, 2, 3]", "NOT_TABLE"),
        ('<?xml version="1.0"?><a/>', "NOT_TABLE"),
        ("José,é\n".encode() * 3 + "José,é\n".encode("cp1252"), "ENCODING"),
        (b"PAR1 nothing behind it", "TRUNCATED"),
        (b"PK\x03\x04 nothing behind it", "DAMAGED"),
    ],
)
def test_coded_refusals(tmp_path: Path, text: str | bytes, code: str) -> None:
    with pytest.raises(FoldlineError) as caught:
        from_text(tmp_path, text)
    assert caught.value.code == code
    assert caught.value.hint


def test_refusals_by_limit(tmp_path: Path) -> None:
    cases: list[tuple[bytes, dict[str, int], str]] = [
        (b"a,b\n" + b"1,2\n" * 100, {"file_bytes": 100}, "SIZE"),
        (b"a,b\n" + b"1,2\n" * 100, {"cells": 150}, "SIZE"),
        (b"a,b\n1," + b"x" * 5000 + b"\n", {"field_chars": 1000}, "FIELD"),
        (b"a,b\n1," + b"x" * 5_000_000 + b"\n", {"line_bytes": 1_000_000}, "FIELD"),
        (b'a,b\n1,"x\n' + b"2,y\n" * 1000, {"field_chars": 1000}, "QUOTES"),
        (b"x" * 5_000_000, {"line_bytes": 1_000_000}, "NOT_TABLE"),
        (b"a," * 2_500_000, {"line_bytes": 1_000_000}, "COLUMNS"),
        (b"a,b,c\n1,2,3\n", {"columns": 2}, "COLUMNS"),
    ]
    for text, limits, code in cases:
        with pytest.raises(FoldlineError) as caught:
            from_text(tmp_path, text, **limits)
        assert caught.value.code == code, (text[:20], limits)


def test_file_limit_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOLDLINE_MAX_FILE_MB", "400")
    assert Limits.from_environment().file_bytes == 400_000_000
    assert Limits.from_environment().cells == 2 * Limits().cells


def test_bad_lines_are_left_out_when_asked(tmp_path: Path) -> None:
    text = "a,b\n1,2\n3,4,5\n6\n7,8\n9,10\n11,12\n"
    found = from_text(tmp_path, text, ReadOptions(skip_bad_lines=True))
    assert found.frame["a"].tolist() == [1, 7, 9, 11]
    assert found.read.drop_rows == (1, 2)
    assert "SKIPPED_LINES" in codes(found)
    again = from_text(tmp_path, text, found.read)
    pd.testing.assert_frame_equal(again.frame, found.frame)


@pytest.mark.parametrize(
    ("text", "names", "note"),
    [
        ("Report of March\n\nname,n\nx,1\ny,2\n", ["name", "n"], "PREAMBLE"),
        ("Report,,\n,,\nname,n,m\nx,1,2\ny,2,3\n", ["name", "n", "m"], "PREAMBLE"),
        ("x,1\ny,2\nz,3\n", ["column_1", "column_2"], "NO_HEADER"),
        ("name,n\nname,n\nx,1\ny,2\n", ["name", "n"], "HEADER_REPEATED"),
        ("a,a,a.1,a_2\n1,2,3,4\n", ["a", "a_3", "a.1", "a_2"], "DUPLICATE_NAME"),
        (",b,\n1,2,3\n", ["column_1", "b", "column_3"], "BLANK_NAME"),
        ("x" * 300 + ",b\n1,2\n", ["x" * 200, "b"], "LONG_NAME"),
        ("country,1990,1991\nA,5,6\nB,7,8\n", ["country", "1990", "1991"], None),
        ("a;b\n1,5;2\n2,5;3\n", ["a", "b"], "DECIMAL"),
        ("a,b\n1,2\n,\n3,4\n,\n,\n", ["a", "b"], "EMPTY_ROWS"),
    ],
)
def test_header_and_notes(tmp_path: Path, text: str, names: list[str], note: str | None) -> None:
    found = from_text(tmp_path, text)
    assert list(found.frame.columns) == names
    assert note is None or note in codes(found)
    raw = frame_from_file(tmp_path / "upload", found.read)
    assert list(raw.columns) == names
    assert len(raw) == len(found.frame)


def test_given_options_are_used_as_they_are(tmp_path: Path) -> None:
    options = ReadOptions(delimiter=";", decimal=",", missing=("", "1,5"), names=("x", "y"))
    found = from_text(tmp_path, "a;b\n1,5;NA\n2,5;z\n", options)
    assert found.read == options
    assert found.frame["y"].tolist() == ["NA", "z"]
    assert found.frame["x"].isna().tolist() == [True, False]


def test_compressed_text(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(gzip.compress(b"a,b\n1,x\n2,y\n"))
    assert read(path, "t.csv.gz").frame.shape == (2, 2)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("t.csv", "a;b\n1;x\n2;y\n")
    assert read(path, "t.zip").read.compression == "zip"


def _table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "n": [1.5, 2.0, np.nan],
            "t": pd.Series(["x", "007", None], dtype="str"),
            "d": pd.Series(pd.to_datetime(["2020-01-31", None, "2021-05-06"])).astype("datetime64[us]"),
            "b": pd.Series(["True", "False", "True"], dtype="str"),
        }
    )


def _carriers(folder: Path) -> list[Path]:
    frame = _table()
    typed = frame.assign(b=frame["b"] == "True")
    typed.to_excel(folder / "t.xlsx", index=False)
    typed.to_parquet(folder / "t.parquet")
    typed.assign(d=frame["d"].dt.strftime("%Y-%m-%d")).to_json(
        folder / "t.jsonl", orient="records", lines=True
    )
    typed.assign(d=frame["d"].dt.strftime("%Y-%m-%d")).to_json(folder / "t.json", orient="records")
    typed.to_csv(folder / "t.csv", index=False)
    typed.to_csv(folder / "t.csv.gz", index=False)
    frame.to_csv(folder / "semi.csv", sep=";", decimal=",", index=False)
    (folder / "pre.csv").write_text("Report\n\na,a\n1,x\n2,y\n,\n", encoding="utf-8")
    (folder / "escape.csv").write_text('a,b\n1,"say \\"x\\""\n2,"no, \\"y\\""\n', encoding="utf-8")
    return sorted(folder.iterdir())


def test_every_carrier_gives_the_same_table(tmp_path: Path) -> None:
    for path in _carriers(tmp_path):
        if path.stem.startswith("t"):
            pd.testing.assert_frame_equal(read(path, path.name).frame, _table(), obj=path.name)


def test_workbook_sheet_and_preamble(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with pd.ExcelWriter(path, engine="xlsxwriter") as book:
        pd.DataFrame().to_excel(book, sheet_name="empty")
        rows = [["Report", None, None], [None, None, None], ["x", "y", "y"], [1, "a", "#DIV/0!"], [2, "b", 3]]
        pd.DataFrame(rows).to_excel(book, sheet_name="data", header=False, index=False)
        pd.DataFrame({"other": [1]}).to_excel(book, sheet_name="more", index=False)
    found = read(path, path.name)
    assert {"SHEETS", "PREAMBLE", "DUPLICATE_NAME", "MISSING_WORDS"} <= codes(found)
    assert list(found.frame.columns) == ["x", "y", "y_2"]
    assert found.frame["y_2"].tolist()[1:] == [3.0]
    other = read(path, path.name, ReadOptions(format="xlsx", sheet="more"))
    assert other.frame["other"].tolist() == [1.0]


def test_a_script_reads_the_same_frame(tmp_path: Path) -> None:
    """What a script carries, run by itself in a new process, against the frame that the reader used."""
    source = tmp_path / "source"
    source.mkdir()
    paths = _carriers(source)
    reads = [read(path, path.name).read for path in paths]
    bad = source / "bad.csv"
    bad.write_text("a,b\n1,2\n3,4,5\n6,7\n8,9\n", encoding="utf-8")
    paths, reads = [*paths, bad], [*reads, read(bad, "bad.csv", ReadOptions(skip_bad_lines=True)).read]
    own = inline(one_piece(), {"TableFile", "cells_of_file", "without_rows"})
    calls = [
        f"file = {plan_source(table_file(options))}\n"
        f"frames.append(without_rows(cells_of_file({str(path)!r}, file), file.drop_rows))"
        for path, options in zip(paths, reads, strict=True)
    ]
    script = tmp_path / "script.py"
    end = "for f in frames:\n    print(f.map(repr).to_json(orient='split'))\n"
    parts = ["from __future__ import annotations", *own.imports, own.code, "frames = []", *calls, end]
    script.write_text("\n".join(parts), encoding="utf-8")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True, timeout=60)
    assert "core" not in script.read_text(encoding="utf-8").split()
    expected = [
        frame_from_file(p, r).map(repr).to_json(orient="split") for p, r in zip(paths, reads, strict=True)
    ]
    assert done.stdout.splitlines() == expected


def test_json_refusals(tmp_path: Path) -> None:
    for text, code in [
        ('{"a": 1}\n{"a": [1]}\n', "NESTED"),
        ('{"a": 1}\n{"a": \n', "DAMAGED"),
        ('[{"a": 1}, 2]', "NOT_TABLE"),
    ]:
        with pytest.raises(FoldlineError) as caught:
            from_text(tmp_path, text)
        assert caught.value.code == code


def test_stored_table_round_trip(tmp_path: Path) -> None:
    frame = _table()
    path = tmp_path / "t.parquet"
    write_table(frame, path)
    pd.testing.assert_frame_equal(read_table(path), frame)
    pd.testing.assert_frame_equal(
        read_table(path, columns=["t", "n"], rows=[2, 0]),
        frame.loc[[2, 0], ["t", "n"]].reset_index(drop=True),
    )
    assert [p.name for p in tmp_path.iterdir()] == ["t.parquet"]
    with pytest.raises(FoldlineError, match="COLUMN"):
        read_table(path, columns=["absent"])


def test_stored_table_shows_every_flipped_bit_in_its_pages(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    numbers = np.random.default_rng(0).normal(size=5_000)
    frame = pd.DataFrame({"n": numbers})
    write_table(frame, path)
    good = path.read_bytes()
    for position in np.random.default_rng(1).integers(100, len(good) - 2_000, 40):
        flipped = bytearray(good)
        flipped[position] ^= 1 << int(position % 8)
        path.write_bytes(bytes(flipped))
        with pytest.raises(FoldlineError) as caught:
            read_table(path)
        assert caught.value.code == "DAMAGED"


def test_wide_parquet_is_refused_in_a_child(tmp_path: Path) -> None:
    path = tmp_path / "wide.parquet"
    make = textwrap.dedent(
        """
        import sys, pyarrow as pa, pyarrow.parquet as pq
        pq.write_table(pa.table({f"c{i}": pa.array([1.0]) for i in range(12_000)}), sys.argv[1])
        """
    )
    subprocess.run([sys.executable, "-c", make, str(path)], check=True, timeout=60)
    assert probe([path])[path.name]["code"] == "COLUMNS"


def _mutations(good: bytes, count: int, seed: int) -> Iterator[bytes]:
    """Bytes with some changed, cut off, or cut out."""
    random = np.random.default_rng(seed)
    for turn in range(count):
        bad = bytearray(good)
        first, second = sorted(int(i) for i in random.integers(1, len(good), 2))
        if turn % 3 == 0:
            for place in random.integers(0, len(good), 4):
                bad[place] ^= int(random.integers(1, 256))
        yield bytes(bad if turn % 3 == 0 else bad[:second] if turn % 3 == 1 else bad[:first] + bad[second:])


def test_damaged_files_are_read_or_refused_with_a_code(tmp_path: Path) -> None:
    """The child dies of anything but a coded error, and then gives fewer answers than files."""
    source, damaged = tmp_path / "source", tmp_path / "damaged"
    source.mkdir()
    damaged.mkdir()
    for number, path in enumerate(_carriers(source)):
        for turn, data in enumerate(_mutations(path.read_bytes(), 30, number)):
            (damaged / f"{turn}-{path.name}").write_bytes(data)
    found = probe(sorted(damaged.iterdir()))
    assert {"DAMAGED", "TRUNCATED"} <= {row.get("code") for row in found.values()}


CELL = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=12
) | st.sampled_from(
    ["a\nb", 'say "x"', "x;y", "1,5", "007", "'", "|", "\t|", "NA", "=1+1", "2020-01-31", "-0", "1e5"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=8),
    mark=st.sampled_from([",", ";", "\t", "|"]),
)
def test_written_cells_are_read_back(tmp_path: Path, rows: list[tuple[str, str, str]], mark: str) -> None:
    path = tmp_path / "cells.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, delimiter=mark, quoting=csv.QUOTE_ALL)
        writer.writerows([("first", "second", "third"), *rows])
    found = read(path, path.name, ReadOptions(delimiter=mark))
    assert [tuple(row) for row in frame_from_file(path, found.read).to_numpy()] == rows
    for position, column in enumerate(found.columns):
        if column.physical == "text":
            cells = [row[position].strip() for row in rows]
            expected = [None if cell in found.read.missing else cell for cell in cells]
            assert [None if pd.isna(v) else v for v in found.frame.iloc[:, position]] == expected


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.binary(max_size=300)
    | st.text(st.sampled_from('ab1,;|\t"\n\r \x00é'), max_size=60).map(str.encode)
)
def test_any_bytes_are_read_or_refused_with_a_code(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "bytes"
    path.write_bytes(data)
    try:
        found = read(path, "bytes.csv")
    except FoldlineError:
        return
    assert len(found.frame) > 0
    assert frame_from_file(path, found.read).shape == found.frame.shape
