"""The specs of jobs: all that a job is told, checked when it is asked for and kept with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BeforeValidator, PlainSerializer, ValidationError, model_validator

from core.data.table import Frozen, ReadOptions, Table
from core.errors import FoldlineError
from core.recipe.document import Recipe, Source, parse
from core.recipe.usage import Drift, Export, LearnedFrom, Settings
from core.spec import Sensitivity

FileForm = Literal["csv", "xlsx", "parquet"]
Cell = bool | int | float | str | None


def _recipe(document: Any) -> Recipe:
    return document if isinstance(document, Recipe) else parse(document)


def _document(recipe: Recipe) -> dict[str, Any]:
    return recipe.model_dump(mode="json")


AnyRecipe = Annotated[Recipe, BeforeValidator(_recipe), PlainSerializer(_document, when_used="json")]
"""A recipe, or its document of this or an earlier version; stored as a whole document."""


class OwnLimits(Frozen):
    """Limits of one job in place of those of its kind: bytes of address space, seconds of wall clock."""

    memory: int | None = None
    seconds: float | None = None


class JobSpec(Frozen):
    """What every job may be told."""

    limits: OwnLimits = OwnLimits()


class ReadSpec(JobSpec):
    """A file that becomes a table of the project.

    Attributes:
        path, name: of the file; the name is a label only.
        options: how to read it; found out when None.
        like, formats: the source of a recipe and the formats of its columns, by which the file is read.
        before: a table that the file goes with, in place of the project's.
        adopt, keep: whether the project's recipe moves to the table, and the file stays where it is.
        own: find out how it is read, though the project has a table that it may go with.
        source: key of the kept file, for reading it again in another way.
        target: the column that is to be predicted; what the recipe says, or a guess, when empty.
    """

    path: str
    name: str
    options: ReadOptions | None = None
    like: Source | None = None
    formats: dict[str, str] = {}
    before: Table | None = None
    adopt: bool = True
    keep: bool = False
    own: bool = False
    source: str = ""
    skip_bad_lines: bool = False
    target: str = ""


class RecipeSpec(JobSpec):
    """Work that the recipe says all about."""

    recipe: AnyRecipe


class KeyedSpec(RecipeSpec):
    """Light work whose result is kept up to date; ``key`` names what it depends on, for who waits for it."""

    key: str = ""


class InspectSpec(KeyedSpec):
    """A look at the table of a recipe."""


class ValidateSpec(KeyedSpec):
    """The chosen model on validation rows, kept under ``key``; the test set stays locked."""


class PreviewSpec(KeyedSpec):
    """Some rows prepared for a model (its catalog id), kept under ``key``."""

    model: str
    key: str


class ExportSpec(RecipeSpec):
    """A model that is fitted for keeps.

    Attributes:
        part, joblib: the rows it learns from, and whether model.joblib is added; None as the recipe says.
        tuned: fingerprint of the newest search, whose score may be that of the model; empty without one.
    """

    part: LearnedFrom | None = None
    joblib: bool | None = None
    tuned: str = ""

    @property
    def how(self) -> Export:
        """How the model is fitted for keeps."""
        asked = {"part": self.part, "joblib": self.joblib}
        return self.recipe.export.model_copy(
            update={name: value for name, value in asked.items() if value is not None}
        )


class OpenSpec(JobSpec):
    """A bundle that somebody brought: its path, and what it is called."""

    path: str
    name: str


class TableRows(Frozen):
    """The rows of a table of the project, by its id."""

    table: str


class TypedRows(Frozen):
    """Rows that were typed in: column -> values."""

    rows: dict[str, list[Cell]]


class KeptFile(Frozen):
    """A file that is kept with the project under the key ``source``."""

    source: str
    name: str


class PathFile(Frozen):
    """A file by its path."""

    path: str
    name: str


class BundlePath(Frozen):
    """A bundle by its path."""

    bundle: str


class BundleResult(Frozen):
    """A bundle that is kept with the project, by the id of its result."""

    result: str


class RecipeReference(Frozen):
    """The training table of a recipe and, with a chosen model, what that says."""

    recipe: AnyRecipe


RowSource = TableRows | TypedRows | KeptFile | PathFile
Reference = BundlePath | BundleResult | RecipeReference | TableRows | PathFile


class PredictSpec(JobSpec):
    """New rows and the bundle that predicts them, by ``bundle`` (a path) or ``result`` (an id).

    Attributes:
        formats: the files that are written.
        raw: leave cells that a spreadsheet would run as a formula as they are.
        with_input: whether the files hold the given columns too.
    """

    bundle: str = ""
    result: str = ""
    data: RowSource
    formats: tuple[FileForm, ...] = ("csv",)
    raw: bool = False
    with_input: bool = False

    @model_validator(mode="after")
    def _one_bundle(self) -> PredictSpec:
        if bool(self.bundle) == bool(self.result):
            raise ValueError("give a bundle or a result")
        return self

    @property
    def model(self) -> BundlePath | BundleResult:
        """The bundle that predicts."""
        return BundlePath(bundle=self.bundle) if self.bundle else BundleResult(result=self.result)


class DriftSpec(JobSpec):
    """New data and what it is compared with.

    Attributes:
        sensitivity, tests: how large a change must be to count; None as the recipe of the reference says.
        roles: the recipe that says what the columns of a reference table are used for.
        target: name of the column of labels, where no recipe tells.
    """

    reference: Reference
    current: RowSource
    sensitivity: Sensitivity | None = None
    tests: Settings | None = None
    roles: AnyRecipe | None = None
    target: str = ""

    def how(self, recipe: Recipe | None) -> Drift:
        """How large a change must be to count, given the recipe of the reference if it has one."""
        return self.over(Drift() if recipe is None else recipe.drift)

    def over(self, usual: Drift) -> Drift:
        """The limits of the reference with those in their place that were asked for."""
        asked = {"sensitivity": self.sensitivity, "tests": self.tests}
        return usual.model_copy(update={name: value for name, value in asked.items() if value is not None})


Asked = TypeVar("Asked", bound=JobSpec)


def parse_spec(kind: str, model: type[Asked], spec: Mapping[str, Any] | JobSpec) -> Asked:
    """The spec of a job of this kind.

    Raises:
        FoldlineError: ``SPEC`` with the field at fault; ``RECIPE`` as ``parse``.
    """
    try:
        return model.model_validate(spec if isinstance(spec, JobSpec) else dict(spec))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        problem = f"The {kind} job was asked for in a wrong way: {first['msg']} ({where or 'as a whole'})."
        raise FoldlineError("SPEC", problem, "Correct it and ask again.", where) from error


def as_json(spec: JobSpec) -> dict[str, Any]:
    """The spec as it is stored: what was given, and no defaults; a recipe is stored whole."""
    return spec.model_dump(mode="json", exclude_unset=True)
