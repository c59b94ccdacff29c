"""The files of GHCN-Daily in its fixed-width form."""

from collections.abc import Mapping

import numpy as np

from servers.server import Server

ABSENT = "-9999   "
DAYS = 31


def month(station: str, year: int, number: int, element: str, slots: Mapping[int, str]) -> str:
    """Return a line: values with flags by day, such as `"  123  S"`, -9999 on other days."""
    head = f"{station}{year:04d}{number:02d}{element}"
    return head + "".join(slots.get(day, ABSENT) for day in range(1, DAYS + 1)) + "\n"


def year(station: str, year: int, element: str, counts: np.ndarray) -> str:
    """Return a year of values in tenths, one for each day."""
    dates = np.arange(f"{year}-01-01", f"{year + 1}-01-01", dtype="M8[D]")
    lines = []
    for number in range(1, 13):
        inside = dates.astype("M8[M]").astype(int) % 12 + 1 == number
        slots = {d: f"{c:5d}  S" for d, c in enumerate(counts[inside], start=1)}
        lines.append(month(station, year, number, element, slots))
    return "".join(lines)


def listed(station: str, lat: float, lon: float, altitude: float, name: str) -> str:
    """Return a line of ghcnd-stations.txt."""
    return f"{station} {lat:8.4f} {lon:9.4f} {altitude:6.1f}    {name:<30}              \n"


def inventory(station: str, element: str, first: int, last: int) -> str:
    """Return a line of ghcnd-inventory.txt."""
    return f"{station} {0:8.4f} {0:9.4f} {element} {first} {last}\n"


class GhcndServer(Server):
    """Station files by identifier, with their lists."""

    def __init__(self, stations: str, inventories: str, files: Mapping[str, str]) -> None:
        texts = {"/ghcnd-stations.txt": stations, "/ghcnd-inventory.txt": inventories}
        texts |= {f"/all/{station}.dly": text for station, text in files.items()}
        super().__init__({path: text.encode() for path, text in texts.items()})
