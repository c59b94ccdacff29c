"""One look for all figures: a fixed colour and marker per model, print size, plain words.

Colours are those of Okabe and Ito (2008, Color Universal Design) and two greys; models of users
have colours of Tol (2021, SRON/EPS/TN/09-002) that no other model has.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib as mpl
from matplotlib import patheffects
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

ORANGE, SKY, GREEN, YELLOW = "#E69F00", "#56B4E9", "#009E73", "#F0E442"
BLUE, VERMILLION, PURPLE, BLACK = "#0072B2", "#D55E00", "#CC79A7", "#000000"
LIGHT_GREY, DARK_GREY = "#999999", "#4D4D4D"
OTHERS = ("#882255", "#332288", "#999933", "#44AA99")
"""Colours of models that are not listed: wine, indigo, olive, teal."""

WIDTH_INCH = 7.2
"""Width of a two-column journal page."""

SETTINGS = {
    "font.size": 8.0,
    "axes.titlesize": 8.5,
    "axes.labelsize": 8.0,
    "xtick.labelsize": 7.0,
    "ytick.labelsize": 7.0,
    "legend.fontsize": 7.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.7,
    "lines.linewidth": 1.3,
    "lines.markersize": 4.5,
    "savefig.dpi": 200,
    "pdf.fonttype": 42,
    "figure.constrained_layout.h_pad": 0.05,
}


@dataclass(frozen=True)
class Look:
    """Colour, marker and dash of a model in every figure."""

    colour: str
    marker: str
    dash: str | tuple[int, tuple[float, ...]] = "-"


LOOKS = {
    "climatology": Look(LIGHT_GREY, "X", ":"),
    "bilinear": Look(YELLOW, "s"),
    "bcsd": Look(SKY, "D", "--"),
    "bcsd-analog": Look(BLUE, "v"),
    "unet": Look(ORANGE, "P", "--"),
    "unet-dressed": Look(VERMILLION, "^"),
    "bnn-dropout": Look(GREEN, "o"),
    "corrdiff": Look(PURPLE, "p"),
    "oracle": Look(DARK_GREY, "*", (0, (4, 1, 1, 1))),
}
METHODS = {
    "phy": ("^", (0, (5, 1.5))),
    "hard": ("s", (0, (1, 1.2))),
    "guided": ("D", (0, (4, 1, 1, 1))),
}
"""Marker and dash of a constrained model by the end of its name; the family sets the colour."""


def look(model: str) -> Look:
    """The fixed look of a model; one that is not listed gets a look from its name."""
    if model in LOOKS:
        return LOOKS[model]
    for method, (marker, dash) in METHODS.items():
        family = model.partition(f"-{method}")[0]
        if family in LOOKS and family != model:
            return Look(LOOKS[family].colour, marker, dash)
    number = zlib.crc32(model.encode())
    colour = OTHERS[number % len(OTHERS)]
    return Look(colour, "<>hdH8"[number // len(OTHERS) % 6], (0, (3, 1)))


def settings() -> mpl.rc_context:
    """Context in which figures are made and saved."""
    return mpl.rc_context(SETTINGS)


def line(model: str) -> dict[str, object]:
    """Keywords of `Axes.plot` for a model's curve; pale colours get a dark outline."""
    model_look = look(model)
    outline = [patheffects.withStroke(linewidth=2.2, foreground=DARK_GREY)]
    return {
        "color": model_look.colour,
        "linestyle": model_look.dash,
        "path_effects": outline if model_look.colour == YELLOW else None,
    }


def family_line(model: str, base: str, strength: int = 1) -> dict[str, object]:
    """Keywords of a curve within a family: solid if unconstrained, thicker when stronger."""
    model_look = line(model) | {"linewidth": min(0.8 + 0.5 * strength, 3.0)}
    return model_look | ({"linestyle": "-"} if model == base else {})


def point(model: str) -> dict[str, object]:
    """Keywords of `Axes.errorbar` for a model's points with intervals."""
    model_look = look(model)
    return {
        "color": model_look.colour,
        "marker": model_look.marker,
        "markeredgecolor": DARK_GREY,
        "markeredgewidth": 0.5,
        "ecolor": DARK_GREY if model_look.colour == YELLOW else model_look.colour,
        "elinewidth": 1.0,
        "capsize": 1.5,
    }


def handle(model: str, label: str, curve: bool = True) -> Line2D:
    """Legend entry of a model: marker, and the line in figures of curves."""
    model_look = look(model)
    dash = model_look.dash if curve else "none"
    entry = Line2D(
        [], [], color=model_look.colour, marker=model_look.marker, linestyle=dash, label=label
    )
    entry.set(markeredgecolor=DARK_GREY, markeredgewidth=0.5)
    return entry


def legend_below(figure: Figure, handles: Sequence[Artist], columns: int = 5) -> None:
    """Legend outside of the axes, at the foot of the figure."""
    figure.legend(
        handles=handles,
        loc="outside lower center",
        ncols=min(columns, len(handles)),
        frameon=False,
    )


def plain_log(axis: Axis) -> None:
    """Plain numbers on a logarithmic axis: 1, 2 and 5 of each decade where decades are few."""
    low, high = sorted(axis.get_view_interval())
    axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if high < 100 * low else (1.0,)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_formatter(NullFormatter())


def signed(value: float) -> str:
    """Two decimals with a true minus sign."""
    return f"{value:.2f}".replace("-", "−")


def heading(axes: Axes, text: str) -> None:
    """Title of a panel, starting with a capital, at the left."""
    axes.set_title(text[:1].upper() + text[1:], loc="left")
