"""The per-column rule: equal to scipy, quiet on clean data, loud on what others miss."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from core.catalog.drift_tests import DRIFT_TESTS
from core.command.drift import EXIT_CODES
from core.drift.profile.build import reference_profile
from core.drift.profile.document import ColumnProfile, ReferenceProfile
from core.drift.profile.published import published, published_column
from core.drift.profile.summary import compact, in_bins_of, summarise
from core.drift.tests import aspects, shapes
from core.drift.tests import level_distances as levels
from core.drift.tests import number_distances as numbers
from core.drift.tests.aspects import Side
from core.drift.tests.far_values import far_values
from core.drift.tests.rows_needed import rows_needed
from core.watch.drift import drift
from core.watch.judge.columns import COLUMN_ALARMS, ColumnDrift, judge
from core.watch.judge.examine import examine
from core.watch.judge.far_outside import far_issues
from core.watch.judge.limits import Limits
from core.watch.report import html as page
from ui.monitor.drift_states import LOOKS

Draw = Callable[[np.random.Generator, int], Any]


def profile(values: Any, kind: str = "numeric", as_levels: bool = False) -> ColumnProfile:
    physical = {"numeric": "number", "datetime": "datetime"}.get(kind, "text")
    dtype = {"number": "float64", "text": "str", "datetime": "datetime64[us]"}[physical]
    return summarise("x", kind, physical, pd.Series(values, dtype=dtype), as_levels=as_levels)


def judged(old: Any, new: Any, kind: str = "numeric", delta: float = 0.1) -> ColumnDrift:
    reference = compact(profile(old, kind))
    few = kind == "numeric" and reference.distinct <= 10
    return judge([examine(Side(reference), Side(profile(new, kind, few)), Limits(delta))], delta, None)[0]


def texts(numbers: np.ndarray) -> list[str]:
    return [f"level {number}" for number in numbers]


@pytest.mark.parametrize(
    ("n", "m", "decimals"), [(400, 300, 12), (300, 700, 1), (40, 90, 12), (15000, 500, 12)]
)
def test_ks_equals_scipy(n: int, m: int, decimals: int) -> None:
    rng = np.random.default_rng(n)
    a, b = rng.normal(size=n).round(decimals), rng.normal(0.2, 1.3, size=m).round(decimals)
    old, new = profile(a), profile(b)
    exact = n * m <= 10_000
    expected = stats.ks_2samp(a, b, method="exact" if exact else "asymp")
    distance = numbers.ks_distance(old, new)
    assert distance == pytest.approx(expected.statistic, abs=1e-10)
    assert numbers.ks_p(old, new, distance) == pytest.approx(expected.pvalue, abs=1e-10)
    assert numbers.ks_distance(new, old) == pytest.approx(distance, abs=1e-12)
    if n <= 10_001:
        assert numbers.ks_distance(compact(old), new) == pytest.approx(distance, abs=1e-10)
    else:
        assert numbers.ks_distance(compact(old), new) == pytest.approx(distance, abs=1e-4)


def test_chi2_equals_scipy() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.integers(0, 6, 900), rng.integers(0, 7, 700)
    found = aspects.chi2(Side(profile(texts(a), "categorical")), Side(profile(texts(b), "categorical")))
    expected = stats.chi2_contingency(
        [np.bincount(a, minlength=7), np.bincount(b, minlength=7)], correction=False
    )
    assert found.statistic == pytest.approx(expected.statistic, abs=1e-10)
    assert found.p == pytest.approx(expected.pvalue, abs=1e-10)


@pytest.mark.parametrize(("table", "fisher"), [([[30, 970], [40, 460]], False), ([[2, 998], [9, 91]], True)])
def test_missing_rate_equals_scipy(table: list[list[int]], fisher: bool) -> None:
    old, new = ([np.nan] * missing + [1.0] * present for missing, present in table)
    found = aspects.missing_rate(Side(profile(old)), Side(profile(new)))
    chi2 = stats.chi2_contingency(table, correction=False).pvalue
    assert found.p == pytest.approx(stats.fisher_exact(table).pvalue if fisher else chi2, abs=1e-10)


@pytest.mark.parametrize(("n", "m", "outside"), [(100, 50, 1), (1000, 200, 5), (20, 30, 30)])
def test_the_range_test_is_the_beta_binomial(n: int, m: int, outside: int) -> None:
    old, new = np.linspace(0, 1, n), np.r_[np.full(outside, 2.0), np.full(m - outside, 0.5)]
    found = aspects.outside_range(Side(profile(old)), Side(profile(new)))
    assert found.p == pytest.approx(stats.betabinom.sf(outside - 1, m, 2, n - 1), rel=1e-9)
    assert found.effect == outside / m


def test_transport_is_the_wasserstein_distance_of_smooth_data() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=20_000), rng.normal(0.4, 1.0, size=20_000)
    expected = stats.wasserstein_distance(a, b)
    assert numbers.transport(profile(a), profile(b)) == pytest.approx(expected, abs=0.02)


def test_one_wild_value_does_not_make_a_tiny_shift_material() -> None:
    rng = np.random.default_rng(0)
    old = rng.normal(size=50_000)
    old[0] = 1e6
    assert judged(old, rng.normal(0.03, 1, 50_000)).state in ("minor", "stable")


def test_simulated_p_of_sparse_tables_is_close_to_the_exact_one() -> None:
    table = np.array([[12.0, 3, 1], [2.0, 4, 3]])
    exact = stats.fisher_exact(
        table.astype(int), method=stats.PermutationMethod(n_resamples=19_999, rng=0)
    ).pvalue
    assert levels.homogeneity(table)[1] == pytest.approx(exact, abs=0.02)


def normal(rng: np.random.Generator, n: int) -> Any:
    return rng.normal(size=n)


def heavy(rng: np.random.Generator, n: int) -> Any:
    return rng.standard_t(2, size=n)


def of_levels(count: int) -> Draw:
    return lambda rng, n: texts(rng.integers(0, count, n))


CLEAN = [
    ("normal", normal, "numeric", (50, 100, 200, 500)),
    ("t2", heavy, "numeric", (50, 200, 500)),
    ("50 levels", of_levels(50), "categorical", (50, 200, 500)),
    ("300 levels", of_levels(300), "categorical", (500, 2000)),
]


@pytest.mark.parametrize(("name", "draw", "kind", "sizes"), CLEAN, ids=[row[0] for row in CLEAN])
def test_clean_columns_raise_at_most_five_false_alarms_in_a_hundred(
    name: str, draw: Draw, kind: str, sizes: tuple[int, ...]
) -> None:
    rng = np.random.default_rng(7)
    for m in sizes:
        states = [judged(draw(rng, 5000), draw(rng, m), kind).state for _ in range(40)]
        assert states.count("drift") <= 2, (m, states)


@pytest.mark.parametrize(("n", "m"), [(1000, 1000), (1000, 200), (5000, 200)])
def test_twenty_clean_columns_rarely_raise_one(n: int, m: int) -> None:
    rng = np.random.default_rng(n + m)
    draws = (
        [(normal, "numeric")] * 8
        + [(heavy, "numeric")] * 7
        + [(of_levels(k), "categorical") for k in (2, 3, 10, 20, 50)]
    )
    false = 0
    for _ in range(40):
        pairs = [(compact(profile(d(rng, n), k)), profile(d(rng, m), k)) for d, k in draws]
        found = judge([examine(Side(a), Side(b), Limits(0.1)) for a, b in pairs], 0.1, None)
        false += any(column.state == "drift" for column in found)
    assert false <= 2


def with_missing(values: Any, rng: np.random.Generator, share: float) -> Any:
    return pd.Series(values).mask(rng.random(len(values)) < share).tolist()


def missing_numbers(share: float) -> Draw:
    return lambda rng, n: with_missing(normal(rng, n), rng, share)


def missing_levels(share: float) -> Draw:
    return lambda rng, n: with_missing(of_levels(5)(rng, n), rng, share)


def outlier(rng: np.random.Generator, n: int) -> Any:
    values = rng.normal(size=n)
    values[0] = 1e6
    return values


def sentinel(rng: np.random.Generator, n: int) -> Any:
    return np.where(rng.random(n) < 0.05, -999, rng.normal(size=n))


def new_level(rng: np.random.Generator, n: int) -> Any:
    return np.where(rng.random(n) < 0.03, "new", texts(rng.integers(0, 5, n))).tolist()


SILENT: list[tuple[str, str, Draw, Draw, str]] = [
    ("missing", "numeric", missing_numbers(0.02), missing_numbers(0.2), "missing_rate"),
    ("missing level", "categorical", missing_levels(0.02), missing_levels(0.2), "missing_rate"),
    ("outlier and shift", "numeric", outlier, lambda r, n: r.normal(0.5, 1, n), "ks"),
    ("sentinel", "numeric", normal, sentinel, "ks"),
    ("new level", "categorical", of_levels(5), new_level, "unseen_levels"),
    ("scale", "numeric", normal, lambda r, n: r.normal(0, 1.5, n), "ks"),
]


@pytest.mark.parametrize(("name", "kind", "old", "new", "test"), SILENT, ids=[row[0] for row in SILENT])
def test_silent_failures_are_found_every_time(name: str, kind: str, old: Draw, new: Draw, test: str) -> None:
    rng = np.random.default_rng(3)
    for _ in range(10):
        found = judged(old(rng, 10_000), new(rng, 2000), kind)
        assert found.state == "drift", found.reason
        assert found.test == test


def test_a_tiny_real_change_in_many_rows_is_minor_not_drift() -> None:
    rng = np.random.default_rng(0)
    assert judged(rng.normal(size=200_000), rng.normal(0.02, 1, 200_000)).state in ("minor", "stable")


def test_rows_needed_to_call_it_stable() -> None:
    rng = np.random.default_rng(0)
    old = rng.normal(size=1_000_000)
    assert judged(old, rng.normal(size=150)).state == "too_few_rows"
    assert judged(old, rng.normal(size=250)).state == "stable"
    assert judged(old, rng.normal(size=250), delta=0.05).state == "too_few_rows"


def test_numbers_with_few_values_are_compared_as_levels() -> None:
    rng = np.random.default_rng(1)
    found = judged(rng.integers(0, 4, 3000), rng.integers(0, 4, 3000))
    assert (found.test, found.state) == ("chi2", "stable")
    assert judged(np.ones(500), np.full(500, 2.0)).state == "drift"
    assert judged(np.ones(500), rng.normal(size=500)).state == "drift"


def test_identifiers_and_too_many_levels_are_not_compared_but_their_missing_rate_is() -> None:
    ids = [f"id{i}" for i in range(2000)]
    assert judged(ids, [f"id{i}" for i in range(5000, 7000)], "id").state == "not_computed"
    assert judged(ids, ids, "categorical").state == "not_computed"
    assert judged(ids, [*ids[:1000], *[None] * 1000], "id").test == "missing_rate"


def test_later_dates_are_no_drift_but_other_weekdays_are() -> None:
    old = pd.date_range("2024-01-01", periods=1400, freq="6h")
    assert judged(old, pd.date_range("2025-01-06", periods=1400, freq="6h"), "datetime").state == "stable"
    sundays = pd.date_range("2025-01-05", periods=400, freq="7D")
    assert judged(old, sundays, "datetime").state == "drift"


def test_texts_of_other_words_drift_and_of_the_same_words_do_not() -> None:
    rng = np.random.default_rng(0)
    words = np.array(["red", "blue", "green", "cat", "dog", "house", "tree", "car"])

    def sides(first: int, count: int) -> Side:
        values = [" ".join(rng.choice(words[first:], 6)) for _ in range(count)]
        return Side(profile(values, "text"), pd.Series(values, dtype="str"))

    reference = sides(0, 1500)
    same = judge([examine(reference, sides(0, 1500), Limits(0.1))], 0.1, None)[0]
    other = judge([examine(reference, sides(3, 1500), Limits(0.1))], 0.1, None)[0]
    assert (same.state, same.test) == ("stable", "text_classifier")
    assert other.state == "drift"


def test_profile_survives_json_and_stays_small() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"a": rng.normal(size=40_000), "b": texts(rng.integers(0, 9, 40_000))})
    frame["c"] = pd.date_range("2024-01-01", periods=40_000, freq="h")
    columns = [
        SimpleNamespace(name=n, kind=k)
        for n, k in (("a", "numeric"), ("b", "categorical"), ("c", "datetime"))
    ]
    made = reference_profile(frame, columns, importance={"a": 1.0}, metric={"name": "roc_auc", "value": 0.9})
    text = json.dumps(made.to_dict(), allow_nan=False)
    assert ReferenceProfile.from_dict(json.loads(text)).to_dict() == made.to_dict()
    assert len(text) < 400_000


def test_every_catalog_entry_runs_with_its_default_and_both_ends() -> None:
    rng = np.random.default_rng(0)
    samples = {
        "numeric": rng.normal(size=200),
        "categorical": texts(rng.integers(0, 3, 200)),
        "datetime": pd.date_range("2024-01-01", periods=200, freq="7h"),
        "text": texts(rng.integers(0, 9, 200)),
    }
    for spec in DRIFT_TESTS:
        kind = (
            "categorical"
            if spec.id in ("chi2", "unseen_levels")
            else next(k for k in spec.kinds if k in samples)
        )
        side = Side(profile(samples[kind], kind), pd.Series(samples[kind]))
        (param,) = spec.params
        for limit in (param.default, param.low, param.high):
            found = spec.build({param.name: limit}, reference=side, current=side)
            assert found.p > 0.05
            assert found.effect < found.threshold == limit


def moved_out(rng: np.random.Generator, n: int) -> Any:
    return np.where(rng.random(n) < 0.05, 3.0, rng.normal(size=n))


def of_shares(*shares: float) -> Draw:
    return lambda rng, n: texts(rng.choice(len(shares), n, p=shares))


HIDDEN: list[tuple[str, str, Draw, Draw, str]] = [
    ("rare class", "categorical", of_shares(0.5, 0.48, 0.02), of_shares(0.5, 0.46, 0.04), "rare_levels"),
    ("of ten", "categorical", of_shares(0.7, *[0.03] * 10),
        of_shares(0.67, 0.06, *[0.03] * 9), "rare_levels"),
    ("variance", "numeric", normal, lambda r, n: r.normal(0, 1.5**0.5, n), "mood"),
    ("narrower", "numeric", normal, lambda r, n: r.normal(0, 0.8, n), "mood"),
    ("skewed", "numeric", lambda r, n: r.gamma(4, size=n),
        lambda r, n: 1.3 * r.gamma(4, size=n) - 1.1, "mood"),
    ("tail", "numeric", normal, moved_out, "outer_tails"),
    ("lower tail", "numeric", normal, lambda r, n: -moved_out(r, n), "outer_tails"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "kind", "old", "new", "test"), HIDDEN, ids=[row[0] for row in HIDDEN])
def test_spread_tails_and_rare_levels_are_found(
    name: str, kind: str, old: Draw, new: Draw, test: str
) -> None:
    rng = np.random.default_rng(4)
    found = [judged(old(rng, 10_000), new(rng, 4000), kind) for _ in range(10)]
    assert sum(one.state == "drift" for one in found) >= 9, [one.reason for one in found]
    assert all(one.state in ("drift", "minor") for one in found)
    assert test in {one.test for one in found} | {
        a.test for one in found for a in one.details.aspects if a.state == "drift"
    }


@pytest.mark.parametrize("draw", [normal, heavy, lambda r, n: np.exp(2 * r.normal(size=n)),
    lambda r, n: r.standard_cauchy(n), lambda r, n: np.round(r.exponential(8, n)),
    lambda r, n: np.where(r.random(n) < 0.9, 0, r.exponential(1, n))])  # fmt: skip
@pytest.mark.parametrize(("n", "m"), [(100, 300), (5000, 200), (2000, 5000)])
def test_the_tests_of_shape_hold_their_error_rate_in_any_distribution(draw: Draw, n: int, m: int) -> None:
    rng = np.random.default_rng(n + m)
    ps = []
    for _ in range(200):
        sides = [Side(compact(profile(draw(rng, rows)))) for rows in (n, m)]
        ps.append([shapes.spread(*sides).p, shapes.tails(*sides).p])
    assert ((np.array(ps) <= 0.02).mean(axis=0) <= 0.06).all()  # 2 % and four standard errors


def test_wild_values_are_told_and_those_of_heavy_tails_are_not() -> None:
    rng = np.random.default_rng(5)
    for draw in (normal, heavy, lambda r, n: r.standard_cauchy(n), lambda r, n: np.exp(2 * r.normal(size=n))):
        pairs = [[profile(draw(rng, rows)) for rows in (2000, 2000)] for _ in range(40)]
        assert sum(far_values(compact(a), b).count > 0 for a, b in pairs) == 0
        told = [(published_column(compact(a)), b) for a, b in pairs]
        assert sum(far_values(a, in_bins_of(b, a)).count > 0 for a, b in told) == 0
    old, new = rng.normal(10, 2, 2000), rng.normal(10, 2, 1000)
    new[:5] = 1e6
    far = far_values(profile(old), profile(new))
    assert (far.count, far.farthest) == (5, 1e6)
    assert far_values(profile(old), profile(-new)).count == 5
    counts = profile(np.r_[np.zeros(450), np.arange(50)])
    assert far_values(counts, profile(np.r_[np.zeros(500), 1e9])).count == 1


SKEWED: dict[str, Draw] = {
    "normal": normal,
    "log-normal": lambda r, n: np.exp(r.normal(size=n)),
    "steep log-normal": lambda r, n: np.exp(2 * r.normal(size=n)),
    "gamma": lambda r, n: r.gamma(2, size=n),
    "t3": lambda r, n: r.standard_t(3, n),
}


@pytest.mark.parametrize("shape", list(SKEWED))
def test_values_far_out_are_found_whatever_the_shape(shape: str) -> None:
    """Five percent of the rows at three standard deviations, which a skewed column holds anyway."""
    draw, rng = SKEWED[shape], np.random.default_rng(9)
    large = draw(rng, 100_000)
    place = large.mean() + 3 * large.std()
    pairs = [(draw(rng, 2000), np.where(rng.random(500) < 0.05, place, draw(rng, 500))) for _ in range(20)]
    assert sum(judged(old, new, "numeric").state == "drift" for old, new in pairs) >= 15


@pytest.mark.parametrize(("old", "new"), [(500, 5000), (2000, 500), (1000, 1000)])
@pytest.mark.parametrize("share", [0.001, 0.003])
def test_a_spike_that_always_was_there_is_no_warning(old: int, new: int, share: float) -> None:
    def spiked(rng: np.random.Generator, rows: int) -> ColumnProfile:
        return profile(np.where(rng.random(rows) < share, 1e6, rng.normal(size=rows)))

    rng = np.random.default_rng(old + new)
    issues = [far_issues([(compact(spiked(rng, old)), spiked(rng, new))]) for _ in range(100)]
    assert sum(one.severity == "warn" for found in issues for one in found) <= 5


@pytest.mark.parametrize(
    ("days", "severity", "words"),
    [
        (("2025-01-02", "2025-03-01"), "info", "all after the last of the reference, 2024-12-31"),
        (("2024-12-01", "2025-01-05"), "info", "those of the reference ran from 2024-01-01 to 2024-12-31"),
        (("2023-11-01", "2023-12-31"), "info", "all before the first of the reference, 2024-01-01"),
        (("1924-01-01", "1924-12-31"), "warn", "Check the dates and how they are written"),
        (("2024-01-01", "2024-12-31"), "", ""),
        (("2024-03-01", "2024-05-01"), "", ""),
        (("2024-01-03", "2025-01-02"), "", ""),
    ],
)
@pytest.mark.parametrize("in_bundle", [False, True])
def test_times_beyond_those_of_the_reference_are_told(
    days: tuple[str, str], severity: str, words: str, in_bundle: bool
) -> None:
    def table(first: str, last: str) -> pd.DataFrame:
        return pd.DataFrame({"day": pd.date_range(first, last, periods=300).normalize()})

    column = SimpleNamespace(name="day", kind="datetime", physical="datetime", format="")
    old = reference_profile(table("2024-01-01", "2024-12-31"), [column])
    report = drift(published(old) if in_bundle else old, table(*days))
    there = [one for one in report.findings if one.code == "BEYOND_TIMES"]
    if in_bundle and severity == "info":
        assert all(one.severity == "info" for one in there), "its ends are rounded to about a week"
        return
    assert [one.severity for one in there] == ([severity] if severity else [])
    assert all(words in one.reason for one in there)
    assert (report.verdict.state == "look") == (severity == "warn")


def test_one_value_far_outside_is_told_and_no_alarm() -> None:
    rng = np.random.default_rng(6)
    old, new = (pd.DataFrame({"x": rng.normal(size=rows)}) for rows in (2000, 500))
    new.loc[3, "x"] = 1e6
    report = drift(reference_profile(old, [SimpleNamespace(name="x", kind="numeric")]), new)
    assert report.verdict.state == "stable"
    assert "1 value lies far outside the range of 'x'" in report.verdict.text
    assert "'x'" in report.verdict.action


@pytest.mark.parametrize(("reference", "tests"), [(1000, 4), (1000, 100), (20_000, 30)])
def test_the_number_of_rows_that_is_named_finds_the_change(reference: int, tests: int) -> None:
    rows = rows_needed(reference, tests, 0.1, COLUMN_ALARMS)
    assert rows is not None
    rng = np.random.default_rng(reference + tests)
    moved = 2 * stats.norm.ppf(0.5 + 0.15 / 2)  # a shift with a distance of 0.15
    found = 0
    for _ in range(100):
        old, new = profile(rng.normal(size=reference)), profile(rng.normal(moved, 1, rows))
        result = aspects.ks(Side(old), Side(new))
        found += result.effect >= 0.1 and result.p <= COLUMN_ALARMS / tests
    assert found >= 75


def test_a_small_reference_is_told() -> None:
    assert rows_needed(100, 50, 0.1, COLUMN_ALARMS) is None


ODD: dict[str, tuple[Draw, str]] = {
    "small": (lambda r, n: r.normal(0.12, 1, n), "Real but small changes: 1 ('x')."),
    "wild": (
        lambda r, n: np.r_[[1e6] * 4, r.normal(size=n - 4)],
        "4 values lie far outside the range of 'x'",
    ),
}


@pytest.mark.parametrize("case", list(ODD))
@pytest.mark.parametrize("is_bundle", [True, False])
def test_what_is_small_or_odd_is_the_headline(case: str, is_bundle: bool) -> None:
    rng = np.random.default_rng(0)
    draw, words = ODD[case]
    reference = reference_profile(
        pd.DataFrame({"x": rng.normal(size=5000)}), [SimpleNamespace(name="x", kind="numeric")]
    )
    report = drift(published(reference) if is_bundle else reference, pd.DataFrame({"x": draw(rng, 3000)}))
    assert report.verdict.state == "look"
    assert words in report.verdict.text
    assert "Nothing to do" not in report.verdict.action
    assert "'x'" in report.verdict.action
    assert html.escape(report.verdict.action) in page(report)
    assert report.model_dump(mode="json")["verdict"]["state"] == "look"
    assert {"look"} <= EXIT_CODES.keys() & LOOKS.keys()
