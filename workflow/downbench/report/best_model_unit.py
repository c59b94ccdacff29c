"""The best model as the unit of a column that several experiments fill."""

from collections.abc import Collection, Iterator, Mapping

import numpy as np

from downbench.report.criteria import CRITERIA, Criterion
from downbench.report.score_cells import OF_BEST_MODEL, score_cell
from downbench.report.summary import ScoreCell

Cells = Mapping[tuple[str, str], ScoreCell]
"""Cells of one variable by model and key of the criterion."""


def in_shared_unit(cells: Cells, competing: Collection[str]) -> Cells:
    """Return cells in which ratios to the best model are to that of all experiments.

    Parameters
    ----------
    cells
        Each ratio is to the best model of its own experiment.
    competing
        Models among which the best is looked for.

    Returns
    -------
    Without ratios to a best model whose score is unknown, and without those of a column that has
    other units.
    """
    relative = {place for place, cell in cells.items() if cell.unit == OF_BEST_MODEL}
    rest = {place: cell for place, cell in cells.items() if place not in relative}
    absolute = {key for _, key in rest}
    for criterion in CRITERIA:
        if criterion.key not in absolute:
            column = {m: cells[m, key] for m, key in relative if key == criterion.key}
            rest |= {(cell.model, criterion.key): cell
                     for cell in _column(criterion, column, competing)}  # fmt: skip
    return rest


def _column(
    criterion: Criterion, column: Mapping[str, ScoreCell], competing: Collection[str]
) -> Iterator[ScoreCell]:
    """Yield the cells of one criterion."""
    scores = {
        name: cell.order * cell.best_score
        for name, cell in column.items()
        if cell.best_score is not None
    }
    lowest = min((score for name, score in scores.items() if name in competing), default=np.nan)
    for name, score in scores.items():
        cell, values = column[name], (score / lowest, np.nan, np.nan)
        if cell.best_score == lowest:
            yield cell
        else:  # the pairs of its experiment are with another model
            yield score_cell(
                criterion, cell.variable, name, values, cell.unit, cell.ties, cell.link, lowest,
                cell.scores,
            )  # fmt: skip
