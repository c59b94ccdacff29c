"""Provider `eca`: all stations of a box, from one archive per variable."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import xarray as xr

from downbench.core.config.downloads.eca import EcaDownload
from downbench.sources.download import eca_text, zip_members
from downbench.sources.download.daily_grids import days_of
from downbench.sources.download.eca_variables import VOCABULARY, WINDOW
from downbench.sources.download.http import fetch_file
from downbench.sources.download.retries import PAUSES
from downbench.sources.download.stations import Station, gathered, in_box

LARGEST_ARCHIVE, LARGEST_TEXT = 8 << 30, 64 << 20


def fetch(
    request: EcaDownload, part: str, work: Path, pauses: Sequence[float] = PAUSES
) -> xr.Dataset:
    """Return the stations of the box: variables on (time, station).

    Raises
    ------
    UserError
        When no station fits, or a file does not have the form of the archive.
    """
    days = days_of(sorted(request.years))
    units = {name: VOCABULARY[name][1] for name in request.variables}
    attributes = {
        "dataset_version": f"blended series as of {datetime.now(UTC):%Y-%m-%d}",
        "licence": "non-commercial research and education",
        "accumulation_window": WINDOW,
    }
    with ExitStack() as stack:
        files = {name: _archive(request, name, work, pauses) for name in request.variables}
        archives = {n: stack.enter_context(zip_members.opened(f)) for n, f in files.items()}
        stations = in_box(_common(archives), request)
        series = partial(_series, archives, days)
        return gathered(request, stations, series, days, units).assign_attrs(attributes)


def _archive(request: EcaDownload, name: str, work: Path, pauses: Sequence[float]) -> Path:
    file = f"ECA_blend_{VOCABULARY[name][0]}.zip"
    url, path = f"{request.url}/{file}", work / file
    return fetch_file(url, path, kind="zip", largest=LARGEST_ARCHIVE, pauses=pauses)


def _common(archives: Mapping[str, ZipFile]) -> Iterator[Station]:
    """Return the stations that all archives have."""
    lists = [
        zip_members.text(archive, "stations.txt", LARGEST_TEXT) for archive in archives.values()
    ]
    first, *others = (list(eca_text.stations(text)) for text in lists)
    shared = set.intersection(*({s.id for s in stations} for stations in [first, *others]))
    yield from (station for station in first if station.id in shared)


def _series(
    archives: Mapping[str, ZipFile], days: np.ndarray, station: Station
) -> dict[str, np.ndarray]:
    """Return (day,) of each variable of a station."""
    series = {}
    for name, archive in archives.items():
        element, units = VOCABULARY[name]
        member = f"{element.upper()}_STAID{station.id}.txt"
        text = zip_members.text(archive, member, LARGEST_TEXT)
        series[name] = eca_text.values(text, element, units, days, member)
    return series
