"""Two fixes that are each fine and cannot be had together: the second is not offered then, and says why."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tests.page_support import Loaded, loaded, module_home, opened, texts

home = module_home
GROUPED, TIMED = "GROUPED", "TIME_SHUFFLED"


def _visits() -> pd.DataFrame:
    """Few patients who come all the time: later rows of all, so that none is left to learn from."""
    rng = np.random.default_rng(0)
    patients = [f"P{number:02d}" for number in range(12)]
    frame = pd.DataFrame([(p, day) for day in range(40) for p in patients], columns=["patient", "day"])
    level = dict(zip(patients, rng.normal(0, 3, 12), strict=True))
    frame["level"] = frame["patient"].map(level) + rng.normal(0, 0.1, len(frame))
    frame["dose"] = rng.normal(size=len(frame)).round(3)
    frame["relapse"] = np.where(rng.random(len(frame)) < 0.5, "yes", "no")
    frame["day"] = (pd.Timestamp("2024-01-01") + pd.to_timedelta(frame["day"], unit="D")).dt.strftime(
        "%Y-%m-%d"
    )
    return frame


@pytest.fixture(scope="module")
def visits(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    path = tmp_path_factory.mktemp("file") / "visits.csv"
    _visits().to_csv(path, index=False)
    return loaded(home, path)


def _press(mine: Loaded, code: str) -> AppTest:
    """Press the fix of what a check found, as the page offers it now."""
    (fix,) = {one.fix.label for one in mine.look().findings if one.code == code and one.fix}
    app = opened("data", mine.project)
    return next(button for button in app.button if button.label.startswith(fix)).click().run()


def test_the_second_of_two_fixes_that_exclude_each_other_is_not_offered(visits: Loaded) -> None:
    mine = visits.again()
    assert not _press(mine, GROUPED).error
    (timed,) = (one for one in mine.look().findings if one.code == TIMED)
    assert timed.fix is None and "“Test on the latest rows” is not offered" in timed.reason
    app = opened("data", mine.project)
    assert not app.exception and "is not offered" in texts(app)
    assert "Test on the latest rows" not in {button.label for button in app.button}
    assert "Let it stand" in {button.label for button in app.button}
    mine.workspace.undo(mine.project)
    before = mine.now()
    assert not _press(mine, TIMED).error and mine.now() != before


def test_a_fix_that_cannot_be_had_any_more_is_judged_again(visits: Loaded) -> None:
    mine = visits.again()
    assert not _press(mine, TIMED).error
    assert GROUPED not in {one.code for one in mine.look().findings}


def test_a_warning_too_is_let_stand_for_a_reason(visits: Loaded) -> None:
    mine = visits.again()
    mine.look()
    app = opened("data", mine.project)
    loud = [one for one in mine.look().findings if one.severity == "warn"]
    fields = [one for one in app.text_input if one.label == "Reason"]
    assert loud and len(fields) == len(loud)
    fields[0].input("one ward and new patients").run()
    next(one for one in app.button if one.label == "Let it stand" and not one.disabled).click().run()
    assert not app.exception and "Let stand: one ward and new patients" in texts(app)
    assert [one.key for one in mine.now().accepted] == [(loud[0].code, loud[0].column)]
