"""The Recipe: save file, undo history, cache key, diff of runs and source of the exported code, in one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from core.data.table import Frozen, Marks, ReadOptions
from core.errors import FoldlineError
from core.recipe.migrations import VERSION, migrate
from core.recipe.usage import Accepted, Clocks, Costs, Drift, Export, Settings, later
from core.spec import Kind, Role, Task, Value

Scheme = Literal["auto", "kfold", "repeated", "holdout"]
AUTO = "auto"
MOST_LEVELS = 3
"""How deep ensembles may lie in ensembles; a document without an end could not be stored."""


class Source(Frozen):
    """The table a recipe was written for.

    Attributes:
        table: its id.
        name: of its file.
        read: how that file was read.
        sha: SHA-256 of the file's bytes; empty when it is not known.
    """

    table: str = ""
    name: str = ""
    rows: int = 0
    read: ReadOptions = ReadOptions()
    sha: str = ""


class ColumnChoice(Frozen):
    """What a column means and what it is used for.

    Attributes:
        format: strptime format of a datetime read from text, or empty.
        missing: further values of this column that mean "no value", such as ``"-999"``.
        levels: number of distinct values when the kind was set; the compiler's guide for encoding.
        joined: level of a target of classes, category or group -> the level that it is another spelling of.
        marks: of texts that are read as numbers: the marks of thousands and decimals, as in ``$1,234.50``.
    """

    name: str
    kind: Kind
    role: Role = "feature"
    format: str = ""
    missing: tuple[str, ...] = ()
    levels: int = 0
    marks: Marks = later("")
    joined: dict[str, str] = later({})


class Split(Frozen):
    """How rows are split.

    Attributes:
        test_size: share of rows locked away until the test is opened.
        scheme, folds, repeats: how the rest is validated; ``auto`` goes by size (``scheme_of``).
        order: of rows as they are drawn and learned from: as they stand in the file, or by their content.
    """

    test_size: float = Field(0.2, ge=0.05, le=0.5)
    scheme: Scheme = "auto"
    folds: int = Field(5, ge=2, le=20)
    repeats: int = Field(2, ge=1, le=10)
    order: Literal["file", "content"] = later("file")


class Choice(Frozen):
    """A catalog entry and the settings that were changed from their defaults."""

    spec: str = AUTO
    params: dict[str, Value] = {}


class Prepare(Frozen):
    """Preparation by group of kinds, and by column where it differs.

    Attributes:
        defaults: group (``numeric``, ``categorical``, ``datetime``, ``text``) -> stage -> choice.
        columns: column name -> stage -> choice.
    """

    defaults: dict[str, dict[str, Choice]] = {}
    columns: dict[str, dict[str, Choice]] = {}


class FeatureStep(Frozen):
    """One step that adds columns. ``id`` names it within the recipe and prefixes nothing."""

    id: str
    spec: str
    columns: tuple[str, ...]
    params: dict[str, Value] = {}


class Candidate(Frozen):
    """A model with settings that takes part in a comparison, or was chosen.

    Attributes:
        members: of an ensemble; nothing fits one yet.
    """

    id: str
    model: str
    params: dict[str, Value] = {}
    members: tuple[Candidate, ...] = later(())

    @property
    def levels(self) -> int:
        """How many levels of members it has; 0 for a single model."""
        return 1 + max(member.levels for member in self.members) if self.members else 0

    @model_validator(mode="after")
    def _shallow(self) -> Candidate:
        if self.levels > MOST_LEVELS:
            raise ValueError(f"members have members more than {MOST_LEVELS} times")
        return self


class Range(Frozen):
    """Where a search may look for one setting: bounds of a number, or a list of options."""

    low: float | None = None
    high: float | None = None
    log: bool = False
    options: tuple[Value, ...] = ()


class Tuning(Frozen):
    """The plan of a search.

    Attributes:
        planned: whether ``run`` on the command line tunes the winner.
        trials: the budget, so that a run can be repeated; after seconds the search ends all the same.
        space: setting -> range, for those that differ from the catalog; None keeps a setting fixed.
        params, laid_aside: changed settings of the search itself; of others, for when they come back.
    """

    planned: bool = False
    search: str = "tpe"
    trials: int = Field(30, ge=1, le=1000)
    seconds: int = Field(300, ge=5, le=86400)
    space: dict[str, Range | None] = {}
    params: dict[str, Value] = later({})
    laid_aside: Settings = later({})


class Recipe(Frozen):
    """Everything a user chose, complete enough to run.

    Attributes:
        related: further tables beside that of ``source``; nothing joins them yet.
        apart: how near rows are to an earlier one that are left out (``near_pairs``); 0 for none.
        checks, accepted: limits of checks, where they were changed; what they found and a person lets stand.
        margin: how much worse than the best the simplest model may score; None for what suits the metric.
        margins_aside: metric -> its margin, of metrics that do not rank now, for when they come back.
    """

    version: int = VERSION
    source: Source = Source()
    related: tuple[Source, ...] = later(())
    task: Task = "binary"
    target: str = ""
    positive: str = ""
    columns: tuple[ColumnChoice, ...] = ()
    split: Split = Split()
    prepare: Prepare = Prepare()
    features: tuple[FeatureStep, ...] = ()
    selection: tuple[Choice, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    chosen: Candidate | None = None
    metric: str = "roc_auc"
    tuning: Tuning = Tuning()
    threshold: float | None = Field(None, ge=0, le=1)
    drop_duplicates: bool = False
    seed: int = Field(0, ge=0, lt=2**32)
    apart: Annotated[float, Field(ge=0, lt=1)] = later(0.0)
    checks: Settings = later({})
    accepted: tuple[Accepted, ...] = later(())
    costs: Costs = later(Costs())
    export: Export = later(Export())
    drift: Drift = later(Drift())
    clocks: Clocks = later(Clocks())
    margin: float | None = later(None, ge=0, allow_inf_nan=False)
    margins_aside: dict[str, float] = later({})

    def with_role(self, role: Role) -> tuple[ColumnChoice, ...]:
        """The columns that have this role, in table order."""
        return tuple(c for c in self.columns if c.role == role)

    @property
    def inputs(self) -> tuple[ColumnChoice, ...]:
        """The columns a model may see: features whose kind carries information, never the target."""
        features = self.with_role("feature")
        return tuple(c for c in features if c.kind not in ("id", "constant") and c.name != self.target)

    def column(self, name: str) -> ColumnChoice:
        """The choice for a column.

        Raises:
            FoldlineError: ``COLUMN`` when the recipe has no such column.
        """
        for column in self.columns:
            if column.name == name:
                return column
        problem = f"The recipe has no column {name!r}."
        raise FoldlineError("COLUMN", problem, "Choose a column of the table.", name)

    def to_json(self) -> str:
        """The document as stored, stable for equal recipes."""
        return self.model_dump_json(indent=2)


def parse(document: Any) -> Recipe:
    """The recipe in a JSON-ready dict, brought to the current version.

    Raises:
        FoldlineError: ``RECIPE`` when it is not a recipe or comes from a newer version.
    """
    try:
        return Recipe.model_validate(migrate(document))
    except ValidationError as error:
        first = error.errors()[0]
        problem, where = f"The recipe is not valid: {first['msg']}.", ".".join(map(str, first["loc"]))
        raise FoldlineError("RECIPE", problem, "Correct it.", where) from error


def load(path: Path) -> Recipe:
    """The recipe in a JSON file.

    Raises:
        FoldlineError: ``RECIPE`` when the file is missing or is not a recipe.
    """
    try:
        if not path.is_file():  # a device or a pipe may never end
            raise FileNotFoundError(path)
        return parse(json.loads(path.read_text(encoding="utf-8-sig")))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        hint = "Give the JSON file that suggest or the app wrote."
        raise FoldlineError("RECIPE", f"{path.name} is not a recipe file.", hint, path.name) from error
