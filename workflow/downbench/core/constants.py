"""Constants that several rooms share: the Earth, the day, types of drivers, names of splits."""

EARTH_RADIUS_M = 6_371_000.0
EARTH_RADIUS_KM = EARTH_RADIUS_M / 1000
SECONDS_PER_DAY = 86400.0
PERFECT, REANALYSIS, GCM = "perfect", "reanalysis", "gcm"
DRIVER_TYPES = (PERFECT, REANALYSIS, GCM)
SPLITS = ("train", "validation", "test", "warm")
CLIMATE = "climate"
"""Split of an ensemble that is scored by its climate: whole months of a run or of test years."""

ORIGIN_ATTRIBUTES = ("dataset", "dataset_version", "licence", "retrieved", "accumulation_window")
"""What a file of a download says of itself; its variables keep it in every store."""

PROVIDER_CODE = "provider_code"
"""Attribute with the fingerprint of the code that fetched a file."""

MARKS = (
    "preliminary_from", "release", "release_date", "missing_days", "stations_left_out",
    PROVIDER_CODE,
)  # fmt: skip
"""What a file of a download may say further; its variables keep it, too."""

DESCRIPTIONS = frozenset({"dataset_version", "licence", "retrieved", *MARKS})
"""Attributes that change no value: a series that differs in them alone is the same."""

DIGEST_ENDING = ".digest"
"""Ending of the small file by which a NetCDF file is tracked."""

LOG_DENSITY = "log_density_"
"""Before the name of a variable: the log density of its reference."""
