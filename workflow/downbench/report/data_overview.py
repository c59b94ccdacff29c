"""One row for each series on the page of a region's data: what was read, how its checks end."""

from collections.abc import Iterator, Mapping

from downbench.core.consistency.check_result import ATTENTION, PASS, CheckResult
from downbench.core.data_summary.region_summary import RegionSummary
from downbench.core.data_summary.series_summary import SeriesSummary
from downbench.core.data_summary.station_summary import STATIONS

HEADER = ("Series", "✔", "✘", "Type", "Variables", "From", "To", "Times", "Gaps", "Calendar",
          "Missing")  # fmt: skip
UNREAD = ("not read", *["–"] * 7)


def rows(data: RegionSummary, checks: Mapping[str, list[CheckResult]]) -> Iterator[list[str]]:
    """Yield the cells of each series in the order of its checks."""
    series = {summary.name: summary for summary in data.series}
    if data.stations is not None:
        series[STATIONS] = data.stations.measured
    for name, results in checks.items():
        counts = [
            sum(result.outcome == outcome for result in results) for outcome in (PASS, ATTENTION)
        ]
        cells = _cells(series[name]) if name in series else UNREAD
        yield [name, *map(str, counts), *cells]


def _cells(series: SeriesSummary) -> list[str]:
    missing = max((v.missing_share for v in series.variables.values()), default=0.0)
    return [
        series.kind,
        ", ".join(series.variables),
        *series.span,
        str(len(series.year)),
        str(series.gaps) if series.is_daily else "–",
        series.calendar,
        f"{missing:.2%}",
    ]
