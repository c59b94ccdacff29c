"""Our names of ERA5's variables.

Accumulations belong to the hour that ends at their stamp. Daily extremes are those of the hourly
2 m temperature, as in the store's daily statistics.
"""

from downbench.sources.download.copernicus.archive_variable import ArchiveVariable

ERA5 = {
    "pr": ArchiveVariable("total_precipitation", "tp", "m", "sum", accumulated=True),
    "tas": ArchiveVariable("2m_temperature", "t2m", "K"),
    "tasmax": ArchiveVariable("2m_temperature", "t2m", "K", "max"),
    "tasmin": ArchiveVariable("2m_temperature", "t2m", "K", "min"),
    "uas": ArchiveVariable("10m_u_component_of_wind", "u10", "m s**-1"),
    "vas": ArchiveVariable("10m_v_component_of_wind", "v10", "m s**-1"),
    "psl": ArchiveVariable("mean_sea_level_pressure", "msl", "Pa"),
    "prw": ArchiveVariable("total_column_water_vapour", "tcwv", "kg m**-2"),
    "hus850": ArchiveVariable("specific_humidity", "q", "kg kg**-1", level_hpa=850),
    "ta850": ArchiveVariable("temperature", "t", "K", level_hpa=850),
    "zg500": ArchiveVariable("geopotential", "z", "m**2 s**-2", level_hpa=500),
    "orog": ArchiveVariable("geopotential", "z", "m**2 s**-2"),
    "land": ArchiveVariable("land_sea_mask", "lsm", "(0 - 1)"),
}
