"""Evidence on climate models: look-ups in the table of the driver chain of one training driver."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from downbench.core.stages import RAW
from downbench.core.variables import long_name
from downbench.scores.climate.driver_chain import (
    BIAS_CONTRIBUTION,
    DISTANCE,
    INTERPOLATED,
    PRESENT,
    RESIDUAL_BIAS,
)
from downbench.scores.verdicts.decisions import Estimate


@dataclass(frozen=True)
class ClimateEstimate(Estimate):
    """A number with its interval from a bootstrap over years."""

    def words(self, form: str = "#.3g") -> str:
        """Return the number and its interval for a reader."""
        ends = self.value, self.lower, self.upper
        value, lower, upper = (f"{end:{form}}".replace("-", "−") for end in ends)
        if self.lower == self.value == self.upper:
            return value
        if not np.isfinite([self.lower, self.upper]).all():
            return f"{value} (interval unknown: too few years)"
        return f"{value} ({lower} to {upper})"


@dataclass(frozen=True)
class ClimateEvidence:
    """Table of the driver chain of one training driver, and the experiment."""

    table: pd.DataFrame
    experiment: Mapping[str, Any]

    @property
    def models(self) -> list[str]:
        """Trained models: neither interpolation nor the reference model."""
        untrained = {INTERPOLATED, self.experiment["reference_model"]}
        return [name for name in self.experiment["transferred"] if name not in untrained]

    @property
    def variables(self) -> list[str]:
        """Variables that were downscaled; predictors and stations have rows of their own."""
        scored = self.table[self.table["part"].isin(("climate", "change", "warm"))]
        return [str(name) for name in pd.unique(scored["variable"].dropna())]

    @property
    def runs(self) -> list[str]:
        """Climate models whose raw run was downscaled."""
        raw = self.table[(self.table["stage"] == RAW) & (self.table["part"] == "climate")]
        return [str(name) for name in pd.unique(raw["run"])]

    def tolerance(self, name: str) -> float:
        """Return a tolerance as a fraction [1]."""
        return float(self.experiment["tolerances"][name]) / 100

    def label(self, model: str) -> str:
        """Return the name of a model for readers."""
        return self.experiment.get("labels", {}).get(model, model)

    def rows(self, **values: Any) -> pd.DataFrame:
        """Return all-season rows with these values of columns."""
        mask = self.table["season"] == "all"
        for column, value in values.items():
            mask &= self.table[column] == value
        return self.table[mask]

    def estimate(self, **values: Any) -> ClimateEstimate | None:
        """Return the one number with these values of columns; None if it is absent or NaN."""
        rows = self.rows(**values)
        if not len(rows) or not np.isfinite(rows.iloc[0]["value"]):
            return None
        return ClimateEstimate(
            *(float(rows.iloc[0][name]) for name in ("value", "lower", "upper"))
        )

    def distance(self, model: str, variable: str, stage: str, run: str) -> ClimateEstimate | None:
        """Return the distance of a model's present climate from the reference."""
        position = {"stage": stage, "period": PRESENT, "part": "climate", "run": run}
        return self.estimate(model=model, variable=variable, metric=DISTANCE, **position)

    def bias(self, model: str, variable: str, run: str, metric: str) -> ClimateEstimate | None:
        """Return a difference of distances, from `bias_contribution`."""
        values = {"part": BIAS_CONTRIBUTION, "period": PRESENT, "run": run, "variable": variable}
        if metric == RESIDUAL_BIAS:
            values["threshold"] = self.experiment["tolerances"]["bias_removed_percent"]
        return self.estimate(model=model, metric=metric, **values)

    def cases(self) -> Iterator[tuple[str, str, str]]:
        """Yield run, model and variable of every case that a claim is judged for."""
        for run in self.runs:
            for model in self.models:
                for variable in self.variables:
                    yield run, model, variable

    def heading(self, model: str, variable: str) -> str:
        """Return model and variable for readers."""
        return f"{self.label(model)}, {long_name(variable)}"
