"""Small made-up score tables and maps, shaped as evaluation and comparison write them."""

from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

LABELS = {
    "climatology": "Climatology",
    "bilinear": "Bilinear",
    "bcsd": "BCSD",
    "bcsd-analog": "BCSD analogues",
    "unet": "UNet",
    "unet-dressed": "Dressed UNet",
    "bnn-dropout": "MC dropout",
    "corrdiff": "CorrDiff",
    "oracle": "Oracle",
}
SINGLE = {"bilinear", "bcsd", "unet"}
TRAINED = {"unet", "unet-dressed", "bnn-dropout", "corrdiff"}
SKILL = dict(zip(LABELS, (0.0, 0.1, 0.15, 0.3, 0.28, 0.41, 0.44, 0.46, 0.5), strict=True))
EXPERIMENT = {
    "name": "exp1",
    "title": "Downscaling under a perfect driver",
    "hypothesis": "A generative ensemble beats the dressed UNet in fair CRPS.",
    "models": list(LABELS),
    "labels": LABELS,
    "splits": ["test"],
    "reference_model": "unet-dressed",
    "climatology_model": "climatology",
    "challenger": "corrdiff",
    "rival": "bnn-dropout",
    "paired_claims": [
        {
            "statement": "{challenger} has a more realistic spatial structure than {rival}.",
            "scores": [
                {"score": "spectral_distance", "margin_db": 1},
                {"score": "crps", "scale": 2, "margin_percent": 2},
                {"score": "crps", "scale": 4, "margin_percent": 2},
            ],
        },
        {
            "statement": "{rival} has a better calibrated uncertainty of single cells.",
            "favours_rival": True,
            "scores": [
                {"score": "spread_skill_error", "margin_ratio": 0.05},
                {"score": "rank_deviation", "margin_percent": 2},
            ],
            "most_rank_deviation_percent": 2.5,
        },
        {
            "statement": "{rival} has a lower CRPS.",
            "favours_rival": True,
            "scores": [{"score": "crps", "scale": 1, "margin_percent": 1}],
        },
    ],
    "figures": ["crps-skill", "rapsd"],
}
REGION = {
    "name": "synthetic",
    "title": "Synthetic ridges",
    "targets": ["pr", "tasmax"],
    "target": {"source": "synthetic"},
    "factor": 8,
    "resolution_km": 4.0,
    "trained_on": ["perfect"],
}


def row(variable: str, metric: str, value: float, **more: float | str) -> dict[str, object]:
    """One row of a tidy table; an interval of ± 5 % by default."""
    width = more.pop("width", 0.05)
    base = {
        "variable": variable,
        "metric": metric,
        "scale": np.nan,
        "threshold": np.nan,
        "season": "all",
        "value": value,
        "lower": value - abs(value) * width,
        "upper": value + abs(value) * width,
        "members": 16,
        "times": 120,
    }
    return base | more


def curves(model: str, variable: str, rng: np.random.Generator) -> list[dict[str, object]]:
    """Curves that an ensemble or a single field has."""
    skill, rows = SKILL[model], []
    for wave in 512 / np.arange(2, 33):
        truth = wave**2.5 / 100
        damp = np.exp(-8 * (0.5 - skill) / wave * 4)
        for name in ("rapsd", "rapsd_log"):
            rows.append(row(variable, name, truth * damp, scale=wave))
            rows.append(row(variable, f"{name}_reference", truth, scale=wave, width=0.02))
    if model in SINGLE:
        return rows
    for rank in range(17):
        u = 1 + 6 * (0.5 - skill) * ((rank - 8) / 8) ** 2 - (0.5 - skill)
        rows.append(row(variable, "rank_histogram", u, threshold=rank))
        if variable == "pr":
            rows.append(row(variable, "rank_histogram_wet", 0.8 + 0.2 * u, threshold=rank))
    for number in range(10):
        spread = 0.3 + 0.4 * number
        rows.append(row(variable, "spread_binned", spread, threshold=number))
        rows.append(row(variable, "rmse_binned", spread * (1.8 - 1.5 * skill), threshold=number))
    rows.append(row(variable, "spread_skill", 0.6 + 0.8 * skill))
    return rows


def rain_curves(model: str) -> list[dict[str, object]]:
    """Quantiles and reliability of rain."""
    rows, skill = [], SKILL[model]
    for percent in (50, 70, 80, 90, 95, 98, 99, 99.5, 99.9, 99.99):
        truth = 3.0 * (-np.log(1 - percent / 100)) ** 1.3
        rows.append(row("pr", "quantile", truth * (0.6 + 0.8 * skill), threshold=percent))
        rows.append(row("pr", "quantile_reference", truth, threshold=percent))
    if model in SINGLE:
        return rows
    for limit in (1, 10, 20):
        for centre in np.arange(0.05, 1, 0.1):
            seen = np.clip(centre + (0.5 - skill) * (0.5 - centre), 0, 1)
            count = 20000 * np.exp(-4 * centre * limit / 10)
            keys = {"threshold": limit, "scale": centre}
            rows.append(row("pr", "reliability_observed", seen, **keys))
            rows.append(row("pr", "reliability_forecast", centre, **keys))
            rows.append(row("pr", "reliability_count", count, **keys))
    return rows


def scores(model: str, variables: list[str]) -> pd.DataFrame:
    """Score table of one model."""
    rng = np.random.default_rng(len(model))
    rows = [r for name in variables for r in curves(model, name, rng)]
    rows += rain_curves(model)
    rows += headline(model, variables)
    table = pd.DataFrame(rows)
    table["members"] = 1 if model in SINGLE else 16
    return table


def headline(model: str, variables: list[str]) -> list[dict[str, object]]:
    """The rows that the comparison repeats."""
    rows = []
    for name in variables:
        crps = (1.2 if name == "pr" else 0.8) * (1 - SKILL[model])
        rows.append(row(name, "crps", crps, scale=1))
        rows += [row(name, "crps", crps * f, scale=s) for s, f in ((2, 0.9), (4, 0.8), (8, 0.5))]
        rows.append(row(name, "log_spectral_distance", 16 * (0.55 - SKILL[model])))
        likelihood = np.nan if model in SINGLE else -1.5 + SKILL[model]
        rows.append(row(name, "log_likelihood_kde", likelihood))
        rows += [row(name, "twcrps", crps * 0.2, threshold=p) for p in (95, 99)]
        rows.append(row(name, "bias", 0.4 * (SKILL[model] - 0.42)))
        if model not in SINGLE:
            rows.append(row(name, "spread_skill", 0.6 + 0.8 * SKILL[model]))
            rows.append(row(name, "rank_deviation", 0.01))
    rows.append(row("pr", "wet_day_frequency", 0.3 + 0.1 * SKILL[model]))
    rows.append(row("pr", "wet_day_frequency_reference", 0.345))
    rows.append(row("pr", "p99", 30 + 20 * SKILL[model]))
    rows.append(row("pr", "p99_reference", 40.0))
    return rows


def comparison(variables: list[str]) -> pd.DataFrame:
    """Comparison table of all models."""
    rows = []
    for number, model in enumerate(LABELS):
        mine = headline(model, variables)
        for name in variables:
            skill = SKILL[model]
            mine += [
                row(
                    name,
                    f"crps_skill_versus_{other}",
                    1 - (1 - skill) / (1 - SKILL[other]),
                    scale=1,
                )
                for other in LABELS
                if other != model
            ]
            dressed = 1 - (1 - skill) / (1 - SKILL["unet-dressed"])
            mine.append(row(name, "crps_skill_climatology", skill))
            mine.append(row(name, "crps_skill_dressed", dressed, width=0.2))
            mine.append(row(name, "crps_ratio_oracle", (1 - skill) / 0.5, width=0.02))
        seconds = {
            "training_cpu_s": 3.0 * 2**number,
            "sampling_cpu_s_per_member_day": 1e-3 * 3**number,
        }
        for metric, value in seconds.items():
            mine.append(row("", metric, value) | {"variable": np.nan, "season": np.nan})
        for validation in range(8 if model in TRAINED else 0):
            loss = {"scale": 1000.0 * (validation + 1), "variable": np.nan}
            mine.append(row("", "validation_loss", 4.0**-validation) | loss)
        members = 1 if model in SINGLE else 16
        rows += [{"model": model} | r | {"members": members} for r in mine]
    return pd.DataFrame(rows + paired(variables)).assign(blocks=60, confidence=0.95)


DIFFERENCES = {
    ("spectral_distance", np.nan): (-4.7, -5.0, -4.4),
    ("crps_skill", 2): (0.05, 0.04, 0.06),
    ("crps_skill", 4): (0.12, 0.10, 0.14),
    ("spread_skill_error", np.nan): (0.01, -0.03, 0.05),
    ("rank_deviation", np.nan): (0.001, -0.002, 0.004),
}
"""Differences between the two models of the claims: value and interval."""


def paired(variables: list[str]) -> list[dict[str, object]]:
    """The rows that the claims ask for."""
    return [
        {"model": "corrdiff"}
        | row(name, f"{metric}_versus_bnn-dropout", value, scale=scale)
        | {"lower": lower, "upper": upper}
        for name in variables
        for (metric, scale), (value, lower, upper) in DIFFERENCES.items()
    ]


def smooth(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Correlated unit-variance noise on the last two axes."""
    ny, nx = shape[-2:]
    k = np.hypot(np.fft.fftfreq(ny)[:, None] * ny, np.fft.fftfreq(nx) * nx)
    field = np.fft.ifft2(np.fft.fft2(rng.normal(size=shape)) / (1 + k**1.6)).real
    return field / field.std()


def maps(model: str, variables: list[str], size: tuple[int, int]) -> xr.Dataset:
    """Maps of three days."""
    rng, (ny, nx) = np.random.default_rng(1), size
    lat, lon = np.meshgrid(40 + 0.04 * np.arange(ny), -3 + 0.05 * np.arange(nx), indexing="ij")
    out = xr.Dataset(
        coords={
            "lat": (("y", "x"), lat),
            "lon": (("y", "x"), lon),
            "kind": ("day", ["wettest", "hottest", "typical"]),
        }
    )
    for name in variables:
        base = smooth(rng, (3, ny, nx))
        noise = smooth(rng, (3, 3, ny, nx)) * (0 if model in SINGLE else 0.5)
        members = (
            (lambda z: 15 * np.clip(z, 0, None) ** 1.5)
            if name == "pr"
            else (lambda z: 290 + 4 * z)
        )
        drawn = members(base + noise)
        day = ("day", "y", "x")
        out[f"{name}_reference"] = (day, members(base + 0.3 * smooth(rng, base.shape)))
        blocks = base.reshape(3, ny // 8, 8, nx // 8, 8).mean((2, 4))
        out[f"{name}_coarse"] = (day, members(blocks.repeat(8, 1).repeat(8, 2)))
        out[f"{name}_mean"] = (day, drawn.mean(0))
        out[f"{name}_spread"] = (day, drawn.std(0))
        out[f"{name}_members"] = (("member", *day), drawn)
    return out


def write(folder: Path, variables: list[str], size: tuple[int, int] = (32, 40)) -> Path:
    """Write tables and maps of all models; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    comparison(variables).to_csv(folder / "comparison.csv", index=False)
    for model in LABELS:
        scores(model, variables).to_csv(folder / f"{model}.csv", index=False)
        maps(model, variables, size).to_netcdf(folder / f"{model}-maps.nc")
    return folder
