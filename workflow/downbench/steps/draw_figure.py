"""Draw one figure of an experiment as PNG and PDF."""

import argparse
import importlib
import json
from collections.abc import Sequence

import matplotlib
from matplotlib.figure import Figure

from downbench.core import cli, figure_modules
from downbench.core.config.messages import unknown
from downbench.core.errors import UserError
from downbench.core.io.atomic import replacing
from downbench.core.io.evidence import read_manifest
from downbench.plots import style
from downbench.plots.empty_figures import KEYWORD, NothingToDraw, placeholder
from downbench.plots.inputs import FigureInputs


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("draw_figure", __doc__)
    parser.add_argument("--figure", required=True, metavar="NAME", help="name of the figure")
    cli.add_sections(
        parser,
        experiment="section of the experiment",
        region="section of the region",
        inputs="{kind: {key: path}} of the files to draw from, or a file that holds it",
    )
    cli.add_paths(parser, png="PNG to write", pdf="PDF to write")
    return parser.parse_args(argv)


def draw(name: str, inputs: FigureInputs) -> Figure:
    """Draw a figure.

    Parameters
    ----------
    name
        Name of the figure, as experiments list it.
    inputs
        The experiment and its evidence.

    Raises
    ------
    UserError
        When there is no such figure, or its evidence is missing.
    """
    if name not in figure_modules.known():
        raise UserError(unknown("figure", name, figure_modules.known()))
    figure = figure_modules.describe(name)
    module = importlib.import_module(f"downbench.plots.figures.{figure.module}")
    return module.draw(inputs, **figure.arguments)


def figure_or_omission(name: str, inputs: FigureInputs) -> tuple[Figure, dict[str, str] | None]:
    """Return a figure, or a sentence with the metadata by which the page leaves it out."""
    try:
        return draw(name, inputs), None
    except NothingToDraw as reason:
        print(f"figure {name}: nothing to draw: {reason}")
        return placeholder(str(reason)), {KEYWORD: str(reason)}


def main(argv: Sequence[str] | None = None) -> None:
    """Read tables and maps, draw the figure, write both files."""
    arguments = parse(argv)
    matplotlib.use("agg")
    inputs = FigureInputs(
        json.loads(arguments.experiment),
        json.loads(arguments.region),
        read_manifest(arguments.inputs),
    )
    with style.settings():
        figure, metadata = figure_or_omission(arguments.figure, inputs)
        for path, kind in ((arguments.png, "png"), (arguments.pdf, "pdf")):
            entries = {"CreationDate": None} if kind == "pdf" else metadata
            with replacing(path) as partial:
                figure.savefig(partial, format=kind, metadata=entries)


if __name__ == "__main__":
    cli.run(main)
