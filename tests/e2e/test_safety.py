"""Hostile names and cells on every page, two people on one server, and the settings that keep it to itself."""

from __future__ import annotations

import base64
import http.client
import json
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pandas as pd
import psutil
import pytest

from core.store.workspace import Workspace
from tests.conftest import shared
from tests.e2e.conftest import Visit
from tests.e2e.server import Server
from tests.e2e.visitor import Visitor
from ui.places import PLACES

PAGES = [place.id for place in PLACES]
ROWS = 60
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
        "click A href \"javascript:window.__pwned=1\"",
    ]
    assert len(naughty) == 515
    return [*own, *naughty]


@pytest.fixture(scope="module")
def table(beacon: Beacon, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All strings as names of columns, and as cells of the first of them and of a column of texts."""
    texts = hostile(beacon.port)
    cells = [texts[row % len(texts)] for row in range(len(texts))]
    names = list(dict.fromkeys(text if text.strip() else f"blank {place}" for place, text in enumerate(texts)))
    frame = pd.DataFrame({name: [str((row * 7 + k) % 5) for row in range(ROWS)] for k, name in enumerate(names)})
    frame = pd.concat([frame] * (len(cells) // ROWS + 1), ignore_index=True).iloc[: len(cells)].copy()
    frame[names[0]], frame[names[1]] = cells, cells[::-1]
    frame["answer"] = ["<b>yes</b>" if row % 3 else f"![no](http://127.0.0.1:{beacon.port}/no.png)" for row in range(len(cells))]
    path = tmp_path_factory.mktemp("hostile") / "![name](x).csv"
    frame.to_csv(path, index=False, errors="surrogatepass")
    return path


@pytest.fixture(scope="module")
def victim(visit: Visit, table: Path) -> Visitor:
    """Somebody who has loaded the table and chosen a target."""
    visitor = visit()
    visitor.open().upload(table).wait_job("read", timeout=180)
    return visitor


@pytest.mark.parametrize("page", PAGES)
def test_hostile_names_and_cells_do_nothing(page: str, victim: Visitor, server: Server, beacon: Beacon) -> None:
    victim.go(page)
    server.wait_idle(victim.project)
    victim.drawn().healthy()
    assert not beacon.hits
    assert not victim.foreign
