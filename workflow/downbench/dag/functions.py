"""Types of the functions that rules are given, and the ones that need no project."""

import re
import shlex
from collections.abc import Callable, Iterable

from snakemake.exceptions import WorkflowError
from snakemake.iocontainers import InputFiles, Wildcards

from downbench.dag import paths

PathsOf = Callable[[Wildcards], list[str]]
PathOf = Callable[[Wildcards], str]
ArgumentsOf = Callable[[Wildcards, InputFiles], str]
ParameterOf = Callable[[Wildcards], str]
AmountOf = Callable[[Wildcards], int]


def literal(text: str) -> ParameterOf:
    """Parameter function: this text, in which Snakemake would take `{word}` for a wildcard."""
    return lambda wildcards: text


def refusal(text: str) -> PathsOf:
    """Input function of a target that cannot be made: Snakemake stops with this text."""

    def refuse(wildcards: Wildcards) -> list[str]:
        raise WorkflowError(text)

    return refuse


def one_of(names: Iterable[str]) -> str:
    """Wildcard constraint: exactly one of these names."""
    return "|".join(map(re.escape, names)) or "(?!)"


def arguments(flag: str, values: Iterable[str]) -> str:
    """`--flag VALUE VALUE …`, quoted for the shell, or nothing if there are no values."""
    words = list(values)
    return shlex.join([f"--{flag}", *words]) if words else ""


def sums_of(folders: Callable[[Wildcards], str | list[str]]) -> PathsOf:
    """Input function: the files that stand for the folders of another input function."""

    def files(wildcards: Wildcards) -> list[str]:
        names = folders(wildcards)
        return paths.sums(*([names] if isinstance(names, str) else names))

    return files


def pair_arguments(flag: str, names: Iterable[str], files: Iterable[str]) -> str:
    """`--flag NAME=PATH NAME=PATH …`, quoted for the shell, or nothing if there are no files."""
    pairs = (f"{name}={path}" for name, path in zip(names, files, strict=False))
    return arguments(flag, pairs)
