"""Colours and dashes of the series in figures of a region's data."""

from collections.abc import Iterator

from downbench.core.data_summary.region_summary import RegionSummary
from downbench.core.data_summary.series_summary import SeriesSummary
from downbench.plots import style

COLOURS = (style.VERMILLION, style.BLUE, style.GREEN, style.PURPLE, style.ORANGE, style.SKY)
DASHES = ("-", "--", ":", "-.")
TARGETS = {"linewidth": 2.0}


def looks(data: RegionSummary) -> Iterator[tuple[SeriesSummary, dict[str, object]]]:
    """Yield each series with keywords of its line: target, block means, and what has errors."""
    if data.target is not None:
        yield data.target, {"color": style.BLACK} | TARGETS
    if data.block_means is not None:
        yield data.block_means, {"color": style.LIGHT_GREY} | TARGETS
    for number, series in enumerate(data.imperfect):
        yield series, line_of(number)


def line_of(number: int) -> dict[str, str]:
    """Return keywords of the line with a number: colours first, then dashes."""
    dash = DASHES[number // len(COLOURS) % len(DASHES)]
    return {"color": COLOURS[number % len(COLOURS)], "linestyle": dash}
