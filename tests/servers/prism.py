"""The web service of PRISM: BIL grids in ZIP archives, each twice a day, and release dates."""

import io
import zipfile
from collections import Counter
from collections.abc import Mapping

import numpy as np

from servers.server import Request, Response, Server

TWICE = (
    b"You have tried to download the file prism_ppt_us_25m_20110101.zip more than twice in one "
    b"day. Note that repeated offenses may result in your IP address being blocked."
)
CELL = 1 / 24
NORTH, WEST = 49.9166666666664, -125.0
HEADER = """BYTEORDER      I
LAYOUT         BIL
NROWS          {rows}
NCOLS          {columns}
NBANDS         1
NBITS          32
PIXELTYPE      FLOAT
ULXMAP         {west}
ULYMAP         {north}
XDIM           0.0416666666667
YDIM           0.0416666666667
NODATA         -9999
"""


def archive(element: str, stamp: str, values: np.ndarray, **members: bytes) -> bytes:
    """Return the ZIP archive of one grid, (row, column) from north to south.

    `members` replace or add what ends like their name, with `_` for `.`, or take it away (b"").
    """
    stem = f"prism_{element}_us_25m_{stamp}"
    valid = values[values != -9999]
    header = HEADER.format(rows=len(values), columns=values.shape[1], north=NORTH, west=WEST)
    contents: dict[str, bytes] = {
        "bil": values.astype("<f4").tobytes(),
        "hdr": header.encode(),
        "stx": f"1 {valid.min():.10f} {valid.max():.10f} {valid.mean()} {valid.std()}".encode(),
        "info.txt": b"PRISM_DATASET_FILENAME: x\nPRISM_DATASET_VERSION: D2\n",
    } | {name.replace("_", "."): content for name, content in members.items()}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for ending, content in contents.items():
            if content:
                target.writestr(f"{stem}.{ending}", content)
    return packed.getvalue()


class PrismServer(Server):
    """Archives by element and date (YYYYMMDD); releases by date, 8 where none is given."""

    def __init__(
        self, archives: Mapping[tuple[str, str], bytes], releases: Mapping[str, int] | None = None
    ) -> None:
        super().__init__()
        self.archives, self.releases = dict(archives), dict(releases or {})
        self.served: Counter[str] = Counter()

    def respond(self, request: Request) -> Response:
        """Return a grid, a message after the second time, or release dates."""
        words = request.path.strip("/").split("/")
        if words[:3] == ["releaseDate", "us", "4km"]:
            return self._dates(*words[3:])
        key = words[-2], words[-1]
        if words[:2] != ["us", "4km"] or key not in self.archives:
            return Response(b"no such grid", 404)
        if request.query != {"format": "bil"}:
            return Response(b"unknown format", 400)
        self.served[request.path] += request.method == "GET"
        if self.served[request.path] > 2:
            return Response(TWICE, headers={"Content-Type": "text/plain"})
        return Response(self.archives[key], headers={"Content-Type": "application/zip"})

    def _dates(self, element: str, first: str, last: str) -> Response:
        days = np.arange(_iso(first), np.datetime64(_iso(last)) + 1, dtype="M8[D]")
        lines = (
            f"{day} 2019-10-21 {element} {self.releases.get(str(day), 8)} {self.url}/{element}\n"
            for day in days
        )
        return Response("".join(lines).encode())


def _iso(stamp: str) -> str:
    return f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:]}"
