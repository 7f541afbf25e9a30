"""The ``retrain`` command: the recipe of a bundle on new rows, and the new model against the old one."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.command.challenge import challenge_words
from core.command.outputs import Answer, folder
from core.command.run import fitted, run_in
from core.command.session import Session, existing, session
from core.data.formats.parquet import read_table, write_table
from core.data.kinds import physical_type
from core.data.newer import NOT_AS_BEFORE, OTHER_DECIMAL
from core.data.stacked import stacked
from core.data.table import Column, Note, ReadOptions, Table
from core.engine.contest_specs import ChallengeSpec
from core.engine.job_specs import BundlePath, ExportSpec, PathFile
from core.engine.resources import resources_of
from core.engine.work.challenge import SIDES
from core.export.bundle.open import recipe_of
from core.recipe.columns import columns_of
from core.recipe.document import Recipe
from core.results.bundle import ExportResult
from core.results.challenge import ChallengeResult
from core.standalone.counts import counted
from core.standalone.rows.row_order import row_hashes
from core.store.files.atomic import write_bytes
from core.store.models import BUNDLE
from core.train.rows.copies import copies_across
from core.train.rows.target import as_learned
from core.train.work import Work

REPEATED_ROWS, NEW_MODEL = "REPEATED_ROWS", f"the {SIDES[1]} model"
COMPARISON = "comparison with the old model"
JOINED = "training_rows.parquet"
BESIDE = "The new model against the old one, on test rows that neither learned from:"
SAME_DAYS = (
    "These test rows were drawn from among the rows that the new model learned from, which "
    "favours it where the world changes with time. `challenge` with rows that come later tells what remains."
)


def retrain_command(asked: argparse.Namespace) -> Answer:
    """Train a bundle's recipe on new rows; write the new bundle, a report, and how it does beside the old."""
    old, data, out = existing(asked.bundle), existing(asked.data), folder(asked.out)
    with session() as s:
        recipe, before = recipe_of(old)
        joined, old_rows = list[Note](), 0
        if asked.old is not None:
            recipe, data, joined, old_rows = _joined(s, recipe, before, (existing(asked.old), data), out)
        facts, words, done = run_in(s, recipe, data, out, asked.out, None if joined else before)
        facts["joined"] = [note.model_dump(mode="json") for note in joined]
        words = "\n".join([words, *(f"note {note.code}: {note.text}" for note in joined)])
        if done.exported is None:
            return facts, words
        compared = done.parts.of(COMPARISON, lambda: _challenge(s, done.recipe, old, old_rows), None)
    if compared is None:
        facts["failed"] = [one.model_dump(mode="json") for one in done.failed]
        last = done.failed[-1]
        more = [f"FAILED {last.part}: {last.code}: {last.problem} {last.hint}".rstrip()]
    else:
        facts["challenge"] = compared.facts()
        more = [BESIDE, *challenge_words(compared)]
    write_bytes(out / "report.json", json.dumps(facts, indent=1, allow_nan=False).encode())
    return facts, "\n".join([words, *more])


def _joined(
    s: Session, recipe: Recipe, before: Table, paths: tuple[Path, Path], out: Path
) -> tuple[Recipe, Path, list[Note], int]:
    """The recipe for old and new rows, the file that holds them, what is worth telling, and how many are old.

    Args:
        before: the table of the recipe.
        paths: of the old rows and the new ones.

    Raises:
        FoldlineError: as ``fitted`` and ``stacked``.
    """
    old, data = paths
    read = [_as_learned(s, *fitted(recipe, s, path, before)) for path in paths]
    tables = [table for table, _ in read]
    rows, notes = stacked(*read)
    write_table(rows, out / JOINED)
    text = (
        f"{JOINED} holds {counted(tables[0].rows, 'row')} of {old.name} and then {tables[1].rows:,} of "
        f"{data.name}."
    )
    source = recipe.source.model_copy(update={"read": ReadOptions(format="parquet")})
    columns = tuple(column.model_copy(update={"format": "", "marks": ""}) for column in recipe.columns)
    joined = recipe.model_copy(update={"source": source, "columns": columns})
    about_reading = (NOT_AS_BEFORE, OTHER_DECIMAL)
    told = [note for table in tables for note in table.notes if note.code in about_reading]
    return joined, out / JOINED, [Note(code="JOINED", text=text), *told, *notes], tables[0].rows


def _as_learned(s: Session, recipe: Recipe, table: Table) -> tuple[Table, pd.DataFrame]:
    """A table with its numbers with marks as plain ones, since another may write them otherwise."""
    frame = as_learned(recipe, read_table(s.workspace.table_path(s.project, table.id)))
    columns = tuple(c.model_copy(update={"physical": physical_type(frame[c.name])}) for c in table.columns)
    return table.model_copy(update={"columns": columns}), frame


def _is_later(recipe: Recipe) -> bool:
    """Whether the test rows of a recipe come after those that are learned from."""
    return any(column.role == "time" for column in recipe.columns)


def _challenge(s: Session, recipe: Recipe, old: Path, old_rows: int) -> ChallengeResult:
    """The old model against the recipe's, fitted without the test rows, on those that neither learned from.

    Args:
        old_rows: how many rows of the table, from the first on, the old model is said to have learned from.

    Raises:
        FoldlineError: as the jobs ``export`` and ``challenge``.
    """
    learned = s.ask(ExportResult, ExportSpec(recipe=recipe, part="train"))
    bundle = s.workspace.result_file(s.project, learned.result, BUNDLE)
    work = resources_of(s.workspace, s.project).work(recipe)
    table = s.workspace.table(s.project, recipe.source.table)
    known = known_rows(work, columns_of(recipe, table), old_rows)
    stored, rows = s.workspace.table_path(s.project, table.id), s.workspace.root / "test_rows.parquet"
    write_table(read_table(stored).iloc[work.split.test[~known]].reset_index(drop=True), rows)
    spec = ChallengeSpec(
        champion=BundlePath(bundle=str(old)),
        challenger=BundlePath(bundle=str(bundle)),
        data=PathFile(path=str(rows), name=rows.name),
        metric=recipe.metric,
    )
    compared = s.ask(ChallengeResult, spec)
    # Here the rows that the new model learned from are at hand, so that none of their copies is left.
    notes = [one for one in compared.notes if one.code != REPEATED_ROWS or NEW_MODEL not in one.text]
    same_days = [] if _is_later(recipe) else [Note(code="SAME_DAYS", text=SAME_DAYS)]
    left_out = compared.left_out + int(known.sum())
    return compared.model_copy(update={"notes": (*same_days, *notes), "left_out": left_out})


def known_rows(work: Work, columns: Sequence[Column], old_rows: int) -> NDArray[np.bool_]:
    """(test rows,) which a model has learned from: rows of the old table, and copies where copies are told.

    Rows that are equal by chance, as in a table of few different values, are rows of their own.

    Args:
        columns: of the table, with the kinds and roles of the recipe.
        old_rows: as in ``_challenge``.
    """
    test = work.split.test
    learned = np.union1d(work.split.train, np.arange(old_rows))
    known = np.isin(test, learned)
    if copies_across(work, columns).exact:
        keys = row_hashes(work.frame[[column.name for column in work.recipe.inputs]])
        known |= np.isin(keys[test], keys[learned])
    return known
