"""Tables of the page of a region's data: checks, statistics, sources."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from downbench.core.calendar.seasons import ALL_YEAR, SEASONS
from downbench.core.consistency.check_result import (
    ATTENTION,
    INFORMATION,
    NOT_COMPARED,
    PASS,
    CheckResult,
)
from downbench.core.constants import PERFECT
from downbench.core.data_summary.region_summary import REGIONAL, RegionSummary
from downbench.core.data_summary.series_summary import TARGET, SeriesSummary
from downbench.core.data_summary.station_summary import STATIONS
from downbench.core.variables import VARIABLES
from downbench.report import data_remarks, provenance_section

UNKNOWN, SAME = "not stated", "as the target"
CLASSES = {PASS: "supported", ATTENTION: "not-supported"}
MARKS = {PASS: "✔", ATTENTION: "✘", INFORMATION: "", NOT_COMPARED: "–"}
SOURCE_ATTRIBUTES = (
    "dataset", "dataset_version", "licence", "citation", "retrieved", "accumulation_window",
)  # fmt: skip


@dataclass(frozen=True)
class Source:
    """Where a series comes from; `not stated` where neither store nor configuration says."""

    name: str
    kind: str
    variables: str
    dataset: str
    licence: str
    citation: str
    day: str
    retrieved: str
    remarks: tuple[str, ...] = ()


def outcomes(checks: Mapping[str, list[CheckResult]]) -> Counter[str]:
    """Return how many checks pass, need attention, and had nothing to compare."""
    return Counter(result.outcome for results in checks.values() for result in results)


def problems(checks: Mapping[str, list[CheckResult]]) -> list[tuple[str, str]]:
    """Return series and text of each problem."""
    return [(name, r.problem) for name, results in checks.items() for r in results if r.problem]


def statistics(data: RegionSummary) -> Iterator[tuple[str, str, list[list[str]]]]:
    """Yield each variable with its unit and its rows: series, season, and numbers as text."""
    series = [*data.series, *([data.block_means] if data.block_means else ())]
    series += [data.stations.common, data.stations.target] if data.stations else []
    for name in VARIABLES:
        rows = [
            [one.name, season, *_numbers(one, name, months)]
            for one in series
            if name in one.variables
            for season, months in ({"all": ALL_YEAR} | SEASONS).items()
            if np.isfinite(one.variables[name].domain_mean(months))
        ]
        if rows:
            yield VARIABLES[name].title, VARIABLES[name].unit_symbol, rows


def _numbers(series: SeriesSummary, name: str, months: tuple[int, ...]) -> list[str]:
    summary = series.variables[name]
    is_rain = VARIABLES[name].is_intermittent
    values = [
        summary.domain_mean(months),
        summary.wet_share(months) if is_rain else np.nan,
        summary.intensity(months) if is_rain else np.nan,
        summary.p99(months),
    ]
    missing = f"{summary.missing_share:.2%}" if months == ALL_YEAR else ""
    return [*(f"{value:.4g}" if np.isfinite(value) else "–" for value in values), missing]


def sources(
    data: RegionSummary, region: Mapping[str, Any], datasets: Mapping[str, Mapping[str, str]]
) -> list[Source]:
    """Return the source of each series.

    Parameters
    ----------
    data
        Series with the attributes of their stores.
    region
        Section of the region.
    datasets
        Rows of `config/datasets.csv` by name.
    """
    stations = [data.stations.measured] if data.stations else []
    return [_source(series, region, datasets) for series in (*data.series, *stations)]


def _source(
    series: SeriesSummary, region: Mapping[str, Any], datasets: Mapping[str, Mapping[str, str]]
) -> Source:
    variables = ", ".join(series.variables)
    if series.kind == PERFECT:
        return Source(series.name, PERFECT, variables, "block means of the target", *[SAME] * 4)
    section = _section(series, region)
    stated = {key: _attribute(series, key) for key in SOURCE_ATTRIBUTES}
    names = re.split("[,;] ", "; ".join(stated["dataset"])) if stated["dataset"] else []
    names = names or _named(section, region)
    rows = [datasets.get(name, {}) for name in dict.fromkeys(names)]
    dataset = ", ".join(dict.fromkeys(names)) or _origin(section, region)
    version = ", ".join(stated["dataset_version"]) or _listed(rows, "version")
    window = ", ".join(stated["accumulation_window"]) or _listed(rows, "day")
    unknown = UNKNOWN if names else "see the dataset"
    driven_by = series.attributes.get("", {}).get("driver", UNKNOWN)
    return Source(
        series.name,
        f"{series.kind}, driven by {driven_by}" if series.kind == REGIONAL else series.kind,
        variables,
        f"{dataset} {version}".strip(),
        _listed(rows, "licence", stated) or unknown,
        _listed(rows, "citation", stated) or UNKNOWN,
        f"{window or UNKNOWN}; calendar {series.calendar}",
        ", ".join(stated["retrieved"]) or UNKNOWN,
        tuple(data_remarks.remarks(series.attributes, section, region)),
    )


def _section(series: SeriesSummary, region: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the section of a region that says where a series comes from."""
    if series.kind == TARGET:
        return region.get("target") or {}
    if series.kind == REGIONAL:
        name, _, period = series.name.rpartition("-")
        return {"variables": (region.get("rcms") or {}).get(name, {}).get(period) or {}}
    if series.kind == STATIONS:
        stations = region.get("stations") or {}
        return stations.get("file") or {"source": "synthetic"} | (stations.get("synthetic") or {})
    return region.get("drivers", {}).get(series.name) or {}


def _listed(
    rows: Iterable[Mapping[str, str]], key: str, stated: Mapping[str, Iterable[str]] | None = None
) -> str:
    """Return what a series states and the rows of its datasets say, each text once."""
    texts = [*(stated or {}).get(key, ()), *(row.get(key, "") for row in rows)]
    return "; ".join(dict.fromkeys(filter(None, texts)))


def _named(section: Mapping[str, Any], region: Mapping[str, Any]) -> list[str]:
    """Return the datasets that a section names, itself or by downloads of its variables."""
    if section.get("dataset"):
        return [str(section["dataset"])]
    downloads, variables = region.get("downloads") or {}, section.get("variables") or {}
    names = [(variable or {}).get("download") for variable in variables.values()]
    names.append(section.get("download"))
    return list(dict.fromkeys(str(downloads[n]["dataset"]) for n in names if n in downloads))


def _attribute(series: SeriesSummary, key: str) -> list[str]:
    """Return all values of an attribute in a store and its variables, each once."""
    values = (str(attrs[key]) for attrs in series.attributes.values() if attrs.get(key))
    return list(dict.fromkeys(values))


def _origin(section: Mapping[str, Any], region: Mapping[str, Any]) -> str:
    """Return in words where a series without a named dataset comes from."""
    files = provenance_section.data({"target": section, "origins": region.get("origins")})
    return "; ".join(f"{name}: {origin}" for name, origin in files)
