"""Does heavy rain grow with temperature as it does in the reference?"""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from downbench.plots import style
from downbench.plots.empty_figures import NothingToDraw
from downbench.plots.inputs import FigureInputs, select
from downbench.plots.intervals import whiskers

TITLE = "Scaling of heavy rain with temperature"
CAPTION = (
    "Top: the 99th percentile of wet-{day} rain against temperature, both relative to the mean "
    "of cell and season. Bottom: the scaling rate of three percentiles with its interval; a "
    "model agrees with the reference where its interval overlaps the grey band."
)
POSITION = 100
EXPERT = True
NEEDS = ("rain", "temperature")
PERCENTILE = 99
RATES = {7.0: "1 × Clausius–Clapeyron, 7 % K$^{-1}$", 14.0: "2 ×, 14 % K$^{-1}$"}
"""Slopes of the reference lines [percent per K]."""
DASHES = ((0, (6, 2)), (0, (1, 1.5)))


def draw(inputs: FigureInputs) -> Figure:
    """Above, per family, P99 of wet days against temperature; below, the rates per percentile.

    Raises
    ------
    NothingToDraw
        When the comparison holds no rates.
    """
    families, percents = inputs.families, _percents(inputs)
    has_curve = any(len(_rows(inputs, b, "cc_rate_binned", PERCENTILE)) for b in families)
    if not families or not percents or not has_curve:
        raise NothingToDraw(
            "figure clausius-clapeyron: no rows of cc_rate; run check_physics first"
        )
    shown = [model for base, constrained in families.items() for model in (base, *constrained)]
    figure = plt.figure(
        figsize=(style.WIDTH_INCH, 3.2 + 0.17 * len(shown) + 0.9), layout="constrained"
    )
    upper, lower = figure.subfigures(2, 1, height_ratios=[3.2, 0.17 * len(shown) + 0.9])
    curves = upper.subplots(1, len(families), sharey=True, squeeze=False)[0]
    for axes, (base, constrained) in zip(curves, families.items(), strict=True):
        _curves(axes, inputs, [base, *constrained])
        style.heading(axes, inputs.label(base))
    curves[0].set_ylim(*_ends(inputs, shown))
    style.plain_log(curves[0].yaxis)
    curves[0].set_ylabel(f"P{PERCENTILE} of wet-day rain\nover its seasonal mean [1]")
    upper.supxlabel("temperature anomaly [K]", fontsize=8)
    upper.legend(handles=_lines(), loc="outside upper center", ncols=3, frameon=False)
    panels = lower.subplots(1, len(percents), sharey=True, squeeze=False)[0]
    for axes, percent in zip(panels, percents, strict=True):
        _rates(axes, inputs, shown, percent)
        style.heading(axes, f"P{percent:g}")
    panels[0].set(yticks=range(len(shown)), ylim=(len(shown) - 0.5, -0.5))
    panels[0].set_yticklabels([inputs.label(name) for name in shown])
    lower.supxlabel("scaling rate [% K$^{-1}$], reference in grey", fontsize=8)
    return figure


def _rows(inputs: FigureInputs, model: str, metric: str, percent: float) -> pd.DataFrame:
    table = inputs.comparison[inputs.comparison["model"] == model]
    rows = select(table, "pr", metric, threshold=percent)
    return rows[rows["value"].notna()]


def _percents(inputs: FigureInputs) -> list[float]:
    """Percentiles for which some model has a rate."""
    table = inputs.comparison
    finite = table[(table["metric"] == "cc_rate") & table["value"].notna()]
    return sorted(finite["threshold"].unique())


def _curves(axes: Axes, inputs: FigureInputs, models: list[str]) -> None:
    reference = _rows(inputs, models[0], "cc_rate_binned_reference", PERCENTILE)
    axes.plot(reference["scale"], reference["value"], color=style.BLACK, linewidth=2, zorder=1)
    axes.fill_between(
        reference["scale"],
        reference["lower"],
        reference["upper"],
        color=style.BLACK,
        alpha=0.12,
        linewidth=0,
    )
    for model in models:
        rows = _rows(inputs, model, "cc_rate_binned", PERCENTILE)
        look = style.family_line(model, models[0], inputs.strength(model)) | {
            "marker": style.look(model).marker
        }
        axes.plot(rows["scale"], rows["value"], markersize=3, **look)
    _constant_rates(axes, reference)
    axes.set_yscale("log")


def _ends(inputs: FigureInputs, models: list[str]) -> tuple[float, float]:
    """Ends of the upper panels: all values, not all ends of the reference's intervals."""
    curves = [_rows(inputs, model, "cc_rate_binned", PERCENTILE) for model in models]
    curves.append(_rows(inputs, models[0], "cc_rate_binned_reference", PERCENTILE))
    values = pd.concat(curves)["value"]
    return 0.8 * values.min(), 1.25 * values.max()


def _constant_rates(axes: Axes, reference: pd.DataFrame) -> None:
    """Lines of constant rate through the middle of the reference's curve."""
    if not len(reference):
        return
    warmth = np.linspace(reference["scale"].min(), reference["scale"].max(), 2)
    middle = np.exp(np.log(reference["value"]).mean())
    for rate, dash in zip(RATES, DASHES, strict=True):
        growth = (1 + rate / 100) ** (warmth - reference["scale"].mean())
        axes.plot(
            warmth, middle * growth, color=style.DARK_GREY, linestyle=dash, linewidth=1, zorder=0
        )


def _rates(axes: Axes, inputs: FigureInputs, models: list[str], percent: float) -> None:
    reference = _rows(inputs, models[0], "cc_rate_reference", percent).iloc[:1]
    for _, row in reference.iterrows():
        axes.axvspan(row["lower"], row["upper"], color=style.BLACK, alpha=0.12, linewidth=0)
        axes.axvline(row["value"], color=style.DARK_GREY, linewidth=1)
    for place, model in enumerate(models):
        row = _rows(inputs, model, "cc_rate", percent).iloc[:1]
        axes.errorbar(
            row["value"], [place] * len(row), xerr=whiskers(row) if len(row) else None,
            linestyle="none", **style.point(model),
        )  # fmt: skip


def _lines() -> list[Line2D]:
    reference = Line2D([], [], color=style.BLACK, linewidth=2, label="reference")
    dashes = zip(RATES.values(), DASHES, strict=True)
    return [
        reference,
        *(Line2D([], [], color=style.DARK_GREY, linestyle=d, label=w) for w, d in dashes),
    ]
