"""Check an ensemble that was made elsewhere against a region, and show or write its entry."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from downbench.core import cli
from downbench.core.config import adding
from downbench.core.config.loading import EXPERIMENTS, MODELS, Project, load
from downbench.core.config.messages import checked
from downbench.core.config.model.external_ensemble import ExternalEnsemble, files_by_split
from downbench.core.config.model.model import Model, from_entry
from downbench.core.config.yaml_entries import entry_text
from downbench.core.errors import UserError
from downbench.core.project_root import project_root
from downbench.labs import external_ensemble as entering
from downbench.labs.sampled_days import SamplingInputs, select_days
from downbench.sources.files import external_ensemble
from downbench.sources.files.containers import open_container
from downbench.sources.region_data import target_and_driver

SPLITS = ("test", "warm")


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("add_ensemble", __doc__)
    parser.add_argument("file", help="NetCDF file or Zarr store; `*` for several along time")
    parser.add_argument("--name", required=True, help="name of the entry, such as my-model")
    parser.add_argument("--label", default="", help="name in figures and tables")
    parser.add_argument("--region", default="synthetic", help="region of the samples")
    parser.add_argument(
        "--driver", help="driver that was downscaled; default: the first trained on"
    )
    parser.add_argument(
        "--splits", nargs="+", choices=SPLITS, help="splits to check; default: those it holds"
    )
    cli.add_fit_years(parser)
    parser.add_argument("--budget", help="compute budget, which chooses the scored days")
    parser.add_argument("--experiment", default="exp1", help="experiment that lists it")
    parser.add_argument("--write", action="store_true", help="add the entry to config/")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Check the file, print what it holds and its entry; with `--write`, add the entry."""
    arguments = parse(argv)
    root = project_root()
    choices = {"region": arguments.region, "budget": arguments.budget}
    project = load({key: value for key, value in choices.items() if value}, root)
    driver = arguments.driver or project.region.trained_on[0]
    years = arguments.fit_years
    options = ExternalEnsemble.model_validate({"fit_years": years})
    entry = {
        "ensemble": _path(arguments.file, root),
        "label": " ".join(arguments.label.split()),
        "region": project.region.name,
        "drivers": [driver],
        "splits": list(SPLITS),
        "fit_years": years,
    }
    entry = {key: value for key, value in entry.items() if value not in ("", None)}
    checked(Model, from_entry(arguments.name, entry), MODELS, arguments.name)
    if arguments.write:  # before the files are read, which takes minutes
        adding.checked_texts(root, arguments.name, entry, arguments.experiment)
    entry["splits"] = _checked_splits(arguments, project, driver, options)
    print(f"\n{entry_text(arguments.name, entry)}")
    if arguments.write:
        adding.add(root, arguments.name, entry, arguments.experiment)
        print(f"added to {MODELS} and to {arguments.experiment} in {EXPERIMENTS}: run it with")
        print(f"  snakemake {arguments.experiment}")
    else:
        print(f"add this to {MODELS} and `- {arguments.name}` to the models of an experiment in")
        print(f"{EXPERIMENTS}, or call this again with --write")


def _checked_splits(
    arguments: argparse.Namespace, project: Project, driver: str, options: ExternalEnsemble
) -> list[str]:
    """Return the splits whose days the files hold; one that was asked for has to be there."""
    named = arguments.splits or [n for n in SPLITS if getattr(project.region.splits, n)]
    paths = _paths(arguments, project, driver, named)
    print("\n".join(_content(name) for name in dict.fromkeys(p[0] for p in paths.values())))
    target, coarse = target_and_driver(project.region, driver, Path(project.results_dir))
    splits = []
    for split in paths:
        inputs = SamplingInputs(project.region, target, coarse, driver, split, project.seed)
        try:
            _report(paths[split], project, inputs, options, arguments)
        except UserError as error:
            if arguments.splits or split == named[0]:
                raise
            print(f"{split}: left out: {error}")
            continue
        splits.append(split)
    return splits


def _paths(
    arguments: argparse.Namespace, project: Project, driver: str, named: Sequence[str]
) -> dict[str, list[str]]:
    """Return the files of each split; those that are asked for, or the first, have to be there."""
    place = {"region": project.region.name, "trained_on": driver, "driver": driver}
    return files_by_split(arguments.file, named, arguments.splits or named[:1], **place)


def _report(
    paths: list[str],
    project: Project,
    inputs: SamplingInputs,
    options: ExternalEnsemble,
    arguments: argparse.Namespace,
) -> None:
    """Check the scored days of a split and print what was found."""
    sampling = project.budget.sampling.model_dump_json(exclude={"sampler", "sampler_steps"})
    days, _ = select_days(inputs, sampling)
    samples = external_ensemble.read(
        project.region, paths, options, inputs.target, days["time"].values
    )
    ensemble, lines = entering.checked(samples, inputs, options, arguments.name, arguments.file)
    sizes = ensemble.sizes
    grid = f"{sizes['y']} × {sizes['x']} cells of {project.region.name}"
    print(f"{inputs.split}: {sizes['time']} scored days, {sizes['member']} members, {grid}")
    print(f"trained on: {ensemble.attrs['fit_years']}")
    print("\n".join(lines))


def _content(path: str) -> str:
    """Return axes and variables of a file in one line."""
    opened = open_container(Path(path), None, path)
    axes = ", ".join(f"{size} {name}" for name, size in opened.sizes.items())
    units = (f"{n} [{v.attrs.get('units', 'no units')}]" for n, v in opened.data_vars.items())
    return f"{path}: {axes}; {', '.join(units)}"


def _path(file: str, root: Path) -> str:
    """Return the path from the project's folder, where runs start; absolute outside of it."""
    path = Path(file).expanduser().absolute()
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)


if __name__ == "__main__":
    cli.run(main)
