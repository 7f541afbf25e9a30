"""The models that were packed in this project, and whether they still belong to the recipe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.engine import jobs
from core.engine.jobs import Job
from core.recipe.document import Recipe, parse
from core.recipe.fingerprint import fingerprint
from ui.frame.session import project, workspace
from ui.jobs import job_panel
from ui.jobs.results import payload
from ui.jobs.staleness import Standing, changes
from ui.use.bundle_view import PARTS
from ui.widgets import state

MOST = 20


@dataclass(frozen=True)
class Packed:
    """A packed model with the recipe it was made from."""

    payload: dict[str, Any]
    recipe: Recipe

    @property
    def part(self) -> str:
        """The rows it learned from, ``all`` or ``train``."""
        return str(self.payload["part"])

    @property
    def has_joblib(self) -> bool:
        """Whether model.joblib lies in it."""
        return "model.joblib" in self.payload["members"]


def start(part: str, joblib: bool) -> None:
    """Pack the model of the recipe on screen; for a button."""
    job_panel.start_clicked(
        "export",
        lambda: {"recipe": state.recipe().model_dump(mode="json"), "part": part, "joblib": joblib},
    )


def _packed(job: Job) -> Packed | None:
    """What a job packed; None when a later one has replaced it."""
    found = payload(job)
    key = f"{found['fingerprint']}-{found['part']}"
    kept = workspace().find_result(project(), "export", key)
    if kept is None or kept.id != found["result"]:
        return None
    return Packed(found, parse(job.spec["recipe"]))


def every() -> list[Packed]:
    """The newest that are kept, newest first."""
    done = [job for job in jobs.jobs(workspace(), project(), "export") if job.state == "done"]
    return [packed for job in done[:MOST] if (packed := _packed(job)) is not None]


def newest() -> Packed | None:
    """The newest, or None when nothing was packed."""
    return next(iter(every()), None)


def newest_for(print_of_fit: str, part: str, joblib: bool) -> Packed | None:
    """What belongs to this fingerprint and these choices, or None."""
    return next(
        (
            packed
            for packed in every()
            if packed.payload["fingerprint"] == print_of_fit
            and packed.part == part
            and (packed.has_joblib or not joblib)
        ),
        None,
    )


def standing(packed: Packed, recipe: Recipe, part: str, joblib: bool) -> Standing[dict[str, Any]]:
    """Whether it is what the recipe and the choices on screen ask for, and what is different."""
    words = list(changes(packed.recipe, recipe, "fit"))
    if packed.part != part:
        words.append(f"rows it learns from: {PARTS[packed.part].lower()} -> {PARTS[part].lower()}")
    if joblib and not packed.has_joblib:
        words.append("model.joblib: no -> yes")
    same = packed.payload["fingerprint"] == fingerprint(recipe, "fit")
    return Standing(packed.payload, same and not words, tuple(words))


def lacks_test(packed: Packed) -> bool:
    """Whether the test set was opened for this model after it was packed."""
    tested = workspace().find_result(project(), "evaluate", fingerprint(packed.recipe, "fit"))
    return tested is not None and not packed.payload["report"]["test"]
