"""Nodes of one level of the cascade and their children, in four turns.

A node has 2 x 2 children. Nodes take turns by the parity of their row and column, and what a turn
expects of its children is an average over the grid of children as it is: those of earlier turns,
and for all others the rain of their parents. Edges of blocks therefore do not show: a child knows
the cells beyond the edge.
"""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

TURNS = ((0, 0), (1, 1), (0, 1), (1, 0))
CHILDREN = ((0, 0), (0, 1), (1, 0), (1, 1))
"""Row and column of a child within its node."""
WINDOW = 4
BINOMIAL = np.array([0.25, 0.5, 0.25])


@dataclass(frozen=True)
class ChildGrid:
    """Children (days, 2 n + 2, 2 n + 2) of n x n nodes, with a rim that repeats the outer ones.

    `kernel` (days, 3, 3): weights of the average, south to north and west to east.
    """

    padded: np.ndarray
    kernel: np.ndarray

    def expected(self, turn: tuple[int, int]) -> np.ndarray:
        """Return the average about each child of a turn's nodes: (4, days, rows, columns)."""
        windows = self._windows(turn)
        flat = windows.reshape(len(windows), -1, WINDOW * WINDOW)
        averages = flat @ _weights_of_children(self.kernel)
        return np.moveaxis(averages.reshape(*windows.shape[:3], 4), -1, 0)

    def insert(self, turn: tuple[int, int], children: np.ndarray) -> None:
        """Set the children (4, days, rows, columns) of a turn's nodes."""
        inner = self._windows(turn)[..., 1:-1, 1:-1]
        inner[...] = np.moveaxis(children, 0, -1).reshape(inner.shape)

    def children(self) -> np.ndarray:
        """Return all children (days, 2 n, 2 n)."""
        return self.padded[:, 1:-1, 1:-1]

    def _windows(self, turn: tuple[int, int]) -> np.ndarray:
        """View of the children of a turn's nodes with a rim: (days, rows, columns, 4, 4)."""
        windows = sliding_window_view(self.padded, (WINDOW, WINDOW), (1, 2), writeable=True)
        return windows[:, 2 * turn[0] :: 4, 2 * turn[1] :: 4]


def _weights_of_children(kernel: np.ndarray) -> np.ndarray:
    """Return the kernels (days, 3, 3) about each child in its node's window (days, 16, 4)."""
    weights = np.zeros((len(kernel), len(CHILDREN), WINDOW, WINDOW), kernel.dtype)
    for number, (row, column) in enumerate(CHILDREN):
        weights[:, number, row : row + 3, column : column + 3] = kernel
    return weights.reshape(*weights.shape[:2], -1).swapaxes(1, 2)


def child_grid(parents: np.ndarray, kernel: np.ndarray) -> ChildGrid:
    """Return the grid in which every child has the rain of its parent (days, n, n)."""
    return ChildGrid(np.pad(doubled(parents), ((0, 0), (1, 1), (1, 1)), mode="edge"), kernel)


def kernels(u: np.ndarray, v: np.ndarray, elongation: np.ndarray) -> np.ndarray:
    """Return weights (days, 3, 3) that prefer neighbours along the wind (days,).

    With elongation 0 the average over repeated parents is bilinear interpolation.
    """
    north, east = np.meshgrid((-1, 0, 1), (-1, 0, 1), indexing="ij")
    angle = np.arctan2(north, east) - np.arctan2(v, u)[:, None, None]
    is_neighbour = (np.abs(north) + np.abs(east)) > 0
    along = np.exp(elongation[:, None, None] * np.cos(2 * angle) * is_neighbour)
    kernel = BINOMIAL[:, None] * BINOMIAL * along
    return (kernel / kernel.sum(axis=(1, 2), keepdims=True)).astype(np.float32)


def of_turn(nodes: np.ndarray, turn: tuple[int, int]) -> np.ndarray:
    """Return the values at a turn's nodes of a field (…, n, n)."""
    return nodes[..., turn[0] :: 2, turn[1] :: 2]


def by_node(children: np.ndarray) -> np.ndarray:
    """(…, 2 n, 2 m) → (4, …, n, m): the children of each node."""
    return np.stack([children[..., i::2, j::2] for i, j in CHILDREN])


def doubled(nodes: np.ndarray) -> np.ndarray:
    """(…, n, m) → (…, 2 n, 2 m): each node's value for its children."""
    return nodes.repeat(2, axis=-2).repeat(2, axis=-1)
