"""What the page and the figures about climate models are made of, from small made-up climates."""

from functools import cache

import numpy as np
import pandas as pd
import xarray as xr

import climates
from downbench.core.config.region.climate_runs import RunPair as Runs
from downbench.core.io.evidence import Evidence
from downbench.core.stages import RAW
from downbench.plots.inputs import FigureInputs
from downbench.scores.climate import (
    climate_change,
    climate_comparison,
    climate_fields,
    climate_rows,
)
from downbench.scores.climate.climate_change import PeriodPair
from downbench.scores.climate.driver_chain import chain_positions, joined, with_position
from downbench.scores.table import Sample, table

PAST, FUTURE = climates.days(1981, 4, (1, 7)), climates.days(2051, 4, (1, 7))
AREA = np.ones((6, 6))
LAT, LON = np.meshgrid(np.linspace(44, 45, 6), np.linspace(8, 9, 6), indexing="ij")
GRID = ("y", "x")
STATIC = xr.Dataset(
    {"cell_area": (GRID, AREA), "land": (GRID, (LON > 8.3).astype(float))},
    {"lat": (GRID, LAT), "lon": (GRID, LON)},
)
RUNS = {
    "gcm": Runs(historical="gcm-historical", future="gcm-future"),
    "gcm-corrected": Runs(historical="gcm-historical-corrected", future="gcm-future-corrected"),
}
VARIABLES = ("pr", "tasmax")
EXPERIMENT = {
    "models": ["bilinear", "bcsd", "unet", "corrdiff"],
    "transferred": ["bilinear", "bcsd", "unet", "corrdiff"],
    "labels": {"bilinear": "bilinear", "bcsd": "BCSD", "unet": "UNet", "corrdiff": "CorrDiff"},
    "reference_model": "bcsd",
    "tolerances": {
        "added_bias_percent": 10,
        "bias_removed_percent": 50,
        "signal_deviation_percent": 20,
        "skill_points": 5,
    },  # fmt: skip
}
MEMBERS = {"bilinear": 1, "bcsd": 1, "unet": 1, "corrdiff": 3, "pseudo-reality-gcm": 3}
REGION = {"targets": ["pr", "tasmax"], "drivers": {"perfect": {}}}


@cache
def fields(model: str, driver: str) -> tuple[xr.Dataset, pd.DataFrame]:
    """Fields and table of one climate: a degree and a quarter too much where raw."""
    is_future, is_raw = "future" in driver, "gcm" in driver and "corrected" not in driver
    comparisons, tables = [], []
    for name in VARIABLES:
        time = FUTURE if is_future else PAST
        seed = len(driver)
        values = climates.weather(time, seed, members=MEMBERS[model], name=name)
        if name == "pr":
            values = values * (1.25 if is_raw else 1.0) * (1.2 if is_future else 1.0)
        else:
            values = values + is_raw + 3 * is_future
        truth = climates.series(climates.weather(PAST, 1, name=name), PAST, name)
        one = climates.series(values, time, name)
        both = climate_comparison.compare(one, truth, AREA, climates.settings(20), paired=False)
        comparisons.append(both)
        rows = [*climate_rows.distribution_rows(both), *climate_rows.index_rows(both)]
        tables.append(table(rows, Sample(name, "all", MEMBERS[model], len(time), 4, 0.95)))
    return climate_fields.fields_dataset(comparisons, STATIC), pd.concat(tables)


def pairs() -> dict[tuple[str, str], tuple[str, str]]:
    """Drivers of past and future by model and run."""
    own = {
        (model, run): pair.drivers for model in EXPERIMENT["models"] for run, pair in RUNS.items()
    }
    return own | {
        ("pseudo-reality-gcm", "pseudo-reality-gcm"): (
            "pseudo-reality-gcm-historical",
            "pseudo-reality-gcm-future",
        )
    }


@cache
def inputs() -> FigureInputs:
    """Everything that the figures look at."""
    known, tables = chain_positions(RUNS, "perfect"), []
    climate_fields_of, change_fields_of = {}, {}
    for (model, run), drivers in pairs().items():
        for driver in drivers:
            found, scores = fields(model, driver)
            climate_fields_of[f"{model}/{driver}"] = found
            tables.append(with_position(scores, "climate", model, driver, known))
        mine = PeriodPair(*(climate_fields_of[f"{model}/{driver}"] for driver in drivers))
        raw = PeriodPair(*(fields("bilinear", driver)[0] for driver in RUNS["gcm"].drivers))
        parts = {}
        for name in VARIABLES:
            rows = climate_change.rows(mine, raw, name, climates.settings(20))
            made = table(rows, Sample(name, "all", MEMBERS[model], 0, 4, 0.95))
            tables.append(with_position(made, "change", model, run, known))
            parts |= climate_change.maps(mine, name)
        static = {name: STATIC[name].variable for name in STATIC.variables}
        change_fields_of[f"{model}/{run}"] = xr.Dataset(parts).assign_coords(static)
    whole = joined(tables)
    assert set(whole["stage"]) >= {RAW}
    shown = {name: pd.DataFrame({"variable": VARIABLES}) for name in EXPERIMENT["models"]}
    evidence = Evidence(
        {
            "scores": shown,
            "driver_chain": {"perfect": whole},
            "climate": climate_fields_of,
            "change": change_fields_of,
        }
    )
    return FigureInputs(EXPERIMENT, REGION, evidence)
