"""Command lines of which Snakemake, without a word, does something else than they seem to ask."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import redirect_stderr
from io import StringIO
from typing import Any

from downbench.core.errors import UserError

# Options of Snakemake with which it runs no job of the workflow, or takes no lock.
NO_LOCK = """
    nolock dryrun lint list_target_rules list_rules print_compilation dag rulegraph filegraph d3dag
    containerize report reporter generate_unit_tests unlock cleanup_metadata cleanup_shadow
    conda_cleanup_envs conda_create_envs_only list_conda_envs container_cleanup_images
    list_changes list_input_changes list_params_changes list_untracked summary detailed_summary
    archive delete_all_output delete_temp_output
""".split()
DISPLAY = ("quiet", "logger")
"""Options that only change what Snakemake prints."""
FIGURES = "figures"
"""Target that shows the scores that exist: with it alone, there are no rules for others."""


def options_of(arguments: Sequence[str]) -> Any | None:
    """Return Snakemake's options of these arguments, or None if it refuses them.

    Profiles are read as Snakemake reads them.
    """
    from snakemake.cli import parse_args

    try:
        with redirect_stderr(StringIO()):
            return parse_args(list(arguments))[1]
    except SystemExit:
        return None


def takes_a_lock(arguments: Sequence[str]) -> bool:
    """Whether a call of Snakemake with these arguments runs jobs and locks the folder."""
    options = options_of(arguments)
    return options is not None and not any(getattr(options, name, None) for name in NO_LOCK)


def check(arguments: Sequence[str], chained: Collection[str]) -> None:
    """Refuse options of which Snakemake keeps a part only, and `figures` beside other targets.

    Parameters
    ----------
    arguments
        The words after `snakemake`.
    chained
        Rules of which one job needs the output of another job of the same rule.

    Raises
    ------
    UserError
        For each option, with a command that does what was meant.
    """
    problems = [
        *_repeated(arguments),
        *_until(arguments, chained),
        *_configuration_of_profile(arguments),
        *figures_beside(getattr(options_of(arguments), "targets", None) or ()),
    ]
    if problems:
        raise UserError("\n".join(problems))


def figures_beside(targets: Collection[str]) -> Iterator[str]:
    """Yield `figures` if it is not the only target: the rules of others could compute scores."""
    companions = [target for target in targets if target != FIGURES]
    if FIGURES in targets and companions:
        first = " ".join(companions)
        yield (
            f"{FIGURES} beside {first}: {FIGURES} computes no scores, the other targets do: "
            f"give {first} first, then {FIGURES} in a call of its own"
        )


def _repeated(arguments: Sequence[str]) -> Iterator[str]:
    """Yield options with a list of values that stand twice: the last one alone would count."""
    from snakemake.cli import get_argument_parser

    words = [word.partition("=")[0] for word in arguments if word.startswith("-")]
    for action in get_argument_parser()._actions:
        is_list = action.nargs in ("+", "*") and action.dest not in DISPLAY
        if is_list and sum(word in action.option_strings for word in words) > 1:
            name = action.option_strings[0]
            yield (
                f"{name} stands twice, and Snakemake drops the values of the first: give all "
                f"values after one {name}"
            )


def _configuration_of_profile(arguments: Sequence[str]) -> Iterator[str]:
    """Yield keys of a profile's `config:` that `--config` replaces as a whole."""
    options = options_of(arguments)
    profiles = []
    for option in ("profile", "workflow_profile"):
        value = getattr(options, option, None) or []
        names = [value] if isinstance(value, str) else value
        profiles += [f"--{option.replace('_', '-')}", *names] if names else []
    of_profile = getattr(options_of(profiles), "config", None) if profiles else None
    lost = _keys(of_profile) - _keys(getattr(options, "config", None))
    if lost:
        yield (
            "--config replaces all of the profile's `config:`, and drops "
            f"{', '.join(sorted(lost))}: repeat it after --config"
        )


def _keys(config: Iterable[str] | None) -> set[str]:
    return {word.partition("=")[0] for word in config or ()}


def _until(arguments: Sequence[str], chained: Collection[str]) -> Iterator[str]:
    """Yield values of `--until` of which Snakemake leaves out jobs that need each other."""
    options = options_of(arguments)
    rules = list(getattr(options, "until", None) or [])
    if len(rules) > 1:
        yield (
            f"--until {' '.join(rules)}: Snakemake leaves out the jobs of one of them that need "
            "another one: give the last of them alone"
        )
    for rule in sorted(set(rules) & set(chained)):
        yield (
            f"--until {rule}: some jobs of this rule need the output of others, and Snakemake "
            "leaves them out: give the outputs as targets instead, such as "
            "results/REGION/DRIVER/models/MODEL"
        )
