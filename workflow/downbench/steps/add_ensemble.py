"""Check an ensemble that was made elsewhere against a region, and show or write its entry."""

import argparse
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import xarray as xr

import downbench
from downbench.core import cli
from downbench.core.config.loading import EXPERIMENTS, MODELS, Project, load
from downbench.core.config.model.external_ensemble import ExternalEnsemble, files
from downbench.core.config.yaml_entries import entry_text, with_entry, with_model
from downbench.core.errors import UserError
from downbench.core.io import stores
from downbench.core.io.atomic import replacing
from downbench.labs.external_ensemble import checked
from downbench.labs.sampled_days import SamplingInputs, select_days
from downbench.sources.files import external_ensemble
from downbench.sources.files.containers import open_container

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
    years = "years that its model was trained on, such as 1981-2003; none if nothing follows"
    parser.add_argument("--fit-years", nargs="*", metavar="YEARS", help=years)
    parser.add_argument("--budget", help="compute budget, which chooses the scored days")
    parser.add_argument("--experiment", default="exp1", help="experiment that lists it")
    parser.add_argument("--write", action="store_true", help="add the entry to config/")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Check the file, print what it holds and its entry; with `--write`, add the entry."""
    arguments = parse(argv)
    root = _root()
    choices = {"region": arguments.region, "budget": arguments.budget}
    project = load({key: value for key, value in choices.items() if value}, root)
    driver = arguments.driver or project.region.trained_on[0]
    years = None if arguments.fit_years is None else _years(arguments.fit_years)
    options = ExternalEnsemble.model_validate({"fit_years": years})
    splits = _checked_splits(arguments, project, driver, options)
    entry = {
        "ensemble": _path(arguments.file, root),
        "label": arguments.label,
        "region": project.region.name,
        "drivers": [driver],
        "splits": splits,
        "fit_years": years,
    }
    entry = {key: value for key, value in entry.items() if value not in ("", None)}
    print(f"\n{entry_text(arguments.name, entry)}")
    if arguments.write:
        _write(root, arguments.name, entry, arguments.experiment)
        print(f"added to {MODELS} and to {arguments.experiment} in {EXPERIMENTS}: run it with")
        print(f"  snakemake {arguments.experiment}")
    else:
        print(f"add this to {MODELS} and `- {arguments.name}` to the models of an experiment in")
        print(f"{EXPERIMENTS}, or call this again with --write")


def _checked_splits(
    arguments: argparse.Namespace, project: Project, driver: str, options: ExternalEnsemble
) -> list[str]:
    """Return the splits whose days the files hold; one that was asked for has to be there."""
    paths = files(arguments.file)
    if not paths:
        raise UserError(f"{arguments.file}: no such file")
    print(_content(paths[0]))
    target, coarse = _series(project, driver)
    named = arguments.splits or [n for n in SPLITS if getattr(project.region.splits, n)]
    splits = []
    for split in named:
        inputs = SamplingInputs(project.region, target, coarse, driver, split, project.seed)
        try:
            _report(paths, project, inputs, options, arguments)
        except UserError as error:
            if arguments.splits or split == named[0]:
                raise
            print(f"{split}: left out: {error}")
            continue
        splits.append(split)
    return splits


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
    ensemble, lines = checked(samples, inputs, options, arguments.name, arguments.file)
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


def _series(project: Project, driver: str) -> tuple[xr.Dataset, xr.Dataset]:
    """Return target and driver: the stores of a run, or else made in memory."""
    region = project.region
    folder = Path(project.results_dir) / region.name
    target = folder / "target.zarr"
    coarse = folder / "drivers" / f"{driver}.zarr"
    if target.exists() and coarse.exists():
        return stores.read(target, "target"), stores.read(coarse, "driver")
    print(f"{target} and {driver} are made in memory, as no run has made them yet")
    fine = (
        import_module(region.target.module)
        .target(region)
        .assign_attrs(year_start_month=region.year_start_month, factor=region.factor)
    )
    return fine, import_module(region.module_of_driver(driver)).driver(region, driver, fine)


def _write(root: Path, name: str, entry: dict, experiment: str) -> None:
    """Add the entry and the model of an experiment; both files are checked before."""
    models, experiments = ((root / file).read_text() for file in (MODELS, EXPERIMENTS))
    texts = {
        MODELS: with_entry(models, name, entry, MODELS),
        EXPERIMENTS: with_model(experiments, experiment, name, EXPERIMENTS),
    }
    for file, text in texts.items():
        with replacing(root / file) as partial:
            partial.write_text(text, encoding="utf-8")
    load({"region": entry["region"]}, root)


def _years(words: Sequence[str]) -> list[int | str]:
    return [int(word) if word.isdigit() else word for word in words]


def _path(file: str, root: Path) -> str:
    """Return the path from the project's folder, where runs start; absolute outside of it."""
    path = Path(file).expanduser().absolute()
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)


def _root() -> Path:
    """Return the project of the working directory, or that of the package."""
    here = Path.cwd()
    return here if (here / MODELS).is_file() else Path(downbench.__path__[0]).parents[1]


if __name__ == "__main__":
    cli.run(main)
