"""Levels of quantiles and linear interpolation between them, row by row. A row is a cell."""

from dataclasses import dataclass

import numpy as np

from downbench.bias.samples import search_rows


def mid_levels(count: int) -> np.ndarray:
    """Return probabilities in the middle of `count` equal bins, (count,); none is an extreme."""
    return (np.arange(count) + 0.5) / count


def row_means(values: np.ndarray) -> np.ndarray:
    """Return the mean of the valid values of each row, (rows,) float64; NaN without any."""
    count = np.isfinite(values).sum(axis=1)
    total = np.nansum(values, axis=1, dtype=np.float64)
    return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)


@dataclass(frozen=True)
class NodePositions:
    """Positions of values between the nodes of their row.

    `below` : (rows, m) int, the node at or below, the outermost one beyond the ends;
    `offset` and `gap` : (rows, m) float64, distance from that node and to the next one.
    """

    below: np.ndarray
    offset: np.ndarray
    gap: np.ndarray

    def of(self, nodes: np.ndarray) -> np.ndarray:
        """Interpolate nodes (rows, k) at these positions, constant beyond the ends.

        Returns (rows, m) float64, by the arithmetic of `numpy.interp`.
        """
        nodes = nodes.astype(np.float64)
        low = np.take_along_axis(nodes, self.below, axis=1)
        above = np.minimum(self.below + 1, nodes.shape[1] - 1)
        rise = np.take_along_axis(nodes, above, axis=1) - low
        slope = np.divide(rise, self.gap, out=np.zeros_like(rise), where=self.gap > 0)

        return slope * self.offset + low


def among_nodes(values: np.ndarray, nodes: np.ndarray) -> NodePositions:
    """Return positions of values (rows, m) among the ascending nodes (rows, k) of their rows."""
    below = np.maximum(search_rows(nodes, values, "right") - 1, 0)
    low = np.take_along_axis(nodes, below, axis=1).astype(np.float64)
    above = np.minimum(below + 1, nodes.shape[1] - 1)
    gap = np.take_along_axis(nodes, above, axis=1) - low

    return NodePositions(below, np.maximum(values - low, 0.0), gap)


def among_levels(probabilities: np.ndarray, levels: np.ndarray) -> NodePositions:
    """Return positions of probabilities (rows, m) among the levels (k,) that all rows share."""
    below = np.clip(np.searchsorted(levels, probabilities, side="right") - 1, 0, None)
    above = np.minimum(below + 1, levels.size - 1)

    return NodePositions(
        below, np.maximum(probabilities - levels[below], 0.0), levels[above] - levels[below]
    )
