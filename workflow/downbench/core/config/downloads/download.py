"""What every download answers: its parts, and what it costs.

A provider is a file `core/config/downloads/<provider>.py` with `DOWNLOAD`, a subclass of
`Download`, and a module `sources/download/<provider>.py` with `fetch`.
"""

from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace
from datetime import date
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, field_validator

from downbench.core.config.downloads.bounds import Bounds
from downbench.core.config.region.splits import spelled_out
from downbench.core.config.section import Section
from downbench.core.variables import VARIABLES

DownloadName = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
STATIC = ("orog", "land")
"""Variables without a time: one part, named like the variable."""
STATIC_YEAR = 2000
"""In requests of static parts, which no further year fetches again."""
BYTES_PER_VALUE = 4
BYTES_PER_MINUTE = 600e6
"""Assumed speed of a transfer, for estimates: 10 MB/s."""


@dataclass(frozen=True)
class Estimate:
    """What a download takes.

    requests : requests to the server
    fields : maps that the server reads, of one variable at one time
    gigabytes : size of the files on disk [GB]
    minutes : time, one request after the other [min]
    transferred_gigabytes : bytes that arrive before they are cut to the box [GB]
    """

    requests: int = 0
    fields: int = 0
    gigabytes: float = 0.0
    minutes: float = 0.0
    transferred_gigabytes: float = 0.0

    def __add__(self, other: "Estimate") -> "Estimate":
        return Estimate(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


class Download(Section):
    """One entry of `downloads:` of a region; a provider derives from it and may add keys."""

    offered: ClassVar[tuple[str, ...]] = ()
    """Variables of the provider; empty where its own class checks them."""
    resources: ClassVar[dict[str, int]] = {"downloads": 1}
    """What a part takes of the limits that a profile sets."""
    cell_degrees: ClassVar[float] = 0.25
    """Spacing of the provider's grid, for the size [degrees]."""
    minutes_per_request: ClassVar[float] = 1.0
    """Time of a request with its queue, for the estimate [min]."""
    handling: ClassVar[tuple[str, ...]] = ()
    """Keys that change no value, only how it is fetched: another setting fetches nothing again."""
    latency_days: ClassVar[int | None] = 1
    """Days until the archive may have a day that is over; None for models, which run ahead."""

    provider: str = Field(description="the server: a module of sources/download/ (`-` for `_`)")
    dataset: str = Field(description="row of config/datasets.csv")
    variables: tuple[str, ...] = Field(
        min_length=1, description="variables by their names in core/variables.py"
    )
    years: tuple[int, ...] = Field(
        min_length=1,
        description="years of the files; '1981-2010' is a range",
        json_schema_extra={"items": {"type": ["integer", "string"]}},
    )
    bounds: Bounds = Field(description="box that is fetched")

    @field_validator("variables")
    @classmethod
    def _in_the_table(cls, variables: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [name for name in variables if name not in VARIABLES]
        if unknown:
            raise ValueError(
                f"no row {', '.join(unknown)} in the table of variables: use some of "
                f"{', '.join(VARIABLES)}"
            )
        absent = [name for name in variables if cls.offered and name not in cls.offered]
        if absent:
            raise ValueError(
                f"the provider has no {', '.join(absent)}: use some of {', '.join(cls.offered)}"
            )
        return _each_once(variables)

    @field_validator("years", mode="before")
    @classmethod
    def _ranges(cls, years: Any) -> Any:
        listed = isinstance(years, (list, tuple))
        return _each_once(spelled_out(years)) if listed else years

    @field_validator("years")
    @classmethod
    def _in_order(cls, years: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(sorted(years))

    @property
    def module(self) -> str:
        """Module with `fetch(request, part, work)`."""
        return f"downbench.sources.download.{self.provider.replace('-', '_')}"

    @property
    def window(self) -> str | None:
        """Hours of a daily value, where a key decides them; None = as config/datasets.csv says."""
        return None

    def parts(self) -> tuple[str, ...]:
        """Return the names of all files, without their ending."""
        return tuple(dict.fromkeys(p for name in self.variables for p in self.parts_of(name)))

    def parts_of(self, variable: str) -> tuple[str, ...]:
        """Return the parts that hold a variable, in the order of time."""
        if variable in STATIC:
            return (variable,)
        return tuple(f"{variable}_{year}" for year in self.years)

    def variables_of(self, part: str) -> tuple[str, ...]:
        """Return the variables of a part."""
        return tuple(name for name in self.variables if part in self.parts_of(name))

    def years_of(self, part: str) -> tuple[int, ...]:
        """Return the years of a part: the one that its name ends in, else all."""
        named = tuple(year for year in self.years if part.endswith(f"_{year}"))
        return named or self.years

    def of_part(self, part: str) -> Self:
        """Return what the values of one part depend on: further years fetch no part again."""
        years = (STATIC_YEAR,) if part in STATIC else self.years_of(part)
        update = {"variables": self.variables_of(part), "years": years}
        return self.model_copy(update=update).without_handling()

    def without_handling(self) -> Self:
        """Return the request with the default of each key of `handling`."""
        fields = type(self).model_fields
        return self.model_copy(update={key: fields[key].default for key in self.handling})

    def has_gaps(self, variable: str) -> bool:
        """Return whether the archive may have missing values inside the box."""
        return True

    def estimate(self) -> Estimate:
        """Return what the download takes, by the size of the box and the provider's constants.

        Here the server cuts the box; where it does not, `transferring` adds the rest.
        """
        days = sum(days_of_year(year) for year in self.years)
        fields = sum(1 if name in STATIC else days for name in self.variables)
        cells = self.bounds.height * self.bounds.width / self.cell_degrees**2
        requests, size = len(self.parts()), fields * cells * BYTES_PER_VALUE / 1e9
        minutes = requests * self.minutes_per_request
        return transferring(Estimate(requests, fields, size, minutes), size)


def transferring(estimate: Estimate, gigabytes: float) -> Estimate:
    """Return an estimate with the bytes that arrive [GB], and their time added."""
    minutes = estimate.minutes + gigabytes * 1e9 / BYTES_PER_MINUTE
    return replace(estimate, minutes=minutes, transferred_gigabytes=gigabytes)


def days_of_year(year: int) -> int:
    """Return the days of a year of the standard calendar."""
    return (date(year + 1, 1, 1) - date(year, 1, 1)).days


def _each_once(values: Iterable[Any]) -> tuple[Any, ...]:
    listed = tuple(values)
    repeated = {str(value) for value in listed if listed.count(value) > 1}
    if repeated:
        raise ValueError(f"{', '.join(sorted(repeated))} stands twice: keep it once")
    return listed
