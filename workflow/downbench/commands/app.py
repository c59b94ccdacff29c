"""The command `downbench`: it calls the workflow and its steps, and prints the call."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from downbench.commands import workflow_calls
from downbench.core import cli
from downbench.core.errors import UserError

app = typer.Typer(
    help="Compare ways of downscaling daily precipitation and temperature. Run it in the folder "
    "of the project.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _completion(names: Callable[[], list[str]]) -> Callable[[], list[str]]:
    """Return names for the completion of a word; none outside of the project's folder."""

    def complete() -> list[str]:
        try:
            return names()
        except UserError:
            return []

    return complete


Region = Annotated[
    str | None,
    typer.Option(
        help="Name in config/regions.", autocompletion=_completion(workflow_calls.regions)
    ),
]
Budget = Annotated[
    str | None,
    typer.Option(
        help="Compute budget in config/default.yaml: tiny, demo, standard, large.",
        autocompletion=_completion(workflow_calls.budgets),
    ),
]
Config = Annotated[
    list[str] | None, typer.Option("--config", "-C", help="Further KEY=VALUE for Snakemake.")
]
Targets = Annotated[
    list[str],
    typer.Argument(
        metavar="EXPERIMENT",
        help="exp1, exp2, exp3, all, figures, scores, … or a file of the results.",
        autocompletion=_completion(workflow_calls.targets),
    ),
]


@app.command(context_settings={"ignore_unknown_options": True})
def run(
    targets: Targets,
    region: Region = None,
    budget: Budget = None,
    config: Config = None,
    cores: Annotated[int | None, typer.Option(help="Cores of this machine.")] = None,
    profile: Annotated[
        str, typer.Option(help="Profile: `slurm` is a cluster.")
    ] = "profiles/local",
    dry_run: Annotated[bool, typer.Option("--dry-run", "-n", help="Print the jobs only.")] = False,
) -> None:
    """Run experiments up to their pages; further options go to Snakemake."""
    options = ["--cores", str(cores)] if cores else []
    options += ["--dry-run"] if dry_run else []
    settings = workflow_calls.settings(region, budget, config or [])
    call = workflow_calls.call(targets, profile, [*options, *settings])
    workflow_calls.run(call)


@app.command()
def plan(
    targets: Targets,
    region: Region = None,
    budget: Budget = None,
    config: Config = None,
) -> None:
    """Predict what is left to run: jobs, minutes on this machine, memory and disk."""
    from downbench.commands import plan as plans

    workflow_calls.require(targets)
    for line in plans.lines(targets, workflow_calls.values(region, budget, config or [])):
        typer.echo(line)


@app.command()
def evaluate(
    ensemble: Annotated[Path, typer.Argument(help="NetCDF file or Zarr store.")],
    reference: Annotated[Path, typer.Argument(help="The same variables, without members.")],
    scores: Annotated[Path, typer.Option(help="CSV to write.")] = Path("scores.csv"),
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the CSV.")] = False,
) -> None:
    """Score an ensemble against a reference; print the headline scores."""
    from downbench.steps import evaluate as step

    if scores.exists() and not overwrite:
        raise UserError(
            f"{scores} exists: name another file with --scores, or replace it with --overwrite"
        )
    step.main(
        ["--ensemble", str(ensemble), "--reference", str(reference), "--scores", str(scores)]
    )


@app.command(
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def add(context: typer.Context) -> None:
    """Check an ensemble made elsewhere, and enter it beside the models (add --help)."""
    from downbench.steps import add_ensemble

    add_ensemble.main(context.args)


@app.command(
    "validate-submission",
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def validate_submission(context: typer.Context) -> None:
    """Check an ensemble made elsewhere; print every breach (validate-submission --help)."""
    from downbench.steps import validate_submission as step

    step.main(context.args)


@app.command("new-region")
def new_region(
    name: Annotated[str, typer.Argument(help="Name of the region: config/regions/NAME.yaml.")],
    bounds: Annotated[
        tuple[float, float, float, float],
        typer.Option(metavar="SOUTH NORTH WEST EAST", help="Box on the map, in degrees."),
    ],
    target: Annotated[str, typer.Option(help="Fine dataset: eobs, cerra, prism.")] = "eobs",
    driver: Annotated[str, typer.Option(help="Reanalysis: era5, era5-hourly.")] = "era5",
    gcm: Annotated[
        str | None, typer.Option(help="Climate model of config/cmip6.csv: mpi-esm1-2-hr, …")
    ] = None,
    scenario: Annotated[str, typer.Option(help="Its future run.")] = "ssp585",
    years: Annotated[
        list[str] | None, typer.Option(help="Years to train and test; 1985-2010 by default.")
    ] = None,
    warm: Annotated[
        list[str] | None, typer.Option(help="Warm years, held out, such as 2015-2023.")
    ] = None,
    factor: Annotated[int, typer.Option(min=2, help="Fine cells per side of a coarse one.")] = 8,
) -> None:
    """Write the file of a region that downloads make, and print what they take."""
    from downbench.commands.new_region import summary, writing
    from downbench.commands.new_region.years import split

    choices = writing.Choices(name, bounds, target, driver, gcm, scenario, factor)
    path, project = writing.write(choices, split(years or ["1985-2010"], warm or []))
    for line in summary.lines(project):
        typer.echo(line)
    typer.echo(f"{path} is written: edit it, then `snakemake prepare --config region={name}`")


@app.command(
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def fetch(context: typer.Context) -> None:
    """Fetch the public data of a region, such as iberia, and convert them (fetch --help)."""
    from downbench.steps import fetch_originals

    fetch_originals.main(context.args)


@app.command("open")
def open_page(
    region: Region = None,
    page: Annotated[str, typer.Option(help="Name of a page, such as exp2.")] = "index",
    results: Annotated[str | None, typer.Option(help="Folder of the results.")] = None,
) -> None:
    """Open the front page of a region, or print its address where there is no desktop."""
    from downbench.commands import pages

    address = pages.address(workflow_calls.defaults(), region, page, results)
    typer.echo(address)
    pages.show(address)


def main() -> None:
    """Run the command; a mistake of the user is one message, no traceback."""
    cli.run(app)
