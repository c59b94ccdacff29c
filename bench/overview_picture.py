"""Draw the picture of the README: maps of one day above the scorecard of precipitation.

    python bench/overview_picture.py results/synthetic docs/images/overview.png

Run it from the project's root, after `make exp1`. The maps show the wettest test day and the first
member of three ensembles; the scorecard is that of the front page.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path

import matplotlib as mpl
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm
from matplotlib.figure import Figure

from downbench.core.io.netcdf import read_netcdf
from downbench.core.variables import RAIN
from downbench.plots.map_panels import RAIN_LEVELS_MM_DAY, draw_map
from downbench.report.criteria import OF_COMPARISON
from downbench.report.scorecard import Scorecard, scorecards
from downbench.report.summary import ExperimentSummary

EXPERIMENT, DRIVER = "exp1", "perfect"
SHOWN = ("bnn-dropout", "corrdiff", "oracle")
COLOURS = {"good": "#d3e5f7", "fair": "#f2f0ea", "poor": "#fbd9bf", "missing": "white"}
TITLE = (
    "Precipitation: CRPS, patches and block maximum over the best possible, P99 over the "
    "reference's; blue is good, orange poor"
)


def main() -> None:
    """Write the picture."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results", type=Path, help="folder of a region: results/synthetic")
    parser.add_argument("picture", type=Path)
    arguments = parser.parse_args()
    summary = ExperimentSummary.read(arguments.results / "report/summaries" / f"{EXPERIMENT}.json")
    card = next(card for card in scorecards([summary], {}) if card.variable == RAIN)
    figure = Figure((10, 5.4), layout="constrained")
    above, below = figure.subfigures(2, 1, height_ratios=(2.1, 3))
    draw_day(above, arguments.results / DRIVER / "scores", card.labels)
    draw_scorecard(below.subplots(), card)
    figure.savefig(arguments.picture, dpi=130, pil_kwargs={"optimize": True})


def draw_day(figure: Figure, scores: Path, labels: Mapping[str, str]) -> None:
    """Draw the input, the reference, and a member of each model on the wettest day."""
    days = {name: wettest(scores / name / DRIVER / "test-maps.nc") for name in SHOWN}
    first = days[SHOWN[0]]
    panels = {
        "input, 32 km": first[f"{RAIN}_coarse"],
        "reference, 4 km": first[f"{RAIN}_reference"],
    }
    for name, day in days.items():
        panels[f"{labels[name]}, one member"] = day[f"{RAIN}_members"].isel(member=0)
    colours = mpl.colormaps["YlGnBu"].with_extremes(under="white")
    norm = BoundaryNorm(RAIN_LEVELS_MM_DAY, colours.N, extend="max")
    scale = mpl.cm.ScalarMappable(norm, colours)
    grid = figure.subplots(1, len(panels))
    for axes, (title, field) in zip(grid, panels.items(), strict=True):
        draw_map(axes, field, scale)
        axes.set_title(title, fontsize=9)
        axes.set(xticks=[], yticks=[])
    bar = figure.colorbar(scale, ax=grid, pad=0.01, ticks=[0.1, 1, 5, 15, 40, 120])
    bar.ax.set_yticklabels(["0.1", "1", "5", "15", "40", "120"], fontsize=7)
    bar.set_label("precipitation [mm day$^{-1}$]", fontsize=8)


def wettest(path: Path) -> xr.Dataset:
    """Return the maps of the wettest day."""
    maps = read_netcdf(path, rule="evaluate")
    return maps.isel(day=list(maps["kind"].values).index("wettest"))


def draw_scorecard(axes: Axes, card: Scorecard) -> None:
    """Draw models by criteria, coloured by the distance from the ideal."""
    shown = [card.criteria.index(criterion) for criterion in OF_COMPARISON]
    rows = [(label, [cells[place] for place in shown]) for _, label, cells in card.rows]
    table = axes.table(
        cellText=[[cell.text for cell in cells] for _, cells in rows],
        cellColours=[[COLOURS[cell.level] for cell in cells] for _, cells in rows],
        rowLabels=[label for label, _ in rows],
        colLabels=[f"{c.heading} {f'[{c.unit}]' if c.unit else ''}" for c in OF_COMPARISON],
        cellLoc="center",
        bbox=[0, 0, 1, 1],
    )
    table.auto_set_font_size(False)
    table.set_fontsize(8)
    for cell in table.get_celld().values():
        cell.set(edgecolor="white", linewidth=1)
    axes.axis("off")
    axes.set_title(TITLE, fontsize=8.5)


if __name__ == "__main__":
    main()
