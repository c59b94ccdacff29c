"""Small made-up results of the physics experiment: two families with constrained models."""

import numpy as np
import pandas as pd
import xarray as xr

import fabricated_results as made
from downbench.core.io.evidence import Evidence
from downbench.plots.inputs import FigureInputs

FAMILIES = {
    "unet": ["unet-phy-w01", "unet-phy", "unet-phy-w10", "unet-hard"],
    "corrdiff": ["corrdiff-phy", "corrdiff-hard", "corrdiff-guided"],
}
METHODS = {"phy": "loss", "hard": "constraint", "guided": "guidance"}
LABELS = {
    "unet": "UNet",
    "unet-phy-w01": "UNet, physics loss × 0.1",
    "unet-phy": "UNet, physics loss",
    "unet-phy-w10": "UNet, physics loss × 10",
    "unet-hard": "UNet, hard layer",
    "corrdiff": "CorrDiff",
    "corrdiff-phy": "CorrDiff, physics loss",
    "corrdiff-hard": "CorrDiff, hard layer",
    "corrdiff-guided": "CorrDiff, guided",
}
SINGLE = [name for name in LABELS if name.startswith("unet")]
PAIRS = [
    {
        "model": name,
        "unconstrained": base,
        "method": METHODS[name.removeprefix(f"{base}-").split("-")[0]],
    }
    for base, names in FAMILIES.items()
    for name in names
]
CLAIMS = {
    "models": ["corrdiff"],
    "unconstrained_percent": [15, 20],
    "guided_percent": 5,
    "tolerated_degradation": {
        "log_spectral_distance_db": 1.0,
        "p99_percent": 5,
        "crps_percent": 2,
        "spread_skill": 0.05,
    },
}
LAWS = {
    "rain_tolerance_mm_day": 0.1,
    "rain_tolerance_percent": [1, 5, 20],
    "headline_percent": 5,
    "headline_k": 0.1,
}
EXPERIMENT = made.EXPERIMENT | {
    "name": "exp2",
    "models": list(LABELS),
    "labels": LABELS,
    "constrained_models": PAIRS,
    "claims": CLAIMS,
    "reference_model": "unet",
    "climatology_model": "unet",
    "figures": ["violations-sharpness", "clausius-clapeyron"],
}
RATES = {"corrdiff": 0.175, "corrdiff-phy": 0.03, "corrdiff-guided": 0.01}
"""Violation rate of each model at the headline's tolerance; hard layers 0, others 0.4."""
FLOORS = {
    "rain_without_moisture_cells": {"_reference": 0.4, "_input": 0.4, "_bilinear": 0.42},
    "rain_beyond_budget_cells": {"_reference": 0.0, "_input": 0.0, "_bilinear": 0.41},
    "mass_violation_rate": {"_reference": 0.0, "_input": 0.0, "_bilinear": 0.65},
}
PRICES = {
    "log_spectral_distance": 0.3,
    "spectral_power_detail": -0.4,
    "p99": -0.01,
    "crps_skill": -0.005,
    "spread_skill": -0.01,
}
POWER_DB = {181.0: -0.1, 45.0: -0.8, 11.0: 0.6}
"""Change of power by wavelength [km]; that of the longest waves is not certain."""


def rate(model: str) -> float:
    """Violation rate of a model at the headline's tolerance [1]."""
    return 0.0 if model.endswith("-hard") else RATES.get(model, 0.4)


def rates(model: str) -> list[dict[str, object]]:
    """Violation rates with their floors, at every tolerance."""
    rows = []
    for metric, floors in FLOORS.items():
        for percent, factor in ((1, 1.2), (5, 1.0), (20, 0.5)):
            for end, value in ({"": rate(model)} | floors).items():
                rows.append(
                    made.row("pr", f"{metric}{end}", factor * value, threshold=percent, width=0.1)
                )
    rows.append(made.row("tasmax", "mass_violation_rate", 0.2, threshold=0.1))
    rows.append(made.row("tasmax", "mass_violation_rate_reference", 0.0, threshold=0.1))
    return rows


def warming(model: str) -> list[dict[str, object]]:
    """Rates of heavy rain with temperature, and their curves."""
    rows = []
    for percent in (95, 99, 99.9):
        for end, slope in (("", 6 + len(model) % 4), ("_reference", 6.5)):
            rows.append(made.row("pr", f"cc_rate{end}", slope, threshold=percent, width=0.3))
            for warmth in np.linspace(-5, 5, 6):
                value = percent / 20 * (1 + slope / 100) ** warmth
                keys = {"scale": warmth, "threshold": percent}
                rows.append(made.row("pr", f"cc_rate_binned{end}", value, **keys))
    return rows


def prices(pair: dict[str, str]) -> list[dict[str, object]]:
    """Rows of the cost of a constraint."""
    rows = [
        made.row(variable, f"{metric}_versus_{pair['unconstrained']}", value, width=0.2)
        for variable in ("pr", "tasmax")
        for metric, value in PRICES.items()
        if (variable, metric) != ("tasmax", "p99")
    ]
    power = f"spectral_power_band_versus_{pair['unconstrained']}"
    return rows + [
        made.row(variable, power, value, scale=wave, width=2.0 if wave > 100 else 0.2)
        for variable in ("pr", "tasmax")
        for wave, value in POWER_DB.items()
    ]


def scores(model: str) -> pd.DataFrame:
    """Score table of one model, its spectra among it."""
    known = "corrdiff" if model.startswith("corrdiff") else "unet"
    return made.scores(known, ["pr", "tasmax"])


def comparison() -> pd.DataFrame:
    """Comparison of all models, with their tables of laws."""
    pairs = {pair["model"]: pair for pair in PAIRS}
    tables = []
    for model in LABELS:
        headline = scores(model)
        headline = headline[~headline["metric"].str.startswith("rapsd")]
        rows = rates(model) + warming(model) + (prices(pairs[model]) if model in pairs else [])
        joined = pd.concat([headline, pd.DataFrame(rows)], ignore_index=True)
        tables.append(joined.assign(model=model))
    return pd.concat(tables, ignore_index=True)


def physics(model: str) -> xr.Dataset:
    """Maps and residuals of one model, as check_physics writes them."""
    shape, rng = (4, 6), np.random.default_rng(len(model))
    edges = np.concatenate([-np.geomspace(0.01, 100, 60)[::-1], np.geomspace(0.01, 100, 60)])
    centres = 0.5 * (edges[1:] + edges[:-1])
    made_of = {"": rate(model), "_reference": 0.0, "_input": 0.0, "_bilinear": 0.4}
    found: dict[str, object] = {}
    for end, share in made_of.items():
        for law in ("rain_without_moisture", "rain_beyond_budget"):
            found[f"{law}{end}"] = (("Y", "X"), share * rng.uniform(0.5, 1.5, shape))
        width = 0.001 if share == 0 else 4 * share
        count = np.exp(-np.abs(centres) / width) * np.diff(edges)
        found[f"budget_residual_count{end}"] = (("residual_bin",), 1e4 * count / count.sum())
    found["residual_edge"] = (("residual_edge",), edges)
    return xr.Dataset(found, attrs={"headline_percent": 5.0, "headline_k": 0.1})


def inputs(models: list[str] | None = None) -> FigureInputs:
    """What the figures of the physics experiment are drawn from."""
    chosen = models or list(LABELS)
    table = comparison()
    return FigureInputs(
        experiment=EXPERIMENT | {"models": chosen},
        region=made.REGION,
        evidence=Evidence(
            {
                "comparison": {"perfect": table[table["model"].isin(chosen)]},
                "scores": {name: scores(name) for name in chosen},
                "physics": {name: physics(name) for name in chosen},
            }
        ),
    )
