"""Violation rates by which the claims about physics are judged.

There are three rates, from the most literal reading of the claim to the weakest. A rate at which
the reference itself violates as often as the claims state is no evidence about models, so the
first rate that the reference keeps low is used.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from downbench.core.variables import RAIN
from downbench.scores.verdicts.decisions import Estimate

FLOORS = {
    "_reference": "reference",
    "_input": "coarse input",
    "_bilinear": "bilinear interpolation",
}
"""Words for the suffixes of the noise floors of a rate."""
REFERENCE = FLOORS["_reference"]


@dataclass(frozen=True)
class ViolationRate:
    """Definition of a violation rate: its metric, and the words after `in 12 % of`."""

    metric: str
    words: str


RATES = (
    ViolationRate(
        "rain_without_moisture_cells",
        "wet coarse cells more rain falls than evaporation and flux convergence supply",
    ),
    ViolationRate(
        "rain_beyond_budget_cells",
        "wet coarse cells more rain falls than the complete moisture budget supplies, storage "
        "included",
    ),
    ViolationRate(
        "mass_violation_rate", "coarse cells the block mean of rain differs from the driver's"
    ),
)
MASS_RATE = RATES[-1]
"""The rate that also counts a deficit of rain: a model that dries out satisfies the others."""


@dataclass(frozen=True)
class RateEstimate(Estimate):
    """A violation rate with its interval [percent]."""

    @property
    def words(self) -> str:
        """The rate and its interval for a reader."""
        if self.value == self.lower == self.upper == 0:
            return "0 %"
        return f"{self.value:.1f} % ({self.span('.1f')})"


@dataclass(frozen=True)
class PhysicsEvidence:
    """Comparison table of one training driver, and the claims about it.

    experiment : section of the experiment: `claims`, `constrained_models`, `labels`
    laws : section `evaluation.physics`: the tolerances
    """

    comparison: pd.DataFrame
    experiment: Mapping[str, Any]
    laws: Mapping[str, Any]

    @property
    def claims(self) -> Mapping[str, Any]:
        """Models and numbers of the claims."""
        return self.experiment["claims"]

    @property
    def models(self) -> list[str]:
        """Models of the experiment that the comparison holds."""
        present = set(self.comparison["model"])
        return [name for name in self.experiment["models"] if name in present]

    @property
    def pairs(self) -> list[Mapping[str, str]]:
        """Constrained models in the comparison, with their unconstrained version."""
        pairs = self.experiment.get("constrained_models", ())
        return [
            pair for pair in pairs if {pair["model"], pair["unconstrained"]} <= set(self.models)
        ]

    @property
    def guided(self) -> dict[str, str]:
        """Models of the claims that are constrained through their loss → unconstrained version."""
        models = self.claims["models"]
        return {
            pair["model"]: pair["unconstrained"]
            for pair in self.pairs
            if pair["unconstrained"] in models and pair["method"] == "loss"
        }

    def label(self, model: str) -> str:
        """Return the name of a model for readers."""
        return self.experiment.get("labels", {}).get(model, model)

    def rate(
        self, model: str, rate: ViolationRate, floor: str = "", percent: float | None = None
    ) -> RateEstimate | None:
        """Return a violation rate; by default at the tolerance of the headline [percent]."""
        percent = self.laws["headline_percent"] if percent is None else percent
        table = self.comparison
        rows = table[
            (table["model"] == model)
            & (table["variable"] == RAIN)
            & (table["metric"] == f"{rate.metric}{floor}")
            & np.isclose(table["threshold"].astype(float), percent)
        ]
        if not len(rows) or not np.isfinite(rows.iloc[0]["value"]):
            return None
        columns = ("value", "lower", "upper")
        return RateEstimate(*(100 * float(rows.iloc[0][name]) for name in columns))

    def floors(self, rate: ViolationRate) -> dict[str, RateEstimate]:
        """Return the rates of reference, coarse input and bilinear interpolation."""
        floors: dict[str, RateEstimate] = {}
        for suffix, words in FLOORS.items():
            estimates = (self.rate(model, rate, suffix) for model in self.models)
            floor = next((estimate for estimate in estimates if estimate is not None), None)
            if floor is not None:
                floors[words] = floor
        return floors


def choose(evidence: PhysicsEvidence) -> tuple[ViolationRate | None, list[str]]:
    """Return the first rate that the reference keeps below the limit of claim 2 for models.

    Returns
    -------
    (rate, sentences)
        None where no rate is applicable; the values of the rates before it, and why they are
        not used.
    """
    sentences = []
    for rate in RATES:
        floors = evidence.floors(rate)
        if REFERENCE not in floors:
            continue
        if floors[REFERENCE].value < evidence.claims["guided_percent"]:
            return rate, sentences
        estimates = {name: evidence.rate(name, rate) for name in evidence.claims["models"]}
        models = [
            f"; {evidence.label(name)}: {estimate.words}"
            for name, estimate in estimates.items()
            if estimate is not None
        ]
        sentences.append(
            f"Not judged by the rate at which in {rate.words}: the reference itself violates it "
            f"in {floors[REFERENCE].words}{''.join(models)}."
        )
    return None, sentences
