"""Columns of the score table: what each number is called, means, and when it is good.

`plots.timing` fills in {day}; headings and units are formats, in which its braces are doubled.
"""

from dataclasses import dataclass
from typing import Literal

Best = Literal["low", "high", "one", "zero", "reference", "none"]

WORDS = {
    "low": "lower is better",
    "high": "higher is better",
    "one": "1 is best",
    "zero": "0 is best",
    "reference": "nearest to truth is best",
    "none": "for information",
}


@dataclass(frozen=True)
class Column:
    """One column of a table, filled from the rows of one metric.

    Attributes
    ----------
    metric
        Name of the metric in the comparison table.
    heading
        Words above the column.
    unit
        Unit; `{unit}` stands for the variable's own.
    best
        Which value is the best one.
    meaning
        One or two sentences for the glossary.
    threshold
        Which of several rows of the metric, where it has several.
    """

    metric: str
    heading: str
    unit: str
    best: Best
    meaning: str
    threshold: float | None = None

    def words(self, climatology: str = "climatology", reference: str = "reference") -> str:
        """The heading with the names of the models that it speaks of."""
        return self.heading.format(climatology=climatology, reference=reference)

    @property
    def key(self) -> str:
        """Name of the column in links."""
        return self.metric if self.threshold is None else f"{self.metric}-{self.threshold:g}"


SCORES = (
    Column(
        "crps",
        "CRPS",
        "{unit}",
        "low",
        "Fair continuous ranked probability score: distance between the ensemble and what came, "
        "free of the bias of small ensembles. For a single field it is the mean absolute error.",
    ),
    Column(
        "crps_skill_climatology",
        "Skill against {climatology}",
        "1",
        "high",
        "Share of the climatology's CRPS that the model removes: 1 is perfect, 0 no better. The "
        "interval comes from the same resampled {day}s for both models.",
    ),
    Column(
        "crps_skill_dressed",
        "Skill against {reference}",
        "1",
        "high",
        "The same against the deterministic UNet dressed with a fitted spread. A generative "
        "model whose interval reaches down to 0 has shown nothing.",
    ),
    Column(
        "crps_ratio_oracle",
        "CRPS / oracle",
        "1",
        "low",
        "CRPS over that of the oracle, which draws from the true law; 1 is the best possible. "
        "Known on the synthetic region alone.",
    ),
    Column(
        "crps_wet",
        "CRPS, wet",
        "{unit}",
        "none",
        "Fair CRPS where truth is wet. It conditions on the outcome, so it describes but must "
        "not rank models alone: a model that always rains gains by it.",
    ),
    Column(
        "spread_skill",
        "Spread / error",
        "1",
        "one",
        "Ensemble spread over the error of the ensemble mean, both without finite-size bias. "
        "Below 1 the ensemble is overconfident, above 1 too wide.",
    ),
    Column(
        "log_likelihood_kde",
        "Log-likelihood",
        "nat",
        "high",
        "Mean logarithm of the density that a kernel estimate from the members gives to truth; "
        "for rain a mixed law with a chance of dry. A single field has no density.",
    ),
    Column(
        "log_spectral_distance",
        "Spectral distance",
        "dB",
        "low",
        "Root mean square difference of the logarithms of the power spectra of members and "
        "truth. Large where detail is missing or invented.",
    ),
    Column(
        "log_spectral_distance_log",
        "Spectral distance, log",
        "dB",
        "low",
        "The same on the logarithm of rain, where drizzle and edges count as much as downpours.",
    ),
    Column(
        "seam_index",
        "Seams",
        "1",
        "reference",
        "Mean step between neighbouring cells across the edges of coarse cells over that inside "
        "them. Above truth's, near 1, the coarse cells show through.",
    ),
    Column(
        "twcrps",
        "Tail CRPS, P95",
        "{unit}",
        "low",
        "CRPS that counts only what happens above the 95th percentile of truth.",
        95,
    ),
    Column(
        "twcrps",
        "Tail CRPS, P99",
        "{unit}",
        "low",
        "CRPS that counts only what happens above the 99th percentile of truth.",
        99,
    ),
    Column(
        "energy_score",
        "Energy score",
        "{unit}",
        "low",
        "The CRPS of whole fields instead of single cells: it sees whether places vary together.",
    ),
    Column(
        "variogram_score",
        "Variogram score",
        "({unit})^½",
        "low",
        "How well differences between pairs of places are foretold (order ½).",
    ),
    Column(
        "bias",
        "Bias",
        "{unit}",
        "zero",
        "Mean of the ensemble minus mean of truth.",
    ),
    Column(
        "wet_day_frequency",
        "Wet-{{day}} frequency",
        "1",
        "reference",
        "Share of cells and times at or above the wet-{day} threshold, in single members.",
    ),
    Column(
        "p99",
        "P99",
        "{unit}",
        "reference",
        "99th percentile over all cells and times, in single members.",
    ),
    Column(
        "rx1day",
        "Rx1day",
        "mm day⁻¹",
        "reference",
        "Largest daily rain of a year, mean over cells, years and members.",
    ),
    Column(
        "txx",
        "TXx",
        "K",
        "reference",
        "Highest temperature of a year, mean over cells, years and members.",
    ),
    Column(
        "lag1",
        "Lag-1 autocorrelation",
        "1",
        "reference",
        "Correlation of a {day} with the {day} before, in single members.",
    ),
    Column(
        "lag1_detail",
        "Lag-1, detail only",
        "1",
        "reference",
        "The same for what the coarse input does not hold: each field minus its block means.",
    ),
    Column(
        "block_mean_error",
        "Block-mean error",
        "{unit}",
        "low",
        "Mean absolute difference between block means of the members and the coarse input.",
    ),
)

COSTS = (
    Column(
        "training_s",
        "Training",
        "s",
        "none",
        "Wall time of the training job, from the workflow's benchmark file.",
    ),
    Column(
        "sampling_s_per_member_day",
        "Sampling",
        "s per member and {{day}}",
        "none",
        "Wall time of the sampling job over members and {day}s.",
    ),
)
