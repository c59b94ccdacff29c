"""Figures of the physics experiment: they show the tables' numbers, and no words collide."""

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

import fabricated_laws as made
from downbench.core.errors import UserError
from downbench.core.io.evidence import Evidence
from downbench.plots import style
from downbench.plots.figures.budget_residual import density
from downbench.plots.inputs import FigureInputs
from downbench.steps.draw_figure import draw
from figure_texts import beyond_the_page, collisions

matplotlib.use("agg")

FIGURES = (
    "violations-sharpness",
    "budget-residual",
    "rain-without-moisture",
    "clausius-clapeyron",
    "rapsd-constrained",
)


@pytest.fixture(scope="module")
def both() -> FigureInputs:
    return made.inputs()


@pytest.fixture(autouse=True)
def looks() -> None:
    with style.settings():
        yield
    plt.close("all")


def words(figure: Figure) -> set[str]:
    return {text.get_text() for text in figure.findobj(Text)}


def points(axes: Axes) -> list[tuple[float, float]]:
    found = [line for line in axes.get_lines() if line.get_marker() not in ("None", "_", "|")]
    return [(line.get_xdata()[0], line.get_ydata()[0]) for line in found if len(line.get_xdata())]


@pytest.mark.parametrize("name", FIGURES)
def test_words_neither_collide_nor_leave_the_page(name: str, both: FigureInputs) -> None:
    figure = draw(name, both)
    assert collisions(figure) == []
    assert beyond_the_page(figure) == []


@pytest.mark.parametrize("name", FIGURES)
def test_one_kind_of_model_is_enough(name: str) -> None:
    figure = draw(name, made.inputs(["corrdiff", *made.FAMILIES["corrdiff"]]))
    assert collisions(figure) == []
    assert not any("UNet" in text for text in words(figure))


@pytest.mark.parametrize("name", FIGURES)
def test_an_experiment_without_arms_is_told(name: str, both: FigureInputs) -> None:
    bare = FigureInputs({**both.experiment, "constrained_models": []}, both.region, both.evidence)
    with pytest.raises(UserError, match=name):
        draw(name, bare)


def test_violations_stand_against_sharpness_as_in_the_table(both: FigureInputs) -> None:
    figure = draw("violations-sharpness", both)
    models = ["corrdiff", *made.FAMILIES["corrdiff"]]
    spectrum, crps = points(figure.axes[1]), points(figure.axes[5])
    assert [y for _, y in spectrum] == pytest.approx([100 * made.rate(name) for name in models])
    distance = both.compared("corrdiff", "pr", "log_spectral_distance")["value"].iloc[0]
    assert [x for x, _ in spectrum] == pytest.approx([distance] * 4)
    assert [x for x, _ in crps] == pytest.approx([0, 0.5, 0.5, 0.5])  # a worse CRPS is above 0
    heights = {line.get_ydata()[0] for line in figure.axes[1].get_lines()}
    assert {0.0, 65.0} <= heights  # the floors: truth and interpolation


def test_a_stronger_loss_has_a_larger_marker(both: FigureInputs) -> None:
    figure = draw("violations-sharpness", both)
    legend = dict(zip(
        (text.get_text() for text in figure.legends[0].get_texts()),
        figure.legends[0].legend_handles, strict=True,
    ))  # fmt: skip
    sizes = [legend[made.LABELS[name]].get_markersize() for name in made.FAMILIES["unet"][:3]]
    assert sizes == sorted(set(sizes))


def test_arms_keep_the_colour_of_their_family_and_differ_by_marker() -> None:
    for base, arms in made.FAMILIES.items():
        assert {style.look(arm).colour for arm in arms} == {style.look(base).colour}
    markers = [style.look(arm).marker for arm in made.FAMILIES["corrdiff"]]
    assert len({*markers, style.look("corrdiff").marker}) == 4
    assert style.look("corrdiffer") != style.look("corrdiff")


def test_density_of_residuals_keeps_their_number() -> None:
    found = made.physics("corrdiff")
    edges, height = density(found)
    assert edges.size < found.sizes["residual_edge"]
    assert np.sum(height * np.diff(edges)) == pytest.approx(1, abs=1e-3)
    _, truth = density(found, "_reference")
    assert truth.argmax() == truth.size // 2


def test_maps_write_their_mean_and_show_the_truth_beside(both: FigureInputs) -> None:
    figure = draw("rain-without-moisture", both)
    mean = 100 * float(both["physics"]["corrdiff"]["rain_beyond_budget"].mean())
    shown = words(figure)
    assert f"CorrDiff\n{mean:.1f} %" in shown
    assert "truth\n0.0 %" in shown
    assert any(text.startswith("UNet\nphysics loss × 0.1\n") for text in shown)


def test_reference_lines_rise_by_one_and_two_times_clausius_clapeyron(
    both: FigureInputs,
) -> None:
    axes = draw("clausius-clapeyron", both).axes[0]
    growth = [
        (line.get_ydata()[1] / line.get_ydata()[0]) ** (1 / np.ptp(line.get_xdata())) - 1
        for line in axes.get_lines()
        if len(line.get_xdata()) == 2
    ]
    assert growth == pytest.approx([0.07, 0.14])


def test_a_percentile_that_no_model_has_is_left_out(both: FigureInputs) -> None:
    table = both.comparison
    kept = table[~((table["metric"] == "cc_rate") & (table["threshold"] == 99.9))]
    evidence = Evidence({**both.evidence.kinds, "comparison": {"perfect": kept}})
    figure = draw("clausius-clapeyron", FigureInputs(both.experiment, both.region, evidence))
    titles = {axes.get_title(loc="left") for axes in figure.axes}
    assert {"P95", "P99"} <= titles and "P99.9" not in titles


def test_spectra_of_the_model_without_physics_are_solid(both: FigureInputs) -> None:
    axes = draw("rapsd-constrained", both).axes[1]
    curves = [line for line in axes.get_lines() if len(line.get_xdata()) > 2]
    assert curves[0].get_linestyle() == "-"
    assert all(line.get_linestyle() != "-" for line in curves[1:])
