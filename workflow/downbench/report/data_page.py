"""The page of a region's data: checks of all its series, figures, stations, sources."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from downbench.core.data_summary.region_summary import RegionSummary
from downbench.report import data_overview, data_station_tables, data_tables, provenance_section
from downbench.report.page import environment
from downbench.report.pictures import PageFigure
from downbench.report.private_paths import folders_of, without_paths, without_paths_in


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
        All series with their checks.
    figures
        In reading order; those that could not be drawn say why.
    region
        Section of the region.
    datasets
        Rows of `config/datasets.csv` by name.
    """
    folders = tuple(folders_of(region))
    checks = {
        name: [without_paths_in(result, *folders) for result in results]
        for name, results in data.checks.items()
    }
    context = {
        "region": {"title": "", "resolution_km": None} | dict(region),
        "facts": list(_facts(data)),
        "checks": checks,
        "overview": list(data_overview.rows(data, checks)),
        "overview_header": data_overview.HEADER,
        "outcomes": data_tables.outcomes(checks),
        "problems": data_tables.problems(checks),
        "classes": data_tables.CLASSES,
        "marks": data_tables.MARKS,
        "figures": [
            replace(figure, omission=without_paths(figure.omission, *folders))
            for figure in figures
        ],
        "statistics": list(data_tables.statistics(data)),
        "stations": data.stations,
        "station_header": data_station_tables.header(data.stations) if data.stations else [],
        "station_rows": list(data_station_tables.rows(data.stations)) if data.stations else [],
        "left_out": data_station_tables.left_out(data.stations) if data.stations else [],
        "sources": [
            without_paths_in(source, *folders)
            for source in data_tables.sources(data, region, datasets)
        ],
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
    if data.regional_models:
        yield "Regional models", ", ".join(data.regional_models)
    if data.stations is not None:
        yield "Stations", str(len(data.stations.places))
