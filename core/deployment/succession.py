"""Who works in a deployment: challengers join and leave, one is promoted, the champion before comes back.

Each is one entry that is written while nobody else writes, and refused when the log says otherwise by then.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from core.deployment.deployment import Deployment
from core.deployment.entries import Entry
from core.deployment.folder import DeploymentFolder
from core.deployment.log import Reading, append_after
from core.deployment.model_entries import Challenged, Evidence, Joined, Left, Promoted, RolledBack
from core.deployment.state import deployment_state
from core.errors import FoldlineError
from core.results.challenge import ChallengeResult

AGAIN = "Look at the deployment again."


def evidence_of(done: ChallengeResult, data: str, seed: int = 0) -> Evidence:
    """What a test of two models gave, for the log.

    Args:
        data: SHA-256 of the labelled rows.
        seed: of what was drawn.
    """
    peeking = done.peeking
    gap = done.difference
    return Evidence(
        verdict=done.decision,
        test="bet that may be looked at after every row" if peeking else "one look",
        metric=done.metric,
        value=peeking.best_evidence if peeking else gap.p,
        difference=(gap.value, gap.low, gap.high),
        n=done.rows,
        seed=seed,
        data=data,
        text=done.text,
        guardrails=done.guardrails,
    )


def join_challenger(folder: DeploymentFolder, bundle: Path, label: str, by: str) -> str:
    """Lets a model be tried beside the champion, and gives its SHA-256; one that is tried already stays so.

    Raises:
        FoldlineError: ``DEPLOYMENT`` when it is the champion itself.
    """
    model = folder.add_model(bundle)

    def joined(now: Deployment) -> tuple[Entry, ...]:
        if model == now.champion:
            raise FoldlineError(
                "DEPLOYMENT", "This very model is at work already.", "Give another one.", label
            )
        known = model in now.challengers
        return () if known else (Joined(model=model, label=label, role="challenger"),)

    _decide(folder, by, joined)
    return model


def take_out(folder: DeploymentFolder, model: str, by: str) -> None:
    """Lets a challenger be tried no longer.

    Raises:
        FoldlineError: ``DEPLOYMENT`` when it is none.
    """

    def left(now: Deployment) -> tuple[Entry, ...]:
        _see_challenger(now, model)
        return (Left(model=model),)

    _decide(folder, by, left)


def note_contest(folder: DeploymentFolder, challenger: str, evidence: Evidence, by: str) -> None:
    """Writes down what a test of a challenger against the champion gave.

    Raises:
        FoldlineError: ``DEPLOYMENT`` when it is no challenger now.
    """

    def challenged(now: Deployment) -> tuple[Entry, ...]:
        _see_challenger(now, challenger)
        return (Challenged(champion=now.working(), challenger=challenger, evidence=evidence),)

    _decide(folder, by, challenged)


def last_test(now: Deployment, model: str) -> Evidence | None:
    """What the last test of a challenger gave, if it was against the model that works now."""
    tests = _tests(now, model)
    return tests[-1].evidence if tests and tests[-1].champion == now.champion else None


def tested(now: Deployment, model: str) -> int:
    """How often a challenger was tested."""
    return len(_tests(now, model))


def _tests(now: Deployment, model: str) -> list[Challenged]:
    return [one for one in now.moves if isinstance(one, Challenged) and one.challenger == model]


def promote(
    folder: DeploymentFolder,
    model: str,
    by: str,
    *,
    champion: str,
    reason: str = "",
    seen: int | None = None,
) -> Deployment:
    """Puts a challenger to work, with its last test as evidence; the champion is kept to come back.

    Args:
        champion: the model at work as who decides has seen it.
        seen: how many of its tests who decides has seen; None for whatever there are.

    Raises:
        FoldlineError: ``DEPLOYMENT`` when the model is no challenger, another one is at work by now, or it
            was tested meanwhile.
    """

    def promoted(now: Deployment) -> tuple[Entry, ...]:
        _see_champion(now, champion)
        _see_challenger(now, model)
        if seen is not None and seen != tested(now, model):
            problem = "The model was tested again meanwhile."
            raise FoldlineError("DEPLOYMENT", problem, "Look at that test, then decide.", model[:12])
        folder.model(model)
        return (Promoted(model=model, previous=champion, evidence=last_test(now, model), reason=reason),)

    return _decide(folder, by, promoted)


def roll_back(folder: DeploymentFolder, by: str, *, champion: str, reason: str = "") -> Deployment:
    """Puts the champion before back to work; the model at work becomes a challenger.

    Args:
        champion: the model at work as who decides has seen it.

    Raises:
        FoldlineError: ``DEPLOYMENT`` when there was none before, or another one is at work by now;
            ``DAMAGED`` when its bundle has gone.
    """

    def rolled_back(now: Deployment) -> tuple[Entry, ...]:
        _see_champion(now, champion)
        if not now.previous:
            problem = "No model worked here before this one."
            raise FoldlineError("DEPLOYMENT", problem, "Let another one join and promote it.")
        model = now.previous[-1]
        folder.model(model)
        return (RolledBack(model=model, previous=champion, reason=reason),)

    return _decide(folder, by, rolled_back)


def _decide(
    folder: DeploymentFolder, by: str, choose: Callable[[Deployment], tuple[Entry, ...]]
) -> Deployment:
    def chosen(reading: Reading) -> tuple[Entry, ...]:
        return choose(deployment_state(reading))

    append_after(folder.log, by, chosen)
    return folder.state()


def _see_champion(now: Deployment, champion: str) -> None:
    if now.working() != champion:
        label = now.models.get(now.champion, now.champion[:12])
        problem = f"Another model is at work by now: {label}."
        raise FoldlineError("DEPLOYMENT", problem, AGAIN, champion[:12])


def _see_challenger(now: Deployment, model: str) -> None:
    if model not in now.challengers:
        label = now.models.get(model, model[:12])
        raise FoldlineError("DEPLOYMENT", f"The model {label} is no challenger here.", AGAIN, model[:12])
