"""Empirical, detrended and quantile-delta mapping of one window, many cells at once.

With F_o, F_h and F_p the distributions of the reference, of the model's historical run and of the
period of the model that is corrected, and x one of its values (Cannon, Sobie and Murdock 2015,
doi:10.1175/JCLI-D-14-00754.1):

* eqm: x' = x + F_o⁻¹(τ) − F_h⁻¹(τ) with τ = F_h(x), which is F_o⁻¹(τ) inside the range of F_h;
* dqm: the same of x less the change of the mean, which is added again;
* qdm: x' = x + F_o⁻¹(τ) − F_h⁻¹(τ) with τ = F_p(x).

Rain is multiplied by the ratio F_o⁻¹(τ) / F_h⁻¹(τ) instead. Beyond the outermost quantiles their
difference or ratio is kept (constant extrapolation), the ratio up to a cap.
"""

from dataclasses import dataclass

import numpy as np

from downbench.bias.quantiles import NodePositions, among_levels, among_nodes
from downbench.bias.wet_days import drop_trace
from downbench.core.config.region.quantile_mapping import Kind

NOTHING = np.float32(np.finfo(np.float32).tiny)


@dataclass(frozen=True)
class WindowFit:
    """Fit of one window: quantiles (cells, levels) and the model's mean (cells,)."""

    source: np.ndarray
    reference: np.ndarray
    source_mean: np.ndarray


@dataclass(frozen=True)
class MappingRule:
    """How values are corrected; `trace`, `small` [unit of values] and caps [1] are for ratios.

    A value below `trace` counts as none; below the quantile `small` a ratio is noise.
    """

    kind: Kind
    levels: np.ndarray
    between: str
    tail_cap: float
    trace: float = 0.0
    small: float = 0.0
    small_cap: float = 1.0


def empirical(values: np.ndarray, window: WindowFit, rule: MappingRule) -> np.ndarray:
    """Correct values (cells, n) by EQM.

    Returns
    -------
    (cells, n) float64, unit of `values`; NaN where a value or the fit is missing.
    """
    return _corrected(values, among_nodes(values, window.source), window, rule)


def detrended(
    values: np.ndarray, mean: np.ndarray, window: WindowFit, rule: MappingRule
) -> np.ndarray:
    """Correct values (cells, n) by DQM; `mean` (cells,) is that of their period in the window."""
    change = _change(mean, window.source_mean, rule)[:, None]
    if rule.kind == "additive":
        return empirical(values - change, window, rule) + change
    # A day that is dry in the old climate is not made wet by the factor of the mean.
    return drop_trace(empirical(values / change, window, rule), rule.trace) * change


def quantile_delta(
    values: np.ndarray, probabilities: np.ndarray, window: WindowFit, rule: MappingRule
) -> np.ndarray:
    """Correct values (cells, n) by QDM, given their probabilities in their period of the run."""
    return _corrected(values, among_levels(probabilities, rule.levels), window, rule)


def _change(mean: np.ndarray, before: np.ndarray, rule: MappingRule) -> np.ndarray:
    """Return the change of the mean from the fit to the run, (cells,): difference or ratio."""
    if rule.kind == "additive":
        return mean - before
    ratio = np.maximum(mean, NOTHING) / np.maximum(before, NOTHING)
    bounded = np.clip(ratio, 1 / rule.small_cap, rule.small_cap)
    return np.where(before < rule.small, bounded, ratio)


def _corrected(
    values: np.ndarray, positions: NodePositions, window: WindowFit, rule: MappingRule
) -> np.ndarray:
    reference, source = positions.of(window.reference), positions.of(window.source)
    if rule.kind == "additive":
        return values + (reference - source)
    if rule.between == "factors":
        ratio = positions.of(_ratio(window.reference, window.source))
    else:
        ratio = _ratio(reference, source)
    last = rule.levels.size - 1
    ends = (positions.below == last) | ((positions.below == 0) & (positions.offset == 0))
    mapped = values * np.where(ends, np.minimum(ratio, rule.tail_cap), ratio)

    # The ratio of two small numbers is noise: neither it nor the change it multiplies may grow.
    most = np.maximum(values, rule.small_cap * reference)
    mapped = np.where(source < rule.small, np.minimum(mapped, most), mapped)
    # Drizzle at a rank where the reference is dry is gone, whatever its change.
    return np.where((reference < rule.trace) & (source >= rule.trace), reference, mapped)


def _ratio(reference: np.ndarray, source: np.ndarray) -> np.ndarray:
    """Return reference / source; one where the model has nothing to multiply."""
    shape = np.broadcast_shapes(reference.shape, source.shape)
    ratio = np.full(shape, 1.0)
    divisible = ~(source <= 0)
    return np.divide(reference, source, out=ratio, where=divisible)
