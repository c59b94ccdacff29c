"""The text files of ECA&D: stations, and values by day with a quality code."""

import io
import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from downbench.core.errors import UserError
from downbench.sources.download.eca_variables import STATED_UNITS
from downbench.sources.download.stations import Station

VALID, MISSING = 0, -9999
PER_UNIT = 10.0
ANGLE = re.compile(r"([+-]?)(\d+):(\d+):(\d+)")


def stations(text: str) -> Iterator[Station]:
    """Return the stations of stations.txt: below a line that begins with STAID.

    Raises
    ------
    UserError
        When there is no such line, or a row does not have the form.
    """
    rows = text[_start(text, "stations.txt") :].splitlines()[1:]
    for row in filter(str.strip, rows):
        identifier, _, rest = row.partition(",")
        try:
            name, _, lat, lon, altitude = rest.rsplit(",", 4)
            place = _degrees(lat), _degrees(lon)
            yield Station(identifier.strip().zfill(6), name.strip(), *place, float(altitude))
        except ValueError:
            raise UserError(f"stations.txt: no station in {row[:60]!r}: report it") from None


def _degrees(angle: str) -> float:
    """Return degrees of an angle such as -03:15:00."""
    match = ANGLE.fullmatch(angle.strip())
    if not match:
        raise ValueError(angle)
    degrees, minutes, seconds = (int(number) for number in match.groups()[1:])
    return (-1 if match[1] == "-" else 1) * (degrees + minutes / 60 + seconds / 3600)


def values(text: str, element: str, units: str, days: np.ndarray, label: str) -> np.ndarray:
    """Return the values of one station, (day,), in `units`.

    Only those with the quality code 0 (valid) are kept, neither suspect (1) nor missing (9) ones.

    Raises
    ------
    UserError
        When the head states no tenths of the unit, columns differ, or a day comes twice.
    """
    start = _start(text, label)
    if not any(stated in text[:start] for stated in STATED_UNITS[units]):
        raise UserError(
            f"{label}: its head states no {STATED_UNITS[units][0]}: the unit changed; report it"
        )
    table = pd.read_csv(io.StringIO(text[start:]), skipinitialspace=True)
    table.columns = [str(column).strip() for column in table.columns]
    columns = ["DATE", element.upper(), f"Q_{element.upper()}"]
    if not set(columns) <= set(table.columns):
        raise UserError(f"{label}: columns are {', '.join(table.columns)}, not {columns}")
    dates = pd.to_datetime(table["DATE"].astype(str), format="%Y%m%d", errors="coerce")
    if dates.isna().any() or dates.duplicated().any():
        raise UserError(f"{label}: a date is no date, or comes twice: fetch it again, report it")
    counts = table[columns[1]].where((table[columns[2]] == VALID) & (table[columns[1]] != MISSING))
    series = pd.Series(counts.to_numpy(float) / PER_UNIT, index=dates)
    return series.reindex(days.astype("M8[ns]")).to_numpy()


def _start(text: str, label: str) -> int:
    """Return the position of the line with the names of columns."""
    match = re.search(r"^[ ]*(STAID|SOUID),", text, re.MULTILINE)
    if not match:
        raise UserError(f"{label}: no line begins with STAID: it is no file of ECA&D; report it")
    return match.start()
