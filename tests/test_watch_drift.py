"""The whole comparison: real data, bad data, and the guarantees of the report."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.drift.profile.build import reference_profile, reference_sample
from core.drift.profile.document import ReferenceProfile
from core.errors import FoldlineError
from core.recipe.document import VERSION, parse
from core.recipe.usage import Drift
from core.watch.drift import drift, drift_frames
from core.watch.report import html
from core.watch.result import DriftReport
from core.watch.words.grouped_issues import grouped
from tests.conftest import shared

KINDS = {
    "age": "numeric",
    "paid": "boolean",
    "town": "categorical",
    "since": "datetime",
    "note": "text",
    "key": "id",
}
COLUMNS = [SimpleNamespace(name=name, kind=kind) for name, kind in KINDS.items()]


def people(rows: int, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    days = pd.to_timedelta(rng.integers(0, 700, rows), unit="D")
    words = np.array(["red", "blue", "green", "cat", "dog"])
    return pd.DataFrame(
        {
            "age": rng.normal(40, 10, rows).round(2),
            "paid": rng.integers(0, 2, rows).astype(float),
            "town": pd.Series(rng.choice(["Ulm", "Bonn", "Kiel"], rows), dtype="str"),
            "since": pd.Timestamp("2022-01-03") + days,
            "note": pd.Series([" ".join(rng.choice(words, 4)) for _ in range(rows)], dtype="str"),
            "key": pd.Series([f"k{seed}-{i}" for i in range(rows)], dtype="str"),
        }
    )


REFERENCE = people(1500)
PROFILE = reference_profile(REFERENCE, COLUMNS)
SAMPLE = reference_sample(REFERENCE, COLUMNS)


def compared(current: pd.DataFrame, **more: Any) -> DriftReport:
    return drift(PROFILE, current, reference_sample=SAMPLE, **more)


def codes(report: DriftReport) -> dict[str, str]:
    return {finding.code: finding.column for finding in report.findings}


def by_name(report: DriftReport) -> dict[str, Any]:
    return {column.name: column for column in report.columns}


def test_the_reference_itself_is_stable() -> None:
    for current in (REFERENCE, REFERENCE.sample(frac=1, random_state=3)):
        report = compared(current)
        assert report.verdict.state == "stable"
        assert list(codes(report)) == ["SAME_ROWS"]
        assert {c.state for c in report.columns} == {"stable", "not_computed"}


def test_the_same_values_in_other_rows_are_not_the_same_rows() -> None:
    for name in KINDS:
        shuffled = REFERENCE[name].sample(frac=1, random_state=1).to_numpy()
        assert "SAME_ROWS" not in codes(compared(REFERENCE.assign(**{name: shuffled}))), name


def test_the_same_rows_with_another_target_are_not_the_same_rows() -> None:
    labelled = REFERENCE.assign(y=np.where(REFERENCE["age"] > 40, "old", "young"))
    said = {"task": "binary", "scores": np.random.default_rng(0).random(400)}
    profile = reference_profile(labelled, COLUMNS, target="y", predictions=said)
    again = {"scores": np.random.default_rng(1).beta(0.3, 0.3, 1500)}
    for same in (labelled, REFERENCE, labelled.assign(y=None)):
        report = drift(profile, same, predictions=again)
        assert "SAME_ROWS" in codes(report)
        assert report.predictions[0].state == "not_computed"
    turned = labelled["y"].map({"old": "young", "young": "old"})
    for other in (turned, labelled["y"].sample(frac=1, random_state=1).to_numpy()):
        report = drift(profile, labelled.assign(y=other), predictions=again)
        assert "SAME_ROWS" not in codes(report)
        assert report.predictions[0].state == "drift"


def test_a_profile_without_a_digest_opens_and_is_never_the_same() -> None:
    facts = json.loads(json.dumps(PROFILE.to_dict()))
    assert "SAME_ROWS" in codes(drift(ReferenceProfile.from_dict(facts), REFERENCE))
    del facts["rows"], facts["labelled"]
    assert "SAME_ROWS" not in codes(drift(ReferenceProfile.from_dict(facts), REFERENCE))
    with pytest.raises(FoldlineError, match="REFERENCE"):
        ReferenceProfile.from_dict({**facts, "rows": "x"})


def test_the_digest_is_that_of_the_rows_in_any_order_and_any_type() -> None:
    odd = pd.DataFrame({"x": [0.0, 1.5, np.nan, 2.0], "t": pd.Series(["", "a", None, "nan"], dtype="str")})
    columns = [SimpleNamespace(name="x", kind="numeric"), SimpleNamespace(name="t", kind="categorical")]
    first = reference_profile(odd, columns).rows
    assert first == "f709b17ea777ec09"
    assert reference_profile(odd.iloc[::-1], columns).rows == first
    assert reference_profile(odd.assign(x=-odd["x"].where(odd["x"] == 0, -odd["x"])), columns).rows == first
    assert reference_profile(odd.astype({"t": object}), columns).rows == first
    assert reference_profile(odd.assign(t=["", "a", "nan", None]), columns).rows != first


def test_same_seed_same_bytes_and_row_order_does_not_matter() -> None:
    current = people(1200, 1)
    first = compared(current).model_dump_json()
    assert compared(current.sample(frac=1, random_state=3)).model_dump_json() == first
    stored = ReferenceProfile.from_dict(json.loads(json.dumps(PROFILE.to_dict())))
    assert drift(stored, current, reference_sample=SAMPLE).model_dump_json() == first


def test_raw_text_gives_the_verdicts_of_typed_data() -> None:
    current = people(1200, 1)
    raw = current.astype("str")
    raw["paid"] = current["paid"].map(lambda value: f"{value:.1f}")
    typed, read = by_name(compared(current)), by_name(compared(raw))
    for name, column in typed.items():
        assert (read[name].state, read[name].effect) == (column.state, column.effect)
    assert codes(compared(raw))["TYPE_CAST"]


@pytest.mark.parametrize("values", [["1", "0"], [1, 0], [1.0, 0.0], ["1.0", "0.0"], [True, False]])
def test_one_level_written_in_several_ways_is_one_level(values: list[Any]) -> None:
    columns = [SimpleNamespace(name="x", kind="categorical")]
    for old in (["1", "0"], [1, 0], [1.0, 0.0]):
        if values == [True, False] and isinstance(old[0], str):
            continue
        report = drift_frames(pd.DataFrame({"x": old * 200}), pd.DataFrame({"x": values * 200}), columns)
        assert report.columns[0].state == "stable", (old, values, report.columns[0].reason)


def without(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    return frame.drop(columns=list(names))


def mixed(frame: pd.DataFrame) -> pd.DataFrame:
    cells = [1, "x", None, [1, 2], {"a": 1}, 2.5, True, pd.Timestamp("2024-01-01"), np.inf]
    return frame.assign(**{name: pd.Series(cells * (len(frame) // 9 + 1))[: len(frame)] for name in frame})


NEW = people(400, 2)
BAD: list[tuple[str, pd.DataFrame, str, str]] = [
    ("no rows", NEW.iloc[:0], "EMPTY", "broken"),
    ("nothing", pd.DataFrame(), "EMPTY", "broken"),
    ("one row", NEW.iloc[:1], "", "too_few_rows"),
    ("no common columns", NEW.add_prefix("other "), "NO_COMMON_COLUMNS", "broken"),
    ("missing column", without(NEW, "age"), "MISSING_COLUMN", "broken"),
    ("renamed column", NEW.rename(columns={"town": "Town_"}), "RENAMED_COLUMN", "broken"),
    ("extra column", NEW.assign(more=1), "EXTRA_COLUMN", "stable"),
    ("all missing", NEW.assign(age=np.nan), "ALL_MISSING", "broken"),
    ("all None", NEW.assign(town=None), "ALL_MISSING", "broken"),
    ("constant", NEW.assign(town="Ulm"), "CONSTANT", "drift"),
    ("infinite", NEW.assign(age=NEW["age"].where(NEW.index % 5 > 0, np.inf)), "INFINITE", "drift"),
    ("numbers became words", NEW.assign(age="many"), "TYPE_CHANGED", "broken"),
    ("dates became words", NEW.assign(since="long ago"), "TYPE_CHANGED", "broken"),
    ("dates became numbers", NEW.assign(since=np.arange(400.0)), "TYPE_CHANGED", "broken"),
    ("zoned dates", NEW.assign(since=NEW["since"].dt.tz_localize("UTC")), "TIME_ZONE", "stable"),
    ("unseen levels", NEW.assign(town="Rome"), "UNSEEN_LEVELS", "drift"),
    ("many levels", NEW.assign(town=[f"t{i}" for i in range(400)]), "UNSEEN_LEVELS", "drift"),
    ("repeated ids", NEW.assign(key="k"), "DUPLICATE_IDS", "look"),
    ("duplicate names", pd.concat([NEW, NEW[["age"]]], axis=1), "DUPLICATE_NAME", "look"),
    ("mixed cells", mixed(NEW), "TYPE_CHANGED", "broken"),
    ("numbers as names", NEW.rename(columns={"age": 7}), "MISSING_COLUMN", "broken"),
    ("categories", NEW.assign(town=NEW["town"].astype("category")), "", "stable"),
    ("nullable", NEW.astype({"paid": "Int64", "age": "Float64"}), "", "stable"),
    ("complex", NEW.assign(age=NEW["age"] * 1j), "TYPE_CHANGED", "broken"),
    ("timedelta", NEW.assign(age=pd.to_timedelta(NEW["age"], unit="s")), "TYPE_CHANGED", "broken"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "frame", "code", "state"), BAD, ids=[row[0] for row in BAD])
def test_bad_data_becomes_findings(name: str, frame: pd.DataFrame, code: str, state: str) -> None:
    report = drift(PROFILE, frame)
    assert report.verdict.state == state, report.verdict.text
    assert not code or code in codes(report)
    assert len(report.columns) == len(COLUMNS)
    json.dumps(report.model_dump(mode="json"), allow_nan=False)
    assert html(report).endswith("</html>")


ODD = (
    "no rows",
    "nothing",
    "one row",
    "no common columns",
    "all missing",
    "mixed cells",
    "zoned dates",
    "nullable",
)
ODD_ROWS = [row for row in BAD if row[0] in ODD]


@pytest.mark.parametrize(("name", "frame", "code", "state"), ODD_ROWS, ids=[row[0] for row in ODD_ROWS])
def test_bad_data_does_not_break_the_joint_test(
    name: str, frame: pd.DataFrame, code: str, state: str
) -> None:
    report = compared(frame)
    assert report.verdict.state == state, report.verdict.text
    json.dumps(report.model_dump(mode="json"), allow_nan=False)


def test_an_error_on_a_column_the_model_ignores_is_a_warning() -> None:
    report = drift(PROFILE, without(NEW, "town"), importance={"age": 1.0})
    assert report.verdict.state == "look"
    assert report.findings[0].severity == "warn"


def test_columns_come_by_impact_and_an_unused_drift_is_called_so() -> None:
    current = people(1200, 1)
    current["age"] += 30
    current["town"] = current["town"].where(current.index % 3 > 0, "Ulm")
    report = compared(current, importance={"age": 0.001, "town": 0.5, "paid": 0.5})
    assert [c.name for c in report.columns][:2] == ["town", "age"]
    assert by_name(report)["age"].effect > by_name(report)["town"].effect
    idle = drift(PROFILE, people(1200, 1).assign(age=80.0), importance={"age": 0.001, "town": 1.0})
    assert "hardly uses" in idle.verdict.text


def test_predictions_and_target_are_judged_at_half_the_cut() -> None:
    rng = np.random.default_rng(0)
    labels = np.where(rng.random(8000) < 0.002, "fraud", "fine")
    said = {"task": "binary", "scores": rng.random(8000), "labels": labels}
    frame = people(1500).assign(y=rng.choice(["a", "b"], 1500))
    profile = reference_profile(frame, COLUMNS, predictions=said, target="y")
    more_fraud = np.where(rng.random(8000) < 0.006, "fraud", "fine")
    current = people(600, 1).assign(y=rng.choice(["a", "b"], 600, p=[0.8, 0.2]))
    report = drift(profile, current, predictions={"scores": rng.random(8000), "labels": more_fraud})
    states = {column.name: column.state for column in report.predictions}
    assert states == {"predicted score": "stable", "predicted class": "drift"}
    assert "fraud" in next(c.reason for c in report.predictions if c.state == "drift")
    assert report.target is not None
    assert report.target.state == "drift"
    assert drift(profile, people(600, 1)).target is None


@pytest.mark.parametrize(
    ("scores", "code"), [([0.5, 1.7, None, "x"], "SCORE_RANGE"), ([None] * 4, "SCORE_MISSING"), ([0.5], "")]
)
def test_bad_predictions_become_findings(scores: list[Any], code: str) -> None:
    said = {"task": "binary", "scores": np.random.default_rng(0).random(500)}
    profile = reference_profile(REFERENCE, COLUMNS, predictions=said)
    report = drift(profile, NEW, predictions={"scores": scores})
    assert not code or code in codes(report)
    json.dumps(report.model_dump(mode="json"), allow_nan=False)


def test_faults_of_the_caller_are_refused() -> None:
    with pytest.raises(FoldlineError, match="RECIPE"):
        parse({"version": VERSION, "drift": {"sensitivity": "huge"}})
    for tests, code in (({"no_test": {}}, "CATALOG"), ({"ks": {"delta": 2.0}}, "PARAM")):
        with pytest.raises(FoldlineError, match=code):
            drift(PROFILE, NEW, how=Drift(tests=tests))
    with pytest.raises(FoldlineError, match="COLUMN"):
        reference_profile(REFERENCE.drop(columns="age"), COLUMNS)
    for damaged in ({}, {"version": 99}, {**PROFILE.to_dict(), "columns": [{}]}, [1]):
        with pytest.raises(FoldlineError, match="REFERENCE"):
            ReferenceProfile.from_dict(damaged)  # type: ignore[arg-type]


def test_a_model_is_not_judged_by_what_it_says_of_its_own_training_rows() -> None:
    rng = np.random.default_rng(0)
    said = {"task": "binary", "scores": rng.random(400)}
    profile = reference_profile(REFERENCE, COLUMNS, predictions=said)
    surer = {"scores": rng.beta(0.3, 0.3, 1500)}
    own = drift(profile, REFERENCE, predictions=surer)
    assert own.verdict.state == "stable"
    assert own.predictions[0].state == "not_computed"
    assert "learned from" in own.predictions[0].reason
    assert drift(profile, people(1500, 1), predictions=surer).predictions[0].state == "drift"


def test_numbers_written_with_a_decimal_comma_are_read_as_the_reference_was() -> None:
    columns = [SimpleNamespace(name="age", kind="numeric")]
    profile = reference_profile(REFERENCE, columns, decimal=",")
    stored = ReferenceProfile.from_dict(json.loads(json.dumps(profile.to_dict())))
    current = people(1200, 1)[["age"]]
    comma = current["age"].map(lambda value: f"{value:.2f}".replace(".", ","))
    report = drift(stored, pd.DataFrame({"age": comma}))
    assert report.verdict.state == "stable"
    assert report.columns[0].effect == drift(stored, current).columns[0].effect


def lots(first: int, rows: int = 1000, each: int = 25) -> pd.Series:
    return pd.Series([f"L{first + i // each}" for i in range(rows)], dtype="str")


LOTS = [SimpleNamespace(name="lot", kind="categorical"), SimpleNamespace(name="x", kind="numeric")]
AT = SimpleNamespace(name="at", kind="datetime")
HOURS = pd.Series(pd.date_range("2025-01-01", periods=1000, freq="h"))


def test_lots_are_new_by_nature_and_say_what_to_do() -> None:
    rng = np.random.default_rng(0)
    old = pd.DataFrame({"lot": lots(0), "x": rng.normal(size=1000), "at": HOURS})
    new = pd.DataFrame({"lot": lots(500), "x": rng.normal(1, 1, size=1000), "at": HOURS})
    report = drift_frames(old, new, LOTS, importance={"lot": 0.9, "x": 0.1}, time=AT)
    lot = by_name(report)["lot"]
    assert (lot.state, lot.test, lot.impact) == ("not_computed", "missing_rate", 0.0)
    assert "group or ignore" in lot.reason
    assert codes(report)["NEW_BY_NATURE"] == "lot"
    assert "'x' matters most" in report.verdict.text
    assert [driver.column for driver in report.joint.drivers] == ["x"]
    gone = drift_frames(old, new.assign(lot=None, x=old["x"].sample(frac=1, random_state=0)), LOTS, time=AT)
    assert by_name(gone)["lot"].state == "drift"


def test_levels_that_came_back_within_the_reference_drift_when_all_are_new() -> None:
    rng = np.random.default_rng(0)
    towns = pd.DataFrame({"lot": pd.Series(rng.choice([f"t{i}" for i in range(40)], 1000), dtype="str")})
    recoded = "T-" + towns[["lot"]]
    found = drift_frames(towns, recoded, LOTS[:1]).columns[0]
    assert found.state == "drift"
    assert "group or ignore" in found.reason and "written in another way" in found.reason
    ordered = towns.sort_values("lot", ignore_index=True)
    assert drift_frames(ordered, towns, LOTS[:1]).columns[0].state == "stable"


def test_a_file_sorted_by_a_category_does_not_hide_that_all_its_values_are_new() -> None:
    rng = np.random.default_rng(0)
    city = pd.Series(np.sort(rng.choice([f"c{i:02}" for i in range(60)], 1000)), dtype="str")
    opened = city.map({name: HOURS[rng.integers(1000)] for name in city.unique()})
    for old in (pd.DataFrame({"lot": city}), pd.DataFrame({"lot": city, "at": opened})):
        columns = [column for column in (LOTS[0], AT) if column.name in old]
        report = drift_frames(old, old.assign(lot="N" + city), columns)
        found = by_name(report)["lot"]
        assert (report.verdict.state, found.state) == ("drift", "drift")
        for said in ("group or ignore", "written in another way", "nothing tells"):
            assert said in found.reason


def test_the_later_rows_go_by_the_role_time_else_by_the_only_date_in_file_order() -> None:
    old = pd.DataFrame({"lot": lots(0), "at": HOURS})
    new = old.assign(lot=lots(500), at=HOURS + pd.Timedelta("140D"))
    mixed_up = old.sample(frac=1, random_state=1, ignore_index=True)
    dated = [LOTS[0], AT]

    def state(frame: pd.DataFrame, columns: list[SimpleNamespace], **more: Any) -> str:
        return str(by_name(drift_frames(frame, new, columns, **more))["lot"].state)

    assert state(old, dated) == state(old.iloc[::-1], dated) == "not_computed"
    assert state(mixed_up, dated) == "drift"
    assert state(mixed_up, dated, time=AT) == state(mixed_up, LOTS[:1], time=AT) == "not_computed"
    text = mixed_up.assign(at=mixed_up["at"].dt.strftime("%d.%m.%Y %H"))
    written = SimpleNamespace(name="at", kind="datetime", format="%d.%m.%Y %H")
    assert state(text, LOTS[:1], time=written) == "not_computed"
    counted = mixed_up.assign(at=(mixed_up["at"] - HOURS[0]).dt.total_seconds())
    assert state(counted, LOTS[:1], time=SimpleNamespace(name="at", kind="numeric")) == "not_computed"
    assert state(old.assign(at=HOURS[0]), dated) == state(old.assign(at=None), dated, time=AT) == "drift"


def test_a_birth_date_never_orders_the_rows_of_a_table_with_times() -> None:
    rng = np.random.default_rng(0)
    born = pd.Series(pd.Timestamp("1950-01-01") + pd.to_timedelta(rng.integers(0, 20000, 1000), unit="D"))
    old = pd.DataFrame({"born": born, "lot": lots(0), "at": HOURS})
    birth = SimpleNamespace(name="born", kind="datetime")
    new = old.assign(lot=lots(500))
    assert by_name(drift_frames(old, new, [birth, LOTS[0]], time=AT))["lot"].state == "not_computed"
    cohort = old.assign(lot="y" + born.dt.year.astype("str")).sort_values("born", ignore_index=True)
    profile = reference_profile(
        cohort.assign(at=HOURS.sample(frac=1, random_state=0).to_numpy()), [birth, LOTS[0]], time=AT
    )
    assert profile.columns[1].renewed is not None and profile.columns[1].renewed < 0.1
    assert reference_profile(cohort, [birth, AT, LOTS[0]]).columns[2].renewed is None


def test_a_target_that_cannot_be_read_is_said_so() -> None:
    labelled = REFERENCE.assign(y=REFERENCE["age"] * 2)
    profile = reference_profile(labelled, [*COLUMNS, SimpleNamespace(name="y", kind="numeric")], target="y")
    comma = people(1200, 1)
    comma["y"] = comma["age"].map(lambda value: f"{value:.2f}".replace(".", ","))
    report = drift(profile, comma)
    assert codes(report)["TYPE_CHANGED"] == "y"
    assert report.verdict.state == "look"
    assert "SAME_ROWS" not in codes(drift(profile, labelled.assign(y="many")))


LOST = {
    "numeric": ["1,5", "1.234,5", "x", "inf", "1e999"],
    "datetime": ["31.12.2024", "x", "inf", "2024-13-01"],
}


@pytest.mark.parametrize(("kind", "cell"), [(kind, cell) for kind, cells in LOST.items() for cell in cells])
def test_no_cell_becomes_missing_without_a_finding(kind: str, cell: str) -> None:
    name = {"numeric": "age", "datetime": "since"}[kind]
    current = people(400, 1).astype({name: "str"})
    current.loc[7, name] = cell
    found = codes(drift(PROFILE, current))
    assert name in (found.get("TYPE_CHANGED"), found.get("INFINITE"))


def test_one_thing_true_of_many_columns_is_one_line() -> None:
    rng = np.random.default_rng(0)
    old = pd.DataFrame({f"c{i}": rng.normal(size=200) for i in range(30)})
    columns = [SimpleNamespace(name=name, kind="numeric") for name in old]
    report = drift(reference_profile(old, columns), pd.DataFrame({"c0": old["c0"], "more": 1.0}))
    found = {one.code: one for one in grouped(report.findings)}
    assert found["MISSING_COLUMN"].text == (
        "29 columns are missing from the new data: 'c1', 'c2', 'c3', 'c4', 'c5' and 24 more."
    )
    assert len(found["MISSING_COLUMN"].reasons) == 29
    assert found["EXTRA_COLUMN"].text == report.findings[-1].reason
    watched = reference_profile(REFERENCE, COLUMNS[:3])
    assert "EXTRA_COLUMN" not in codes(drift(watched, NEW))
    page = html(report)
    assert page.count("<details>") == 1
    assert "&#x27;c29&#x27; is missing" in page


def test_the_wrong_file_is_said_to_be_one() -> None:
    report = drift(PROFILE, NEW.add_prefix("other "))
    assert "right file" in report.verdict.action


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.links += [
            value or "" for name, value in attrs if name in ("src", "href") or name.startswith("on")
        ]


def test_the_page_is_small_escaped_and_loads_nothing() -> None:
    rng = np.random.default_rng(0)
    nasty = "<script>alert(1)</script>"
    names = [f'{nasty}"{i}' for i in range(450)]
    old = pd.DataFrame({name: rng.normal(size=300) for name in names})
    columns = [SimpleNamespace(name=name, kind="numeric") for name in names]
    report = drift(reference_profile(old, columns), old + 1, importance={names[3]: 1.0})
    page = html(report, nasty)
    tags = Tags()
    tags.feed(page)
    assert len(page.encode()) < 500_000
    assert "script" not in tags.seen
    assert "svg" in tags.seen
    assert not tags.links
    assert "prefers-color-scheme" in page
    assert "50 more are in the JSON" in page


def kinds_of(frame: pd.DataFrame) -> list[SimpleNamespace]:
    numeric = pd.api.types.is_numeric_dtype
    return [SimpleNamespace(name=c, kind="numeric" if numeric(frame[c]) else "categorical") for c in frame]


def test_electricity_prices_drift_from_the_first_to_the_last_third() -> None:
    frame = pd.read_csv(shared("data/elec2.csv"))
    third = len(frame) // 3
    report = drift_frames(frame[:third], frame[-third:], kinds_of(frame), target="class")
    assert report.verdict.state == "drift"
    states = {name: column.state for name, column in by_name(report).items()}
    assert states["nswprice"] == "drift"
    assert states["period"] == "stable"
    assert report.joint.state == "drift"


def test_two_random_halves_of_adult_are_stable() -> None:
    frame = pd.read_csv(shared("data/adult.csv"), skipinitialspace=True)
    order = np.random.default_rng(0).permutation(len(frame))
    half = len(frame) // 2
    report = drift_frames(
        frame.iloc[order[:half]], frame.iloc[order[half:]], kinds_of(frame), target="income"
    )
    assert report.verdict.state == "stable"
    assert not [column.name for column in report.columns if column.state == "drift"]
    assert report.target is not None
    assert report.target.state == "stable"


@pytest.mark.parametrize(
    ("before", "now", "told"), [(0.04, 0.03, False), (0.04, 0.2, True), (0.0, 0.03, True)]
)
def test_words_among_numbers_are_told_where_there_are_more_than_before(
    before: float, now: float, told: bool
) -> None:
    def ages(rows: int, seed: int, share: float) -> pd.DataFrame:
        rng = np.random.default_rng(seed)
        texts = pd.Series(rng.normal(40, 10, rows).round(1).astype(str))
        return pd.DataFrame({"age": texts.mask(rng.random(rows) < share, "k.A.")})

    profile = reference_profile(ages(1200, 1, before), [SimpleNamespace(name="age", kind="numeric")])
    stored = ReferenceProfile.from_dict(json.loads(json.dumps(profile.to_dict())))
    for reference in (profile, stored):
        assert ("TYPE_CHANGED" in codes(drift(reference, ages(400, 2, now)))) == told
