"""Tables of stations on the page of a region's data: those that are used, those left out."""

from collections.abc import Iterator

import numpy as np

from downbench.core.data_summary.station_summary import StationSummary
from downbench.core.variables import VARIABLES

PLACES = ("Station", "Lat [°]", "Lon [°]", "Altitude [m]", "Above cell [m]", "Cell [km]",
          "In target")  # fmt: skip
SPAN = ("from", "to", "days", "longest gap [days]")


def header(stations: StationSummary) -> list[str]:
    """Return the words above the columns of `rows`."""
    words = list(PLACES)
    for name in stations.spans:
        variable = VARIABLES[name]
        words += [f"{variable.short_name}: {word}" for word in SPAN]
        words.append(f"{variable.short_name}: minus target [{variable.unit_symbol}]")
    return words


def rows(stations: StationSummary) -> Iterator[list[str]]:
    """Yield the cells of each station: place, days with values, difference from the target."""
    for position, place in enumerate(stations.places.itertuples()):
        cells = [
            str(place.name),
            f"{place.lat:.2f}",
            f"{place.lon:.2f}",
            f"{place.altitude:.0f}",
            f"{place.rise:+.0f}",
            f"{place.nearest_km:.1f}",
            "yes" if place.fed_product else "no",
        ]
        for name, span in stations.spans.items():
            columns = (span.first, span.last, span.days, span.longest_gap)
            cells += [str(column[position]) or "–" for column in columns]
            cells.append(_difference(stations, name, position))
        yield cells


def _difference(stations: StationSummary, name: str, position: int) -> str:
    if name not in stations.common.variables:
        return "–"
    value = stations.difference(name)[position]
    return f"{value:+.2f}" if np.isfinite(value) else "–"


def left_out(stations: StationSummary) -> list[list[str]]:
    """Return name, place and reason of each station that is not used."""
    return [
        [str(row.name), f"{row.lat:.2f}", f"{row.lon:.2f}", f"{row.altitude:.0f}", str(row.reason)]
        for row in stations.left_out.itertuples()
    ]
