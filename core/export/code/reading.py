"""Code that reads a raw file as the reader did, for scripts that run without Foldline."""

from __future__ import annotations

from core.data.formats.pandas_call import pandas_call
from core.data.table import ReadOptions
from core.export.code.inline import Inlined, inline
from core.export.code.standalone import one_piece

ENDINGS = {"csv": (".csv",), "xlsx": (".xlsx", ".xlsm"), "parquet": (".parquet", ".pq"), "jsonl": (".jsonl",)}
RULES = {"encoding_of", "header_at", "mark_of", "in_mark", "unique_names"}
IMPORTS = ("csv", "gzip", "io", "itertools", "os", "re", "sys", "zipfile")
TEXT_TABLE = '''
def unpacked(path):
    """The bytes of a file, out of the gzip or zip file that they may be in."""
    with open(path, "rb") as stream:
        data = stream.read()
    if data.startswith(b"\\x1f\\x8b"):
        return gzip.decompress(data)
    if data.startswith(b"PK\\x03\\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.read(archive.namelist()[0])
    return data


def count_rows(records, width):
    """How many rows there are: none may have more fields than the header, or lack one that others fill."""
    rows, least, filled = 0, width, 0
    for record in records:
        if len(record) < 2 and not "".join(record).strip(" \\t"):
            continue
        rows += 1
        if len(record) > width:
            raise SystemExit(f"Row {{rows:,}} has {{len(record)}} fields instead of {{width}}.")
        if len(record) < width:
            least = min(least, len(record))
        elif any(record[filled:]):
            filled = width - next(place for place, cell in enumerate(reversed(record)) if cell)
    if filled > least:
        raise SystemExit(f"Some rows have only {{least}} fields instead of {{width}}.")
    return rows


def text_table(path, wanted, separator):
    """The cells of a text table under its names, numbers with the decimal mark of the training file."""
    data = unpacked(path)
    encoding = encoding_of([data], {encoding!r})
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SystemExit(f"{{path}} cannot be read: {{error}}. Save it as UTF-8.") from error
    csv.field_size_limit(2**31 - 1)
    separator = separator or {delimiter!r}
    spaces = separator != " "

    def records():
        return csv.reader(
            io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=spaces, {dialect}
        )

    begin, names = columns_of(list(itertools.islice(records(), 400)), wanted, {skip!r})
    if not count_rows(itertools.islice(records(), begin, None), len(names)):
        return pd.DataFrame(columns=names, dtype="str")
    frame = pd.read_csv(
        io.BytesIO(data), sep=separator, skipinitialspace=spaces, encoding=encoding, skiprows=begin,
        header=None, names=range(len(names)), dtype="str", na_filter=False, index_col=False, {dialect},
    ).set_axis(names, axis=1)
    if "\\0" in text:
        frame = frame.apply(lambda column: column.str.replace("\\0", "", regex=False))
    numbers = [name for name in wanted if wanted[name] == "number" and name in frame.columns]
    mark = mark_of([frame[name] for name in numbers], {decimal!r})
    if mark == {decimal!r}:
        return frame
    cells = {{name: in_mark(frame[name], mark, {decimal!r}) for name in numbers}}
    emptied = sum(int(((cells[name] == "") & (frame[name].str.strip() != "")).sum()) for name in numbers)
    told = f"; {{emptied:,}} cells are no number with it and count as missing" if emptied else ""
    print(f"Numbers were read with the decimal mark {{mark!r}}{{told}}.", file=sys.stderr)
    return frame.assign(**cells)
'''
SHEET = '''
def sheet(path, wanted):
    """The cells of a sheet under its names."""
    book = pd.ExcelFile(path, engine="calamine")
    name = {sheet!r} if {sheet!r} in book.sheet_names else 0
    frame = pd.read_excel(book, sheet_name=name, dtype="object", na_filter=False, header=None)
    first = [list(as_text(row).fillna("")) for _, row in frame.head(200).iterrows()]
    begin, names = columns_of(first, wanted, {skip!r})
    return frame.iloc[begin:].reset_index(drop=True).set_axis(names, axis=1)
'''
COLUMNS_OF = '''
def columns_of(records, wanted, skip):
    """Where the rows begin, and the names of the columns that the header there gives."""
    place = header_at(records, wanted)
    place = skip if place is None else place
    if place >= len(records):
        raise SystemExit("The file has no header.")
    return place + 1, unique_names(records[place])
'''
COLUMNS_WITHOUT_HEADER = '''
def columns_of(records, wanted, skip):
    """Where the rows begin, and the names of the columns, which the training file had none for."""
    place = header_at(records, wanted)
    if place is not None:
        return place + 1, unique_names(records[place])
    names = {names!r}
    rows = [record for record in records[skip:] if any(record)]
    if rows and shows_header(rows, len(names)):
        raise SystemExit("The file has a header; the training file had none. Call its columns column_1, ...")
    return skip, names
'''
NAMED = '''
def named(frame):
    """The table under unique names."""
    return frame.set_axis(unique_names([str(name) for name in frame.columns]), axis=1)
'''


def reader_code(read: ReadOptions) -> Inlined:
    """A function ``read_raw(path, wanted={}, separator="")`` that gives the raw table of a new file.

    It goes by the rules of ``core.standalone.files``. Files of the format of the training file are
    read with its settings, others with plain ones. Columns are found by their names, in any order and number;
    positions of the training file mean nothing here. ``wanted`` holds the names that the model needs, and
    their types.
    """
    text = read if read.format == "csv" else ReadOptions()
    book = read if read.format == "xlsx" else ReadOptions(format="xlsx")
    headless = read.format in ("csv", "xlsx") and not read.header
    rules = inline(one_piece(), RULES | {"shows_header"} if headless else RULES)
    columns = COLUMNS_WITHOUT_HEADER.format(names=list(read.names)) if headless else COLUMNS_OF
    texts = TEXT_TABLE.format(
        encoding=text.encoding,
        delimiter=text.delimiter,
        decimal=read.decimal,
        skip=text.skip_rows,
        dialect=_dialect(text),
    )
    sheets = SHEET.format(sheet=book.sheet, skip=book.skip_rows)
    parts = [rules.code, columns.strip(), texts.strip(), sheets.strip(), NAMED.strip(), _by_ending(read)]
    imports = sorted({*rules.imports, *(f"import {name}" for name in IMPORTS)})
    return Inlined(tuple(imports), "\n\n\n".join(parts))


def training_code(read: ReadOptions) -> str:
    """A function ``read_training(path)`` that reads the training file exactly as it was read."""
    head = ["def read_training(path):", '    """The raw table in the training file."""']
    if read.format == "csv":
        others = (*ENDINGS["parquet"], *ENDINGS["xlsx"])
        head.append(f"    if os.path.splitext(path)[1].lower() in {others!r}:")
    else:
        head.append(f"    if os.path.splitext(path)[1].lower() not in {ENDINGS[read.format]!r}:")
    call = pandas_call(read, "path").replace("\n", "\n    ")
    return "\n".join([*head, "        return read_raw(path)", f"    return {call}"])


def _by_ending(read: ReadOptions) -> str:
    plain = ReadOptions(format="parquet")
    calls = {"parquet": plain}
    if read.format == "jsonl":
        calls["jsonl"] = read.model_copy(update={"drop_rows": (), "names": ()})
    lines = [
        'def read_raw(path, wanted={}, separator=""):',
        '    """The raw table in a file that has columns of the wanted names."""',
        "    ending = os.path.splitext(path)[1].lower()",
    ]
    for format, options in calls.items():
        call = pandas_call(options, "path").replace("\n", "\n        ")
        lines += [f"    if ending in {ENDINGS[format]!r}:", f"        return named({call})"]
    lines += [f"    if ending in {ENDINGS['xlsx']!r}:", "        return sheet(path, wanted)"]
    return "\n".join([*lines, "    return text_table(path, wanted, separator)"])


def _dialect(read: ReadOptions) -> str:
    """Quotes and escapes, in words that Python's csv and pandas share."""
    words = [f"quotechar={read.quote!r}"] if read.quote else ["quoting=csv.QUOTE_NONE"]
    return ", ".join([*words, f"escapechar={read.escape!r}"] if read.escape else words)
