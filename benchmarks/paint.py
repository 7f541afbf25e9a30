"""First paint of the app beside that of an empty Streamlit app, in Chromium with a warm server.

A load is cold for the browser: a new context, so nothing is cached. It ends when the script has run and the
heading is on screen; the time is what the page's own clock says since navigation started. The two apps are
loaded in turns.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, sync_playwright

from benchmarks.result import Figure
from benchmarks.tables import ROOT

AIM = 2.0
EMPTY = 'import streamlit as st\n\nst.title("Empty")\n'
SHOWN = """() => {
  const app = document.querySelector('[data-testid="stApp"]')
  const title = document.querySelector('[data-testid="stMain"] h1')
  const ready = app && app.getAttribute('data-test-script-state') === 'notRunning'
  return ready && title && title.innerText.trim() && title.getClientRects().length ? performance.now() : false
}"""


def measure(quick: bool) -> list[Figure]:
    """Medians of the loads and their ratio."""
    times = 2 if quick else 5
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        raise RuntimeError("there is no Chromium; `make browser` installs it")
    with tempfile.TemporaryDirectory(prefix="foldline-bench-") as folder, sync_playwright() as playwright:
        empty = Path(folder) / "empty.py"
        empty.write_text(EMPTY)
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        with _served(ROOT / "app.py", Path(folder)) as ours, _served(empty, Path(folder)) as theirs:
            for url in (ours, theirs):
                _load(browser, url)
            loads = [(_load(browser, ours), _load(browser, theirs)) for _ in range(times)]
        browser.close()
    app, bare = np.median(loads, axis=0)
    what = f"First paint of the app, median of {times} cold loads, warm server"
    return [
        Figure("paint", what, f"{app:.0f} ms", f"empty Streamlit app {bare:.0f} ms", app / bare, "x", AIM)
    ]


def _load(browser: Browser, url: str) -> float:
    """Milliseconds from the start of the navigation to the shown heading."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    try:
        page = context.new_page()
        page.goto(url, wait_until="commit")
        return float(page.wait_for_function(SHOWN, polling="raf", timeout=60_000).json_value())
    finally:
        context.close()


@contextmanager
def _served(script: Path, home: Path) -> Iterator[str]:
    """A Streamlit server of a script, with the app's own configuration, ready to answer."""
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    command += ["--server.address", "127.0.0.1", "--server.headless", "true"]
    environment = {**os.environ, "FOLDLINE_HOME": str(home / "workspace")}
    with (home / f"{script.stem}.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        _wait_for(f"http://127.0.0.1:{port}/_stcore/health", server)
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait(timeout=10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"the server ended with exit code {server.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not answer within 60 seconds")
