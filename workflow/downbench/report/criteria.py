"""Criteria of the scorecard: which rows of a comparison they read, and what counts as good.

The limits are round numbers, of the size of the margins of relevance in `config/experiments.yaml`:

* ratios of scores: 10 % above the best possible is good, 25 % fair; the margins of the claims are
  1 to 2 %, and the families of the embedded region are 3 to 80 % above it;
* spread over error: 10 % off is good, 25 % fair; a dozen spells leave half-widths of 6 to 9 %;
* ranks that are not flat: 2.5 % of the values, the margin of the claims, and twice that;
* spectra: 1 dB, the margin of the claims, and 3 dB, a factor of two in power;
* P99 of precipitation: 5 %, the tolerance of constraints, and twice that;
* violations: 5 % and 20 % of coarse cells, the numbers of the claims.
"""

from dataclasses import dataclass

from downbench.scores.metrics.blocks import CRPS_BLOCK_MAXIMUM, CRPS_BLOCK_MAXIMUM_REFERENCE
from downbench.scores.metrics.crps import CRPS, CRPS_REFERENCE
from downbench.scores.metrics.distribution import P99, P99_REFERENCE
from downbench.scores.metrics.patches import ENERGY_SCORE_PATCH, ENERGY_SCORE_PATCH_REFERENCE
from downbench.scores.metrics.ranks import RANK_DEVIATION
from downbench.scores.metrics.spectra import LOG_SPECTRAL_DISTANCE, LOG_SPECTRAL_DISTANCE_LOG
from downbench.scores.metrics.spread_skill import SPREAD_SKILL
from downbench.scores.paired.paired_metrics import (
    CRPS_BLOCK_MAXIMUM_RATIO,
    CRPS_RATIO_ORACLE,
    CRPS_SKILL,
    CRPS_SKILL_CLIMATOLOGY,
    CRPS_SKILL_DRESSED,
    ENERGY_SCORE_PATCH_RATIO,
    P99_RATIO,
    SAMPLING_CPU_S,
    TRAINING_CPU_S,
)


@dataclass(frozen=True)
class Criterion:
    """One column of the scorecard.

    Attributes
    ----------
    key, group, heading
        Name in links, heading over several columns, and words above this one.
    meaning
        One sentence.
    good, fair
        Largest distance from the ideal that is good, and that is fair.
    quality
        Adjective of a model that is good by it; criteria of one quality count together.
    lacking
        Why a cell can be empty.
    metrics
        Rows of the comparison; the first one with values counts.
    reference
        Metric of the best possible value, or of the reference's own.
    scale
        Which of several rows.
    factor, unit, decimals
        From the ratio or row to the printed number.
    ideal
        The best value as it is printed; below it nothing is better for `one_sided`.
    intermittent_only
        Is it left out for variables without dry days?
    needs_ensemble
        Is it left out for single fields?
    ratio
        Metric of the ratio to it, with a paired interval; without it the cell is the ratio to the
        best model.
    paired
        Beginning of the metric of paired differences, before `_versus_MODEL`.
    anchor
        Figure behind it on the page of the experiment; the score table by default.
    """

    key: str
    group: str
    heading: str
    meaning: str
    good: float
    fair: float
    quality: str = ""
    lacking: str = "not measured"
    metrics: tuple[str, ...] = ()
    reference: str = ""
    scale: float | None = None
    factor: float = 1.0
    unit: str = ""
    decimals: int = 2
    ideal: float = 1.0
    one_sided: bool = False
    intermittent_only: bool = False
    needs_ensemble: bool = False
    ratio: str = ""
    paired: str = ""
    anchor: str = ""

    def distance(self, value: float) -> float | None:
        """Return the distance from the ideal, 1 at the limit of good; None for information."""
        if not self.good:
            return None
        away = value - self.ideal
        return (max(away, 0.0) if self.one_sided else abs(away)) / self.good

    def level(self, distance: float | None) -> str:
        """Return the word for a distance."""
        if distance is None:
            return "information"
        return "good" if distance <= 1 else "fair" if distance <= self.fair / self.good else "poor"


SINGLE_FIELD = "a single field has no spread"
OF_COMPARISON = (
    Criterion(
        "crps", "Accuracy", "CRPS",
        "Fair CRPS over the best possible one; over that of the best model where the distribution "
        "of the target is not known.",
        0.10, 0.25, "accurate",
        metrics=(CRPS.name,), reference=CRPS_REFERENCE.name, scale=1, one_sided=True,
        ratio=CRPS_RATIO_ORACLE.name, paired=CRPS_SKILL.name, anchor="crps-skill",
    ),
    Criterion(
        "spread", "Calibration", "Spread ÷ error",
        "Spread of the members over the error of their mean: below 1 overconfident.",
        0.10, 0.25, "calibrated", SINGLE_FIELD,
        metrics=(SPREAD_SKILL.name,), paired="spread_skill_error", anchor="spread-skill",
    ),
    Criterion(
        "ranks", "Calibration", "Ranks not flat",
        "Share of values whose rank among the members would have to change for flat ranks.",
        2.5, 5, "calibrated", SINGLE_FIELD, needs_ensemble=True,
        metrics=(RANK_DEVIATION.name,), factor=100, unit="%", decimals=1, ideal=0,
        paired="rank_deviation", anchor="rank-histograms",
    ),
    Criterion(
        "spectrum", "Texture", "Spectral distance",
        "Log-spectral distance of single members from the reference, of the logarithm of rain.",
        1, 3, "spatially realistic",
        metrics=(LOG_SPECTRAL_DISTANCE_LOG.name, LOG_SPECTRAL_DISTANCE.name), unit="dB",
        decimals=1, ideal=0, paired="spectral_distance", anchor="rapsd",
    ),
    Criterion(
        "patches", "Texture", "Patches",
        "Energy score of patches of 4 × 4 cells over the best possible one, or over that of the "
        "best model.",
        0.10, 0.25, "spatially realistic",
        metrics=(ENERGY_SCORE_PATCH.name,), reference=ENERGY_SCORE_PATCH_REFERENCE.name, scale=4,
        one_sided=True, ratio=ENERGY_SCORE_PATCH_RATIO.name,
        paired=f"{ENERGY_SCORE_PATCH.name}_skill",
    ),
    Criterion(
        "maximum", "Extremes", "Block maximum",
        "CRPS of the largest value in each coarse cell over the best possible one, or over that "
        "of the best model.",
        0.10, 0.25, "right in extremes",
        metrics=(CRPS_BLOCK_MAXIMUM.name,), reference=CRPS_BLOCK_MAXIMUM_REFERENCE.name,
        one_sided=True, ratio=CRPS_BLOCK_MAXIMUM_RATIO.name,
        paired=f"{CRPS_BLOCK_MAXIMUM.name}_skill",
    ),
    Criterion(
        "p99", "Extremes", "P99",
        "99th percentile of all cells over that of the reference, of precipitation.",
        0.05, 0.10, "right in extremes",
        metrics=(P99.name,), reference=P99_REFERENCE.name, intermittent_only=True,
        ratio=P99_RATIO.name, anchor="quantile-quantile",
    ),
)  # fmt: skip
VIOLATIONS = Criterion(
    "violations", "Physics", "Violations",
    "Share of coarse cells whose block mean differs from the input's beyond the tolerance.",
    5, 20, lacking="not checked", factor=100, unit="%", decimals=1, ideal=0,
)  # fmt: skip
CLIMATE_MODEL = Criterion(
    "climate", "Climate model", "Corrected input",
    "Distance of the climate from the reference with bias-corrected input of a climate model, "
    "over that expected of input without bias.",
    0.10, 0.25, lacking="not applied to a climate model", one_sided=True,
)  # fmt: skip
SAMPLING = Criterion(
    "sampling", "Cost", "Sampling",
    "Time of processor cores for one member and {day}.",
    0, 0, metrics=(SAMPLING_CPU_S.name,), unit="core s", decimals=3,
)  # fmt: skip
TRAINING = Criterion(
    "training", "Cost", "Training",
    "Time of processor cores, with the models that it builds on.",
    0, 0, metrics=(TRAINING_CPU_S.name,), factor=1 / 60, unit="core min", decimals=1,
)  # fmt: skip
COSTS = (SAMPLING, TRAINING)
CRITERIA = (*OF_COMPARISON, VIOLATIONS, CLIMATE_MODEL, *COSTS)
PAIRED = {
    metric: criterion
    for criterion in OF_COMPARISON
    for metric in (criterion.ratio, *criterion.metrics)
    if criterion.paired and criterion.scale in (None, 1)  # score tables show no other scale
} | dict.fromkeys((CRPS_SKILL_CLIMATOLOGY.name, CRPS_SKILL_DRESSED.name), OF_COMPARISON[0])
"""Criterion whose paired differences belong to a metric of a score table."""
QUALITIES = tuple(dict.fromkeys(c.quality for c in CRITERIA if c.quality))
