"""Verdicts on the four claims about climate models, from the gathered table of one training driver.

1. A model trained on the training driver fails on the raw run: its climate is further from the
   truth than with that driver, by more than the few years drawn can do.
2. Quantile mapping of the run corrects much of what the run added.
3. The change signal of the raw run is kept, after mapping and downscaling: of mean rain, and of
   the mean and 99th percentile of temperature.
4. Skill holds in the warmest held-out years.

How far a climate is from the truth's is the Wasserstein distance of the laws pooled over cells.
Distances of different ensembles share years, of the run and of the truth: the intervals of their
differences are those of `scores.excess`, where years are drawn once for all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from downbench.core.stages import CORRECTED, RAW
from downbench.core.variables import RAIN, VARIABLES, long_name, unit_symbol
from downbench.scores.climate.driver_chain import (
    ADDED_BIAS,
    BASELINE,
    BIAS_CONTRIBUTION,
    DISTANCE,
    INTERPOLATED,
    PRESENT,
    REMOVED_BIAS,
    RESIDUAL_BIAS,
)
from downbench.scores.verdicts.skill import Label, Verdict, together, within

FOLLOWED = {RAIN: ("mean",)}
"""Quantities whose change is judged: heavy rain of a cell is not that of the coarse run, whose
signal need not be its own; on the synthetic region the truth's P99 rises by more."""
FOLLOWED_OTHERWISE = ("mean", "p99")


@dataclass(frozen=True)
class Estimate:
    """A number with its interval."""

    value: float
    lower: float
    upper: float

    def told(self, form: str = "#.3g") -> str:
        """The number and its interval in words."""
        if self.lower == self.value == self.upper:
            return f"{self.value:{form}}"
        if not np.isfinite([self.lower, self.upper]).all():
            return f"{self.value:{form}} (interval unknown: too few years)"
        return f"{self.value:{form}} ({self.lower:{form}} to {self.upper:{form}})"


@dataclass(frozen=True)
class Case:
    """The gathered table of one training driver, and the experiment that it belongs to."""

    table: pd.DataFrame
    experiment: Mapping[str, Any]

    @property
    def models(self) -> list[str]:
        """Models that learned: neither interpolation nor the reference model."""
        plain = {INTERPOLATED, self.experiment["reference_model"]}
        return [name for name in self.experiment["transferred"] if name not in plain]

    @property
    def variables(self) -> list[str]:
        """Variables that were scored."""
        return [str(name) for name in pd.unique(self.table["variable"].dropna())]

    @property
    def runs(self) -> list[str]:
        """Climate models that were downscaled raw."""
        raw = self.table[(self.table["stage"] == RAW) & (self.table["part"] == "climate")]
        return [str(name) for name in pd.unique(raw["run"])]

    def tolerance(self, name: str) -> float:
        """A tolerance as a share of one."""
        return float(self.experiment["tolerances"][name]) / 100

    def label(self, model: str) -> str:
        """The name of a model for readers."""
        return self.experiment.get("labels", {}).get(model, model)

    def rows(self, **where: Any) -> pd.DataFrame:
        """All-season rows with these values."""
        chosen = self.table["season"] == "all"
        for column, value in where.items():
            chosen &= self.table[column] == value
        return self.table[chosen]

    def estimate(self, **where: Any) -> Estimate | None:
        """The one number with these values, if it is known."""
        rows = self.rows(**where)
        if not len(rows) or not np.isfinite(rows.iloc[0]["value"]):
            return None
        return Estimate(*(float(rows.iloc[0][name]) for name in ("value", "lower", "upper")))

    def distance(self, model: str, variable: str, stage: str, run: str) -> Estimate | None:
        """How far a model's present climate is from the truth's under a run."""
        place = {"stage": stage, "period": PRESENT, "part": "climate", "run": run}
        return self.estimate(model=model, variable=variable, metric=DISTANCE, **place)

    def excess(
        self, model: str, variable: str, run: str, *metrics: str
    ) -> Iterator[Estimate | None]:
        """Numbers that `scores.excess` made of several distances."""
        place = {"part": BIAS_CONTRIBUTION, "period": PRESENT, "run": run, "variable": variable}
        asked = {"threshold": self.experiment["tolerances"]["bias_removed_percent"]}
        for metric in metrics:
            yield self.estimate(
                model=model, metric=metric, **place, **(asked if metric == RESIDUAL_BIAS else {})
            )


@dataclass(frozen=True)
class Finding:
    """What one comparison says: a label, and the sentence with its numbers."""

    label: Label
    sentence: str


def verdicts(table: pd.DataFrame, experiment: Mapping[str, Any]) -> list[Verdict]:
    """The claims in turn, judged from the gathered table of one training driver."""
    case = Case(table, experiment)
    claims = (
        ("A model trained on the training driver fails on the raw climate model.", _fails),
        ("Quantile mapping of the climate model corrects much of it.", _removed),
        ("The change signal is kept.", _kept),
        ("Skill holds in the warmest held-out years.", _holds),
    )
    return [_verdict(case, claim, list(judge(case))) for claim, judge in claims]


def _verdict(case: Case, claim: str, found: list[Finding]) -> Verdict:
    label = together(one.label for one in found) if found else "cannot be told here"
    told = {
        "supported": "Every interval speaks for it.",
        "not supported": "At least one interval speaks against it.",
        "inconclusive": "No interval speaks against it, but not all speak for it.",
        "cannot be told here": "Nothing here tells.",
    }[label]
    return Verdict(label, [told, *(one.sentence for one in found)], case.table.iloc[:0], claim)


def _judged(case: Case) -> Iterator[tuple[str, str, str]]:
    for run in case.runs:
        for model in case.models:
            for variable in case.variables:
                yield run, model, variable


def _fails(case: Case) -> Iterator[Finding]:
    for run, model, variable in _judged(case):
        raw = case.distance(model, variable, RAW, run)
        base, excess = case.excess(model, variable, run, BASELINE, ADDED_BIAS)
        if base is None or excess is None or raw is None:
            continue
        unit = unit_symbol(variable)
        yield Finding(
            within(excess.lower, excess.upper, np.nextafter(0, 1), np.inf),
            f"{_of(case, model, variable)}: distance from the truth's climate {raw.told()} {unit} "
            f"under {run}, {base.told()} without its faults; the run adds {excess.told('+.3g')}.",
        )


def _removed(case: Case) -> Iterator[Finding]:
    share = case.tolerance("bias_removed_percent")
    for run, model, variable in _judged(case):
        base, excess, reduction, left = case.excess(
            model, variable, run, BASELINE, ADDED_BIAS, REMOVED_BIAS, RESIDUAL_BIAS
        )
        raw, corrected = (case.distance(model, variable, s, run) for s in (RAW, CORRECTED))
        if None in (base, excess, reduction, left, raw, corrected):
            continue
        if excess.value <= 0:
            words = f"{_of(case, model, variable)}: the raw run adds no error, nothing to fix."
            yield Finding("inconclusive", words)
            continue
        removed, unit = reduction.value / excess.value, unit_symbol(variable)
        # Less than nothing is left above the allowed part of what the run added.
        yield Finding(
            within(left.lower, left.upper, -np.inf, 0),
            f"{_of(case, model, variable)}: distance {corrected.told()} after mapping, "
            f"{raw.told()} before, {base.told()} at best: {removed:.0%} of the error corrected; "
            f"above what a fix of {share:.0%} leaves lies {left.told('+.3g')} {unit}.",
        )


def _kept(case: Case) -> Iterator[Finding]:
    share = case.tolerance("kept_percent")
    for run, model, variable in _judged(case):
        for quantity in FOLLOWED.get(variable, FOLLOWED_OTHERWISE):
            place = {"run": run, "stage": CORRECTED, "part": "change", "variable": variable}
            kept = case.estimate(model=model, metric=f"signal_ratio_{quantity}", **place)
            name = (
                f"relative_change_{quantity}"
                if VARIABLES[variable].is_intermittent
                else f"change_{quantity}"
            )
            change = case.estimate(model=model, metric=name, **place)
            if kept is None or change is None:
                continue
            unit = "%" if VARIABLES[variable].is_intermittent else unit_symbol(variable)
            yield Finding(
                within(kept.lower, kept.upper, 1 - share, 1 + share),
                f"{_of(case, model, variable)}, {QUANTITIES[quantity]}: change "
                f"{change.told('+.3g')} {unit}, {kept.told('.2f')} of the raw run's.",
            )


QUANTITIES = {"mean": "mean", "p99": "99th percentile"}


def _holds(case: Case) -> Iterator[Finding]:
    points = case.tolerance("skill_points")
    rival = case.label(case.experiment["reference_model"])
    for model in case.models:
        for variable in case.variables:
            usual, warm, gap = (
                case.estimate(
                    model=model, variable=variable, part="warm",
                    metric=f"crps_skill_reference_{name}",
                )
                for name in ("test", "warm", "difference")
            )  # fmt: skip
            if usual is None or warm is None or gap is None:
                continue
            yield Finding(
                within(gap.lower, gap.upper, -points, np.inf),
                f"{_of(case, model, variable)}: CRPS skill over {rival} {warm.value:+.1%} in warm "
                f"years, {usual.value:+.1%} in others, difference {gap.told('+.1%')}.",
            )


def _of(case: Case, model: str, variable: str) -> str:
    return f"{case.label(model)}, {long_name(variable)}"
