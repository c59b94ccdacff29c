"""Calls of Snakemake, printed before they run."""

import os
import shlex
import sys
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from itertools import takewhile
from pathlib import Path
from typing import Any, NoReturn

import yaml

from downbench.core.errors import UserError

TARGETS = ("all", "prepare", "figures", "scores", "warming", "verify")
"""Targets of the workflow beside the experiments."""


def defaults() -> dict[str, Any]:
    """Return the content of config/default.yaml."""
    return _yaml("config/default.yaml")


def targets() -> list[str]:
    """Names of the experiments, and of what else can be asked for."""
    return [*_yaml("config/experiments.yaml"), *TARGETS]


def regions() -> list[str]:
    """Names of the regions."""
    return sorted(path.stem for path in Path("config/regions").glob("*.yaml"))


def budgets() -> list[str]:
    """Names of the compute budgets."""
    return list(defaults()["budgets"])


def _yaml(path: str) -> dict[str, Any]:
    try:
        return yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError(
            f"{path} does not exist here: change to the folder of the project, which holds "
            "Snakefile and config"
        ) from None


def values(region: str | None, budget: str | None, config: Iterable[str]) -> dict[str, Any]:
    """Return the choices that replace those of config/default.yaml; values are YAML."""
    pairs = [f"region={region}"] * bool(region) + [f"budget={budget}"] * bool(budget)
    return {
        key: yaml.safe_load(value)
        for key, _, value in (pair.partition("=") for pair in [*pairs, *config])
    }


def settings(region: str | None, budget: str | None, config: Sequence[str]) -> list[str]:
    """Return `--config KEY=VALUE …`, or nothing if all choices are the defaults."""
    pairs = [f"region={region}"] * bool(region) + [f"budget={budget}"] * bool(budget)
    return ["--config", *pairs, *config] if pairs or config else []


def call(words: Sequence[str], profile: str, options: Sequence[str]) -> list[str]:
    """Return the command line of Snakemake for targets, which further options may follow.

    Raises
    ------
    UserError
        If options come first: a target after them could be one of their values.
    """
    names = list(takewhile(lambda word: not word.startswith("-"), words))
    if not names:
        example = f"downbench run exp1 {words[0]} …"
        raise UserError(f"no experiment before {words[0]}: write it first, as in `{example}`")
    require(names)
    return ["snakemake", *names, "--profile", profile, *options, *words[len(names) :]]


def require(names: Iterable[str]) -> None:
    """Refuse a target that is neither listed nor a path, with those that are."""
    listed = targets()
    for name in names:
        if name not in listed and "/" not in name:
            close = get_close_matches(name, listed, n=1)
            meant = f"did you mean '{close[0]}'? " if close else ""
            raise UserError(f"no target '{name}': {meant}choose one of {', '.join(listed)}")


def run(command: Sequence[str]) -> NoReturn:
    """Print a call of Snakemake, and become it, with this interpreter.

    As the same process Snakemake gets Ctrl-C itself and has the time to end its jobs and to remove
    its lock.
    """
    print(f"+ {shlex.join(command)}", file=sys.stderr, flush=True)
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", *command])
