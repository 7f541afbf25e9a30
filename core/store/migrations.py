"""The tables of the workspace's database, one ordered migration at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from core.errors import FoldlineError
from core.store.earlier_choices import take_over
from core.store.files.paths import new_id
from core.store.files.payload import pack_document

Statement = str | Callable[[sqlite3.Connection], None]
FIRST: tuple[Statement, ...] = (
    "CREATE TABLE space (id TEXT PRIMARY KEY, created REAL NOT NULL)",
    """CREATE TABLE project (
        id TEXT PRIMARY KEY, space TEXT NOT NULL REFERENCES space(id), name TEXT NOT NULL,
        created REAL NOT NULL, revision INTEGER NOT NULL DEFAULT 0, head INTEGER)""",
    "CREATE INDEX project_space ON project(space, created)",
    """CREATE TABLE edit (
        project TEXT NOT NULL REFERENCES project(id) ON DELETE CASCADE, seq INTEGER NOT NULL, parent INTEGER,
        label TEXT NOT NULL, at REAL NOT NULL, recipe BLOB NOT NULL, sha TEXT NOT NULL, next INTEGER,
        PRIMARY KEY (project, seq))""",
    """CREATE TABLE held_table (
        project TEXT NOT NULL REFERENCES project(id) ON DELETE CASCADE, id TEXT NOT NULL,
        document TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (project, id)) WITHOUT ROWID""",
    "CREATE INDEX held_table_id ON held_table(id)",
    """CREATE TABLE result (
        id TEXT PRIMARY KEY, project TEXT NOT NULL REFERENCES project(id) ON DELETE CASCADE,
        kind TEXT NOT NULL, key TEXT NOT NULL, at REAL NOT NULL, sha TEXT NOT NULL, files TEXT NOT NULL)""",
    "CREATE INDEX result_key ON result(project, kind, key, at)",
    """CREATE TABLE run (
        id TEXT PRIMARY KEY, project TEXT NOT NULL REFERENCES project(id) ON DELETE CASCADE,
        kind TEXT NOT NULL, at REAL NOT NULL, label TEXT NOT NULL, job TEXT NOT NULL, recipe BLOB NOT NULL,
        sha TEXT NOT NULL, table_id TEXT NOT NULL, fingerprint TEXT NOT NULL, summary TEXT NOT NULL)""",
    "CREATE INDEX run_project ON run(project, at)",
    """CREATE TABLE opening (
        project TEXT NOT NULL REFERENCES project(id) ON DELETE CASCADE,
        key TEXT NOT NULL, at REAL NOT NULL)""",
    "CREATE INDEX opening_key ON opening(project, key)",
    """CREATE TABLE setting (
        project TEXT NOT NULL REFERENCES project(id) ON DELETE CASCADE, key TEXT NOT NULL,
        value TEXT NOT NULL, PRIMARY KEY (project, key)) WITHOUT ROWID""",
    """CREATE TABLE job (
        id TEXT PRIMARY KEY, project TEXT NOT NULL REFERENCES project(id) ON DELETE CASCADE,
        kind TEXT NOT NULL, state TEXT NOT NULL, spec TEXT NOT NULL, request TEXT NOT NULL DEFAULT '',
        done REAL NOT NULL DEFAULT 0, total REAL NOT NULL DEFAULT 0, message TEXT NOT NULL DEFAULT '',
        created REAL NOT NULL, started REAL, progressed REAL, finished REAL, error TEXT, result TEXT,
        cpu_seconds REAL NOT NULL DEFAULT 0, peak_mb REAL NOT NULL DEFAULT 0,
        pid INTEGER, pid_started REAL, owner INTEGER, owner_started REAL)""",
    "CREATE INDEX job_project ON job(project, created)",
    "CREATE INDEX job_open ON job(state) WHERE state IN ('queued', 'running')",
    """CREATE TABLE event (
        job TEXT NOT NULL REFERENCES job(id) ON DELETE CASCADE, seq INTEGER NOT NULL, at REAL NOT NULL,
        kind TEXT NOT NULL, facts TEXT NOT NULL, PRIMARY KEY (job, seq)) WITHOUT ROWID""",
    "CREATE TABLE client (pid INTEGER PRIMARY KEY, started REAL NOT NULL)",
    "CREATE TABLE engine (one INTEGER PRIMARY KEY CHECK (one = 1), pid INTEGER, started REAL)",
    "PRAGMA user_version = 1",
)
EXPORTS = """SELECT result.id, result.project, substr(result.key, 1, 64) AS fingerprint,
        substr(result.key, 66) AS part, result.at, job.id AS job, max(job.started),
        json_extract(job.spec, '$.recipe') AS recipe, json_extract(job.spec, '$.recipe.target') AS target
    FROM result JOIN job ON job.project = result.project AND job.kind = 'export' AND job.state = 'done'
        AND result.at BETWEEN job.started AND job.finished
    WHERE result.kind = 'export' GROUP BY result.id ORDER BY result.at"""
"""What was exported before there were versions; the jobs of a project run one after the other."""
ARCHIVE = """UPDATE model_version SET role = 'archived'
    WHERE model = (SELECT id FROM model WHERE project = :project AND target = :target)"""
VERSION = """INSERT INTO model_version
    SELECT :id, model.id, 1 + (SELECT count(*) FROM model_version WHERE model = model.id), 'champion', :part,
        :fingerprint, :document, :sha, :job,
        ifnull((SELECT id FROM run WHERE project = :project AND kind = 'evaluate'
            AND fingerprint = :fingerprint AND at <= :at ORDER BY at DESC LIMIT 1), '')
    FROM model WHERE project = :project AND target = :target"""


def _register_exports(connection: sqlite3.Connection) -> None:
    """Makes versions of what was exported; the newest of each model is its champion."""
    rows = connection.execute(EXPORTS).fetchall()
    models = dict.fromkeys((row["project"], row["target"], row["at"]) for row in rows)
    for project, target, at in models:
        values = (new_id(), project, target, at)
        connection.execute("INSERT INTO model VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", values)
    for row in rows:
        recipe, sha = pack_document(row["recipe"])
        connection.execute(ARCHIVE, dict(row))
        connection.execute(VERSION, {**dict(row), "document": recipe, "sha": sha})


SECOND: tuple[Statement, ...] = (
    """CREATE TABLE model (
        id TEXT PRIMARY KEY, project TEXT NOT NULL REFERENCES project(id) ON DELETE CASCADE,
        target TEXT NOT NULL, created REAL NOT NULL, UNIQUE (project, target))""",
    # Without a word on deletion: a result that a version names can only go together with the project.
    """CREATE TABLE model_version (
        result TEXT PRIMARY KEY REFERENCES result(id),
        model TEXT NOT NULL REFERENCES model(id) ON DELETE CASCADE,
        number INTEGER NOT NULL, role TEXT NOT NULL CHECK (role IN ('champion', 'challenger', 'archived')),
        part TEXT NOT NULL, fingerprint TEXT NOT NULL, recipe BLOB NOT NULL, sha TEXT NOT NULL,
        job TEXT NOT NULL, run TEXT NOT NULL, UNIQUE (model, number))""",
    _register_exports,
    "PRAGMA user_version = 2",
)
THIRD: tuple[Statement, ...] = (take_over, "PRAGMA user_version = 3")
FOURTH: tuple[Statement, ...] = (
    "ALTER TABLE opening ADD COLUMN rows TEXT NOT NULL DEFAULT '{}'",
    "PRAGMA user_version = 4",
)
FIFTH: tuple[Statement, ...] = (
    """CREATE TABLE deployment (
        id TEXT PRIMARY KEY, project TEXT NOT NULL REFERENCES project(id) ON DELETE CASCADE,
        name TEXT NOT NULL, created REAL NOT NULL)""",
    "CREATE INDEX deployment_project ON deployment(project, created)",
    "PRAGMA user_version = 5",
)
MIGRATIONS: tuple[tuple[Statement, ...], ...] = (FIRST, SECOND, THIRD, FOURTH, FIFTH)
"""What leads from version n to n + 1, statements and functions; only ever appended to.

The last statement of each sets the version it leads to."""


def migrate(connection: sqlite3.Connection) -> None:
    """Brings the database to the current version in one transaction.

    Raises:
        FoldlineError: ``WORKSPACE`` when a newer Foldline wrote it; nothing is changed.
    """
    if _version(connection) == len(MIGRATIONS):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _version(connection)
        for statements in MIGRATIONS[version:]:
            for statement in statements:
                if callable(statement):
                    statement(connection)
                else:
                    connection.execute(statement)
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _version(connection: sqlite3.Connection) -> int:
    number = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if number > len(MIGRATIONS):
        problem = f"The workspace has version {number}; this Foldline knows up to {len(MIGRATIONS)}."
        raise FoldlineError("WORKSPACE", problem, "Update Foldline, or use another workspace folder.")
    return number
