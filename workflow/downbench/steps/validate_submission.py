"""Check an ensemble made elsewhere, and print every breach at once with its fix."""

import argparse
import io
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path

from downbench.core import cli
from downbench.core.breaches import Breaches
from downbench.core.config.loading import load
from downbench.core.config.model.external_ensemble import (
    ExternalEnsemble,
    files_by_split,
)
from downbench.core.errors import UserError
from downbench.core.project_root import project_root
from downbench.core.submission_report import SubmissionReport, submission_report
from downbench.labs import submission
from downbench.labs.sampled_days import SamplingInputs
from downbench.sources.region_data import target_and_driver

SPLITS = ("test", "warm")
ALONE = {"region": "", "trained_on": "", "driver": ""}


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("validate_submission", __doc__)
    parser.add_argument("file", help="NetCDF file or Zarr store; `*` for several along time")
    parser.add_argument("--region", help="compare with the target of this region, too")
    parser.add_argument(
        "--driver", help="driver that was downscaled; default: the first trained on"
    )
    parser.add_argument(
        "--splits", nargs="+", choices=SPLITS, help="splits to check; default: those it holds"
    )
    cli.add_fit_years(parser)
    parser.add_argument("--budget", help="compute budget, which chooses the scored days")
    parser.add_argument("--json", action="store_true", help="print JSON in place of text")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Print the breaches; the exit status is 1 if there is one."""
    arguments = parse(argv)
    _require_region(arguments)
    printed = io.StringIO()
    with redirect_stdout(printed):
        examine = _alone if arguments.region is None else _against_region
        report = examine(arguments, printed)
    print(report.model_dump_json(indent=2) if arguments.json else "\n".join(report.lines()))
    if not report.valid:
        sys.exit(cli.BREACH)


def _require_region(arguments: argparse.Namespace) -> None:
    """Refuse options that say nothing without a region."""
    names = ("driver", "splits", "fit_years", "budget")
    options = [f"--{n.replace('_', '-')}" for n in names if getattr(arguments, n) is not None]
    if arguments.region is None and options:
        raise UserError(f"{', '.join(options)}: name the region, too: --region NAME")


def _options(arguments: argparse.Namespace) -> ExternalEnsemble:
    return ExternalEnsemble.model_validate({"fit_years": arguments.fit_years})


def _alone(arguments: argparse.Namespace, printed: io.StringIO) -> SubmissionReport:
    breaches = Breaches()
    paths = files_by_split(arguments.file, ("test",), ("test",), **ALONE)["test"]
    lines = submission.examine_alone(paths, _options(arguments), breaches)
    return submission_report(arguments.file, breaches, [*printed.getvalue().splitlines(), *lines])


def _against_region(arguments: argparse.Namespace, printed: io.StringIO) -> SubmissionReport:
    choices = {"region": arguments.region, "budget": arguments.budget}
    project = load({key: value for key, value in choices.items() if value}, project_root())
    region, driver = project.region, arguments.driver or project.region.trained_on[0]
    named = arguments.splits or [name for name in SPLITS if getattr(region.splits, name)]
    required = arguments.splits or named[:1]
    place = {"region": region.name, "trained_on": driver, "driver": driver}
    paths = files_by_split(arguments.file, named, required, **place)
    target, coarse = target_and_driver(region, driver, Path(project.results_dir))
    sampling = project.budget.sampling.model_dump_json(exclude={"sampler", "sampler_steps"})
    breaches, options, lines, splits = Breaches(), _options(arguments), [], []
    for split, names in paths.items():
        inputs = SamplingInputs(region, target, coarse, driver, split, project.seed)
        is_required = split in required or "{split}" in arguments.file
        if is_required or submission.has_days(names, inputs, sampling, options):
            lines += submission.examine_split(names, inputs, sampling, options, breaches)
            splits.append(split)
    notes = [*printed.getvalue().splitlines(), *lines]
    left_out = [split for split in named if split not in splits]
    scope = (region.name, driver, splits, left_out)
    return submission_report(arguments.file, breaches, notes, *scope)


if __name__ == "__main__":
    cli.run(main)
