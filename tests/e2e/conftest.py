"""What the browser tests share: one Chromium, and for each file a server with a workspace of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.conftest import IN_CI
from tests.e2e.server import Server
from tests.e2e.visitor import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; without one the tests skip, in CI they fail."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        reason = "there is no Chromium; `make browser` installs it"
        pytest.fail(reason) if IN_CI else pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace folder of this file's server."""
    return tmp_path_factory.mktemp("e2e") / "workspace"


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Server]:
    """The server of this file."""
    running = Server(home)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def visitors(browser: Browser, server: Server) -> Iterator[list[Visitor]]:
    """Everybody who came in this file; each is asked on leaving whether a request left the machine."""
    came: list[Visitor] = []
    yield came
    for visitor in came:
        visitor.close()


@pytest.fixture(scope="module")
def visit(browser: Browser, server: Server, visitors: list[Visitor]) -> Visit:
    """Have one more person come, with a browser of their own."""

    def come(theme: str = "light", width: int = 1440) -> Visitor:
        visitor = Visitor(browser, server, theme, width)
        visitors.append(visitor)
        return visitor

    return come
