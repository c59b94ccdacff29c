"""The fixed-width text files of GHCN-Daily: stations, inventory, and values by month."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from downbench.core.errors import UserError
from downbench.sources.download.stations import Station

FIRST_SLOT, SLOT, DAYS = 21, 8, 31
"""Column of the first day, columns of a day (value 5, three flags), and days of a line."""

MISSING = -9999
PRESUMED_ZERO = "P"
"""Flag of a value that is missing and presumed to be zero."""

PER_UNIT = 10.0


def stations(text: str) -> Iterator[Station]:
    """Return the stations of ghcnd-stations.txt.

    Raises
    ------
    UserError
        When a line does not have the form.
    """
    for line in filter(str.strip, text.splitlines()):
        try:
            lat, lon, altitude = float(line[12:20]), float(line[21:30]), float(line[31:37])
        except ValueError:
            raise UserError(f"ghcnd-stations.txt: no station in {line[:60]!r}") from None
        yield Station(line[:11], line[41:71].strip(), lat, lon, altitude)


def years_of(text: str, elements: Sequence[str]) -> dict[str, dict[str, range]]:
    """Return the years of each station and element, of the elements, in ghcnd-inventory.txt."""
    years: dict[str, dict[str, range]] = {}
    for line in filter(str.strip, text.splitlines()):
        if line[31:35] in elements:
            try:
                span = range(int(line[36:40]), int(line[41:45]) + 1)
            except ValueError:
                raise UserError(f"ghcnd-inventory.txt: no years in {line[:60]!r}") from None
            years.setdefault(line[:11], {})[line[31:35]] = span
    return years


def values(
    text: str, station: str, elements: Mapping[str, str], days: np.ndarray
) -> dict[str, np.ndarray]:
    """Return the values of a `.dly` file.

    Parameters
    ----------
    text
        Content of the file.
    station
        Its identifier.
    elements
        Element by our name.
    days : (day,)
        Complete years, datetime64[D], in order.

    Returns
    -------
    dict
        (day,) by our name, in mm or degrees Celsius. Values that failed a quality check, and
        those that are presumed to be zero, are missing; traces of rain are 0.

    Raises
    ------
    UserError
        When a line does not have the form, is of another station, or comes twice.
    """
    names = {element: name for name, element in elements.items()}
    series = {name: np.full(days.size, np.nan) for name in elements}
    years, months = set(days.astype("M8[Y]").astype(int) + 1970), set()
    for line in filter(str.strip, text.splitlines()):
        label = f"{station}.dly, line of {line[11:21]}"
        if line[:11] != station or not line[11:17].isdigit() or len(line.rstrip()) < FIRST_SLOT:
            raise UserError(f"{label}: {line[:30]!r} is no line of this station: fetch it again")
        if line[17:21] not in names or int(line[11:15]) not in years:
            continue
        if line[11:21] in months:
            raise UserError(f"{label}: the month comes twice: report it, or leave the station out")
        months.add(line[11:21])
        _fill(series[names[line[17:21]]], days, line, label)
    return series


def _fill(series: np.ndarray, days: np.ndarray, line: str, label: str) -> None:
    """Put the days of one line into a series, all of whose years are complete."""
    month = np.datetime64(f"{line[11:15]}-{line[15:17]}", "M")
    count = int(((month + 1).astype("M8[D]") - month.astype("M8[D]")).astype(int))
    padded = line.ljust(FIRST_SLOT + SLOT * DAYS)
    starts = range(FIRST_SLOT, FIRST_SLOT + SLOT * DAYS, SLOT)
    values = np.array([_value(padded[start : start + SLOT], label) for start in starts])
    if np.isfinite(values[count:]).any():
        raise UserError(f"{label}: a value after day {count} of that month: report it")
    first = int(np.searchsorted(days, month.astype("M8[D]")))
    series[first : first + count] = values[:count]


def _value(slot: str, label: str) -> float:
    """Return the value of one day; NaN where it is missing or doubtful."""
    try:
        count = int(slot[:5])
    except ValueError:
        if not slot.strip():
            return np.nan
        raise UserError(f"{label}: {slot!r} is no value with flags: fetch it again") from None
    measured, quality = slot[5], slot[6]
    is_doubtful = quality != " " or measured == PRESUMED_ZERO
    return np.nan if count == MISSING or is_doubtful else count / PER_UNIT
