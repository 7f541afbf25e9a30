"""Arguments in, exit code out: 0 done, 1 the data or the recipe is at fault, 2 wrong usage."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.command.numbers import amount, within
from core.command.serve_options import add_promotion, add_serve
from core.engine.settings import cap_threads
from core.errors import FoldlineError
from core.lack_of_memory import is_memory, too_much
from core.spec import TASKS

USAGE = "USAGE"
"""The code of options that do not go together."""


def parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    whole = argparse.ArgumentParser(prog="python -m core", description="Foldline on the command line.")
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")

    suggest = commands.add_parser("suggest", help="write a complete recipe for a data file")
    suggest.add_argument("data", type=Path)
    suggest.add_argument("--target", required=True)
    suggest.add_argument("--task", choices=TASKS)
    suggest.add_argument("--time", default="", metavar="COLUMN", help="split rows in time by this column")
    suggest.add_argument("--group", default="", metavar="COLUMN", help="keep rows of one group together")
    suggest.add_argument("-o", "--out", type=Path, default=Path("recipe.json"))

    run = commands.add_parser("run", help="compare, tune if planned, fit, open the test once, write a bundle")
    run.add_argument("recipe", type=Path)
    run.add_argument("--data", type=Path, required=True)
    run.add_argument("--out", type=Path, required=True)

    _add_predict(commands)
    _add_drift(commands)
    _add_monitor(commands)
    _add_successor(commands)

    profile = commands.add_parser("profile", help="describe and check a data file")
    profile.add_argument("data", type=Path)
    by = profile.add_mutually_exclusive_group()
    by.add_argument("--target", default="")
    by.add_argument("--recipe", type=Path, help="check it as this recipe has it, by its limits")

    for command in commands.choices.values():
        command.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    return whole


def _add_predict(commands: Any) -> None:
    """Add the parser of ``predict`` to those of the other commands."""
    predict = commands.add_parser("predict", help="predict the rows of a file, or one row, with a bundle")
    predict.add_argument("bundle", type=Path)
    predict.add_argument("data", type=Path, nargs="?", help="a file of rows; goes with --out")
    predict.add_argument("-o", "--out", type=Path, help="a .csv, .xlsx or .parquet file")
    predict.add_argument("--raw", action="store_true", help="leave cells that look like formulas as they are")
    one = predict.add_argument_group("one row")
    one.add_argument("--row", metavar="JSON", help='the row, as {"column": value, ...}; null for no value')
    one.add_argument("--why", action="store_true", help="the prediction as a sum over the columns")
    one.add_argument("--goal", metavar="ANSWER", help="find the nearest row with this class, or number")
    one.add_argument("--at-most", action="store_true", help="the number of --goal is the most, not the least")
    one.add_argument(
        "--keep", nargs="+", default=[], metavar="COLUMN", help="columns that --goal leaves alone"
    )


def _add_drift(commands: Any) -> None:
    """Add the parser of ``drift`` to those of the other commands."""
    drift = commands.add_parser("drift", help="compare new data with a bundle or with older data")
    drift.add_argument("reference", type=Path, help="a bundle, or a data file")
    drift.add_argument("current", type=Path)
    drift.add_argument("-o", "--out", type=Path, help="write the report as .json or .html")
    how_much = "how large a change must be to count; by default as the bundle's recipe says, else normal"
    drift.add_argument("--sensitivity", choices=("low", "normal", "high"), help=how_much)

    drift.add_argument(
        "--target", default="", metavar="COLUMN", help="the column of labels in two data files"
    )
    codes = (
        "end with 3 for drift, 4 for a worse score, 5 for unsafe data, 6 for too few rows to tell, 7 for "
        "changes that are small and for odd values"
    )
    drift.add_argument("--exit-code", action="store_true", help=codes)


def _add_monitor(commands: Any) -> None:
    """Add the parsers of ``monitor``, ``alerts`` and ``rule`` to those of the other commands."""
    monitor = commands.add_parser("monitor", help="run one round of a deployment, which keeps a log")
    beside = "the folder of a deployment, or a bundle, which gets one beside it"
    monitor.add_argument("deployment", type=Path, help=beside)
    monitor.add_argument("data", type=Path, nargs="?", help="a batch of new rows")
    monitor.add_argument("--labels", type=Path, metavar="FILE", help="labels of this batch or earlier ones")
    by_key = "a column by which labels find their rows; without it they are in the order of the rows"
    monitor.add_argument("--key", default="", metavar="COLUMN", help=by_key)
    only = "the batch that labels are for, by the id that its round printed"
    monitor.add_argument("--batch", default="", metavar="ID", help=only)
    left = "make batches of the rows that a service has answered and that wait in the folder"
    monitor.add_argument("--served", action="store_true", help=left)
    check = "a check of every batch from now on, such as 'missing rate of age <= 5 %%'; may be given again"
    monitor.add_argument("--check", action="append", default=[], metavar="CONDITION", help=check)
    codes = (
        "end with 3 for drift, a worse score, unsafe data or a check that failed, with 4 where the decision "
        "is to retrain, and with 5 where an alert could not be delivered"
    )
    monitor.add_argument("--exit-code", action="store_true", help=codes)
    alerts = commands.add_parser("alerts", help="list the open alerts of a deployment, or act on one")
    alerts.add_argument("folder", type=Path, help="the folder of a deployment")
    name = "an open alert, by its id or key or the first digits of one"
    alerts.add_argument("--ack", default="", metavar="ALERT", help=f"note that you have seen {name}")
    quiet = f"do not send notices of {name}, for so many days; 0 ends that"
    alerts.add_argument("--mute", nargs=2, metavar=("ALERT", "DAYS"), help=quiet)
    alerts.add_argument("--test", action="store_true", help="send a test alert to every sink")
    rule = commands.add_parser("rule", help="show or change when a deployment asks for a retraining")
    rule.add_argument("folder", type=Path, help="the folder of a deployment")
    one = "a threshold from now on, such as tol=0.03, or tol=usual; may be given again"
    rule.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help=one)
    labels = "labelled rows of a batch in the simulation; by default as they came so far"
    rule.add_argument("--labels", type=within(1, 1_000_000, int), metavar="N", help=labels)
    change = "the change to find: 0.1 is ten points of a score; of errors a part, 0.3 by default"
    rule.add_argument("--change", type=within(0.001, 10, float), metavar="X", help=change)


def _add_successor(commands: Any) -> None:
    """Add the parsers of what comes after a model: ``retrain``, and who answers with it."""
    retrain = commands.add_parser("retrain", help="train the recipe of a bundle on new rows")
    retrain.add_argument("bundle", type=Path, help="the bundle of the old model")
    retrain.add_argument("data", type=Path, help="new rows with labels")
    retrain.add_argument("--out", type=Path, required=True, help="a folder for bundle.zip and report.json")
    older = "a file of old rows, which are learned from too"
    retrain.add_argument("--with", type=Path, dest="old", metavar="OLD", help=older)
    challenge = commands.add_parser("challenge", help="test a new model against the current one")
    challenge.add_argument("champion", type=Path, help="the bundle of the current model")
    challenge.add_argument("challenger", type=Path, help="the bundle of the new model")
    challenge.add_argument("data", type=Path, help="rows with labels that neither has learned from")
    challenge.add_argument("--metric", default="", help="by default that of the current model's recipe")
    challenge.add_argument("--least", type=amount, default=0.0, metavar="X", help="a gain to surpass")
    challenge.add_argument("--margin", type=amount, metavar="X", help="within it differences do not matter")
    by_bet = "judge by evidence that may be looked at after every row, not by one look at all of them"
    challenge.add_argument("--peek", action="store_true", help=by_bet)

    _add_rehearse(commands)
    add_serve(commands)
    add_promotion(commands)


def _add_rehearse(commands: Any) -> None:
    """Add the parser of ``rehearse`` to those of the other commands."""
    rehearse = commands.add_parser(
        "rehearse", help="play a labelled history again, retraining by several rules"
    )
    rehearse.add_argument("recipe", type=Path)
    rehearse.add_argument("data", type=Path, help="labelled rows; in the order of time without a time column")
    windows = "parts in which the rows after the first part come; each counts as a week"
    rehearse.add_argument("--windows", type=within(2, 520, int), default=26, metavar="N", help=windows)
    first = "share of the rows that the first model learns from"
    rehearse.add_argument("--first", type=within(0.01, 0.99, float), default=0.3, metavar="SHARE", help=first)
    rehearse.add_argument(
        "--delay", type=within(0, 520, int), default=1, metavar="N", help="windows until labels come"
    )
    newest = "learn again from the latest rows alone, as many as at first"
    rehearse.add_argument("--newest", action="store_true", help=newest)
    tol = "the drop of the score that matters; by default 0.05, of errors a tenth"
    rehearse.add_argument("--tol", type=amount, metavar="X", help=tol)


def main(arguments: Sequence[str]) -> int:
    """Run one command.

    Returns:
        0 when done, 1 when the data, the recipe or the model is at fault or a part failed, 2 for wrong usage;
        with ``--exit-code`` those of ``EXIT_CODES`` of the command.
    """
    try:
        asked = parser().parse_args(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    cap_threads()
    from core.command.commands import COMMANDS, exit_code_of

    try:
        facts, words = COMMANDS[asked.command](asked)
    except FoldlineError as error:
        return _refuse(error, asked.json)
    except KeyboardInterrupt:
        print("Cancelled.", file=sys.stderr)
        return 1
    except Exception as error:
        if is_memory(error):
            return _refuse(too_much(), asked.json)
        if isinstance(error, OSError):  # a path that was given, or the disk of the temporary folder
            return _refuse(_of_system(error), asked.json)
        raise
    print(json.dumps(facts, allow_nan=False) if asked.json else words)
    if getattr(asked, "exit_code", False):
        return exit_code_of(asked.command, facts)
    return 1 if facts.get("failed") else 0


def _of_system(error: OSError) -> FoldlineError:
    reason = error.strerror or type(error).__name__
    where = str(error.filename or "")
    return FoldlineError("FILE", f"The system refused {where or 'a file'}: {reason}.", "Check it.", where)


def _refuse(error: FoldlineError, as_json: bool) -> int:
    facts: dict[str, Any] = {"error": error.as_dict()}
    if as_json:
        print(json.dumps(facts))
    else:
        where = f" ({error.where})" if error.where else ""
        print(f"{error.code}: {error.problem}{where}\n{error.hint}", file=sys.stderr)
    return 2 if error.code == USAGE else 1
