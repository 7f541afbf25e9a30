"""What is left of eight units when the process of one of them is killed: our units beside a joblib pool."""

from __future__ import annotations

import os
import signal
import time

from joblib import Parallel, delayed
from joblib.externals.loky.process_executor import TerminatedWorkerError

from core.engine.processes.units import run_units

UNITS, BAD = 8, 3


def unit(number: int) -> int:
    """Work a little; one of the units dies as if the system had killed it."""
    if number == BAD:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.05)
    return number


def main() -> None:
    """Print what both give."""
    outcomes = list(run_units(unit, range(UNITS), 2))
    lost = [f"{outcome.unit} ({outcome.error['code']})" for outcome in outcomes if outcome.error]
    print(f"run_units: {len(outcomes) - len(lost)} of {UNITS} finished, lost: {', '.join(lost)}")
    try:
        print(f"joblib: {len(Parallel(2)(delayed(unit)(i) for i in range(UNITS)))} of {UNITS} finished")
    except TerminatedWorkerError as error:
        print(f"joblib: {type(error).__name__}, 0 of {UNITS} results")


if __name__ == "__main__":
    main()
