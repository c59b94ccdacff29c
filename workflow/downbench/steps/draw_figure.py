"""Draw one figure of an experiment as PNG and PDF."""

import argparse
import importlib
import json
from collections.abc import Sequence
from pathlib import Path

import matplotlib
import xarray as xr
from matplotlib.figure import Figure

from downbench.core import figure_modules
from downbench.core.cli import named_paths, run
from downbench.core.config.messages import unknown
from downbench.core.errors import UserError
from downbench.core.io.atomic import replacing
from downbench.plots import style
from downbench.plots.inputs import COLUMNS, FigureInputs, read_table


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """Arguments of this step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--figure", required=True, metavar="NAME")
    parser.add_argument("--experiment", required=True, type=json.loads, metavar="JSON")
    parser.add_argument("--region", required=True, type=json.loads, metavar="JSON")
    parser.add_argument("--comparison", required=True, type=Path)
    parser.add_argument("--scores", required=True, nargs="+", metavar="MODEL=PATH")
    parser.add_argument("--maps", default=[], nargs="*", metavar="MODEL=PATH")
    parser.add_argument("--physics", default=[], nargs="*", metavar="MODEL=PATH")
    parser.add_argument("--transfer", type=Path, help="gathered table about climate models")
    parser.add_argument("--stations", default=[], nargs="*", metavar="PAIR/MODEL=PATH")
    parser.add_argument("--fields", default=[], nargs="*", metavar="PART/MODEL/DRIVER=PATH")
    parser.add_argument("--png", required=True, type=Path)
    parser.add_argument("--pdf", required=True, type=Path)
    return parser.parse_args(argv)


def inputs_of(arguments: argparse.Namespace) -> FigureInputs:
    """Read what the figure is drawn from; maps stay on disk until they are used."""
    scores = named_paths(arguments.scores, "--scores")
    maps = named_paths(arguments.maps, "--maps")
    physics = named_paths(arguments.physics, "--physics")
    stations = named_paths(arguments.stations, "--stations")
    fields = named_paths(arguments.fields, "--fields")
    return FigureInputs(
        experiment=arguments.experiment,
        region=arguments.region,
        comparison=read_table(arguments.comparison, COLUMNS | {"model"}),
        scores={model: read_table(path) for model, path in scores},
        maps={model: xr.open_dataset(path) for model, path in maps},
        physics={model: xr.open_dataset(path) for model, path in physics},
        transfer=read_table(arguments.transfer) if arguments.transfer else None,
        stations={key: xr.open_dataset(path) for key, path in stations},
        fields={name: xr.open_dataset(path) for name, path in fields},
    )


def draw(name: str, inputs: FigureInputs) -> Figure:
    """Draw the figure whose module has this name, hyphens for underscores.

    Raises
    ------
    UserError
        When plots/ has no such module.
    """
    if name not in figure_modules.known():
        raise UserError(unknown("figure", name, figure_modules.known()))
    figure = figure_modules.describe(name)
    module = importlib.import_module(f"downbench.plots.figures.{figure.module}")
    return module.draw(inputs, **figure.arguments)


def main(argv: Sequence[str] | None = None) -> None:
    """Read tables and maps, draw, write both files."""
    arguments = parse(argv)
    matplotlib.use("agg")
    with style.settings():
        figure = draw(arguments.figure, inputs_of(arguments))
        for path, kind in ((arguments.png, "png"), (arguments.pdf, "pdf")):
            metadata = {"CreationDate": None} if kind == "pdf" else None
            with replacing(path) as beside:
                figure.savefig(beside, format=kind, metadata=metadata)


if __name__ == "__main__":
    run(main)
