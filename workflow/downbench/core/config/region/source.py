"""What the configuration of a data source answers about itself: the target's and a driver's."""

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import ConfigDict, Field, field_validator

from downbench.core.config.section import Section
from downbench.core.constants import PERFECT

SOURCES = Path(__file__).parents[3] / "sources"
DriverType = Literal["perfect", "reanalysis", "gcm"]


def module_of(source: str) -> str:
    """Return the module of a kind: `sources/<kind>/source.py` or `sources/<kind>.py`."""
    module = f"downbench.sources.{source}"
    return f"{module}.source" if (SOURCES / source).is_dir() else module


class DataSource(Section):
    """What every source answers, whether of the target or of a driver."""

    def files(self) -> list[str]:
        """Return the paths that are read, relative to `data_dir`; none for generated data."""
        return []

    @property
    def dataset_name(self) -> str | None:
        """The row of config/datasets.csv that the files belong to, if any."""
        return None


class TargetSource(DataSource):
    """Where the target comes from; the `TARGET` of a kind of source derives from this class."""

    known_distribution: ClassVar[bool] = False
    """Whether p(fine day | coarse day) is known exactly, so that there is an oracle."""
    invented: ClassVar[bool] = False
    """Whether the area does not exist: its stations are synthetic, regional models lack it."""

    source: str = Field(description="kind of source: a module or folder of sources/")

    @property
    def module(self) -> str:
        """Module with `target(region)` and `driver(region, name, target)`."""
        return module_of(self.source)

    @property
    def known_cell_density(self) -> bool:
        """Whether the oracle has the density of single cells, too."""
        return False

    @property
    def daily(self) -> bool:
        """Whether a value stands for a day."""
        return True

    def shape(self) -> tuple[int, int] | None:
        """Return rows and columns of the fine grid, if the configuration determines them."""
        return None

    def problem_of_factor(self, factor: int) -> str | None:
        """Return why the target cannot be refined by `factor`, if it cannot."""
        return None

    def provides(self) -> frozenset[str] | None:
        """Return what the target and its block means offer; None if only the data show it."""
        return None

    def time_steps(self) -> float | None:
        """Return the length of the target, if the configuration determines it."""
        return None

    def years(self) -> tuple[int, int] | None:
        """Return the first and the last year, if the configuration determines them."""
        return None

    def moisture_budget(self) -> bool:
        """Return whether the perfect driver carries a moisture budget."""
        return False


class Driver(DataSource):
    """A coarse input series; the `DRIVER` of a kind of source derives from this class.

    Without `source` the series is derived: block means of the target, or a bias correction.
    """

    type: DriverType = Field(
        description="what it allows: perfect = block means of the target; reanalysis = the same "
        "days, with error; gcm = a free-running climate model, so distributional scores only"
    )
    predictors: tuple[str, ...] = Field(
        min_length=1, description="its variables that models see, by their CMIP names"
    )
    source: str | None = Field(
        default=None,
        description="kind of source: a module or folder of sources/; null for the perfect driver "
        "and for bias-corrected ones, which are derived from other series",
    )
    corrected_from: str | None = Field(
        default=None, description="another driver, of which this is the bias-corrected series"
    )
    correction: str | None = Field(
        default=None, description="the entry of `corrections` that corrects it"
    )

    @field_validator("predictors")
    @classmethod
    def _each_once(cls, predictors: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(predictors)) < len(predictors):
            raise ValueError("a predictor is listed twice: list each once")
        return predictors

    def module(self, target: TargetSource) -> str:
        """Return the module that makes the series: that of the target for a perfect driver."""
        return target.module if self.source is None else module_of(self.source)

    @property
    def knows_unbiased_run(self) -> bool:
        """Whether the same weather can be generated without biases: a pseudo-reality run."""
        return False

    def provides(self, target: TargetSource) -> frozenset[str] | None:
        """Return what the series offers; None if only the data show it."""
        return target.provides() if self.type == PERFECT else None

    def years(self) -> tuple[int, int] | None:
        """Return the first and the last year, if the configuration determines them."""
        return None

    def moisture_budget(self, target: TargetSource) -> bool:
        """Return whether the series carries a moisture budget."""
        return self.type == PERFECT and target.moisture_budget()

    def problems(self, name: str, target: TargetSource) -> Iterable[str]:
        """Return what keeps the source from making the series, each with its fix."""
        return ()


class OtherTarget(TargetSource):
    """Target of a kind without a section of its own: further keys are free and not checked."""

    model_config = ConfigDict(extra="allow")


class OtherDriver(Driver):
    """Driver of a kind without a section of its own: further keys are free and not checked."""

    model_config = ConfigDict(extra="allow")
