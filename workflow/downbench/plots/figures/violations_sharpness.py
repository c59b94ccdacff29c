"""Trade-off between violations of mass conservation and sharpness."""

from dataclasses import dataclass

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from downbench.plots import style
from downbench.plots.empty_figures import NothingToDraw
from downbench.plots.inputs import FigureInputs, select
from downbench.plots.intervals import whiskers
from downbench.plots.timing import name_time_step

TITLE = "Violations against sharpness"
CAPTION = (
    "Lower is better; the vertical line is the reference. First row: distance of the spectrum "
    "from that of the reference, large if detail is missing or invented. Second row: left of "
    "the line, heavy rain is too light. Third row: right of zero, the CRPS is worse. One marker"
    " for each constraint method; markers grow with the strength of the constraint. The zero of"
    " a hard constraint layer holds by construction and is no sign of skill. The rate of the "
    "reference is the noise floor: where it is not zero, the driver is not the block mean of "
    "the reference."
)
POSITION = 60
NEEDS = ("rain",)
RATE = "mass_violation_rate"
FLOORS = {"bilinear": "bilinear interpolation", "reference": "reference"}


@dataclass(frozen=True)
class SharpnessMeasure:
    """One measure of sharpness: its label, and its best value (None: unknown)."""

    words: str
    best: float | None


MEASURES = {
    "spectrum": SharpnessMeasure("log-spectral distance of rain from the reference [dB]", 0.0),
    "p99": SharpnessMeasure("P99 of rain, model / reference [1]", 1.0),
    "crps": SharpnessMeasure("change of the fair CRPS against the unconstrained model [%]", None),
}


def draw(inputs: FigureInputs) -> Figure:
    """Columns: families. Rows: measures of sharpness. Upwards: violations of mass conservation.

    Raises
    ------
    NothingToDraw
        When the comparison holds no violation rate of any constrained model.
    """
    families = inputs.families
    if not families or _rate(inputs, next(iter(families)))["value"].isna().all():
        raise NothingToDraw(
            f"figure violations-sharpness: no rows of {RATE}; run check_physics first"
        )
    figure = plt.figure(
        figsize=(style.WIDTH_INCH, 2.2 * len(MEASURES) + 0.9), layout="constrained"
    )
    parts = figure.subfigures(len(MEASURES), 1)
    for row, (part, measure) in enumerate(zip(parts, MEASURES, strict=True)):
        panels = part.subplots(1, len(families), sharey=True, squeeze=False)[0]
        for axes, (base, constrained) in zip(panels, families.items(), strict=True):
            _panel(axes, inputs, measure, [base, *constrained])
            style.heading(axes, inputs.label(base) if row == 0 else "")
        panels[0].set_ylabel("violations [%]")
        part.supxlabel(MEASURES[measure].words, fontsize=8)
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


def _sharpness(inputs: FigureInputs, model: str, base: str, measure: str) -> pd.DataFrame:
    """One row: value and interval of a measure of sharpness."""
    ends = ["value", "lower", "upper"]
    if measure == "spectrum":
        return inputs.compared(model, "pr", "log_spectral_distance")
    if measure == "p99":
        rows = inputs.compared(model, "pr", "p99")
        reference = inputs.compared(model, "pr", "p99_reference")["value"].to_numpy()
        return rows.assign(**{name: rows[name] / reference for name in ends})
    rows = inputs.compared(model, "pr", f"crps_skill_versus_{base}")
    if model == base:
        return pd.DataFrame([dict.fromkeys(ends, 0.0)])
    turned = {"value": "value", "lower": "upper", "upper": "lower"}
    return rows.assign(**{name: -100 * rows[end] for name, end in turned.items()})


def _panel(axes: Axes, inputs: FigureInputs, measure: str, models: list[str]) -> None:
    base, best = models[0], MEASURES[measure].best
    for place, floor in enumerate(FLOORS):
        height = _rate(inputs, base, f"_{floor}")["value"]
        if len(height):
            dash = "--" if place == 0 else "-"
            axes.axhline(height.iloc[0], color=style.DARK_GREY, linewidth=0.9, linestyle=dash)
    if best is not None:
        axes.axvline(best, color=style.BLACK, linewidth=0.7, zorder=0)
    for model in models:
        rate, sharp = _rate(inputs, model), _sharpness(inputs, model, base, measure)
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
    """Return the marker size, which grows with the strength of the constraint [points]."""
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
