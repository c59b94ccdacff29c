"""Every figure: shows the numbers of the tables, names its axes, and no words collide."""

from dataclasses import replace

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.collections import FillBetweenPolyCollection
from matplotlib.text import Text

import fabricated_results as made
from downbench.core import figure_modules
from downbench.core.errors import UserError
from downbench.core.io.evidence import Evidence
from downbench.plots import style
from downbench.plots.inputs import FigureInputs
from downbench.steps.draw_figure import draw
from figure_texts import beyond_the_page, collisions

matplotlib.use("agg")

CURVES = (
    "rank-histograms",
    "spread-skill",
    "rapsd",
    "reliability",
    "crps-skill",
    "quantile-quantile",
    "cost-skill",
    "learning-curves",
)
MAPS = ("maps-pr-wettest", "maps-temperature-hottest")


def inputs(variables: list[str], models: list[str] | None = None) -> FigureInputs:
    chosen = models or list(made.LABELS)
    table = made.comparison(variables)
    return FigureInputs(
        experiment=made.EXPERIMENT | {"models": chosen},
        region=made.REGION | {"targets": variables},
        evidence=Evidence(
            {
                "comparison": {"perfect": table[table["model"].isin(chosen)]},
                "scores": {name: made.scores(name, variables) for name in chosen},
                "maps": {name: made.maps(name, variables, (16, 24)) for name in chosen},
            }
        ),
    )


@pytest.fixture(scope="module")
def both() -> FigureInputs:
    return inputs(["pr", "tasmax"])


@pytest.fixture(scope="module")
def rain() -> FigureInputs:
    return inputs(["pr"])


@pytest.fixture(scope="module")
def warmth() -> FigureInputs:
    data = inputs(["tasmax"])
    for kind in ("comparison", "scores"):
        tables = data[kind].contents
        tables.update({key: table[table["variable"] != "pr"] for key, table in tables.items()})
    return data


@pytest.fixture(autouse=True)
def looks() -> None:
    with style.settings():
        yield
    plt.close("all")


@pytest.mark.parametrize("name", [*CURVES, *MAPS])
def test_words_neither_collide_nor_leave_the_page(name: str, both: FigureInputs) -> None:
    figure = draw(name, both)
    assert collisions(figure) == []
    assert beyond_the_page(figure) == []


@pytest.mark.parametrize("name", ["rank-histograms", "rapsd", "crps-skill", "maps-pr-wettest"])
def test_region_with_rain_alone(name: str, rain: FigureInputs) -> None:
    figure = draw(name, rain)
    assert collisions(figure) == []
    assert "temperature" not in " ".join(text.get_text() for text in figure.findobj(Text))


@pytest.mark.parametrize("name", [*CURVES, *MAPS])
def test_region_without_rain(name: str, warmth: FigureInputs) -> None:
    if "rain" not in figure_modules.needs(name):
        assert collisions(draw(name, warmth)) == []
    else:
        with pytest.raises(UserError):
            draw(name, warmth)


@pytest.mark.parametrize("name", CURVES)
def test_every_axis_has_words(name: str, both: FigureInputs) -> None:
    figure = draw(name, both)
    columns = {axes.get_subplotspec().colspan.start for axes in figure.axes}
    feet = [axes for axes in figure.axes if axes.get_subplotspec().is_last_row()]
    assert any(axes.get_xlabel() for axes in feet)
    assert len(feet) == len(columns)
    first = [axes for axes in figure.axes if axes.get_subplotspec().is_first_col()]
    assert all(axes.get_ylabel() or len(axes.get_yticklabels()) > 3 for axes in first)


def test_rapsd_names_its_unit_and_runs_from_long_to_short_waves(both: FigureInputs) -> None:
    axes = draw("rapsd", both).axes
    assert all(one.get_xlim()[0] > one.get_xlim()[1] for one in axes)
    labels = [one.get_ylabel() for one in axes[:3]]
    assert labels[0].endswith("(mm day$^{-1}$)$^2$ km]")
    assert labels[1:] == ["spectral density [km]", "spectral density [K$^2$ km]"]


def test_crps_skill_bars_are_the_table(both: FigureInputs) -> None:
    axes = draw("crps-skill", both).axes[0]
    shown = [name for name in both.models if name != "climatology"]
    widths = [bar.get_width() for bar in axes.patches]
    assert widths == pytest.approx([made.SKILL[name] for name in shown])
    hatched = [name for name, bar in zip(shown, axes.patches, strict=True) if bar.get_hatch()]
    assert set(hatched) == made.SINGLE


def test_learning_curves_run_from_one_to_zero_and_name_those_that_still_fall() -> None:
    data = inputs(["pr"])
    slow = (data.comparison["model"] == "corrdiff") & (
        data.comparison["metric"] == "validation_loss"
    )
    data.comparison.loc[slow, "value"] = np.arange(8.0, 0, -1)
    figure = draw("learning-curves", data)
    lines = figure.axes[0].lines
    assert [line.get_ydata()[[0, -1]].tolist() for line in lines] == [[1, 0]] * 4
    words = [text.get_text() for text in figure.legends[0].get_texts()]
    assert words == ["UNet", "Dressed UNet", "MC dropout", "CorrDiff: still falling, 28.6 %"]


def test_crps_skill_writes_what_it_cuts() -> None:
    data = inputs(["pr"], ["climatology", "bilinear", "corrdiff"])
    table = data.comparison
    far = (table["model"] == "bilinear") & (table["metric"] == "crps_skill_climatology")
    table.loc[far, ["value", "lower", "upper"]] = [-4.17, -5.0, -3.0]
    axes = draw("crps-skill", data).axes[0]
    assert axes.patches[0].get_width() == -1 and axes.get_xlim()[0] > -2.5
    assert axes.texts[0].get_text() == "« −4.17"


def test_crps_skill_draws_the_interval(both: FigureInputs) -> None:
    axes = draw("crps-skill", both).axes[0]
    ends = [c.get_segments()[0][:, 0] for c in axes.collections if len(c.get_segments()) == 1]
    expected = both.compared("corrdiff", "pr", "crps_skill_climatology")[["lower", "upper"]]
    assert any(np.allclose(end, expected.to_numpy()[0]) for end in ends)


def test_rank_histogram_writes_the_height_of_bars_that_are_cut(rain: FigureInputs) -> None:
    figure = draw("rank-histograms", rain)
    ranks = rain.curve("climatology", "pr", "rank_histogram")["value"]
    assert ranks.max() > 3
    written = [text.get_text() for text in figure.axes[0].texts]
    assert written == [f"{value:.1f}" for value in ranks if value > 3]
    assert max(bar.get_height() for bar in figure.axes[0].patches) == pytest.approx(3)


def test_single_fields_stay_out_of_figures_of_ensembles(both: FigureInputs) -> None:
    for name in ("rank-histograms", "spread-skill", "reliability"):
        words = {text.get_text() for text in draw(name, both).findobj(Text)}
        assert "CorrDiff" in words
        assert not words & {"Bilinear", "BCSD", "UNet"}


def test_reliability_leaves_out_bins_with_few_forecasts() -> None:
    data = inputs(["pr"], ["corrdiff"])
    axes = draw("reliability", data).axes[2]
    counts = data.curve("corrdiff", "pr", "reliability_count", threshold=20)["value"]
    points = [line for line in axes.get_lines() if line.get_marker() == "p"]
    assert len(points[0].get_xdata()) == (counts >= 30).sum() < len(counts)


@pytest.mark.parametrize(
    ("kind", "words"), [("perfect", "input, 32 km"), ("reanalysis", "reference, 32 km")]
)
def test_block_means_are_the_input_of_a_perfect_driver(kind: str, words: str) -> None:
    data = inputs(["pr"], ["corrdiff"])
    region = data.region | {"factor": 8, "drivers": {"perfect": {"type": kind}}}
    figure = draw("maps-pr-wettest", replace(data, region=region))
    assert [axes.get_title() for axes in figure.axes[:2]] == [words, "reference"]


def test_maps_show_missing_cells_as_missing() -> None:
    data = inputs(["pr"], ["corrdiff"])
    for field in data["maps"]["corrdiff"].data_vars.values():
        field[..., 0, 0] = np.nan
    figure = draw("maps-pr-wettest", data)
    fields = [np.ma.filled(a.collections[0].get_array(), np.nan) for a in figure.axes[1:2]]
    assert np.isnan(fields[0].ravel()[0]) and not np.isnan(fields[0].ravel()[1:]).any()


def test_maps_without_positions_count_cells() -> None:
    data = inputs(["pr"], ["corrdiff"])
    bare = data["maps"]["corrdiff"].drop_vars(["lat", "lon"])
    data["maps"].contents["corrdiff"] = bare
    words = [text.get_text() for text in draw("maps-pr-wettest", data).findobj(Text)]
    assert "cell along x [1]" in words and "longitude [°E]" not in words


def test_a_user_s_own_model_is_drawn() -> None:
    data = inputs(["pr"], ["corrdiff"])
    evidence = Evidence(
        {
            "comparison": {"perfect": data.comparison.assign(model="my-model")},
            "scores": {"my-model": data["scores"]["corrdiff"]},
        }
    )
    own = FigureInputs({**data.experiment, "models": ["my-model"]}, data.region, evidence)
    words = {text.get_text() for text in draw("reliability", own).findobj(Text)}
    assert "my-model" in words


def test_unknown_figure_is_reported_in_one_message(rain: FigureInputs) -> None:
    with pytest.raises(UserError, match="figure 'pie-chart' does not exist"):
        draw("pie-chart", rain)


def test_missing_rows_are_reported() -> None:
    data = inputs(["pr"], ["corrdiff"])
    table = data["scores"]["corrdiff"]
    data["scores"].contents["corrdiff"] = table[~table["metric"].str.startswith("quantile")]
    with pytest.raises(UserError, match="quantile"):
        draw("quantile-quantile", data)


@pytest.mark.parametrize("name", ["reliability", "spread-skill"])
def test_the_oracle_is_the_band_that_others_are_compared_with(name: str) -> None:
    figure = draw(name, inputs(["pr"], ["corrdiff", "oracle"]))
    axes = figure.axes[0]
    markers = {line.get_marker() for line in axes.get_lines()}
    assert "p" in markers and "*" not in markers
    assert any(isinstance(artist, FillBetweenPolyCollection) for artist in axes.collections)
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels[-1].startswith("Oracle: calibrated, ")
