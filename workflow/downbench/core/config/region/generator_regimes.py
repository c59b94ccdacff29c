"""Regimes of the weather generator: a conditional distribution that no pixel has for itself.

docs/methods/judge.md gives the equations, under the same headings.
"""

from typing import Annotated

from pydantic import AfterValidator, Field

from downbench.core.config.section import Section

Positive = Annotated[float, Field(gt=0)]
Share = Annotated[float, Field(ge=0, le=1)]
TOLERANCE = 1e-9
Correlation = Annotated[float, Field(ge=0, lt=1)]
Row = tuple[float, float, float]
Table = tuple[Row, Row, Row]


def _rows_of_chances(table: Table) -> Table:
    for row in table:
        if min(row) <= 0 or abs(sum(row) - 1) > TOLERANCE:
            raise ValueError(f"row {row} must hold probabilities > 0 whose sum is 1")
    return table


def _all_positive(table: Table) -> Table:
    if min(map(min, table)) <= 0:
        raise ValueError("each value must be > 0")
    return table


Chances = Annotated[Table, AfterValidator(_rows_of_chances)]
PositiveTable = Annotated[Table, AfterValidator(_all_positive)]


class Logit(Section):
    """Logit of a regime against the first, linear in features of the coarse day."""

    constant: float = Field(description="logit where all features are 0 [1]")
    across: float = Field(description="per unit of wind across the ridges, 0 to 1 [1]")
    calm: float = Field(description="per unit of calm, 0 to 1 [1]")
    warm: float = Field(description="per unit of warmth at sea level, -1 to 1 [1]")
    wet: float = Field(description="per unit of domain rain, 0 to 1 [1]")


class Features(Section):
    """Scales of the features of the coarse day."""

    across_m_s: Positive = Field(description="wind across the ridges at tanh(1) [m s-1]")
    calm_m_s: Positive = Field(description="e-folding wind of calm [m s-1]")
    neutral_k: Positive = Field(description="sea-level tasmax of warmth 0 [K]")
    warm_k: Positive = Field(description="warmth at tanh(1) [K]")
    wet_mm_day: Positive = Field(description="domain rain at one half [mm day-1]")


class TemperatureRegimes(Section):
    """Neutral, foehn and cold pool: means and sd of fine temperature."""

    foehn: Logit = Field(description="logit of foehn against neutral")
    cold_pool: Logit = Field(description="logit of cold pools against neutral")
    foehn_k_per_km: float = Field(description="warming per descent in the lee [K km-1]")
    cold_pool_k: float = Field(description="cooling in deep hollows [K]")
    cold_pool_depth_km: Positive = Field(description="e-folding depth of hollows [km]")
    hollow_km: Positive = Field(description="Gaussian width of the height above hollows [km]")
    cold_pool_lapse_k_per_km: float = Field(description="fall with height in cold pools [K km-1]")
    foehn_sd: Positive = Field(description="sd of the residual in foehn over neutral [1]")
    cold_pool_sd: Positive = Field(description="sd of the residual in cold pools over neutral [1]")


class RainRegimes(Section):
    """Cascade of fine rain with hidden states: stratiform, embedded, convective.

    Rows of tables are the states from which, or temperature's regimes; columns those to which.
    """

    embedded: Logit = Field(description="logit of embedded against stratiform rain of a day")
    convective: Logit = Field(description="logit of convective against stratiform rain of a day")
    coupling: Table = Field(description="added to logits; rows: neutral, foehn, cold pool [1]")
    block_states: Chances = Field(description="states of a block given the day's [1]")
    node_states: Chances = Field(description="states of a quarter given its parent's [1]")
    log_sd: PositiveTable = Field(description="sd of log shares; rows: states, columns: levels")
    wet_logit: Table = Field(description="logit of a wet quarter; rows: states, columns: levels")
    wet_amount: float = Field(description="added per unit of log rain of the parent [1]")
    amount_scale_mm_day: Positive = Field(description="rain at which that is nothing [mm day-1]")
    wet_gradient: float = Field(description="added per unit of the expected log share [1]")
    gradient: float = Field(description="log share per log of the interpolated rain [1]")
    elongation: float = Field(ge=0, description="weight of neighbours along a strong wind [1]")
    elongation_wind_m_s: Positive = Field(description="wind at half of that [m s-1]")
    exposure: float = Field(description="log share on fully exposed slopes [1]")
    exposure_scale_m2_km_s: Positive = Field(
        description="wind times slope of e-fold [m2 km-1 s-1]"
    )
    height_per_km: float = Field(description="log share per height [km-1]")


class Memory(Section):
    """Memory of the noise from day to day, and how far the wind carries it."""

    regimes: Correlation = Field(description="lag-1 correlation of the noise of regimes [1]")
    temperature: Correlation = Field(description="the same of temperature, moving along [1]")
    rain: Correlation = Field(description="the same of rain, moving along [1]")
    temperature_hours: float = Field(ge=0, description="wind that carries temperature [h]")
    rain_hours: float = Field(ge=0, description="wind that carries rain [h]")


class Regimes(Section):
    """Regimes of the day, shared by rain and temperature."""

    features: Features = Field(description="features of the coarse day")
    temperature: TemperatureRegimes = Field(description="regimes of temperature")
    rain: RainRegimes = Field(description="states of rain")
    memory: Memory = Field(description="memory of the noise")
