"""Alerts of a deployment: raised by rounds, sent, tried again, seen, muted and over."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.alerts.alert import Alert
from core.command.commands import exit_code_of
from core.command.main import main
from core.deployment.folder import DeploymentFolder, create_deployment
from core.deployment.result import RoundResult
from core.engine.context import Context
from core.errors import FoldlineError
from tests.alert_receivers import HERE, WebReceiver, serving
from tests.deployment_support import customers, job_context, run_round

Command = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture(scope="module")
def ctx(tmp_path_factory: pytest.TempPathFactory) -> Context:
    return job_context(tmp_path_factory.mktemp("workspace"))


@pytest.fixture
def root(customer_bundles: Path, tmp_path: Path) -> Path:
    return create_deployment(tmp_path / "d", "Buyers", customer_bundles / "bought.zip", "first", "ann").root


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WebReceiver]:
    with serving(WebReceiver()) as server:
        sink = {"type": "webhook", "url": server.url("/in"), "least": "critical"}
        (tmp_path / "alerts.json").write_text(json.dumps({"hosts": [HERE], "sinks": {"team": sink}}))
        monkeypatch.setenv("FOLDLINE_ALERTS", str(tmp_path / "alerts.json"))
        yield server


@pytest.fixture
def alerts(root: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    def run(*arguments: str) -> tuple[int, dict[str, Any]]:
        code = main(["alerts", str(root), *arguments, "--json"])
        return code, json.loads(capsys.readouterr().out)

    return run


def critical(facts: dict[str, Any]) -> dict[str, Any]:
    (one,) = [one for one in facts["open"] if one["severity"] == "critical"]
    return one


def test_a_column_that_is_gone_reaches_a_webhook_and_is_over_after_two_batches(
    ctx: Context, root: Path, web: WebReceiver, alerts: Command
) -> None:
    def batch(number: int, *gone: str) -> RoundResult:
        return run_round(ctx, root, customers(400, number).drop(columns=["bought", "spent", *gone]))

    web.status = 500
    first = batch(1, "age")
    assert "500" in first.undelivered[0].problem and exit_code_of("monitor", first.facts()) == 5
    web.status = 200
    second = batch(2, "age")
    assert second.undelivered == () and exit_code_of("monitor", second.facts()) in (3, 4)
    assert [Alert.model_validate(body).kind for _, _, body in web.got] == ["schema", "schema"]
    assert len({body["id"] for _, _, body in web.got}) == 1, "the same notice, tried twice"

    _, facts = alerts()
    one = critical(facts)
    assert one == {**web.got[0][2], "muted_until": ""} and len(second.alerts) == len(facts["open"])
    alerts("--ack", one["id"])
    _, facts = alerts("--mute", one["dedupe_key"][:8], "1")
    assert critical(facts)["state"] == "ack" and critical(facts)["muted_until"]
    assert critical(alerts("--mute", one["id"], "0")[1])["muted_until"] == ""

    batch(3)
    assert critical(alerts()[1])
    batch(4)
    assert [left for left in alerts()[1]["open"] if left["kind"] == "schema"] == []
    assert [body["state"] for _, _, body in web.got] == ["open", "open", "resolved"]
    assert DeploymentFolder(root).read().faults == ()


def test_a_confirmed_drop_on_late_labels_is_critical(ctx: Context, root: Path, alerts: Command) -> None:
    turned = customers(400, 6, turn=0.5)
    done = run_round(ctx, root, turned.drop(columns=["bought", "spent"]))
    run_round(ctx, root, labels=turned[["id", "bought"]], key="id")
    (one,) = [one for one in alerts()[1]["open"] if one["kind"] == "performance"]
    assert (one["severity"], one["window"]["n_labelled"]) == ("critical", 400)
    assert one["window"]["batch"] == done.batches[0].batch


def test_a_test_is_sent_and_not_kept(root: Path, web: WebReceiver, alerts: Command) -> None:
    before = DeploymentFolder(root).read()
    assert alerts("--test")[1]["test"] == [{"sink": "team", "problem": ""}]
    assert web.got[0][2]["kind"] == "test" and web.got[0][2]["name"] == "Buyers"
    web.status = 500
    code, facts = alerts("--test")
    assert code == 1 and "500" in facts["test"][0]["problem"]
    assert DeploymentFolder(root).read() == before


@pytest.mark.parametrize(
    "wrong", [("--ack", "ffffffff"), ("--mute", "ffffffff", "2"), ("--mute", "ffffffff", "soon"), ("--test",)]
)
def test_what_cannot_be_is_refused_with_a_remedy(
    alerts: Command, monkeypatch: pytest.MonkeyPatch, wrong: tuple[str, ...]
) -> None:
    monkeypatch.delenv("FOLDLINE_ALERTS", raising=False)
    code, facts = alerts(*wrong)
    assert code == 1 and facts["error"]["code"] in ("ALERT", "ALERTS") and facts["error"]["hint"]


def test_settings_that_cannot_be_end_a_round_before_anything_is_kept(
    ctx: Context, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOLDLINE_ALERTS", str(tmp_path / "gone.toml"))
    with pytest.raises(FoldlineError, match=r"gone\.toml"):
        run_round(ctx, root, customers(50, 1))
    assert DeploymentFolder(root).state().batches == {}
