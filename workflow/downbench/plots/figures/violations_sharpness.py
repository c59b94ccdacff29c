"""The trade-off: how often a model breaks the law, against how sharp it is."""

from dataclasses import dataclass

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from downbench.core.errors import UserError
from downbench.plots import style
from downbench.plots.inputs import FigureInputs, select
from downbench.plots.intervals import whiskers
from downbench.plots.timing import name_time_step

TITLE = "Violations against sharpness"
CAPTION = (
    "Down is lawful; the vertical line is the truth. First row: how far the spectrum is from the "
    "truth's, to the right because detail is missing or invented. Second: left of the line heavy "
    "rain is too light. Third: to the right the CRPS got worse. One marker for each way to obey; "
    "where a way comes in several strengths, its markers grow with it. A hard layer's zero is by "
    "construction and no skill. The truth's rate is the floor: where it is not zero, the driver "
    "is not the block mean of the truth."
)
POSITION = 60
RATE = "mass_violation_rate"
FLOORS = {"bilinear": "bilinear interpolation", "reference": "truth"}


@dataclass(frozen=True)
class Price:
    """One measure of sharpness: its words, and where its best value is (None: unknown)."""

    words: str
    best: float | None


PRICES = {
    "spectrum": Price("log-spectral distance of rain from the truth [dB]", 0.0),
    "p99": Price("P99 of rain, model over truth [1]", 1.0),
    "crps": Price("change of the fair CRPS against the same model without [%]", None),
}


def draw(inputs: FigureInputs) -> Figure:
    """Columns: families. Rows: measures of sharpness. Upwards: violations of mass conservation.

    Raises
    ------
    UserError
        When the comparison holds no violation rate of any constrained model.
    """
    families = inputs.families
    if not families or not len(_rate(inputs, next(iter(families)))):
        raise UserError(f"figure violations-sharpness: no rows of {RATE}; run check_physics first")
    figure = plt.figure(figsize=(style.WIDTH_INCH, 2.2 * len(PRICES) + 0.9), layout="constrained")
    parts = figure.subfigures(len(PRICES), 1)
    for row, (part, price) in enumerate(zip(parts, PRICES, strict=True)):
        panels = part.subplots(1, len(families), sharey=True, squeeze=False)[0]
        for axes, (base, constrained) in zip(panels, families.items(), strict=True):
            _panel(axes, inputs, price, [base, *constrained])
            style.heading(axes, inputs.label(base) if row == 0 else "")
        panels[0].set_ylabel("violations [%]")
        part.supxlabel(PRICES[price].words, fontsize=8)
    style.legend_below(figure, _legend(inputs), 4)
    words = "Coarse cells, {day}s and members whose mean rain is not the driver's"
    percent = f"(by more than {_percent(inputs):g} %)"
    figure.suptitle(f"{name_time_step(words, inputs.region)} {percent}", fontsize=8.5)
    return figure


def _percent(inputs: FigureInputs) -> float:
    """The relative tolerance of the headline [percent]."""
    return float(next(iter(inputs["physics"].values())).attrs["headline_percent"])


def _rate(inputs: FigureInputs, model: str, floor: str = "") -> pd.DataFrame:
    table = inputs.comparison[inputs.comparison["model"] == model]
    rows = select(table, "pr", f"{RATE}{floor}", threshold=_percent(inputs))
    return rows.assign(**{name: 100 * rows[name] for name in ("value", "lower", "upper")})


def _sharpness(inputs: FigureInputs, model: str, base: str, price: str) -> pd.DataFrame:
    """One row: value and interval of a measure of sharpness."""
    ends = ["value", "lower", "upper"]
    if price == "spectrum":
        return inputs.compared(model, "pr", "log_spectral_distance")
    if price == "p99":
        rows = inputs.compared(model, "pr", "p99")
        truth = inputs.compared(model, "pr", "p99_reference")["value"].to_numpy()
        return rows.assign(**{name: rows[name] / truth for name in ends})
    rows = inputs.compared(model, "pr", f"crps_skill_versus_{base}")
    if model == base:
        return pd.DataFrame([dict.fromkeys(ends, 0.0)])
    turned = {"value": "value", "lower": "upper", "upper": "lower"}
    return rows.assign(**{name: -100 * rows[other] for name, other in turned.items()})


def _panel(axes: Axes, inputs: FigureInputs, price: str, models: list[str]) -> None:
    base, best = models[0], PRICES[price].best
    for place, floor in enumerate(FLOORS):
        height = _rate(inputs, base, f"_{floor}")["value"]
        if len(height):
            dash = "--" if place == 0 else "-"
            axes.axhline(height.iloc[0], color=style.DARK_GREY, linewidth=0.9, linestyle=dash)
    if best is not None:
        axes.axvline(best, color=style.BLACK, linewidth=0.7, zorder=0)
    for model in models:
        rate, sharp = _rate(inputs, model), _sharpness(inputs, model, base, price)
        if not len(rate) or not len(sharp):
            continue
        axes.errorbar(
            sharp["value"].iloc[:1],
            rate["value"].iloc[:1],
            yerr=whiskers(rate.iloc[:1]),
            xerr=whiskers(sharp.iloc[:1]),
            linestyle="none",
            **style.point(model) | {"markersize": _size(inputs, model)},
        )
    axes.set_ylim(bottom=-3)
    axes.margins(x=0.12)
    axes.xaxis.set_major_locator(MaxNLocator(4))


def _size(inputs: FigureInputs, model: str) -> float:
    """Markers grow with the strength of a way to obey [points]."""
    return 6.0 if model in inputs.families else 3.2 + 2.0 * inputs.strength(model)


def _legend(inputs: FigureInputs) -> list[Line2D]:
    handles = []
    for base, constrained in inputs.families.items():
        for model in (base, *constrained):
            entry = style.handle(model, inputs.label(model), curve=False)
            entry.set_markersize(_size(inputs, model))
            handles.append(entry)
    floors = [
        Line2D([], [], color=style.DARK_GREY, linewidth=0.9, linestyle=dash, label=words)
        for dash, words in zip(("--", "-"), FLOORS.values(), strict=True)
    ]
    return [*handles, *floors]
