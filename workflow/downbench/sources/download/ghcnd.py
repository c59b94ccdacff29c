"""Provider `ghcnd`: all stations of a box, one text file each."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np
import xarray as xr

from downbench.core.config.downloads.ghcnd import GhcndDownload
from downbench.sources.download import ghcnd_text
from downbench.sources.download.daily_grids import days_of
from downbench.sources.download.ghcnd_variables import VOCABULARY, WINDOW
from downbench.sources.download.http import fetch_file, fetch_text
from downbench.sources.download.progress import silent
from downbench.sources.download.retries import PAUSES
from downbench.sources.download.stations import Station, gathered, in_box

LARGEST_STATION = 64 << 20
LARGEST_LIST = 256 << 20


def fetch(
    request: GhcndDownload, part: str, work: Path, pauses: Sequence[float] = PAUSES
) -> xr.Dataset:
    """Return the stations of the box: variables on (time, station).

    Raises
    ------
    UserError
        When no station fits, or a file does not have the form of the archive.
    """
    days = days_of(sorted(request.years))
    stations = in_box(_candidates(request, pauses), request)
    units = {name: VOCABULARY[name][1] for name in request.variables}
    series = partial(_series, request, days, work, pauses)
    attributes = {
        "dataset_version": f"as of {datetime.now(UTC):%Y-%m-%d}",
        "licence": "open, NOAA",
        "accumulation_window": WINDOW,
    }
    return gathered(request, stations, series, days, units).assign_attrs(attributes)


def _candidates(request: GhcndDownload, pauses: Sequence[float]) -> Iterator[Station]:
    """Return stations with the elements in enough of the years, by the inventory."""
    elements = [VOCABULARY[name][0] for name in request.variables]
    names = ("ghcnd-stations.txt", "ghcnd-inventory.txt")
    lists, inventory = (
        fetch_text(f"{request.url}/{name}", largest=LARGEST_LIST, pauses=pauses) for name in names
    )
    years = ghcnd_text.years_of(inventory, elements)
    least = request.least_valid_share * len(request.years)
    for station in ghcnd_text.stations(lists):
        spans = years.get(station.id, {})
        shared = [sum(year in spans.get(e, ()) for year in request.years) for e in elements]
        if min(shared) >= max(least, 1):
            yield station


def _series(
    request: GhcndDownload, days: np.ndarray, work: Path, pauses: Sequence[float], station: Station
) -> dict[str, np.ndarray]:
    """Return (day,) of each variable of a station."""
    elements = {name: VOCABULARY[name][0] for name in request.variables}
    file = fetch_file(
        f"{request.url}/all/{station.id}.dly", work / f"{station.id}.dly", kind="text",
        largest=LARGEST_STATION, pauses=pauses, progress=silent(),
    )  # fmt: skip
    return ghcnd_text.values(file.read_text("latin-1"), station.id, elements, days)
