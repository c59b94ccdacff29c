"""Columns of the score table, as the metrics describe themselves.

`plots.timing` fills in {day} in headings, units and meanings.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from downbench.scores.metric import BEST, Best, Metric
from downbench.scores.metric_registry import all_metrics
from downbench.scores.paired.paired_metrics import COSTS as COST_METRICS
from downbench.scores.paired.paired_metrics import LOG_SCORE_DIFFERENCES, RATIOS, SKILLS

WORDS = BEST


@dataclass(frozen=True)
class ScoreColumn:
    """One column of a table, filled from the rows of one metric.

    Attributes
    ----------
    metric
        Name of the metric in the comparison table.
    heading
        Words above the column; `{climatology}` and `{reference}` stand for models.
    unit
        Unit; `{unit}` stands for the variable's own.
    best
        Which value is the best one.
    meaning
        One or two sentences for the glossary.
    headline
        Is it a column of short tables?
    needs_ensemble
        Is the metric undefined for a single field?
    threshold
        Which of several rows of the metric, where it has several.
    """

    metric: str
    heading: str
    unit: str
    best: Best
    meaning: str
    headline: bool = False
    needs_ensemble: bool = False
    threshold: float | None = None

    def words(self, climatology: str = "climatology", reference: str = "reference") -> str:
        """Return the heading with the names of the models that it speaks of."""
        words = self.heading.replace("{climatology}", climatology)
        return words.replace("{reference}", reference)

    def unit_of(self, variable_unit: str) -> str:
        """Return the unit for a variable with this unit."""
        return self.unit.replace("{unit}", variable_unit)

    @property
    def key(self) -> str:
        """Name of the column in links."""
        return self.metric if self.threshold is None else f"{self.metric}-{self.threshold:g}"


def columns_of(metrics: Iterable[Metric]) -> tuple[ScoreColumn, ...]:
    """Return the columns of all metrics with a heading, by their position."""
    with_heading = [metric for metric in metrics if metric.heading]
    return tuple(
        _column(metric, threshold)
        for metric in sorted(with_heading, key=lambda metric: metric.position)
        for threshold in metric.thresholds or (None,)
    )


def _column(metric: Metric, threshold: float | None) -> ScoreColumn:
    words = "" if threshold is None else f"{threshold:g}"
    return ScoreColumn(
        metric.name,
        metric.heading.replace("{threshold}", words),
        metric.unit,
        metric.best,
        metric.meaning.replace("{threshold}", words),
        metric.headline,
        metric.needs_ensemble,
        threshold,
    )


HEADLINE = (
    "crps", "crps_ratio_oracle", "spread_skill", "log_spectral_distance_log",
    "energy_score_patch", "crps_block_maximum", "log_spectral_distance", "crps_skill_dressed",
)  # fmt: skip
"""Columns of a score table that are shown first, as far as a variable has them."""
HEADLINE_COSTS = (
    "training_cpu_s", "training_accelerator_s", "training_late_fall",
    "sampling_cpu_s_per_member_day", "sampling_gflop_per_member_day", "parameters",
)  # fmt: skip
SCORES = columns_of((*all_metrics(), *SKILLS, *RATIOS, *LOG_SCORE_DIFFERENCES))
COSTS = columns_of(COST_METRICS)
