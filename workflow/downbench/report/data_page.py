"""The page of a region's data: checks of target and drivers, figures, sources."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from downbench.core.data_summary.region_summary import RegionSummary
from downbench.report import data_tables, provenance_section
from downbench.report.page import environment
from downbench.report.pictures import PageFigure


def render(
    data: RegionSummary,
    figures: Sequence[PageFigure],
    region: Mapping[str, Any],
    datasets: Mapping[str, Mapping[str, str]],
) -> str:
    """Return the page as HTML text.

    Parameters
    ----------
    data
        Target and drivers with their checks.
    figures
        In reading order; those that could not be drawn say why.
    region
        Section of the region.
    datasets
        Rows of `config/datasets.csv` by name.
    """
    context = {
        "region": {"title": "", "resolution_km": None} | dict(region),
        "facts": list(_facts(data)),
        "checks": data.checks,
        "outcomes": data_tables.outcomes(data.checks),
        "problems": data_tables.problems(data.checks),
        "classes": data_tables.CLASSES,
        "marks": data_tables.MARKS,
        "figures": figures,
        "statistics": list(data_tables.statistics(data)),
        "sources": data_tables.sources(data, region, datasets),
        "origin": provenance_section.origin({}),
        "commands": provenance_section.commands({"name": "prepare"}, region, {}),
    }
    return environment(region).get_template("data_page.html.j2").render(context)


def _facts(data: RegionSummary) -> Iterator[tuple[str, str]]:
    """Yield what the head of the page says of the data."""
    if data.target is not None:
        rows, columns = data.target.grid["lat"].shape
        yield "Target", f"{', '.join(data.target.variables)} on {rows} × {columns} cells"
        yield "Times", f"{len(data.target.year)}, {' to '.join(data.target.span)}"
        yield "Calendar", data.target.calendar
    yield "Drivers", ", ".join(data.drivers) or "none"
