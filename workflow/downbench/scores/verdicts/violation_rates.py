"""By which violation rate the claims about physics can be judged.

Three rates, from the claim's own words to the weakest. One that the truth itself breaks as often
as the claims speak of tells nothing about models, so the first that the truth keeps is taken.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from downbench.core.variables import RAIN

FLOORS = {"_truth": "truth", "_input": "coarse input", "_bilinear": "bilinear interpolation"}
"""Words for the suffixes that the floors of a rate have."""


@dataclass(frozen=True)
class Measure:
    """A violation rate: its metric, and the words after `in 12 % of`."""

    metric: str
    words: str


MEASURES = (
    Measure(
        "rain_without_moisture_cells",
        "wet coarse cells more rain falls than evaporation and flux convergence bring",
    ),
    Measure(
        "rain_beyond_budget_cells",
        "wet coarse cells more rain falls than the whole moisture budget holds, storage included",
    ),
    Measure("mass_violation_rate", "coarse cells the block mean of rain is not the driver's"),
)
BOTH_WAYS = MEASURES[-1]
"""The one that counts too little rain as well: the others are kept by a model that dries out."""


@dataclass(frozen=True)
class Rate:
    """A violation rate with its interval [percent]."""

    value: float
    lower: float
    upper: float

    @property
    def words(self) -> str:
        """The rate and its interval for a reader."""
        if self.value == self.lower == self.upper == 0:
            return "0 %"
        if not np.isfinite([self.lower, self.upper]).all():
            return f"{self.value:.1f} % (interval unknown: too few blocks of days)"
        return f"{self.value:.1f} % ({self.lower:.1f} to {self.upper:.1f})"


@dataclass(frozen=True)
class Case:
    """One trained_on's comparison, and what is claimed of it.

    experiment : section of the experiment: `claims`, `constrained_models`, `labels`
    laws : section `evaluation.physics`: the tolerances
    """

    comparison: pd.DataFrame
    experiment: Mapping[str, Any]
    laws: Mapping[str, Any]

    @property
    def claims(self) -> Mapping[str, Any]:
        """What is claimed, in numbers."""
        return self.experiment["claims"]

    @property
    def models(self) -> list[str]:
        """Models of the experiment that the comparison holds."""
        present = set(self.comparison["model"])
        return [name for name in self.experiment["models"] if name in present]

    @property
    def pairs(self) -> list[Mapping[str, str]]:
        """Constrained models in the comparison, each with its unconstrained version."""
        pairs = self.experiment.get("constrained_models", ())
        return [
            pair for pair in pairs if {pair["model"], pair["unconstrained"]} <= set(self.models)
        ]

    @property
    def guided(self) -> list[Mapping[str, str]]:
        """Models of the claims that are constrained through their loss."""
        models = self.claims["models"]
        return [
            pair
            for pair in self.pairs
            if pair["unconstrained"] in models and pair["method"] == "loss"
        ]

    def label(self, model: str) -> str:
        """The name of a model for readers."""
        return self.experiment.get("labels", {}).get(model, model)

    def rate(
        self, model: str, measure: Measure, floor: str = "", percent: float | None = None
    ) -> Rate | None:
        """A violation rate, at the headline's tolerance if none is given [percent]."""
        percent = self.laws["headline_percent"] if percent is None else percent
        table = self.comparison
        rows = table[
            (table["model"] == model)
            & (table["variable"] == RAIN)
            & (table["metric"] == f"{measure.metric}{floor}")
            & np.isclose(table["threshold"].astype(float), percent)
        ]
        if not len(rows) or not np.isfinite(rows.iloc[0]["value"]):
            return None
        return Rate(*(100 * float(rows.iloc[0][name]) for name in ("value", "lower", "upper")))

    def floors(self, measure: Measure) -> dict[str, Rate]:
        """Rates of truth, coarse input and bilinear interpolation, by their words."""
        found: dict[str, Rate] = {}
        for suffix, words in FLOORS.items():
            rates = (self.rate(model, measure, suffix) for model in self.models)
            known = next((one for one in rates if one is not None), None)
            if known is not None:
                found[words] = known
        return found


def choose(case: Case) -> tuple[Measure | None, list[str]]:
    """The first measure that the truth keeps below what claim 2 wants of models.

    Returns
    -------
    (measure, sentences)
        None where no measure can judge; what those before it show, and why they cannot.
    """
    told = []
    for measure in MEASURES:
        floors = case.floors(measure)
        if "truth" not in floors:
            continue
        if floors["truth"].value < case.claims["guided_percent"]:
            return measure, told
        rates = {name: case.rate(name, measure) for name in case.claims["models"]}
        seen = [f"; {case.label(n)}: {one.words}" for n, one in rates.items() if one is not None]
        told.append(
            f"Not judged by the rate at which in {measure.words}: the truth itself breaks that in "
            f"{floors['truth'].words}{''.join(seen)}."
        )
    return None, told
