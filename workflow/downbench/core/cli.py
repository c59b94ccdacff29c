"""What the command lines of all steps share: their parser, common options, and how they run."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from downbench.core.errors import UserError

BREACH, USER_MISTAKE = 1, 2


def parser(step: str, documentation: str | None) -> argparse.ArgumentParser:
    """Return the parser of a step.

    Parameters
    ----------
    step
        Name of the step's module.
    documentation
        Docstring of the module; its first line becomes the description of `--help`.
    """
    summary = (documentation or "").strip().partition("\n")[0]
    return argparse.ArgumentParser(prog=f"python -m downbench.steps.{step}", description=summary)


def add_paths(parser: argparse.ArgumentParser, *, required: bool = True, **meanings: str) -> None:
    """Add an option for each path: `driver_table="CSV to write"` adds `--driver-table PATH`."""
    for name, meaning in meanings.items():
        option = f"--{name.replace('_', '-')}"
        parser.add_argument(option, type=Path, required=required, metavar="PATH", help=meaning)


def add_sections(parser: argparse.ArgumentParser, **meanings: str) -> None:
    """Add a required option for each section of the configuration, as canonical JSON."""
    for name, meaning in meanings.items():
        option = f"--{name.replace('_', '-')}"
        parser.add_argument(option, required=True, metavar="JSON", help=meaning)


def add_evaluation(parser: argparse.ArgumentParser) -> None:
    """Add the option `--evaluation`, which `scores.evaluation_settings` reads."""
    parser.add_argument(
        "--evaluation",
        metavar="JSON",
        help="section 'evaluation'; default: the one of config/default.yaml",
    )


def add_expected(parser: argparse.ArgumentParser, what: str, option: str = "--expected") -> None:
    """Add an option for what an input has to say of itself; nothing by default."""
    meaning = f"{what}, as JSON; anything else is refused"
    parser.add_argument(option, metavar="JSON", type=_json, default={}, help=meaning)


def add_fit_years(parser: argparse.ArgumentParser) -> None:
    """Add the option `--fit-years`, whose years are numbers and whose ranges are text."""
    meaning = "years that its model was trained on, such as 1981-2003; none if nothing follows"
    parser.add_argument("--fit-years", nargs="*", metavar="YEARS", type=_year, help=meaning)


def _year(word: str) -> int | str:
    return int(word) if word.isdigit() else word


def _json(text: str) -> dict[str, Any]:
    """Return a JSON object; argparse reports a `ValueError` with the option."""
    content = json.loads(text)
    if not isinstance(content, dict):
        raise ValueError(f"no JSON object: {text[:80]!r}")
    return content


def named_paths(pairs: Sequence[str], option: str) -> Iterator[tuple[str, Path]]:
    """Split NAME=PATH arguments of an option.

    Raises
    ------
    UserError
        When an argument lacks the name, the `=` or the path.
    """
    for pair in pairs:
        name, equals, path = pair.partition("=")
        if not (name and equals and path):
            raise UserError(f"{option} {pair!r}: write it as NAME=PATH")
        yield name, Path(path)


def run(main: Callable[[], None]) -> None:
    """Call `main`; print a `UserError` as one message and exit with code 2, no traceback."""
    try:
        main()
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(USER_MISTAKE)
