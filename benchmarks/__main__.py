"""``python -m benchmarks [NAME ...] [--quick]``: measure, print, and write RESULTS.md after a full run."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

from core.engine.settings import cap_threads

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "RESULTS.md"
BENCHES = ("compare", "paint", "rerun", "drift", "read", "submit", "one_row", "serve")
MARK = "figures: "
PREFACE = """# Benchmark results

Written by `make bench` (`python -m benchmarks`). Each ratio was measured side by side in one run on this
machine; absolute figures hold for this machine only. What each line means is said in the file of its
sub-benchmark; `python -m benchmarks NAME` measures one again.

"""


def main() -> int:
    """Measure what was asked for; 1 when a sub-benchmark failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure what Foldline costs.")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"one of {', '.join(BENCHES)}; all by default"
    )
    parser.add_argument("--quick", action="store_true", help="small sizes: tries the code, proves nothing")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    unknown = [name for name in asked.names if name not in BENCHES]
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]!r}; choose from {', '.join(BENCHES)}")
    cap_threads()
    if asked.here:
        print(MARK + json.dumps(_measure(asked.names[0], asked.quick)))
        return 0
    return _all(asked.names or list(BENCHES), asked.quick)


def _measure(name: str, quick: bool) -> list[dict[str, object]]:
    module = importlib.import_module(f"benchmarks.{name}")
    return [figure.to_dict() for figure in module.measure(quick)]


def _all(names: list[str], quick: bool) -> int:
    from benchmarks.result import Figure, machine, table

    figures, failed = [], []
    for name in names:
        print(f"{name} ...", file=sys.stderr, flush=True)
        facts = _in_a_fresh_process(name, quick)
        if facts is None:
            failed.append(name)
            continue
        measured = [Figure(**fact) for fact in facts]
        for figure in measured:
            print("  ".join(cell for cell in figure.cells() if cell), flush=True)
        figures += measured
    facts_of_machine = "\n".join(f"- {fact}" for fact in machine())
    text = f"{PREFACE}{facts_of_machine}\n\n{table(figures)}\n"
    if names == list(BENCHES) and not quick and not failed:
        RESULTS.write_text(text, encoding="utf-8")
        print(f"Written to {RESULTS.relative_to(HERE.parent)}.")
    if failed:
        print(f"Failed: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


def _in_a_fresh_process(name: str, quick: bool) -> list[dict[str, object]] | None:
    """The figures of one sub-benchmark; libraries that one of them loads must not slow the next."""
    command = [sys.executable, "-m", "benchmarks", name, "--here", *(["--quick"] if quick else [])]
    environment = {**os.environ, "FOLDLINE_GRACE": "1"}
    done = subprocess.run(
        command, cwd=HERE.parent, env=environment, capture_output=True, text=True, check=False
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith(MARK)]
    if done.returncode or not lines:
        print(done.stderr[-4_000:], file=sys.stderr)
        return None
    found: list[dict[str, object]] = json.loads(lines[-1].removeprefix(MARK))
    return found


if __name__ == "__main__":
    sys.exit(main())
