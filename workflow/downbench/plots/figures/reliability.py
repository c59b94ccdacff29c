"""Reliability diagrams: does a stated chance of rain come true as often as stated?"""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from downbench.core.variables import VARIABLES
from downbench.plots import style
from downbench.plots.empty_figures import NothingToDraw
from downbench.plots.inputs import FigureInputs
from downbench.plots.oracle_band import draw_curve, handles

TITLE = "Reliability of rain probabilities"
CAPTION = (
    "Observed frequency against forecast probability. A curve flatter than the grey band, which "
    "is the oracle's, means overconfidence; with few members even a calibrated ensemble is "
    "flatter than the diagonal. The lower row counts forecasts: a sharp model uses both ends. "
    "Bins with fewer than 30 forecasts are left out."
)
POSITION = 140
EXPERT = True
NEEDS = ("rain",)
FEWEST = 30
"""Forecasts in a bin below which its observed frequency says nothing and is left out [1]."""


def draw(inputs: FigureInputs) -> Figure:
    """One column per threshold: observed frequency above, number of forecasts below.

    Raises
    ------
    NothingToDraw
        When no model has reliability rows.
    """
    thresholds = _thresholds(inputs)
    figure, panels = plt.subplots(
        2,
        len(thresholds),
        figsize=(style.WIDTH_INCH, 4.3),
        squeeze=False,
        sharex=True,
        layout="constrained",
        height_ratios=[3, 1.3],
        sharey="row",
    )
    for upper, lower, threshold in zip(*panels, thresholds, strict=True):
        style.heading(upper, f"rain ≥ {threshold:g} {VARIABLES['pr'].unit_mathtext}")
        for model in inputs.ensembles:
            rows = _points(inputs, model, threshold)
            lower.plot(rows["scale"], rows["count"].where(rows["count"] > 0), **style.line(model))
            rows = rows[rows["count"] >= FEWEST]
            draw_curve(upper, model, rows["forecast"], rows, clip=False)
        upper.axline((0, 0), slope=1, color=style.BLACK, linewidth=0.8, linestyle="--", zorder=0)
        upper.set(xlim=(0, 1), ylim=(0, 1))
        lower.set(yscale="log", xlabel="forecast probability [1]")
    panels[0, 0].set_ylabel("observed frequency [1]")
    panels[1, 0].set_ylabel("forecasts [1]")
    style.legend_below(figure, handles(inputs), 4)
    return figure


def _thresholds(inputs: FigureInputs) -> list[float]:
    curves = [inputs.curve(model, "pr", "reliability_observed") for model in inputs.ensembles]
    thresholds = {limit for rows in curves for limit in rows.dropna(subset="value")["threshold"]}
    if not thresholds:
        raise NothingToDraw("figure reliability: no score table has rows of reliability_observed")
    return sorted(thresholds)


def _points(inputs: FigureInputs, model: str, threshold: float) -> pd.DataFrame:
    """Return observed frequencies with the forecast and the count of their bins."""
    keys = ["scale"]
    rows = inputs.curve(model, "pr", "reliability_observed", threshold=threshold)
    for metric in ("forecast", "count"):
        part = inputs.curve(model, "pr", f"reliability_{metric}", threshold=threshold)
        rows = rows.merge(part[[*keys, "value"]].rename(columns={"value": metric}), on=keys)
    return rows
