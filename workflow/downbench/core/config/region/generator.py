"""Constants of the weather generator and of its drivers' biases, section by section.

docs/methods/synthetic-region.md gives the equations, under the same headings.
"""

from typing import Annotated, Self

from pydantic import Field, model_validator

from downbench.core.config.percent import SignedPercent
from downbench.core.config.section import Section

Positive = Annotated[float, Field(gt=0)]
Share = Annotated[float, Field(ge=0, le=1)]


class Ridge(Section):
    """One mountain ridge, Gaussian across and along its crest."""

    centre_x: Share = Field(description="centre, share of the domain's width from the west [1]")
    centre_y: Share = Field(description="centre, share of the domain's height from the south [1]")
    azimuth_degrees: float = Field(description="direction of the crest, clockwise from north [°]")
    height_m: Positive = Field(description="height of the smooth crest [m]")
    width_km: Positive = Field(description="standard deviation across the crest [km]")
    length_km: Positive = Field(description="standard deviation along the crest [km]")


class Terrain(Section):
    """Coast, plain, ridges and relief of the fine grid."""

    centre_lat_degrees: float = Field(ge=-80, le=80, description="latitude of the centre [°N]")
    centre_lon_degrees: float = Field(ge=-180, lt=180, description="longitude of the centre [°E]")
    coast_x: Share = Field(description="mean position of the coast; sea lies west of it [1]")
    coast_roughness_km: float = Field(
        ge=0, description="standard deviation of the coast line [km]"
    )
    coastal_ramp_km: Positive = Field(description="distance over which land rises from sea [km]")
    plain_rise_m_per_km: float = Field(ge=0, description="rise of the plain inland [m km-1]")
    ridges: tuple[Ridge, ...] = Field(description="mountain ridges")
    relief_log_sd: float = Field(ge=0, description="sd of log relief added to the ridges [1]")
    relief_slope: Positive = Field(description="slope of the relief's 2-D power spectrum [1]")


class Weather(Section):
    """Coarse process: temperature, wind and rain on the coarse grid."""

    persistence: Share = Field(description="lag-1 correlation of the largest waves of rain [1]")
    temperature_persistence: Share = Field(description="the same of temperature [1]")
    wind_persistence: Share = Field(description="lag-1 correlation of the domain's wind [1]")
    decay_scale_km: Positive = Field(
        description="wavelength at which the logarithm of the persistence has doubled [km]"
    )
    outer_scale_km: Positive = Field(description="wavelength above which spectra are flat [km]")
    rain_slope: Positive = Field(description="slope of the 2-D power spectrum of rain [1]")
    temperature_slope: Positive = Field(description="the same of temperature and wind [1]")
    steering: Share = Field(description="share of the wind that moves the weather [1]")
    wind_mean_m_s: float = Field(description="mean westerly wind [m s-1]")
    wind_sd_m_s: Positive = Field(description="sd of each component, day to day [m s-1]")
    wind_local_sd_m_s: float = Field(ge=0, description="sd of each component, in space [m s-1]")
    temperature_mean_k: Positive = Field(description="annual mean of tasmax at sea level [K]")
    season_land_k: float = Field(ge=0, description="amplitude of the season over land [K]")
    season_sea_k: float = Field(ge=0, description="amplitude of the season over sea [K]")
    warmest_day: int = Field(ge=1, le=366, description="day of the year with the season's peak")
    temperature_sd_k: Positive = Field(description="sd of daily temperature [K]")
    lapse_k_per_km: Positive = Field(description="fall of temperature with height [K km-1]")
    warming_k_per_decade: float = Field(description="linear warming trend [K per 10 years]")
    rain_scale_mm_day: Positive = Field(description="rain at one unit above threshold [mm day-1]")
    rain_threshold: float = Field(description="threshold of the standard normal latent [1]")
    rain_power: Positive = Field(description="exponent of the excess over the threshold [1]")
    rain_season: float = Field(description="winter-minus-mean shift of the latent [1]")
    rain_wet_mm_day: Positive = Field(
        description="rain below this, before warmth, is dry [mm d-1]"
    )
    exposure: float = Field(description="log enhancement on fully exposed slopes [1]")
    exposure_scale_m2_km_s: Positive = Field(
        description="wind times slope of e-fold [m2 km-1 s-1]"
    )
    enhancement_per_km: float = Field(description="log enhancement with height [km-1]")
    cc_rate_percent_per_k: SignedPercent = Field(
        description="rise of rain per kelvin of anomaly [% K-1]"
    )


class FineNoise(Section):
    """Independent random fields of every day: the noise of the conditional distribution."""

    size: int = Field(
        ge=16, le=4096, description="cells along the side of their periodic square [1]"
    )
    outer_scale_km: Positive = Field(description="wavelength above which spectra are flat [km]")
    rain_slope: Positive = Field(description="slope of the 2-D power spectrum, rain [1]")
    temperature_slope: Positive = Field(description="slope of the 2-D power spectrum, tasmax [1]")
    elongation: float = Field(ge=0, description="stretch along a strong wind, minus one [1]")
    elongation_wind_m_s: Positive = Field(description="wind at half the stretch [m s-1]")


class RainDistribution(Section):
    """p(fine rain | coarse day)."""

    warm_k: Positive = Field(description="sea-level tasmax of equal shares of both kinds [K]")
    warm_width_k: Positive = Field(description="width of that transition [K]")
    threshold: float = Field(description="latent below which rain fades, mixed rain [1]")
    threshold_warm: float = Field(description="added to it from cold to warm rain [1]")
    threshold_amount: float = Field(description="taken from it per unit of log rain [1]")
    amount_scale_mm_day: Positive = Field(description="rain at which that is nothing [mm day-1]")
    sharpness: Positive = Field(description="sharpness of the fading [1]")
    power: Positive = Field(description="exponent of the weights, mixed rain [1]")
    power_warm: float = Field(description="added to it from cold to warm rain [1]")
    exposure: float = Field(description="shift of the latent on fully exposed slopes [1]")
    exposure_scale_m2_km_s: Positive = Field(
        description="wind times slope of e-fold [m2 km-1 s-1]"
    )
    height_per_km: float = Field(description="shift per km above the smooth terrain [km-1]")
    dry_mm_day: Positive = Field(description="fine rain below this is set to exactly 0 [mm day-1]")
    sweeps: int = Field(ge=1, le=100, description="smooth multiplicative corrections [1]")
    fading_sweeps: int = Field(ge=0, description="of which fade rain towards dry blocks [1]")

    @model_validator(mode="after")
    def _some_of_all(self) -> Self:
        if self.fading_sweeps > self.sweeps:
            raise ValueError(
                f"fading_sweeps = {self.fading_sweeps} is more than sweeps = {self.sweeps}, of "
                "which it is a part: lower it"
            )
        return self


class TemperatureDistribution(Section):
    """p(fine tasmax | coarse day)."""

    lapse_k_per_km: Positive = Field(description="fall with height in well-mixed air [K km-1]")
    inversion_k_per_km: float = Field(ge=0, description="offset in full inversion [K km-1]")
    inversion_k: Positive = Field(description="sea-level tasmax of a half inversion [K]")
    inversion_width_k: Positive = Field(description="width of that transition [K]")
    calm_wind_m_s: Positive = Field(description="e-folding wind of calm-weather effects [m s-1]")
    land_contrast: float = Field(description="land minus sea, per K of warmth [1]")
    land_neutral_k: Positive = Field(description="sea-level tasmax without contrast [K]")
    residual_sd_k: Positive = Field(description="sd of the residual in windy dry weather [K]")
    residual_calm: float = Field(ge=0, description="relative rise of the sd in calm [1]")
    residual_wet: Share = Field(description="relative fall of the sd in heavy rain [1]")
    residual_wet_mm_day: Positive = Field(description="rain at half of that fall [mm day-1]")
    residual_sea: Share = Field(description="sd over sea relative to land [1]")
    rain_correlation: float = Field(ge=-1, le=1, description="with the noise of rain [1]")


class Moisture(Section):
    """Column water, its transport and evaporation, which close the moisture budget."""

    humidity_dry: Share = Field(description="column relative humidity of a dry day [1]")
    humidity_wet: Share = Field(description="the same of a very wet day [1]")
    humidity_rain_mm_day: Positive = Field(description="e-folding rain between them [mm day-1]")
    column_kg_m2_per_hpa: Positive = Field(
        description="saturated column per hPa of saturation pressure [kg m-2 hPa-1]"
    )
    transport_factor: Positive = Field(description="moisture-weighted wind over uas, vas [1]")
    exchange_mm_day_per_hpa_m_s: Positive = Field(
        description="evaporation per deficit and wind over sea [mm day-1 hPa-1 (m s-1)-1]"
    )
    gust_m_s: Positive = Field(description="wind added in the evaporation law [m s-1]")
    land_evaporation: Share = Field(description="evaporation over land relative to sea [1]")


class ReanalysisErrors(Section):
    """Errors of the synthetic reanalysis driver."""

    smoothing: Share = Field(description="share replaced by the mean of the 3x3 neighbours [1]")
    rain_factor: Positive = Field(description="mean bias of rain, multiplicative [1]")
    rain_log_sd: float = Field(ge=0, description="sd of the log-normal error of rain [1]")
    temperature_bias_k: float = Field(description="mean error of temperature [K]")
    temperature_sd_k: float = Field(ge=0, description="sd of the error of temperature [K]")
    wind_sd_m_s: float = Field(ge=0, description="sd of the error of each component [m s-1]")
    error_persistence: Share = Field(description="lag-1 correlation of the errors [1]")


class Simulation(Section):
    """A free-running run of the same climate with known biases."""

    first_year: int = Field(description="first calendar year")
    last_year: int = Field(description="last calendar year")
    warming_k: float = Field(description="warming added on top of the region's trend [K]")
    temperature_bias_k: float = Field(description="mean bias [K]")
    temperature_spread: Positive = Field(description="factor on day-to-day anomalies [1]")
    rain_factor: Positive = Field(description="factor on rain [1]")
    rain_exponent: Positive = Field(description="exponent on rain / rain scale, bends quantiles")
    drizzle_share: Share = Field(description="share of dry cell-days turned into drizzle [1]")
    drizzle_mm_day: Positive = Field(description="mean of the exponential drizzle [mm day-1]")

    @model_validator(mode="after")
    def _years_in_order(self) -> Self:
        if self.last_year < self.first_year:
            raise ValueError(
                f"last_year {self.last_year} lies before first_year {self.first_year}: swap them"
            )
        return self
