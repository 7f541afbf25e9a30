"""Alerts that leave: to a file, a web address and a mail server, real ones on this machine, good and bad."""

from __future__ import annotations

import email
import email.policy
import fcntl
import ipaddress
import json
import os
import resource
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.alerts.alert import Alert, Place, Reference, Window
from core.alerts.events import Delivered, Undelivered
from core.alerts.ledger import Notice, ledger
from core.alerts.rounds import trial
from core.alerts.sinks import reach
from core.alerts.sinks.deliver import MOST_A_ROUND, Clock, deliver
from core.alerts.sinks.reach import refusal
from core.alerts.sinks.settings import Sinks, sinks_from
from core.errors import FoldlineError
from tests.alert_receivers import (
    HERE,
    MailReceiver,
    WebReceiver,
    certificate,
    free_port,
    server_context,
    serving,
)

QUICK, PATIENT = Clock(call=0.6, round=1.0), Clock(call=5.0, round=10.0)
PLACE = Place(
    "d1", "churn", "ab" * 32, "v1", Window(batch="b1", n=9), Reference(), "2026-11-02T08:00:00+00:00"
)
HOSTILE = "x\r\nBcc: thief@example.org\r\n\r\n<b>\u202e\x1b[2J"


def alert(subject: str = "a") -> Alert:
    return PLACE.alert("check", "critical", subject, f"{subject} failed.", "Look at it.")


def notices(*alerts: Alert, to: tuple[str, ...] = ("team",)) -> tuple[Notice, ...]:
    return tuple(Notice(one, to) for one in alerts or (alert(),))


def set_up(folder: Path, facts: dict[str, Any]) -> Sinks:
    (folder / "alerts.json").write_text(json.dumps(facts))
    return sinks_from({"FOLDLINE_ALERTS": str(folder / "alerts.json")})


@pytest.fixture
def web() -> Iterator[WebReceiver]:
    with serving(WebReceiver()) as server:
        yield server


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("own"))


def hook(folder: Path, url: str, hosts: tuple[str, ...] = (HERE,), **more: Any) -> Sinks:
    return set_up(folder, {"hosts": hosts, "sinks": {"team": {"type": "webhook", "url": url, **more}}})


def mails(folder: Path, port: int, hosts: tuple[str, ...] = (HERE,), **more: Any) -> Sinks:
    sink = {"type": "mail", "host": HERE, "port": port, "security": "none"}
    sink |= {"sender": "foldline@example.org", "to": ["ann@example.org", "bob@example.org"], **more}
    return set_up(folder, {"hosts": hosts, "sinks": {"team": sink}})


def problem(outcomes: Any) -> str:
    (one,) = outcomes
    assert isinstance(one, Undelivered), one
    return one.problem


def test_nothing_is_sent_and_nothing_read_without_settings(tmp_path: Path) -> None:
    assert sinks_from({}) == Sinks() and sinks_from({"FOLDLINE_ALERTS": ""}).least == {}
    assert deliver(notices(), Sinks()) == ()


def test_a_webhook_gets_the_alert_as_it_is(web: WebReceiver, tmp_path: Path) -> None:
    sinks = hook(tmp_path, web.url("/in?room=1"), key_from="HOOK_KEY")
    sent = alert()
    assert deliver(notices(sent), sinks, {"HOOK_KEY": "s3cret"}) == (Delivered(id=sent.id, sink="team"),)
    ((path, headers, body),) = web.got
    assert path == "/in?room=1" and Alert.model_validate(body) == sent
    assert headers["Idempotency-Key"] == sent.id and headers["Authorization"] == "Bearer s3cret"
    assert headers["Host"] == f"{HERE}:{web.server_port}" and headers["Content-Type"] == "application/json"


def test_the_address_itself_may_be_a_secret(web: WebReceiver, tmp_path: Path) -> None:
    facts = {"hosts": [HERE], "sinks": {"team": {"type": "webhook", "url_from": "HOOK"}}}
    sinks = set_up(tmp_path, facts)
    assert "HOOK is not set" in problem(deliver(notices(), sinks, {}))
    assert "no web address" in problem(deliver(notices(), sinks, {"HOOK": "file:///etc/passwd"}))
    web.status = 500
    told = problem(deliver(notices(), sinks, {"HOOK": web.url("/t0ken")}))
    assert "500" in told and "t0ken" not in told


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/redirect", "302, a redirect, which is not followed"),
        ("/hang", "did not answer within 0.6 seconds"),
        ("/drip", "did not answer within 0.6 seconds"),
        ("/endless", "failed"),
        ("/close", "failed"),
        ("/garbage", "failed"),
    ],
)
def test_a_web_server_that_misbehaves_is_told(
    web: WebReceiver, tmp_path: Path, path: str, words: str
) -> None:
    start, clock = time.monotonic(), QUICK if "seconds" in words else PATIENT
    assert words in problem(deliver(notices(), hook(tmp_path, web.url(path)), {}, clock))
    assert time.monotonic() - start < 10
    assert [one[0] for one in web.got] == [path], "nothing else was asked for"


def test_the_body_of_an_answer_is_not_read(web: WebReceiver, tmp_path: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (one,) = deliver(notices(), hook(tmp_path, web.url("/flood")), {}, PATIENT)
    assert isinstance(one, Delivered)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000


def test_nobody_at_a_port_is_told(tmp_path: Path) -> None:
    told = problem(deliver(notices(), hook(tmp_path, f"http://{HERE}:{free_port()}/"), {}))
    assert "could not be connected to" in told


def test_a_failed_sink_is_left_alone_for_the_round_but_a_refused_alert_holds_up_no_other(
    web: WebReceiver, tmp_path: Path
) -> None:
    sinks, three = hook(tmp_path, web.url("/in")), notices(alert("a"), alert("b"), alert("c"))
    web.status = 503
    assert len(deliver(three, sinks, {})) == len(web.got) == 1
    web.status = 400
    assert len(deliver(three, sinks, {})) == 3 and len(web.got) == 4


def test_what_failed_goes_out_in_the_next_round_under_the_same_id(web: WebReceiver, tmp_path: Path) -> None:
    sinks, log = hook(tmp_path, web.url("/in")), [trial(PLACE, ["team"])]
    web.status = 500
    log += deliver(ledger(log).owed(PLACE.at), sinks, {})
    web.status = 200
    log += deliver(ledger(log).owed(PLACE.at), sinks, {})
    assert [one.kind for one in log] == ["raised", "undelivered", "delivered"]
    assert ledger(log).owed(PLACE.at) == ()
    assert len({headers["Idempotency-Key"] for _, headers, _ in web.got}) == 1 and len(web.got) == 2


def test_a_sink_that_hangs_keeps_no_other_waiting(web: WebReceiver, tmp_path: Path) -> None:
    facts = {
        "hosts": [HERE],
        "sinks": {
            "stuck": {"type": "webhook", "url": web.url("/hang")},
            "gone": {"type": "webhook", "url": "http://never.invalid/"},
            "record": {"type": "file", "path": "out/alerts.jsonl"},
            "team": {"type": "webhook", "url": web.url("/in")},
        },
    }
    (tmp_path / "out").mkdir()
    sinks = set_up(tmp_path, facts)
    outcomes = deliver(notices(to=tuple(sinks.sinks)), sinks, {}, QUICK)
    assert {one.sink: one.kind for one in outcomes} == {
        "stuck": "undelivered",
        "gone": "undelivered",
        "record": "delivered",
        "team": "delivered",
    }
    assert (tmp_path / "out" / "alerts.jsonl").read_text() == alert().line() + "\n"


def test_a_round_ends_though_looking_up_a_name_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asleep = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: asleep.wait(20))
    start = time.monotonic()
    sinks = hook(tmp_path, "https://slow.example/", ("slow.example",))
    told = problem(deliver(notices(), sinks, {}, Clock(call=0.2, round=0.3)))
    asleep.set()
    assert "did not finish within 0.5 seconds" in told and time.monotonic() - start < 2


def test_a_sink_gets_no_more_than_so_many_in_a_round(tmp_path: Path) -> None:
    sinks = set_up(tmp_path, {"sinks": {"team": {"type": "file", "path": "a.jsonl"}}})
    many = [alert(f"c{number}") for number in range(MOST_A_ROUND + 30)]
    assert len(deliver(notices(*many), sinks, {})) == MOST_A_ROUND
    kept = [json.loads(line)["subject"] for line in (tmp_path / "a.jsonl").read_text().splitlines()]
    assert kept == [one.subject for one in many[:MOST_A_ROUND]]


def test_an_encrypted_address_needs_a_certificate_that_is_trusted(
    pem: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(WebReceiver(server_context(pem))) as web:
        sinks = hook(tmp_path, web.url("/in"))
        assert "could not prove" in problem(deliver(notices(), sinks, {})) and web.got == []
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        (one,) = deliver(notices(), sinks, {})
        assert isinstance(one, Delivered) and len(web.got) == 1


@pytest.mark.parametrize(
    ("url", "hosts"),
    [
        ("http://127.0.0.1/", ()),
        ("http://127.0.0.1/", ("127.0.0.2",)),
        ("http://localhost/", ("localhost",)),
        ("http://2130706433/", ("2130706433",)),
        ("http://0x7f.1/", ("0x7f.1",)),
        ("http://0.0.0.0/", ("0.0.0.0",)),
        ("http://[::1]/", ("127.0.0.0/8",)),
        ("http://[::ffff:169.254.169.254]/", ("::/0",)),
        ("http://169.254.169.254/latest/", ("169.254.0.0/16", "169.254.169.254")),
        ("http://localhost./", ("127.0.0.0/8",)),
    ],
)
def test_no_address_is_reached_that_is_not_listed(tmp_path: Path, url: str, hosts: tuple[str, ...]) -> None:
    told = problem(deliver(notices(), hook(tmp_path, url, hosts), {}, QUICK))
    words = ("is not in the list", "never reached", "not public", "no address of a machine")
    assert any(one in told for one in words)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.1.1", "100.64.0.1", "0.0.0.0", "::1",
        "fe80::1", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "224.0.1.1",
        "::", "255.255.255.255", "168.63.129.16", "100.100.100.200", "fd00:ec2::254", "64:ff9b::a9fe:a9fe",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public_are_refused(address: str) -> None:
    assert refusal("h", ipaddress.ip_address(address), ("h",))


def test_public_addresses_and_listed_networks_are_reached() -> None:
    for address in ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"):
        assert refusal("h", ipaddress.ip_address(address), ("h",)) == ""
    assert refusal("h", ipaddress.ip_address("10.1.2.3"), ("h", "10.1.0.0/16")) == ""
    assert refusal("h", ipaddress.ip_address("10.2.2.3"), ("h", "10.1.0.0/16"))
    for never in reach.NEVER:
        assert refusal("h", never, ("h", "0.0.0.0/0", "::/0"))


def test_a_name_with_one_bad_address_is_not_reached_at_any(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name is resolved once, and all that it means is judged; the connection asks for no name again."""
    asked: list[str] = []

    def answer(name: str, port: int, *_: Any, **__: Any) -> list[Any]:
        asked.append(name)
        both = ("127.0.0.1", "10.0.0.9")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in both]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    sinks = hook(tmp_path, "http://two.example/", ("two.example", "127.0.0.1"))
    assert "10.0.0.9" in problem(deliver(notices(), sinks, {}, QUICK))
    assert asked == ["two.example"]


def test_a_name_that_means_another_address_a_moment_later_changes_nothing(
    web: WebReceiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, real = [True], socket.getaddrinfo

    def rebinding(name: str, port: int, *arguments: Any, **more: Any) -> Any:
        if name != "turn.example":
            return real(name, port, *arguments, **more)
        one = HERE if first.pop() else "10.0.0.9"  # asked twice it would fail
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    url = f"http://turn.example:{web.server_port}/in"
    (one,) = deliver(notices(), hook(tmp_path, url, ("turn.example", HERE)), {})
    assert isinstance(one, Delivered) and web.got[0][1]["Host"] == f"turn.example:{web.server_port}"


def test_a_key_is_not_sent_in_the_open(tmp_path: Path) -> None:
    sinks = hook(tmp_path, "http://hooks.example/", ("hooks.example",), key_from="KEY")
    assert "https" in problem(deliver(notices(), sinks, {"KEY": "s3cret"}))
    sinks = hook(tmp_path, f"http://{HERE}:9/", key_from="KEY")
    told = problem(deliver(notices(), sinks, {"KEY": "a\r\nX: b"}))
    assert "cannot be sent" in told and "X: b" not in told


def test_a_mail_holds_words_and_the_objects_and_lets_no_header_in(tmp_path: Path) -> None:
    bad = alert(HOSTILE)
    with serving(MailReceiver()) as server:
        sent = deliver(notices(bad, alert("b")), mails(tmp_path, server.port), {})
        first = deliver(notices(bad), mails(tmp_path, server.port), {})
    assert [one.kind for one in (*sent, *first)] == ["delivered"] * 3
    both, single = (email.message_from_bytes(text, policy=email.policy.default) for text in server.mails)
    assert set(both.keys()) == set(single.keys()) == {
        "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert both["Subject"] == "[Foldline] 2 alerts of churn, the worst: critical"
    assert single["Subject"].startswith("[Foldline] critical: churn: x␍⏎Bcc: thief@example.org")
    assert both["To"] == "ann@example.org, bob@example.org" and both["Message-ID"] != single["Message-ID"]
    words, lines = both.iter_parts()
    assert words.get_content_type() == "text/plain" and "‹202E›" in words.get_content()
    kept = [Alert.model_validate(json.loads(one)) for one in lines.get_content().decode().splitlines()]
    assert kept == [bad, alert("b")]
    assert not any("thief" in line for line in server.lines)
    assert server.lines[0] == "ehlo example.org", "the name of this machine is not told"


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ("hang", "did not answer within 0.6 seconds"),
        ("drip", "did not answer within 0.6 seconds"),
        ("endless", "ended the connection early"),
        ("close", "ended the connection early"),
        ("unwilling", "answered 554"),
        ("later", "answered 451"),
    ],
)
def test_a_mail_server_that_misbehaves_is_told(tmp_path: Path, way: str, words: str) -> None:
    start, clock = time.monotonic(), QUICK if "seconds" in words else PATIENT
    with serving(MailReceiver(way)) as server:
        assert words in problem(deliver(notices(), mails(tmp_path, server.port), {}, clock))
    assert time.monotonic() - start < 10


def test_a_mail_that_was_taken_is_not_sent_again_for_a_rude_end(tmp_path: Path) -> None:
    with serving(MailReceiver("rude")) as server:
        (one,) = deliver(notices(), mails(tmp_path, server.port), {}, PATIENT)
    assert isinstance(one, Delivered) and len(server.mails) == 1


def test_recipients_that_are_refused_are_told_and_the_others_get_it_once(tmp_path: Path) -> None:
    with serving(MailReceiver()) as server:
        server.refused = {"bob@example.org"}
        some = deliver(notices(), mails(tmp_path, server.port), {})
        server.refused |= {"ann@example.org"}
        none = deliver(notices(), mails(tmp_path, server.port), {})
    assert [one.kind for one in some] == ["undelivered", "delivered"]
    assert "1 of 2 recipients" in some[0].problem  # type: ignore[union-attr]
    assert "refused every recipient" in problem(none)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_mail_with_login_goes_encrypted_or_not_at_all(
    pem: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    login = {"security": security, "user": "ann", "password_from": "MAIL_PASSWORD"}
    way = "tls" if security == "tls" else ""
    with serving(MailReceiver(way, server_context(pem), "s3cret")) as server:
        sinks = mails(tmp_path, server.port, **login)
        assert "could not prove" in problem(deliver(notices(), sinks, {"MAIL_PASSWORD": "s3cret"}))
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        wrong = problem(deliver(notices(), sinks, {"MAIL_PASSWORD": "wr0ng"}))
        assert "535" in wrong and "wr0ng" not in wrong
        assert "MAIL_PASSWORD is not set" in problem(deliver(notices(), sinks, {}))
        assert server.mails == []
        (one,) = deliver(notices(), sinks, {"MAIL_PASSWORD": "s3cret"})
        assert isinstance(one, Delivered) and len(server.mails) == 1
    with serving(MailReceiver()) as plain:
        sinks = mails(tmp_path, plain.port, **{**login, "security": "starttls"})
        assert "does not offer" in problem(deliver(notices(), sinks, {"MAIL_PASSWORD": "s3cret"}))
        assert not any("AUTH" in line for line in plain.lines)


def test_a_password_is_not_sent_in_the_open(tmp_path: Path) -> None:
    open_line = {"host": "mail.example", "user": "ann", "password_from": "P", "security": "none"}
    sinks = mails(tmp_path, 25, ("mail.example",), **open_line)
    assert "in the open" in problem(deliver(notices(), sinks, {"P": "s3cret"}))


@pytest.fixture
def to_file(tmp_path: Path) -> Sinks:
    return set_up(tmp_path, {"sinks": {"team": {"type": "file", "path": "a.jsonl"}}})


def test_lines_of_two_writers_do_not_mix(to_file: Sinks, tmp_path: Path) -> None:
    many = [alert(f"c{number}") for number in range(50)]
    writers = [threading.Thread(target=deliver, args=(notices(*many), to_file, {})) for _ in range(4)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    kept = [json.loads(line)["subject"] for line in (tmp_path / "a.jsonl").read_text().splitlines()]
    assert kept == [one.subject for one in many] * 4
    assert (tmp_path / "a.jsonl").stat().st_mode & 0o777 == 0o600


def test_a_file_that_somebody_writes_is_waited_for_and_no_round_hangs_on_it(
    to_file: Sinks, tmp_path: Path
) -> None:
    with (tmp_path / "a.jsonl").open("wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        told = problem(deliver(notices(), to_file, {}, Clock(call=0.1, round=0.2)))
        assert "did not finish" in told and (tmp_path / "a.jsonl").read_bytes() == b""


def test_a_half_line_is_ended_before_the_next(to_file: Sinks, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"cut')
    deliver(notices(), to_file, {})
    assert (tmp_path / "a.jsonl").read_text() == '{"cut\n' + alert().line() + "\n"


def test_a_full_disk_leaves_no_half_line(to_file: Sinks, tmp_path: Path) -> None:
    """The system's limit on the size of a file stands in for the disk."""
    path, whole = tmp_path / "a.jsonl", alert().line() + "\n"
    path.write_text(whole)
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(whole) + 100, len(whole) + 100))
        (one,) = deliver(notices(), to_file, {})
        os._exit(0 if isinstance(one, Undelivered) and "not written" in one.problem else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert path.read_text() == whole


def test_links_pipes_and_folders_are_no_files_of_alerts(to_file: Sinks, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    (tmp_path / "other").write_text("kept")
    path.symlink_to(tmp_path / "other")
    assert "could not be opened" in problem(deliver(notices(), to_file, {}, QUICK))
    assert (tmp_path / "other").read_text() == "kept"
    path.unlink()
    os.mkfifo(path)
    assert "no ordinary file" in problem(deliver(notices(), to_file, {}, QUICK))
    path.unlink()
    path.mkdir()
    assert "could not be opened" in problem(deliver(notices(), to_file, {}, QUICK))


GOOD = {"type": "webhook", "url": "https://h.example/in"}
MAIL = {"type": "mail", "host": "h.example", "sender": "a@h.example", "to": ["b@h.example"]}


@pytest.mark.parametrize(
    "facts",
    [
        {"sinks": {"a": {**GOOD, "url": "ftp://h.example/"}}},
        {"sinks": {"a": {**GOOD, "url": "https://ann:s3cret@h.example/"}}},
        {"sinks": {"a": {**GOOD, "url": "https://h.example/\r\nX: s3cret"}}},
        {"sinks": {"a": {**GOOD, "url": "https://h.example:99999/s3cret"}}},
        {"sinks": {"a": {**GOOD, "url": "https:///s3cret"}}},
        {"sinks": {"a": {**GOOD, "url_from": "HOOK"}}},
        {"sinks": {"a": {"type": "webhook"}}},
        {"sinks": {"a": {**GOOD, "key": "s3cret"}}},
        {"sinks": {"a": {**GOOD, "key_from": "Bearer s3cret"}}},
        {"sinks": {"a": {**MAIL, "sender": "a@h.example\nBcc: s3cret@h.example"}}},
        {"sinks": {"a": {**MAIL, "to": ["b@h.example, s3cret@h.example"]}}},
        {"sinks": {"a": {**MAIL, "to": []}}},
        {"sinks": {"a": {**MAIL, "user": "s3cret"}}},
        {"sinks": {"a": {**MAIL, "host": "h.example/s3cret"}}},
        {"sinks": {"a": {"type": "pager", "password": "s3cret"}}},
        {"sinks": {"a b": GOOD}},
        {"hosts": ["https://h.example/s3cret"]},
        {"hosts": ["h.example:443"]},
        {"hosts": ["10.0.0.1/8"]},
        [1],
    ],
)  # fmt: skip
def test_settings_that_cannot_be_are_refused_without_quoting_them(tmp_path: Path, facts: Any) -> None:
    with pytest.raises(FoldlineError) as caught:
        set_up(tmp_path, facts)
    assert caught.value.code == "ALERTS" and caught.value.hint
    assert "s3cret" not in f"{caught.value.problem} {caught.value.hint}"


def test_settings_are_toml_or_json_of_a_moderate_size(tmp_path: Path) -> None:
    path = tmp_path / "alerts.toml"
    for content in (b"hosts = [", b"\xff\xfe", b"#" * 200_000):
        path.write_bytes(content)
        with pytest.raises(FoldlineError):
            sinks_from({"FOLDLINE_ALERTS": str(path)})
    with pytest.raises(FoldlineError, match="could not be read"):
        sinks_from({"FOLDLINE_ALERTS": str(tmp_path / "gone.toml")})


def test_the_settings_that_the_readme_shows_are_understood(tmp_path: Path) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    shown = readme.split("```toml\n")[1].split("```")[0]
    path = tmp_path / "alerts.toml"
    path.write_text(shown)
    sinks = sinks_from({"FOLDLINE_ALERTS": str(path)})
    assert {one.type for one in sinks.sinks.values()} == {"file", "webhook", "mail"}
