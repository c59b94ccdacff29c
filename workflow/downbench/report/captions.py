"""What a reader should look for in each figure; `plots.timing` fills in {on} and {day}."""

from __future__ import annotations

_MAPS = (
    "First the truth, its block means and the models with a single field; then one row per "
    "ensemble: its mean, its spread and three members. Members should look like the truth, not "
    "like the mean: as rough, as dry in places, no trace of the coarse cells. "
)

CAPTIONS = {
    "shift-error": (
        "Predictor shift and error",
        "To the right the input is farther from what models were trained with: by the distance of "
        "the variable's own predictor in standard deviations (left), or by how well a classifier "
        "tells its days from training days (right; 0.5 is not at all). Upwards the downscaled "
        "climate is farther from the truth's. Lines lead from the training driver in years nobody "
        "learned from over the raw climate model to the corrected one; small markers are seasons. "
        "Error without shift is the model's own, or that of another weather.",
    ),
    "chain-quantiles": (
        "From the raw run to the downscaled one",
        "Left, quantiles of all cells and {day}s against those of the truth; middle, their ratio "
        "or difference by percentile; right, how often a value is exceeded, or not reached. "
        "Dotted: driven by the raw run. Interpolation alone shows what the run itself holds: it "
        "has no detail, so its heavy rain is too light even where the mapping is right.",
    ),
    "climate-bias": (
        "Bias of the climate",
        "The truth, then model minus truth with its mean over the map: what the raw run leaves, "
        "and what the corrected one does. A map has as few years as were drawn, so that a rough "
        "pattern of the 99th percentile is weather and not bias.",
    ),
    "change-maps": (
        "Climate change",
        "Future minus past with its mean over the map. Hatched where the members do not all "
        "change in the same direction; a single field has no members to disagree.",
    ),
    "future-extremes": (
        "Change of extremes, and how sure it is",
        "Three uncertainties apart: that of the years drawn (grey bar), that between members of "
        "one model (whisker), and that between the learned models under the corrected run (band).",
    ),
    "violations-sharpness": (
        "Violations against sharpness",
        "Down is lawful; the vertical line is the truth. First row: how far the spectrum is from "
        "the truth's, to the right because detail is missing or invented. Second: left of the "
        "line heavy rain is too light. Third: to the right the CRPS got worse. One marker for "
        "each way to obey; where a way comes in several strengths, its markers grow with it. A "
        "hard layer's zero is by construction and no skill. The truth's rate is the floor: where "
        "it is not zero, the driver is not the block mean of the truth.",
    ),
    "budget-residual": (
        "What the moisture budget does not hold",
        "Evaporation plus flux convergence minus storage, minus the rain of the coarse cell. The "
        "truth (black) is the closure of the data's own budget, the interpolation (grey) a rain "
        "field that knows nothing of it. To the left of zero more rain falls than there is.",
    ),
    "rain-without-moisture": (
        "Where rain has no moisture",
        "Share of the rain of each coarse cell, over all {day}s and members, with its mean over "
        "the map. In the upper block storage may not feed rain, so the truth itself is not at "
        "zero: only what goes beyond it is the model's. In the lower block storage may.",
    ),
    "rapsd-constrained": (
        "Power spectra with and without",
        "Power of single members over the truth's, by wavelength; 1 is right, below it detail is "
        "missing. Solid is the model without physics, dashed the same model made to obey: where "
        "the dashed line runs lower, obeying blurs.",
    ),
    "clausius-clapeyron": (
        "Heavy rain and warmth",
        "Above, how the 99th percentile of wet-{day} rain grows with temperature, both measured "
        "against what is usual for cell and season. Below, the rate for three percentiles with "
        "its interval; a model is right where it reaches into the truth's grey band.",
    ),
    "crps-skill": (
        "CRPS skill",
        "How much of the error of climatology (left) and of the dressed UNet (right) each model "
        "removes. Whiskers are paired bootstrap intervals: one that touches zero shows no "
        "difference. A bar with « is cut at −1, twice the error. Hatched: a "
        "single field, whose CRPS is its mean absolute error.",
    ),
    "rank-histograms": (
        "Rank histograms",
        "A calibrated ensemble is flat at 1. A U means too little spread, a hump too much, a "
        "slope a bias. Ties at zero rain are broken at random; the black line leaves "
        "out places where truth and all members are dry. A calibrated ensemble is flat there too: "
        "the choice treats truth like one more member.",
    ),
    "spread-skill": (
        "Spread and skill",
        "Where the ensemble is twice as wide its error should be twice as large: points on the "
        "dashed line. Below, the ratio over everything, with its interval.",
    ),
    "reliability": (
        "Reliability of rain probabilities",
        "Stated chance against what happened. Flatter than the diagonal means overconfident. "
        "The lower row counts forecasts: a sharp model uses both ends. Bins with fewer than 30 "
        "forecasts are left out.",
    ),
    "rapsd": (
        "Power spectra",
        "Members should hold as much variance as truth (black) at every length. A line that "
        "falls away to the right is too smooth; one that rises invents detail.",
    ),
    "quantile-quantile": (
        "Quantiles of rain",
        "Points on the dashed line: heavy rain is as heavy and as frequent as observed. On the "
        "right the same as a ratio, spread out towards the rare end; whiskers hold the model's "
        "uncertainty, not the truth's.",
    ),
    "cost-skill": (
        "Cost and skill",
        "Upper left is best: much skill for few seconds. Both costs are on a logarithmic axis.",
    ),
    "station-scatter": (
        "Climate at stations",
        "One circle per station: what was measured there against what the run has at its place, "
        "temperature brought to the station's altitude. A cross is the gridded truth there, over "
        "the years that it shares with the station: no model of cells can be asked for more. |Δ| "
        "is the mean distance of the circles from the line.",
    ),
    "station-map": (
        "Bias of the mean at stations",
        "Run minus measurement; first the gridded truth, whose differences are the error of "
        "taking a cell for a point. Relief in grey.",
    ),
    "station-altitude": (
        "Skill at stations by altitude",
        "Left, test {day}s of the training driver; the bar is the gridded truth taken for a "
        "forecast. Right, the bias of the gridded truth by how far the station stands above its "
        "cells: open circles, which rise with it, are what the lapse rate of the training years "
        "takes away. Rain is not corrected.",
    ),
    "maps-pr-wettest": ("Rain {on} the wettest test {day}", _MAPS),
    "maps-pr-typical": ("Rain {on} a typical test {day}", _MAPS),
    "maps-temperature-wettest": ("Temperature {on} the wettest test {day}", _MAPS),
    "maps-temperature-typical": ("Temperature {on} a typical test {day}", _MAPS),
}
"""Title and caption by the figure's name, in the order of reading."""


def caption(name: str) -> tuple[str, str]:
    """Title and caption of a figure; one without its own gets its name and none."""
    return CAPTIONS.get(name, (name.replace("-", " ").capitalize(), ""))
