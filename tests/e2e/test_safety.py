"""Hostile names and cells on every page, two people on one server, the settings that keep it to itself."""

from __future__ import annotations

import base64
import http.client
import json
import re
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import pytest
from playwright.sync_api import expect

from core.recipe import edits
from core.recipe.document import Recipe
from core.store.workspace import Workspace
from tests.conftest import shared
from tests.e2e.conftest import Visit
from tests.e2e.prepared import Prepared
from tests.e2e.server import ROOT, Server
from tests.e2e.visitor import Visitor
from ui.frame.page_list import PLACES

PAGES = [place.id for place in PLACES]
TARGET = "$answer$ <i>&amp;</i>"
TRAINED = 60
CANARY = "canary-7f3a9c-of-a"


class Beacon:
    """A server that counts who comes; nobody may."""

    def __init__(self) -> None:
        hits: list[str] = []

        class Count(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                hits.append(self.path)
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        self.hits = hits
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Count)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])


@pytest.fixture(scope="module")
def beacon() -> Iterator[Beacon]:
    """The server that nobody may visit."""
    found = Beacon()
    yield found
    found.server.shutdown()


def hostile(port: int) -> list[str]:
    """The naughty strings, and names that try to load a picture or to run a script."""
    naughty: list[str] = json.loads(shared("badinputs/blns/blns.json").read_text(encoding="utf-8"))
    picture = f"http://127.0.0.1:{port}/p.png"
    own = [
        f"![x]({picture})",
        f"[![x]({picture})]({picture})",
        f"<img src='{picture}'>",
        f"<link rel=stylesheet href={picture}>",
        f"<img src=x onerror=\"fetch('{picture}');window.__pwned=1\">",
        "<script>window.__pwned=1</script>",
        "<svg onload=window.__pwned=1>",
        "[x](javascript:window.__pwned=1)",
        "$$\\href{javascript:window.__pwned=1}{x}$$",
        ":material/bug_report: :red[x] `y`",
        "{{constructor.constructor('window.__pwned=1')()}}",
        'click A href "javascript:window.__pwned=1"',
    ]
    assert len(naughty) == 515
    return [*own, *naughty]


@pytest.fixture(scope="module")
def table(beacon: Beacon, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All strings as names of columns, and as cells of the first two of them and of the target."""
    texts = hostile(beacon.port)
    names = [text if text.strip() else f"blank {place}" for place, text in enumerate(texts)]
    numbers = np.random.default_rng(0).integers(0, 5, (len(texts), len(texts)))
    frame = pd.DataFrame(numbers, columns=names).loc[:, lambda whole: ~whole.columns.duplicated()]
    leaves = frame.iloc[:, 5] + frame.iloc[:, 6] > 4
    columns = {frame.columns[0]: texts, frame.columns[1]: texts[::-1]}
    answer = np.where(leaves, "<b>yes</b>", f"![no](http://127.0.0.1:{beacon.port}/no.png)")
    path = tmp_path_factory.mktemp("hostile") / "![name](x) <i>.csv"
    frame.assign(**columns, **{TARGET: answer}).to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def prepared(home: Path, table: Path) -> Prepared:
    """A project in which these names went through everything: all inspected, a part of them trained on."""
    found = Prepared(Workspace(home), "<b>![p](x)</b> :red[name]")
    stored = found.read(table)
    found.edit(lambda old: edits.set_target(old, TARGET, "binary", "<b>yes</b>"), ":red[target] ![x](y)")
    found.work("inspect")
    inputs = [column.name for column in found.recipe.inputs]

    def few(recipe: Recipe) -> Recipe:
        for name in inputs[TRAINED:]:
            recipe = edits.set_role(recipe, name, "ignore")
        return edits.add_feature(recipe, "ratio", inputs[5:7])

    found.edit(few, "fewer")
    found.work("inspect")
    found.train(("gaussian_nb", "tree_classifier"), "tree_classifier", trials=3)
    found.leave(stored)
    found.watch(stored)
    found.see({"predict.mode": "table", "predict.table": stored})
    return found


@pytest.fixture(scope="module")
def server(home: Path, prepared: Prepared) -> Iterator[Server]:
    """A server that starts on the hostile project, with a small limit on uploads."""
    running = Server(home, "--server.maxUploadSize", "1")
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def victim(visit: Visit, prepared: Prepared) -> Visitor:
    """Somebody who opens the project."""
    return visit().open("", prepared.project)


@pytest.mark.parametrize("page", PAGES)
def test_hostile_names_and_cells_do_nothing(
    page: str, victim: Visitor, server: Server, prepared: Prepared, beacon: Beacon
) -> None:
    victim.go(page)
    server.wait_idle(prepared.project)
    victim.drawn().healthy()
    for tab in victim.main.get_by_role("tab").all():
        tab.click()
        victim.drawn().healthy()
    for part in victim.main.get_by_test_id("stExpander").all():
        part.locator("summary").click()
        victim.settle()
    victim.drawn().healthy()
    for button in victim.page.get_by_test_id("stPopoverButton").filter(visible=True).all():
        button.click()
        victim.drawn().healthy()
        victim.page.keyboard.press("Escape")
        expect(victim.page.get_by_test_id("stPopoverBody")).to_have_count(0)
    assert not beacon.hits
    assert not victim.foreign
    links = victim.main.locator("a[href]").evaluate_all("all => all.map(one => one.href)")
    assert not [link for link in links if not link.startswith(server.url)]


def test_the_strings_are_shown_as_they_are(victim: Visitor, prepared: Prepared) -> None:
    victim.go("data")
    victim.main.get_by_role("combobox", name=re.compile("Target column")).click()
    shown = victim.page.get_by_role("option").all_inner_texts()
    assert any(text.startswith(("<b>", "![x](")) for text in shown)
    victim.page.keyboard.press("Escape")
    assert len(prepared.recipe.columns) >= 500


def test_what_one_person_brings_never_reaches_another(
    visit: Visit, server: Server, tmp_path: Path, beacon: Beacon
) -> None:
    path = tmp_path / f"{CANARY}.csv"
    pd.DataFrame({CANARY: range(40), "y": [f"{CANARY}-{n % 2}" for n in range(40)]}).to_csv(path, index=False)
    ann, bob = visit().open(), visit().open()
    ann.upload(path).wait_job("read")
    assert any(CANARY.encode() in frame for frame in ann.received)
    for page in PAGES:
        bob.go(page)
    assert bob.project != ann.project
    bob.reload()
    assert not any(CANARY.encode() in frame for frame in bob.received)
    assert server.workspace.recipe(bob.project) is None
    assert not beacon.hits


def test_an_address_that_names_no_project_shows_none(visit: Visit, prepared: Prepared) -> None:
    for asked in ("A" * 22, "../../etc/passwd", prepared.project[:-1] + "~"):
        visitor = visit().open("", asked)
        assert visitor.project not in (asked, prepared.project)
        visitor.healthy()


# The settings in force


def test_only_this_machine_can_connect(server: Server) -> None:
    assert server.process is not None
    held = psutil.Process(server.process.pid).net_connections(kind="inet")
    listening = {one.laddr.ip for one in held if one.status == psutil.CONN_LISTEN}
    assert listening == {"127.0.0.1"}


def upgrade(server: Server, origin: str) -> int:
    """The status with which the server answers a websocket that a page of ``origin`` asks for."""
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    headers = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Origin": origin,
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(b"0123456789abcdef").decode(),
        "Sec-WebSocket-Protocol": "streamlit",
    }
    try:
        line.request("GET", "/_stcore/stream", headers=headers)
        return line.getresponse().status
    finally:
        line.close()


def test_a_foreign_page_cannot_open_a_connection(server: Server) -> None:
    assert upgrade(server, server.url) == 101
    assert upgrade(server, "http://evil.example") == 403


def test_an_upload_without_the_token_or_over_the_limit_is_refused(server: Server, visit: Visit) -> None:
    request = urllib.request.Request(
        f"{server.url}/_stcore/upload_file/none/none",
        data=b"x",
        method="PUT",
        headers={"Origin": "http://evil.example"},
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)
    assert refused.value.code in (400, 403)


def test_a_file_over_the_limit_is_refused(visit: Visit, tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    path.write_text("a,b\n" + "1,2\n" * 400_000)
    visitor = visit().open()
    visitor.main.locator('input[type="file"]').first.set_input_files(path)
    visitor.sees(re.compile("must be 1.*MB or smaller"))
    assert visitor.server.latest(visitor.project, "read") is None


def test_the_settings_in_force(server: Server) -> None:
    wanted = {
        "server.address": "127.0.0.1",
        "server.enableXsrfProtection": True,
        "server.enableCORS": True,
        "client.showErrorDetails": "none",
        "browser.gatherUsageStats": False,
    }
    ask = "import json, sys; from streamlit import config; "
    ask += "print(json.dumps({name: config.get_option(name) for name in sys.argv[1:]}))"
    command = [sys.executable, "-c", ask, *wanted]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(said.stdout) == wanted
