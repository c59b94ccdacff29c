"""The oracle as a grey band: what a calibrated ensemble of the same size shows in a diagram.

Few members blur forecast probabilities and spreads, so even samples of the true distribution leave
the diagonal. Where that distribution is not known, the caption alone says so.
"""

from collections.abc import Sequence

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from downbench.plots import style
from downbench.plots.inputs import FigureInputs

ORACLE = "oracle"
ALPHA = 0.3


def draw_band(
    axes: Axes, x: Sequence[float], lower: Sequence[float], upper: Sequence[float]
) -> None:
    """Fill the interval of the oracle's curve, below all others."""
    axes.fill_between(x, lower, upper, color=style.DARK_GREY, alpha=ALPHA, linewidth=0, zorder=0.5)


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
