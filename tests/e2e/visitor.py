"""A person at a browser: goes to pages, clicks what can be read, and notes all that the browser does."""

from __future__ import annotations

import re
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.e2e.server import Server
from ui.frame.page_list import PLACES, place

PATIENCE = 30_000
SETTLED = """(asked) => {
  const app = document.querySelector('[data-testid="stApp"]')
  const still = app && app.dataset.testScriptState === 'notRunning'
    && app.dataset.testConnectionState === 'CONNECTED'
    && !document.querySelector('[data-stale="true"], [data-testid="stMain"] [data-testid="stSkeleton"]')
  if (!still || window.__asked !== asked) window.__still = 0
  window.__asked = asked
  window.__still = still ? window.__still || performance.now() : 0
  return still && performance.now() - window.__still > 120
}"""
ROW, CHECKBOX = 35, 16
expect.set_options(timeout=PATIENCE)
TRIED = re.compile(r"/[a-z]+/_stcore/(health|host-config)$")
BUG = "Something went wrong while"


class Visitor:
    """A browser context of its own with one page (more with ``second_tab``).

    Attributes:
        requests: every address that any of its pages asked for, data and blob addresses left out.
        problems: errors of the console, uncaught exceptions, and dialogs that opened.
        received: the frames that the server sent over the websocket.
    """

    def __init__(self, browser: Browser, server: Server, theme: str = "light", width: int = 1440) -> None:
        self.server = server
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if theme == "dark" else "light",
            accept_downloads=True,
        )
        self.context.set_default_timeout(PATIENCE)
        self.requests: list[str] = []
        self.problems: list[str] = []
        self.received: list[bytes] = []
        self.context.on("request", lambda request: self._asked(request.url))
        self.page = self.second_tab()

    def second_tab(self) -> Page:
        """One more page that shares cookies with the others; it becomes nothing else."""
        page = self.context.new_page()
        page.on("console", lambda said: self._said(said.type, said.text, said.location["url"]))
        page.on("pageerror", lambda error: self.problems.append(f"uncaught: {error}"))
        page.on(
            "dialog", lambda dialog: (self.problems.append(f"dialog: {dialog.message}"), dialog.dismiss())
        )
        page.on(
            "websocket", lambda socket: (self._asked(socket.url), socket.on("framereceived", self._frame))
        )
        return page

    def _asked(self, url: str) -> None:
        if url.split(":", 1)[0] not in ("data", "blob", "about"):
            self.requests.append(url)

    def _said(self, kind: str, text: str, url: str) -> None:
        # For an address such as /tune the browser's half of Streamlit tries two places for its server.
        if kind == "error" and not TRIED.search(url):
            self.problems.append(f"console: {text} {url}")

    def _frame(self, payload: bytes | str) -> None:
        self.received.append(payload.encode() if isinstance(payload, str) else payload)

    @property
    def foreign(self) -> list[str]:
        """Addresses outside of the server that the browser asked for."""
        own = {f"127.0.0.1:{self.server.port}"}
        return [url for url in self.requests if urlsplit(url).netloc not in own]

    def close(self) -> None:
        """Close the browser context; nothing outside of the server must have been asked for."""
        self.context.close()
        assert not self.foreign, f"requests left the machine: {sorted(set(self.foreign))[:5]}"

    # Where the person is

    @property
    def project(self) -> str:
        """Id of the project in the address, which a change of pages leaves out for a moment."""
        found = self.page.wait_for_function("() => new URLSearchParams(location.search).get('project')")
        return str(found.json_value())

    def open(self, page: str = "", project: str = "") -> Visitor:
        """Type an address."""
        asked = f"?project={project}" if project else ""
        path = "" if page == PLACES[0].id else page  # the first page has no path of its own
        self.page.goto(f"{self.server.url}/{path}{asked}", wait_until="commit")
        return self.settle()

    def go(self, page: str) -> Visitor:
        """Click an entry of the menu."""
        link = self.page.locator(f'[data-testid="stSidebarNavLink"][href*="/{page}"]')
        if page == PLACES[0].id:
            link = self.page.locator('[data-testid="stSidebarNavLink"]').first
        link.click()
        return self.is_at(page)

    def is_at(self, page: str) -> Visitor:
        """The page on screen is that one, complete."""
        expect(self.title).to_have_text(re.compile(f"{re.escape(place(page).title)}$"))
        return self.settle()

    def settle(self, timeout: float = PATIENCE) -> Visitor:
        """Wait until the script has run and nothing on screen is left from before."""
        self.page.wait_for_function(SETTLED, arg=secrets.token_hex(4), timeout=timeout)
        return self

    def reload(self) -> Visitor:
        """Press F5."""
        self.page.reload(wait_until="commit")
        return self.settle()

    # What is on screen

    @property
    def main(self) -> Locator:
        """The page without its menu."""
        return self.page.get_by_test_id("stMain")

    @property
    def title(self) -> Locator:
        """The heading of the page."""
        return self.main.locator("h1").first  # a model card on the page has one too

    def keyed(self, key: str) -> Locator:
        """What our code drew under a key, whichever widget stands there now (``ui.widgets.tied``); dots and
        other signs become dashes in the class."""
        name = re.sub(r"[^a-zA-Z0-9_-]", "-", key)
        return self.page.locator(f'.st-key-{name}, [class*="st-key-{name}--"]')

    def sees(self, text: str | re.Pattern[str], timeout: float = PATIENCE) -> Visitor:
        """The text is somewhere on the page or in the sidebar."""
        expect(self.page.get_by_text(text).filter(visible=True).first).to_be_visible(timeout=timeout)
        return self

    def healthy(self) -> Visitor:
        """No bug, no exception, no dialog, and nothing that a name or a cell has made the browser do."""
        expect(self.page.get_by_test_id("stException")).to_have_count(0)
        expect(self.page.get_by_text(BUG)).to_have_count(0)
        assert self.page.evaluate("window.__pwned") is None
        assert not self.problems, self.problems[:5]
        return self

    # What the person does

    def click(self, name: str | re.Pattern[str], key: str = "") -> Visitor:
        """Click a button by what it says, or by its key."""
        button = self.keyed(key).get_by_role("button") if key else self.button(name)
        expect(button.first).to_be_enabled()
        button.first.click()
        return self.settle()

    def button(self, name: str | re.Pattern[str]) -> Locator:
        """A button of the page by what it says; the icon before its words is no part of them."""
        wanted = re.compile(re.escape(name)) if isinstance(name, str) else name
        return self.main.get_by_role("button").filter(has_text=wanted)

    def choose(self, label: str, option: str, key: str = "") -> Visitor:
        """Choose an option of a select box."""
        box = self.keyed(key) if key else self.main
        box.get_by_role("combobox", name=re.compile(re.escape(label))).first.click()
        self.page.get_by_role("option", name=option, exact=True).first.click()
        return self.settle()

    def pick_rows(self, key: str, *rows: int) -> Visitor:
        """Tick rows of a table, counted from 0; it is drawn on a canvas, so by their place."""
        canvas = self.drawn().keyed(key).get_by_test_id("data-grid-canvas")
        for row in rows:
            canvas.click(position={"x": CHECKBOX, "y": ROW * (row + 1.5)}, force=True)
            self.settle()
        self.title.hover()  # away from the table, which shows its tools under the mouse
        return self

    def upload(self, path: Path, key: str = "") -> Visitor:
        """Give a file to the box that takes files."""
        box = self.keyed(key) if key else self.main
        box.locator('input[type="file"]').first.set_input_files(path)
        return self.settle()

    def downloads(self, press: Callable[[], object], to: Path | None = None) -> Path:
        """The file that comes when something is pressed."""
        with self.page.expect_download() as waited:
            press()
        folder = to or Path(tempfile.mkdtemp())
        path = folder / waited.value.suggested_filename
        waited.value.save_as(path)
        return path

    def wait_job(self, kind: str, timeout: float = 120.0, after: str = "") -> Visitor:
        """Wait until the newest job of a kind is done and the page shows what it found."""
        job = self.server.wait_job(self.project, kind, timeout, after)
        assert job.state == "done", f"{kind}: {job.state} {job.error}"
        expect(self.page.get_by_test_id("stProgress")).to_have_count(0)
        return self.settle()

    def screenshot(self, path: Path) -> Path:
        """A picture of what is on screen, once charts and tables have come."""
        self.drawn()
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path, animations="disabled")
        return path

    def drawn(self) -> Visitor:
        """Wait for the parts that the browser loads late."""
        self.settle()
        self.page.wait_for_function(
            """() => {
              const come = (parts, made) => [...document.querySelectorAll(`[data-testid="${parts}"]`)]
                .every(one => one.querySelector(made) || !one.checkVisibility() || !one.offsetHeight)
              return come('stPlotlyChart', '.main-svg') && come('stDataFrame', 'canvas')
            }"""
        )
        self.page.evaluate("document.fonts.ready.then(() => true)")
        return self

    def overflow(self) -> int:
        """Pixels by which the page is wider than its window."""
        return int(self.page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth"))
