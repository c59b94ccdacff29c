"""Columns of the tables about climate models: heading, unit and meaning of each metric."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ClimateColumn:
    """One column, filled from the rows of one metric.

    Attributes
    ----------
    metric
        Name in the gathered table.
    heading
        Words above the column.
    unit
        Unit; `{unit}` stands for the variable's own.
    meaning
        One or two sentences for the glossary.
    threshold
        Which of several rows of the metric.
    factor
        From the table's unit to this one.
    """

    metric: str
    heading: str
    unit: str
    meaning: str
    threshold: float | None = None
    factor: float = 1.0


SINGLE_FIELD = (
    "A model with a single field: no sample, so its wet days, spells and extremes are those of "
    "an expected value and not comparable with an ensemble's."
)
_BIAS = "Difference from the climate of the reference; the interval is over the years of both."

CLIMATE = (
    ClimateColumn("mean_bias", "Mean, bias", "{unit}", _BIAS),
    ClimateColumn(
        "quantile_bias", "P99, bias", "{unit}", f"99th percentile of all cells. {_BIAS}", 99.0
    ),
    ClimateColumn(
        "wasserstein_pooled",
        "Distance",
        "{unit}",
        "Wasserstein distance between the distributions of all cells together: how far a value "
        "has to be moved, on average, to make one climate into the other. It is above zero for "
        "samples of few years.",
    ),
    ClimateColumn(
        "wasserstein_pooled_floor",
        "noise floor",
        "{unit}",
        "The same distance of as many years of the reference from its other years: what a perfect "
        "model of so few years would have.",
    ),
    ClimateColumn(
        "wasserstein",
        "Distance, cells",
        "{unit}",
        "The same of each cell's own distribution, mean over cells, with more sampling "
        "uncertainty.",
    ),
    ClimateColumn(
        "energy_distance",
        "Energy distance",
        "{unit}",
        "Integral of the squared difference of each cell's distribution functions: the distance "
        "that belongs to the CRPS.",
    ),
    ClimateColumn(
        "wet_day_frequency_bias", "Wet days, bias", "%", f"Share of wet days. {_BIAS}", factor=100
    ),
    ClimateColumn("sdii_bias", "SDII, bias", "mm day⁻¹", f"Mean rain of wet days. {_BIAS}"),
    ClimateColumn("rx1day_bias", "Rx1day, bias", "mm day⁻¹", f"Wettest day of a year. {_BIAS}"),
    ClimateColumn(
        "r95ptot_bias",
        "R95pTOT, bias",
        "%",
        f"Share of rain on very wet days. {_BIAS}",
        factor=100,
    ),
    ClimateColumn("cdd_bias", "CDD, bias", "days", f"Longest dry spell of a year's days. {_BIAS}"),
    ClimateColumn("cwd_bias", "CWD, bias", "days", f"Longest wet spell of a year's days. {_BIAS}"),
    ClimateColumn("txx_bias", "Warmest, bias", "K", f"Warmest day of a year. {_BIAS}"),
    ClimateColumn("txn_bias", "Coldest, bias", "K", f"Coldest day of a year. {_BIAS}"),
    ClimateColumn(
        "seasonal_cycle_rmse",
        "Cycle, RMSE",
        "{unit}",
        "Root mean square of the bias of the sampled months.",
    ),
    ClimateColumn("lag1_bias", "Lag 1, bias", "1", f"Correlation with the day before. {_BIAS}"),
    ClimateColumn(
        "spatial_correlation_bias",
        "Next cell, bias",
        "1",
        f"Correlation of departures from the season with the next cell's. {_BIAS}",
    ),
    ClimateColumn(
        "rank_correlation_bias",
        "With temperature, bias",
        "1",
        f"Rank correlation of rain with temperature within a month. {_BIAS}",
    ),
)


def _of_change(quantity: str, words: str, unit: str) -> tuple[ClimateColumn, ...]:
    start = "relative_change" if unit == "%" else "change"
    return (
        ClimateColumn(
            f"{start}_{quantity}",
            f"{words}, change",
            unit,
            "Future minus past; of rain in percent of the past. The interval is over years.",
        ),
        ClimateColumn(
            f"signal_ratio_{quantity}",
            f"{words}, signal ratio",
            "1",
            "The change over that of the raw run: 1 preserves the signal. The interval is over "
            "years, resampled alike for both.",
        ),
    )


_UNCERTAINTY = (
    ClimateColumn(
        "change_mean_years",
        "Mean: years",
        "{unit}",
        "Standard deviation of the change of the mean due to the choice of years.",
    ),
    ClimateColumn(
        "change_mean_members",
        "Mean: members",
        "{unit}",
        "Standard deviation of the change of the mean between members.",
    ),
    ClimateColumn("change_p99_years", "P99: years", "{unit}", "The same of the 99th percentile."),
    ClimateColumn(
        "change_p99_members", "P99: members", "{unit}", "The same of the 99th percentile."
    ),
)
RAIN_CHANGE = (
    *_of_change("mean", "Mean", "%"),
    *_of_change("p95", "P95", "%"),
    *_of_change("p99", "P99", "%"),
    *_of_change("rx1day", "Rx1day", "%"),
    *_UNCERTAINTY,
)
WARM_CHANGE = (
    *_of_change("mean", "Mean", "K"),
    *_of_change("p95", "P95", "K"),
    *_of_change("p99", "P99", "K"),
    *_of_change("txx", "Warmest", "K"),
    *_UNCERTAINTY,
)
WARM_YEARS = (
    ClimateColumn("crps_test", "CRPS, other years", "{unit}", "Fair CRPS on held-out years."),
    ClimateColumn(
        "crps_warm", "CRPS, warm years", "{unit}", "Fair CRPS on the warmest held-out years."
    ),
    ClimateColumn(
        "crps_skill_reference_test",
        "Skill, other years",
        "1",
        "CRPS skill over the reference model, on held-out years.",
    ),
    ClimateColumn(
        "crps_skill_reference_warm", "Skill, warm years", "1", "The same in the warmest."
    ),
    ClimateColumn(
        "crps_skill_reference_difference",
        "Difference",
        "1",
        "Skill in warm years minus skill in other held-out years. Below zero: skill is lost in "
        "warmth, or with the time since training, where the warm years are the later ones.",
    ),
    ClimateColumn(
        "crps_skill_climatology_difference",
        "Difference, over climatology",
        "1",
        "The same of the skill over climatology, which is the same in warm years.",
    ),
    ClimateColumn(
        "crps_ratio_oracle_difference",
        "Ratio to oracle, difference",
        "1",
        "CRPS over the best possible one, warm minus other years: above zero the model loses "
        "skill, not the weather predictability.",
    ),
)
COLUMNS = (*CLIMATE, *RAIN_CHANGE, *WARM_CHANGE, *WARM_YEARS)
