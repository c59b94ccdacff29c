"""Summary of an experiment, `summaries/EXPERIMENT.json`: all that the front page shows of it."""

from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from downbench.core.errors import UserError
from downbench.core.io.atomic import replacing


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, ser_json_inf_nan="strings")


class ScoreCell(_Part):
    """One model by one criterion.

    variable, model, criterion : its place; criterion is a key of `report.criteria.CRITERIA`
    text, unit : the number as it is printed, and its unit
    interval : its interval as it is printed
    scores : the scores behind a ratio, in words
    distance : from the ideal, in multiples of what counts as good; None for information
    order : by which the column is sorted, the best first
    ties : models that the paired interval does not separate from this one; None without pairs
    link : page and anchor of the figure or table behind it
    best_score : score of the best model, where the number is the ratio to it
    """

    variable: str
    model: str
    criterion: str
    text: str
    unit: str = ""
    interval: str = ""
    scores: str = ""
    distance: float | None = None
    order: float
    ties: tuple[str, ...] | None = None
    link: str = ""
    best_score: float | None = None


class ClaimSummary(_Part):
    """Verdict on one claim: its label, and one sentence of result."""

    claim: str
    label: str
    sentence: str


class DriverSummary(_Part):
    """Results with one training driver.

    labels : name for readers by model
    competing : models that compete, neither oracle nor suspicious
    ensembles : models with several members
    grain : power of the shortest waves over that of the reference [dB], by variable and model
    late_falls : models whose loss was still falling, with the share of its whole fall [percent]
    """

    name: str
    claims: tuple[ClaimSummary, ...]
    cells: tuple[ScoreCell, ...]
    labels: dict[str, str]
    competing: tuple[str, ...]
    ensembles: tuple[str, ...]
    grain: dict[str, dict[str, float]]
    late_falls: dict[str, float]


class ExperimentSummary(_Part):
    """An experiment with all of its training drivers.

    budget, seed : of the run; None where the summary does not say
    trial : does the budget only try the workflow?
    """

    name: str
    title: str
    hypothesis: str
    drivers: tuple[DriverSummary, ...]
    budget: str | None = None
    seed: int | None = None
    trial: bool = False

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return the summary in a file.

        Raises
        ------
        UserError
            When it is not a summary of this version.
        """
        try:
            return cls.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            raise UserError(
                f"{path}: not a readable summary ({error}): remove it and run `snakemake "
                f"{path.stem}`"
            ) from error

    def write(self, path: Path) -> None:
        """Write the summary."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as partial:
            partial.write_text(self.model_dump_json(indent=1) + "\n", encoding="utf-8")
