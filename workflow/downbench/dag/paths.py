"""Paths of the results. Each template stands here once; rules and input functions share it.

`<results>` and `<downloads>` are Snakemake's path variables, words in braces are wildcards.
"""

from collections.abc import Mapping

from downbench.core.constants import DIGEST_ENDING

STORE_CHECKSUMS, BUNDLE_SUMS = "CHECKSUMS", "SHA256SUMS"
"""Files that stand for the content of a Zarr store, and of a bundle."""

REGION = "<results>/{region}"
DOWNLOAD = "<downloads>/{region}/{download}/{part}.nc"
LAB = REGION + "/{trained_on}"

TARGET = REGION + "/target.zarr"
DRIVER = REGION + "/drivers/{driver}.zarr"
TRAINING_DRIVER = REGION + "/drivers/{trained_on}.zarr"
CORRECTION = REGION + "/corrections/{correction}.nc"
STATIONS = REGION + "/stations.nc"
STATIONS_LEFT_OUT = REGION + "/stations-left-out.csv"

TRANSFORMS = LAB + "/transforms.json"
BUNDLE = LAB + "/models/{model}"
BUNDLE_CHECK = LAB + "/verified/{model}.txt"
ENSEMBLE = LAB + "/ensembles/{model}/{driver}/{split}.zarr"
LOG_DENSITY = LAB + "/densities/{model}/{driver}/{split}.nc"
RCM_RUN = REGION + "/rcm/{rcm}-{period}.zarr"
PSEUDO_REALITY_RUN = REGION + "/pseudo-reality/{pseudo_reality}-{period}.zarr"

REDRAWS = REGION + "/redraws/{split}.zarr"

SCORES = LAB + "/scores/{model}/{driver}/{split}.csv"
DAILY_SCORES = LAB + "/scores/{model}/{driver}/{split}-daily.nc"
EXAMPLE_DAYS = LAB + "/scores/{model}/{driver}/{split}-maps.nc"
PHYSICS_TABLE = LAB + "/scores/{model}/{driver}/{split}-physics.csv"
PHYSICS_MAPS = LAB + "/scores/{model}/{driver}/{split}-physics.nc"
COMPARISON = LAB + "/comparison/{experiment}/{driver}/{split}.csv"

CLIMATE_TABLE = LAB + "/climate/{model}/{driver}.csv"
CLIMATE_FIELDS = LAB + "/climate/{model}/{driver}.nc"
CHANGE_TABLE = LAB + "/change/{model}/{run}.csv"
CHANGE_MAPS = LAB + "/change/{model}/{run}.nc"
# Climates of runs that no model here has sampled, in the folder of their kind.
EXTERNAL_TABLE = REGION + "/{kind}/climate/{run}-{period}.csv"
EXTERNAL_FIELDS = REGION + "/{kind}/climate/{run}-{period}.nc"

WARMING = LAB + "/warming/{model}/{before}/{start}/{driver}/{split}.csv"
WARM_YEARS = LAB + "/warm/{experiment}.csv"
BIAS_CONTRIBUTION = LAB + "/bias-contribution/{experiment}.csv"
DRIVER_CHAIN = LAB + "/driver-chain/{experiment}.csv"
STATION_TABLE = LAB + "/stations/{model}/{driver}/{split}.csv"
STATION_VALUES = LAB + "/stations/{model}/{driver}/{split}.nc"
RCM_STATION_TABLE = REGION + "/rcm/stations/{rcm}-{period}.csv"
RCM_STATION_VALUES = REGION + "/rcm/stations/{rcm}-{period}.nc"
SHIFT_TABLE = REGION + "/shift/{trained_on}/{driver}.csv"
SHIFT_DAYS = REGION + "/shift/{trained_on}/{driver}-days.nc"

FIGURE = REGION + "/figures/{experiment}/{trained_on}/{figure}.{ending}"
PAGE = REGION + "/report/{page}.html"
DATA_PAGE = REGION + "/report/data.html"
FRONT_PAGE = REGION + "/report/index.html"
SUMMARY = REGION + "/report/summaries/{experiment}.json"


def sums(*data: str) -> list[str]:
    """Return the small files by which stores, bundles and NetCDF files are tracked.

    Snakemake compares folders and large files by their times, which a copy changes, and small
    files by their content. A rule has the data as `ancient` input and this file beside them.
    """
    return [_sum(path) for path in data]


def _sum(path: str) -> str:
    if path.endswith(".nc"):
        return f"{path}{DIGEST_ENDING}"
    return f"{path}/{STORE_CHECKSUMS if path.endswith('.zarr') else BUNDLE_SUMS}"


class _Values(dict[str, object]):
    """Values of wildcards; one without a value remains a wildcard."""

    def __missing__(self, wildcard: str) -> str:
        return f"{{{wildcard}}}"


def fill(template: str, wildcards: Mapping[str, object] | None = None, **values: object) -> str:
    """Return a template with values for some of its wildcards, or for all of them.

    Parameters
    ----------
    template
        A path with wildcards in braces.
    wildcards
        Values by name, for instance the wildcards of a job.
    values
        Further values, which replace those of `wildcards`.
    """
    return template.format_map(_Values(wildcards or {}, **values))
