"""The archives of ECA&D: a list of stations and one text per station, with quality codes."""

import io
import zipfile
from collections.abc import Mapping, Sequence

HEAD = """EUROPEAN CLIMATE ASSESSMENT & DATASET (ECA&D), file created on: 11-09-2024
THESE DATA CAN BE USED FREELY FOR NON-COMMERCIAL RESEARCH AND EDUCATION

FILE FORMAT (MISSING VALUE CODE IS -9999):

01-06 STAID: Station identifier
08-13 SOUID: Source identifier
15-22 DATE : Date YYYYMMDD
24-28 {element}   : {words} in {unit}
30-34 Q_{element} : Quality code for {element} (0='valid'; 1='suspect'; 9='missing')

STAID, SOUID,    DATE,   {element}, Q_{element}
"""
STATIONS = """EUROPEAN CLIMATE ASSESSMENT & DATASET (ECA&D), file created on: 11-09-2024

01- 05 STAID  : Station identifier
07- 46 STANAME: Station name

STAID,STANAME                                 ,CN,      LAT,       LON,HGHT

"""
Row = tuple[str, int, int]
"""Date (YYYYMMDD), count, quality code."""


def series(element: str, rows: Sequence[Row], unit: str = "0.1 mm") -> str:
    """Return the text of one station."""
    head = HEAD.format(element=element, unit=unit, words="daily value")
    lines = (f"    12,100012,{date},{count:5d},{quality:5d}\n" for date, count, quality in rows)
    return head + "".join(lines)


def listed(number: int, name: str, lat: str, lon: str, altitude: int) -> str:
    """Return a line of stations.txt; angles such as +46:30:00."""
    return f"{number:5d},{name:<40},CH,{lat},{lon},{altitude:4d}\n"


def archive(element: str, stations: str, texts: Mapping[int, str]) -> bytes:
    """Return the archive of one element."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("stations.txt", STATIONS + stations)
        for number, text in texts.items():
            target.writestr(f"{element}_STAID{number:06d}.txt", text)
    return packed.getvalue()
