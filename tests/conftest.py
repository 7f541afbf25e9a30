"""What all tests share: the data beside the project, and the rule that nothing skips in CI."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from core.engine.settings import cap_threads

cap_threads()  # before any numeric library is imported, as in every process of the app that computes

# A busy machine is no reason to fail: what a law holds for does not hang on milliseconds.
settings.register_profile("foldline", deadline=None)
settings.load_profile("foldline")

SHARED = Path(__file__).resolve().parents[2] / "shared"
IN_CI = os.environ.get("CI", "").lower() == "true"
_skipped: set[str] = set()


def shared(path: str) -> Path:
    """A file or folder of the data beside the project; without it the test skips, in CI it fails."""
    found = SHARED / path
    if not found.exists():
        reason = f"{path} is not in the folder shared/ beside the project"
        if IN_CI:
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="session")
def customer_bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of bundles: bought.zip, boughtincome.zip without that column, spent.zip of a number."""
    from tests.deployment_support import write_customer_bundle

    folder = tmp_path_factory.mktemp("customers")
    for target, left_out in (("bought", ""), ("bought", "income"), ("spent", "")):
        write_customer_bundle(folder, target, left_out)
    return folder


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember each test that was skipped; an expected failure is not one."""
    if report.skipped and not hasattr(report, "wasxfail"):
        _skipped.add(report.nodeid)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Remember each file that was skipped as a whole."""
    if report.skipped:
        _skipped.add(report.nodeid)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail the run when CI skipped anything."""
    if IN_CI and _skipped and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what CI skipped."""
    if IN_CI and _skipped:
        terminalreporter.section("skipped, which CI does not allow")
        for name in sorted(_skipped):
            terminalreporter.line(name)
