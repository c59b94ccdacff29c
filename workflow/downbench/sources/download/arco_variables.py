"""Names of our variables in the analysis-ready ERA5 store, and the daily statistic of each.

ERA5 gives instantaneous values at each hour, and rain as the sum of the hour before its stamp [m].
"""

from dataclasses import dataclass
from typing import Literal

Statistic = Literal["sum", "mean", "max", "min"]


@dataclass(frozen=True)
class HourlyVariable:
    """One variable of the store.

    name : its name there
    units : its unit there
    statistic : what a daily value is of the hours
    is_accumulated : does a value belong to the hour before its stamp?
    """

    name: str
    units: str
    statistic: Statistic
    is_accumulated: bool = False

    @property
    def window(self) -> str:
        """The hours that a daily value belongs to, in words."""
        if self.is_accumulated:
            return "00-24 UTC: hourly sums stamped 01 to 24 UTC"
        return f"00-24 UTC: {self.statistic} of the 24 hourly values at 00 to 23 UTC"


VOCABULARY = {
    "pr": HourlyVariable("total_precipitation", "m", "sum", is_accumulated=True),
    "tasmax": HourlyVariable("2m_temperature", "K", "max"),
    "tas": HourlyVariable("2m_temperature", "K", "mean"),
    "tasmin": HourlyVariable("2m_temperature", "K", "min"),
    "uas": HourlyVariable("10m_u_component_of_wind", "m s**-1", "mean"),
    "vas": HourlyVariable("10m_v_component_of_wind", "m s**-1", "mean"),
    "psl": HourlyVariable("mean_sea_level_pressure", "Pa", "mean"),
    "prw": HourlyVariable("total_column_water_vapour", "kg m**-2", "mean"),
    "hus850": HourlyVariable("specific_humidity", "kg kg**-1", "mean"),
    "ta850": HourlyVariable("temperature", "K", "mean"),
    "zg500": HourlyVariable("geopotential", "m**2 s**-2", "mean"),
}
