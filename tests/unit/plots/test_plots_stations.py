"""Figures of stations: they show the stations' numbers, and no words collide."""

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray as xr

import fabricated_results as made
from downbench.core.errors import UserError
from downbench.core.io.evidence import Evidence
from downbench.plots import station_rows, style
from downbench.plots.figures import station_altitude, station_map, station_scatter
from downbench.plots.inputs import FigureInputs
from figure_texts import beyond_the_page, collisions

matplotlib.use("agg")
MODELS = ["bilinear", "bcsd", "unet", "bnn-dropout", "corrdiff"]
PAIRS = ("perfect", "gcm", "gcm-corrected")
STATIONS = 12
FIGURES = {"scatter": station_scatter, "map": station_map, "altitude": station_altitude}


def places(bias: float, daily: bool) -> xr.Dataset:
    """Values per station, as `score_stations` writes them."""
    rng = np.random.default_rng(0)
    dims, shape = ("forecast", "extraction", "station"), (2, 2, STATIONS)
    variables = {"rise_m": (dims[1:], np.broadcast_to(rng.normal(0, 300, STATIONS), (2, 12)))}
    for name, level in {"pr": 3.0, "tasmax": 290.0}.items():
        for quantity, factor in {"mean": 1.0, "p05": 0.98, "p95": 1.02, "p99": 1.03}.items():
            seen = np.broadcast_to(level * factor + rng.gamma(2, 0.5, STATIONS), shape)
            variables[f"{name}_{quantity}_observed"] = (dims, seen)
            variables[f"{name}_{quantity}"] = (dims, seen + np.array([bias, 0.1])[:, None, None])
        if daily:
            variables[f"{name}_crps"] = (dims, rng.gamma(2, 1, shape))
            variables[f"{name}_bias"] = (dims, rng.normal(0, 1, shape))
    variables["tasmax_altitude_correction"] = (dims, rng.normal(0, 1, shape))
    coords = {
        "forecast": ["ensemble", "target"],
        "extraction": ["nearest", "bilinear"],
        "lat": ("station", np.linspace(40, 44, STATIONS)),
        "lon": ("station", np.linspace(-8, 2, STATIONS)),
        "altitude": ("station", np.linspace(0, 1900, STATIONS)),
    }
    return xr.Dataset(variables, coords)


@pytest.fixture
def inputs() -> FigureInputs:
    found = {
        f"{p}/{m}": places(0.2 * n, p == "perfect") for p in PAIRS for n, m in enumerate(MODELS)
    }
    found["rcm/racmo22e"] = places(1.0, False)
    lat, lon = np.meshgrid(np.linspace(39, 45, 16), np.linspace(-9, 3, 24), indexing="ij")
    ground = {"lat": lat, "lon": lon, "orog": 50 * (lat - 39), "land": (lat > 41) * 1.0}
    maps = xr.Dataset({name: (("y", "x"), values) for name, values in ground.items()})
    return FigureInputs(
        experiment=made.EXPERIMENT | {"models": MODELS, "labels": made.LABELS},
        region={"targets": ["pr", "tasmax"], "drivers": {"perfect": {}}},
        evidence=Evidence({"maps": {"bilinear": maps}, "stations": found}),
    )


@pytest.fixture(autouse=True)
def looks():
    with style.settings():
        yield
    plt.close("all")


@pytest.mark.parametrize("name", FIGURES)
def test_no_words_collide_or_leave_the_page(name, inputs):
    figure = FIGURES[name].draw(inputs)
    assert not collisions(figure) and not beyond_the_page(figure)


def test_the_chain_leads_from_raw_over_corrected_to_models_and_regional_models(inputs):
    words = [one.words for one in station_rows.chain_forecasts(inputs)]
    assert words[0] == "Bilinear,\nGCM raw" and words[1] == "Bilinear,\nGCM corrected"
    assert words[-1].startswith("RACMO22E") and len(words) == len(MODELS) + 2


def test_scatter_shows_the_stations_numbers(inputs):
    figure = station_scatter.draw(inputs)
    panel = figure.axes[2 * 4]
    shown = panel.collections[1].get_offsets()
    own = inputs["stations"]["gcm-corrected/bcsd"].sel(extraction="bilinear", forecast="ensemble")
    np.testing.assert_allclose(shown[:, 0], own["pr_mean_observed"])
    np.testing.assert_allclose(shown[:, 1], own["pr_mean"])
    assert panel.texts[0].get_text() == "|Δ| 0.2"


def test_skill_is_at_the_stations_altitude(inputs):
    figure = station_altitude.draw(inputs)
    offsets = figure.axes[0].collections[1].get_offsets()
    own = inputs["stations"]["perfect/bilinear"].sel(extraction="bilinear", forecast="ensemble")
    np.testing.assert_allclose(offsets[:, 0], own["altitude"])
    np.testing.assert_allclose(offsets[:, 1], own["pr_crps"])
    # Rain has no correction for altitude, temperature has one (trap T34).
    assert len(figure.axes[1].collections) == 1 and len(figure.axes[3].collections) == 2


@pytest.mark.parametrize("name", FIGURES)
def test_without_stations_a_figure_says_what_to_run(name, inputs):
    with pytest.raises(UserError, match="exp3"):
        FIGURES[name].draw(FigureInputs(inputs.experiment, inputs.region, Evidence({})))
