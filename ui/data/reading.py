"""How the file was read: what was noticed, the choices that were made, and a way to make them differently."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.data.file_formats import FORMATS
from core.data.newer import ABOUT_BEFORE, AS_BEFORE, OTHER_DECIMAL
from core.data.reread import OFFERED
from core.data.table import ReadOptions, Table
from core.engine import jobs
from core.engine.job_specs import ReadSpec
from core.engine.job_state import Job
from core.errors import FoldlineError
from core.recipe.document import Recipe
from core.standalone.counts import counted
from core.train.rows.target_words import marks_note, others
from ui.data import sources
from ui.frame.errors import show_error
from ui.frame.session import project, workspace
from ui.jobs import job_panel
from ui.jobs.results import spec_of
from ui.widgets.text import label, visible

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "space"}
DECIMALS = {".": "point (1.5)", ",": "comma (1,5)"}
SHAPING = ("delimiter", "encoding", "header", "skip_rows", "sheet", "quote")
"""Options that change which columns there are: the stored names and left-out rows no longer fit."""
_SEEN = "reading.seen"


def panel() -> bool:
    """Draw a reading that runs or failed; whether one runs."""
    job = jobs.latest(workspace(), project(), "read")
    if job is None or job.state == "done" or job.id == st.session_state.get(_SEEN):
        return False
    if job.state == "failed":
        _failed(job)
        return False
    job_panel.job_panel("read")
    return job.is_active


def _failed(job: Job) -> None:
    error = FoldlineError.from_dict(job.error or {"code": "JOB", "problem": "The file was not read."})
    spec = spec_of(ReadSpec, job)
    name = label(spec.name, 60) if spec else "a file"
    st.caption(f"Reading **{name}** did not work. Nothing that you had was changed.")
    show_error(error)
    with st.container(horizontal=True):
        if error.code == "RAGGED" and spec and spec.source:
            st.button(
                "Leave those lines out",
                type="primary",
                icon=":material/playlist_remove:",
                key="reading.skip",
                on_click=sources.without_bad_lines,
                args=(spec,),
                help="Reads the file again without the lines that do not fit; the report says which.",
            )
        st.button("Close", key="reading.close", on_click=_close, args=(job.id,))


def _close(job_id: str) -> None:
    st.session_state[_SEEN] = job_id


def like_before(table: Table) -> None:
    """Draw what was taken over from the table before, and what could not be; nothing for a first table."""
    notes = [note for code in ABOUT_BEFORE for note in table.notes if note.code == code]
    if not notes:
        return
    prefix = f"data.newer.{table.id[:12]}"
    with st.container(border=True, key=prefix):
        for note in notes:
            icon = ":gray[:material/info:]" if note.code == AS_BEFORE else ":orange[:material/warning:]"
            st.markdown(f"{icon} {label(note.text, 400)}")
        if not sources.is_kept(table):
            return
        with st.container(horizontal=True):
            mark = {".": ",", ",": "."}[table.read.decimal]
            if notes[0].code == OTHER_DECIMAL:
                st.button(
                    f"Read with a decimal {DECIMALS[mark].split()[0]}",
                    key=f"{prefix}.decimal",
                    on_click=sources.read_again,
                    args=(table, table.read.model_copy(update={"decimal": mark})),
                    help="Reads the file again. Cells that are no numbers with it become text or missing.",
                )
            st.button(
                "Read it in its own way",
                key=f"{prefix}.own",
                type="tertiary",
                on_click=sources.read_again,
                args=(table, None),
                help="Finds out anew how the file is written, dates included. You can undo it.",
            )


def report(table: Table, recipe: Recipe) -> None:
    """Draw how a table was read and what was noticed; of a column that is read in another way now, that."""
    st.markdown(" · ".join(_facts(table)))
    for note in (*others(table.notes, recipe), *marks_note(recipe)):
        st.markdown(f":gray[:material/info:] {label(note.text, 300)}")
    if not table.notes:
        st.caption(":green[:material/check_circle:] Nothing unusual was noticed while reading.")
    if not sources.is_kept(table):
        st.caption("The file itself is no longer kept; load it again to read it in another way.")
    elif table.read.format != "parquet":
        with st.expander("Read it differently", icon=":material/settings_backup_restore:"):
            _change(table)


def _facts(table: Table) -> list[str]:
    read = table.read
    facts = [f"**{label(table.name, 60)}**", FORMATS[read.format].label]
    if read.compression:
        facts.append(f"packed as {read.compression}")
    if read.format == "csv":
        facts += [
            f"separated by {DELIMITERS.get(read.delimiter, label(repr(read.delimiter)))}",
            label(read.encoding),
            f"decimal {DECIMALS.get(read.decimal, label(read.decimal)).split()[0]}",
        ]
    if read.sheet:
        facts.append(f"sheet {label(read.sheet, 40)}")
    facts.append(counted(table.rows, "row"))
    if read.drop_rows:
        facts.append(f"{counted(len(read.drop_rows), 'row')} left out")
    return facts


def _change(table: Table) -> None:
    read, prefix = table.read, f"reading.{table.id[:12]}"
    chosen: dict[str, Any] = {}
    with st.grid(3, min_column_width=200, gap="small", key=f"{prefix}.grid"):
        if read.format == "csv":
            chosen |= _text_options(read, prefix)
        if read.format == "xlsx":
            chosen["sheet"] = st.text_input("Sheet", value=read.sheet, key=f"{prefix}.sheet")
    words = st.text_input(
        "Words that mean no value",
        value=", ".join(word for word in read.missing if word),
        key=f"{prefix}.missing",
        help="Separated by commas. Empty cells always count as missing.",
    )
    chosen["missing"] = ("", *dict.fromkeys(word.strip() for word in words.split(",") if word.strip()))
    options = changed(read, chosen)
    st.button(
        "Read again",
        icon=":material/refresh:",
        key=f"{prefix}.again",
        disabled=options == read,
        on_click=sources.read_again,
        args=(table, options),
        help="The recipe stays when the columns stay; otherwise you are asked. You can undo it.",
    )


def _text_options(read: ReadOptions, prefix: str) -> dict[str, Any]:
    def select(text: str, options: tuple[str, ...], name: str, words: dict[str, str], about: str) -> str:
        now = str(getattr(read, name))
        choices = options if now in options else (now, *options)
        return st.selectbox(
            text,
            choices,
            index=choices.index(now),
            format_func=lambda value: words.get(value, visible(value, 30)),
            key=f"{prefix}.{name}",
            help=about,
        )

    return {
        "delimiter": select(
            "Separator", tuple(DELIMITERS), "delimiter", DELIMITERS, "What stands between two fields."
        ),
        "encoding": select(
            "Encoding", OFFERED, "encoding", {}, "Change it when letters such as é or ü look wrong."
        ),
        "decimal": select(
            "Decimal mark", tuple(DECIMALS), "decimal", DECIMALS, "How numbers with a fraction are written."
        ),
        "skip_rows": st.number_input(
            "Lines before the header", 0, 1000, value=read.skip_rows, key=f"{prefix}.skip_rows"
        ),
        "header": st.toggle("The first line holds the names", value=read.header, key=f"{prefix}.header"),
        "skip_bad_lines": st.toggle(
            "Leave out lines that do not fit",
            value=read.skip_bad_lines,
            key=f"{prefix}.skip_bad_lines",
            help="Lines with too many or too few fields are left out instead of refusing the file.",
        ),
    }


def changed(read: ReadOptions, chosen: dict[str, Any]) -> ReadOptions:
    """The options with other choices; what no longer fits them is cleared."""
    options = ReadOptions.model_validate({**read.model_dump(), **chosen})
    if any(getattr(options, name) != getattr(read, name) for name in (*SHAPING, "skip_bad_lines")):
        options = options.model_copy(update={"names": (), "drop_rows": ()})
    return options
