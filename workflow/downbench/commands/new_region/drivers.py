"""Coarse series of a new region: a reanalysis, and runs of a climate model."""

from dataclasses import dataclass
from pathlib import Path

from downbench.core.config.cmip6_selection import HISTORICAL, LAST_HISTORICAL, read_selection
from downbench.core.config.datasets import read_datasets
from downbench.core.config.messages import unknown
from downbench.core.errors import UserError

PREDICTORS = ("pr", "tasmax", "psl", "uas", "vas")
"""Predictors of the reanalysis, in the order of the YAML."""
FUTURE = (2071, 2100)
DRIVERS = {
    "era5": ("cds-daily", "era5-daily-statistics"),
    "era5-hourly": ("cds", "era5-single-levels"),
}
"""Provider and dataset of each reanalysis."""
WITH_TIME_ZONE = "cds-daily"
"""Provider that makes days of any time zone."""


@dataclass(frozen=True)
class ClimateModel:
    """A climate model of config/cmip6.csv.

    name : name of its runs
    model : as CMIP6 spells it
    scenario : experiment of the future
    dataset : row of config/datasets.csv
    predictors : what both runs and the reanalysis have
    """

    name: str
    model: str
    scenario: str
    dataset: str
    predictors: tuple[str, ...]


def climate_model(name: str, scenario: str, years: list[int]) -> ClimateModel:
    """Return a climate model by its name in small letters.

    Raises
    ------
    UserError
        When the frozen selection does not list it or its scenario, or its past has not the years.
    """
    stores = read_selection()
    models = {store.model.lower(): store.model for store in stores}
    if name not in models:
        raise UserError(f"--gcm: {unknown('the climate model', name, sorted(models))}")
    model = models[name]
    scenarios = sorted({s.experiment for s in stores if s.model == model} - {HISTORICAL})
    if scenario not in scenarios:
        raise UserError(f"--scenario: {unknown('the run', scenario, scenarios)}")
    late = [year for year in years if year > LAST_HISTORICAL]
    if late:
        raise UserError(
            f"--years: {late[0]} is after {LAST_HISTORICAL}, where historical runs end: end "
            "earlier, or leave out --gcm"
        )
    held = [
        {store.variable for store in stores if (store.model, store.experiment) == (model, run)}
        for run in (HISTORICAL, scenario)
    ]
    predictors = tuple(name for name in PREDICTORS if all(name in names for names in held))
    row = f"cmip6-{name}"
    dataset = row if row in read_datasets(Path()) else "cmip6"
    return ClimateModel(name, model, scenario, dataset, predictors)
