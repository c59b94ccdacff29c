"""Figures without a value are left out with a sentence, and no page dies of them."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from matplotlib.figure import Figure

import fabricated_climates
import fabricated_laws
import fabricated_results as made
import report_pages
from downbench.core import figure_modules
from downbench.core.io.evidence import Evidence
from downbench.plots import style
from downbench.plots.empty_figures import KEYWORD, NothingToDraw, placeholder, reason_of
from downbench.plots.inputs import FigureInputs
from downbench.report.pictures import figures_of
from downbench.steps import draw_figure, write_report

matplotlib.use("agg")
VARIABLES = ["pr", "tasmax"]
MODELS = ["climatology", "bilinear", "unet-dressed", "corrdiff"]
STATIONS = 5


@pytest.fixture(autouse=True)
def looks():
    with style.settings():
        yield
    plt.close("all")


def emptied(content: Any) -> Any:
    """A table or data set of the same form without any value; counts are zero."""
    if isinstance(content, pd.DataFrame):
        ends = [name for name in ("value", "lower", "upper") if name in content]
        return content.assign(**dict.fromkeys(ends, np.nan))
    if not isinstance(content, xr.Dataset):
        return content
    kept = ("kind", "cell_area", "orog", "land", "residual_edge")
    counts = ("_count", "_distribution", "_distribution_reference")
    fields = {}
    for name, field in content.data_vars.items():
        if field.dtype.kind == "f" and not str(name).endswith("_edge") and name not in kept:
            is_count = any(part in str(name) for part in counts)
            fields[name] = field * 0 if is_count else field * np.nan
    return content.assign(fields)


def empty(inputs: FigureInputs) -> FigureInputs:
    kinds = {
        kind: {key: emptied(files[key]) for key in files}
        for kind, files in inputs.evidence.kinds.items()
    }
    return replace(inputs, evidence=Evidence(kinds))


def scored() -> FigureInputs:
    table = made.comparison(VARIABLES)
    evidence = {
        "comparison": {"perfect": table[table["model"].isin(MODELS)]},
        "scores": {name: made.scores(name, VARIABLES) for name in MODELS},
        "maps": {name: made.maps(name, VARIABLES, (16, 24)) for name in MODELS},
        "stations": {f"{pair}/corrdiff": places() for pair in ("perfect", "gcm", "gcm-corrected")},
    }
    return FigureInputs(
        made.EXPERIMENT | {"models": MODELS},
        made.REGION | {"targets": VARIABLES, "drivers": {"perfect": {}}},
        Evidence(evidence),
    )


def places() -> xr.Dataset:
    dims = ("forecast", "extraction", "station")
    names = [f"{v}_{q}" for v in VARIABLES for q in ("mean", "p95", "p99", "crps", "bias")]
    names += [f"{name}_observed" for name in names]
    return xr.Dataset(
        {name: (dims, np.ones((2, 2, STATIONS))) for name in names}
        | {"rise_m": (dims[1:], np.ones((2, STATIONS)))},
        {
            "forecast": ["ensemble", "target"],
            "extraction": ["nearest", "bilinear"],
            "lat": ("station", np.linspace(40, 44, STATIONS)),
            "lon": ("station", np.linspace(-8, 2, STATIONS)),
            "altitude": ("station", np.linspace(0, 1900, STATIONS)),
        },
    )


LAWS = ("violations-sharpness", "budget-residual", "rain-without-moisture", "clausius-clapeyron")
CHAINS = ("chain-quantiles", "climate-bias", "change-maps", "future-extremes", "shift-error")


@pytest.mark.parametrize("name", figure_modules.known())
def test_a_figure_without_values_says_so(name: str) -> None:
    of_laws = (*LAWS, "rapsd-constrained")
    inputs = (
        fabricated_laws.inputs()
        if name in of_laws
        else fabricated_climates.inputs()
        if name in CHAINS
        else scored()
    )
    with pytest.raises(NothingToDraw):
        draw_figure.draw(name, empty(inputs))


def test_one_variable_without_values_leaves_the_other() -> None:
    inputs = scored()
    tables = {
        model: table.assign(value=table["value"].where(table["variable"] == "pr"))
        for model, table in inputs["scores"].items()
    }
    comparison = inputs.comparison
    bare = comparison.assign(value=comparison["value"].where(comparison["variable"] == "pr"))
    evidence = Evidence({"scores": tables, "comparison": {"perfect": bare}})
    for name in ("rapsd", "rank-histograms"):
        assert isinstance(draw_figure.draw(name, replace(inputs, evidence=evidence)), Figure)


def test_the_page_finds_the_sentence_in_the_picture(tmp_path: Path) -> None:
    """Spectra need a rectangle of valid cells, which islands may not have."""
    scores = {m: made.scores(m, VARIABLES) for m in MODELS}
    for model, table in scores.items():
        table[~table["metric"].str.startswith("rapsd")].to_csv(tmp_path / f"{model}.csv")
    manifest = {"scores": {model: str(tmp_path / f"{model}.csv") for model in MODELS}}
    draw_figure.main([
        *("--figure", "rapsd", "--experiment", json.dumps(made.EXPERIMENT | {"models": MODELS})),
        *("--region", json.dumps(made.REGION), "--inputs", json.dumps(manifest)),
        *("--png", str(tmp_path / "rapsd.png"), "--pdf", str(tmp_path / "rapsd.pdf")),
    ])  # fmt: skip
    (figure,) = figures_of({"perfect/rapsd": tmp_path / "rapsd.png"}, "perfect")
    assert figures_of({"perfect/rapsd": tmp_path / "rapsd.png"}, "reanalysis") == []
    assert figure.omission.startswith("no spectrum could be computed: the region has no rectangle")
    assert (tmp_path / "rapsd.pdf").stat().st_size > 0


def test_sentences_of_any_script_survive(tmp_path: Path) -> None:
    for reason in ("nothing", "no cell of 16 × 16 km²", "нет"):
        placeholder(reason).savefig(tmp_path / "f.png", metadata={KEYWORD: reason})
        assert reason_of((tmp_path / "f.png").read_bytes()) == reason
    Figure().savefig(tmp_path / "f.png")
    assert reason_of((tmp_path / "f.png").read_bytes()) == ""


def test_a_page_of_scores_without_values_is_written(tmp_path: Path) -> None:
    files = report_pages.manifest(tmp_path)
    comparison = Path(files["comparison"]["perfect"])
    emptied(pd.read_csv(comparison)).to_csv(comparison, index=False)
    omitted = Path(files["figures"]["perfect/rapsd"])
    placeholder("no cell").savefig(omitted, metadata={KEYWORD: "no cell"})
    write_report.main([
        *("--experiment", json.dumps(made.EXPERIMENT), "--region", json.dumps(made.REGION)),
        *("--inputs", json.dumps(files), "--report", str(tmp_path / "exp1.html")),
    ])  # fmt: skip
    page = (tmp_path / "exp1.html").read_text()
    assert "<b>Power spectra</b> is left out: no cell." in page
    assert not re.search(r"\bnan\b", page, re.IGNORECASE)
