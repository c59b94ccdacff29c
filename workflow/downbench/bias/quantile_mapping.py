"""Empirical, detrended and quantile-delta mapping of one window, many cells at once.

With F_o, F_h and F_p the distributions of the reference, of the model's historical run and of the
stretch of the model that is mapped, and x one of its values (Cannon, Sobie and Murdock 2015,
doi:10.1175/JCLI-D-14-00754.1):

* eqm: x' = x + F_o⁻¹(τ) − F_h⁻¹(τ) with τ = F_h(x), which is F_o⁻¹(τ) inside the range of F_h;
* dqm: the same of x less the change of the mean, which is added again;
* qdm: x' = x + F_o⁻¹(τ) − F_h⁻¹(τ) with τ = F_p(x).

Rain is multiplied by the ratio F_o⁻¹(τ) / F_h⁻¹(τ) instead. Beyond the outermost quantiles their
difference or ratio is kept (constant extrapolation), the ratio up to a cap.
"""

from dataclasses import dataclass

import numpy as np

from downbench.bias.quantiles import Between, among, at_levels
from downbench.bias.wet_days import drop_trace
from downbench.core.config.region.quantile_mapping import Kind

NOTHING = np.float32(np.finfo(np.float32).tiny)


@dataclass(frozen=True)
class Window:
    """What a fit knows of one window: quantiles (cells, levels) and the model's mean (cells,)."""

    source: np.ndarray
    reference: np.ndarray
    source_mean: np.ndarray


@dataclass(frozen=True)
class Rule:
    """How values are mapped; `trace`, `small` [unit of the variable] and caps [1] are for ratios.

    A value below `trace` counts as none; below the quantile `small` a ratio is noise.
    """

    kind: Kind
    levels: np.ndarray
    between: str
    tail_cap: float
    trace: float = 0.0
    small: float = 0.0
    small_cap: float = 1.0


def empirical(values: np.ndarray, window: Window, rule: Rule) -> np.ndarray:
    """Map values (cells, n) by EQM.

    Returns
    -------
    (cells, n) float64, unit of `values`; NaN where a value or the fit is missing.
    """
    return _corrected(values, among(values, window.source), window, rule)


def detrended(values: np.ndarray, mean: np.ndarray, window: Window, rule: Rule) -> np.ndarray:
    """Map values (cells, n) by DQM; `mean` (cells,) is that of their stretch in the window."""
    change = _change(mean, window.source_mean, rule)[:, None]
    if rule.kind == "additive":
        return empirical(values - change, window, rule) + change
    # A day that is dry in the old climate is not made wet by the factor of the mean.
    return drop_trace(empirical(values / change, window, rule), rule.trace) * change


def quantile_delta(
    values: np.ndarray, probabilities: np.ndarray, window: Window, rule: Rule
) -> np.ndarray:
    """Map values (cells, n) by QDM, given their probabilities in their stretch of the run."""
    return _corrected(values, at_levels(probabilities, rule.levels), window, rule)


def _change(mean: np.ndarray, before: np.ndarray, rule: Rule) -> np.ndarray:
    """Change of the mean from the fit to the run, (cells,): difference or ratio."""
    if rule.kind == "additive":
        return mean - before
    ratio = np.maximum(mean, NOTHING) / np.maximum(before, NOTHING)
    bounded = np.clip(ratio, 1 / rule.small_cap, rule.small_cap)
    return np.where(before < rule.small, bounded, ratio)


def _corrected(values: np.ndarray, at: Between, window: Window, rule: Rule) -> np.ndarray:
    wanted, found = at.of(window.reference), at.of(window.source)
    if rule.kind == "additive":
        return values + (wanted - found)
    if rule.between == "factors":
        ratio = at.of(_ratio(window.reference, window.source))
    else:
        ratio = _ratio(wanted, found)
    last = rule.levels.size - 1
    ends = (at.below == last) | ((at.below == 0) & (at.offset == 0))
    mapped = values * np.where(ends, np.minimum(ratio, rule.tail_cap), ratio)

    # The ratio of two small numbers is noise: neither it nor the change it multiplies may grow.
    most = np.maximum(values, rule.small_cap * wanted)
    mapped = np.where(found < rule.small, np.minimum(mapped, most), mapped)
    # Drizzle at a rank where the reference is dry is gone, whatever its change.
    return np.where((wanted < rule.trace) & (found >= rule.trace), wanted, mapped)


def _ratio(wanted: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Return wanted / found; one where the model has nothing to multiply."""
    shape = np.broadcast_shapes(wanted.shape, found.shape)
    ratio = np.full(shape, 1.0)
    some = ~(found <= 0)
    return np.divide(wanted, found, out=ratio, where=some)
