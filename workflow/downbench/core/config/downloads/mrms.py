"""Provider `mrms`: radar and gauge rain of the United States, from a public bucket."""

from typing import ClassVar, Literal

from pydantic import Field

from downbench.core.config.downloads.download import Download, Estimate, transferring

FILE_GB = 0.0004
"""Size of a packed file of CONUS with one hour, about [GB]; more in wet ones."""

Product = Literal[
    "MultiSensor_QPE_01H_Pass2",
    "MultiSensor_QPE_01H_Pass1",
    "RadarOnly_QPE_01H",
    "MultiSensor_QPE_24H_Pass2",
]


class MrmsDownload(Download):
    """MRMS from hours or days that end at their stamp; days are 00 to 24 UTC."""

    offered = ("pr",)
    cell_degrees: ClassVar[float] = 0.01
    handling = ("most_missing_share",)

    provider: Literal["mrms"] = Field(description="MRMS from the public bucket of NOAA")
    url: str = Field(
        default="https://noaa-mrms-pds.s3.amazonaws.com", description="address of the bucket"
    )
    area: Literal["CONUS", "ALASKA", "HAWAII", "CARIB", "GUAM"] = Field(
        default="CONUS", description="domain"
    )
    product: Product = Field(
        default="MultiSensor_QPE_24H_Pass2",
        description="product; sums of 24 hours need one file a day, sums of one hour 24",
    )
    most_missing_share: float = Field(
        default=0.05,
        ge=0,
        lt=1,
        description="share of the days of a year that may lack a file; more are refused [1]",
    )

    @property
    def hours(self) -> int:
        """Hours that one file sums up."""
        return 24 if "_24H" in self.product else 1

    def estimate(self) -> Estimate:
        """Return what the download takes: a listing and the files of each day."""
        daily = super().estimate()
        files = daily.fields * 24 // self.hours
        alone = Estimate(files + daily.fields, files, daily.gigabytes, files * 0.05)
        return transferring(alone, files * FILE_GB)


DOWNLOAD = MrmsDownload
