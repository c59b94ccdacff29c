"""The oracle as a grey band: what a calibrated ensemble of the same size shows in a diagram.

Few members blur forecast probabilities and spreads, so even samples of the true distribution leave
the diagonal. Where that distribution is not known, the caption alone says so.
"""

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from downbench.plots import style
from downbench.plots.inputs import FigureInputs
from downbench.plots.intervals import whiskers

ORACLE = "oracle"
ALPHA = 0.3


def draw_curve(axes: Axes, model: str, x: pd.Series, rows: pd.DataFrame, clip: bool) -> None:
    """Draw the curve of a model with its intervals; of the oracle the intervals, as a band.

    Parameters
    ----------
    x
        Positions of the rows.
    rows
        Columns `value`, `lower` and `upper`.
    clip
        Cut markers at the edge of the panel.
    """
    if model == ORACLE:
        grey = {"color": style.DARK_GREY, "alpha": ALPHA, "linewidth": 0, "zorder": 0.5}
        axes.fill_between(x, rows["lower"], rows["upper"], **grey)
        return
    dash = style.look(model).dash
    axes.errorbar(
        x, rows["value"], whiskers(rows), **style.point(model), linestyle=dash, linewidth=1,
        clip_on=clip,
    )  # fmt: skip


def without_oracle(inputs: FigureInputs) -> list[str]:
    """Return the ensembles that are drawn as curves."""
    return [name for name in inputs.ensembles if name != ORACLE]


def handles(inputs: FigureInputs) -> list[Artist]:
    """Return legend entries of all curves, and of the band if there is one."""
    curves: list[Artist] = [
        style.handle(name, inputs.label(name)) for name in without_oracle(inputs)
    ]
    if ORACLE not in inputs.ensembles:
        return curves
    members = int(inputs["scores"][ORACLE]["members"].max())
    label = f"{inputs.label(ORACLE)}: calibrated, {members} members"
    return [*curves, Patch(color=style.DARK_GREY, alpha=ALPHA, linewidth=0, label=label)]
