"""The course of a search: its trials as pictures and as a table, while it runs and when it has ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st
from plotly.graph_objects import Figure

from core.catalog.metrics import METRICS
from core.catalog.models import MODELS
from core.digits import decimals
from core.engine import jobs
from core.engine.job_specs import RecipeSpec
from core.engine.job_state import Job
from core.results.tune import Trial, TuneResult
from core.standalone.counts import counted
from ui import charts
from ui.frame.session import own, project, workspace
from ui.frame.theme import Palette, palette
from ui.jobs.figures import picture
from ui.jobs.results import spec_of
from ui.widgets.hyperparameters import hyperparameter_words
from ui.widgets.params import name_of, option_words


def history(
    trials: Sequence[Trial],
    model: str,
    metric: str,
    untuned: float | None,
    key: str,
    run: str = "",
) -> None:
    """The score of each trial, the best so far, and the untuned model as a line.

    Args:
        run: the run that the trials are of, when it has ended.
    """
    score = METRICS[metric]

    def make(colours: Palette) -> Figure:
        scores = [trial.score for trial in trials]
        hyperparameters = [", ".join(hyperparameter_words(model, trial.params)) for trial in trials]
        frame = pd.DataFrame({"score": scores, "text": hyperparameters})
        return charts.search_history(frame, colours, score.label, score.better, untuned)

    figure = picture(make, "search", run) if run else make(palette())
    charts.draw(figure, f"{score.label} of {counted(len(trials), 'trial')} and the best so far", key)


def live(job: Job) -> None:
    """The course of a search that is still running."""
    events = jobs.events(workspace(), project(), job.id)
    trial_events = [Trial.model_validate(event.facts) for event in events if event.kind == "trial"]
    plain = next((facts.score for facts in trial_events if facts.trial == "default"), None)
    # In the order of their numbers, as the result shows them; on several processors they end in another.
    trials = sorted(
        (facts for facts in trial_events if facts.trial != "default"),
        key=lambda facts: int(facts.trial.rpartition("_")[2]),
    )
    if not trials:
        st.caption("The untuned model comes first, then trial after trial.")
        return
    spec = spec_of(RecipeSpec, job)
    if spec and spec.recipe.chosen:
        history(trials, spec.recipe.chosen.model, spec.recipe.metric, plain, "tune.live")


def one_hyperparameter(result: TuneResult) -> None:
    """The score against one hyperparameter, which a person chooses."""
    names = list(result.space)
    key = own("tune.hyperparameter")
    if st.session_state.get(key) not in names:
        st.session_state[key] = names[0]
    spec = MODELS[result.model]
    picked = st.selectbox("Score against", names, format_func=lambda n: name_of(spec.param(n)), key=key)
    words, score = name_of(spec.param(picked)), METRICS[result.metric].label

    def make(colours: Palette) -> Figure:
        rows = [{"value": trial.params[picked], "score": trial.score} for trial in result.trials]
        log = bool(result.space[picked].log)
        return charts.parameter(pd.DataFrame(rows, dtype=object), colours, words, score, log)

    charts.draw(
        picture(make, "hyperparameter", result.run, picked),
        f"{score} of each trial against {words}",
        "tune.parameter",
    )


def trials_table(result: TuneResult) -> pd.DataFrame:
    """One row a trial: score, hyperparameters, seconds, and why it failed."""
    spec = MODELS[result.model]
    return pd.DataFrame(
        [
            {
                "trial": place,
                "score": trial.score,
                **{name_of(spec.param(n)): _cell(value) for n, value in trial.params.items()},
                "seconds": trial.seconds,
                "status": trial.error.problem if trial.error else trial.status,
            }
            for place, trial in enumerate(result.trials, start=1)
        ]
    )


def _cell(value: Any) -> Any:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else option_words(value)


def every_trial(result: TuneResult) -> None:
    """All trials as a table, for those who want to see them."""
    with st.expander(f"All {counted(len(result.trials), 'trial')}", icon=":material/table_rows:"):
        config = st.column_config
        columns = {
            "trial": config.NumberColumn("Trial", width=60),
            "score": config.NumberColumn(
                METRICS[result.metric].label, format=f"%.{decimals(result.best.score)}f"
            ),
            "seconds": config.NumberColumn("Time", format="%.2f s"),
            "status": config.TextColumn("Status"),
        }
        st.dataframe(
            trials_table(result),
            hide_index=True,
            column_config=columns,
            key="tune.trials.table",
            alt="Trials",
        )
