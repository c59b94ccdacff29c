"""Provider `eobs`: gridded observations of Europe, in files of about 15 years."""

from pathlib import Path

import xarray as xr

from downbench.core.config.downloads.eobs import EobsDownload
from downbench.sources.download.copernicus.archive_variable import ArchiveVariable
from downbench.sources.download.copernicus.part import Part
from downbench.sources.download.copernicus.requests import Request

DATASET, LICENCE = "insitu-gridded-observations-europe", "non-commercial research and education"
EOBS = {
    "pr": ArchiveVariable("precipitation_amount", "rr", "mm", "sum"),
    "tas": ArchiveVariable("mean_temperature", "tg", "Celsius"),
    "tasmax": ArchiveVariable("maximum_temperature", "tx", "Celsius", "max"),
    "tasmin": ArchiveVariable("minimum_temperature", "tn", "Celsius", "min"),
    "orog": ArchiveVariable("land_surface_elevation", "elevation", "m"),
}
WINDOW = "the day of each national network, often 06-06 UTC for rain"


def fetch(request: EobsDownload, part: str, work: Path) -> xr.Dataset:
    """Return one variable of the years of one file, or the altitude, in the contract's unit.

    Raises
    ------
    UserError
        When the store refuses, or its files are not what was asked for.
    """
    piece = Part.of(EOBS, request, part, work)
    files = piece.files(DATASET, [file_request(piece)])
    attributes = {"dataset_version": request.version, "licence": LICENCE}
    with piece.forgotten_if_refused():
        steps = piece.steps(files)
        values = steps if piece.is_static else piece.daily(steps, 24)
        return piece.finished(values, **attributes, accumulation_window=WINDOW)


def file_request(piece: Part) -> Request:
    """Return the request for one file."""
    period = "full_period" if piece.is_static else piece.part.rpartition("_")[2]
    return {
        "product_type": "elevation" if piece.is_static else "ensemble_mean",
        "variable": [piece.row.name],
        "grid_resolution": piece.request.grid.replace(".", "_"),
        "period": period.replace("-", "_"),
        "version": [piece.request.version.replace(".", "_")],
    }
