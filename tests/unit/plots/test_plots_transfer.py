"""Figures and tables about climate models: they show the tables' numbers, and no words collide."""

from dataclasses import replace

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.text import Text

import fabricated_climates as made
from downbench.core.errors import UserError
from downbench.core.io.evidence import Evidence
from downbench.plots import style
from downbench.plots.downscaled_runs import distribution_function, downscaled_runs, runs_on_maps
from downbench.report.transfer_tables import transfer_tables
from downbench.scores.verdicts.climate_models import verdicts
from downbench.steps.draw_figure import draw
from figure_texts import beyond_the_page, collisions

matplotlib.use("agg")

FIGURES = ("chain-quantiles", "climate-bias", "change-maps", "future-extremes")


@pytest.fixture(autouse=True)
def looks() -> None:
    with style.settings():
        yield
    plt.close("all")


@pytest.mark.parametrize("name", FIGURES)
def test_words_neither_collide_nor_leave_the_page(name: str) -> None:
    figure = draw(name, made.inputs())
    assert collisions(figure) == []
    assert beyond_the_page(figure) == []


@pytest.mark.parametrize("name", FIGURES)
def test_without_fields_the_figure_says_what_to_run(name: str) -> None:
    with pytest.raises(UserError, match="exp3"):
        draw(name, replace(made.inputs(), evidence=Evidence({})))


def test_the_chain_is_reported_in_its_order_and_maps_show_a_few_links() -> None:
    found = downscaled_runs(made.inputs(), "change", "change")
    assert [one.stage for one in found] == ["raw"] * 4 + ["corrected"] * 4 + ["dynamical"]
    few = [one.label for one in runs_on_maps(made.inputs(), found)]
    assert few == [
        "bilinear, raw", "bilinear, corrected", "CorrDiff, raw", "CorrDiff, corrected",
        "truth of the run",
    ]  # fmt: skip


def test_a_regional_model_has_no_colour_of_a_model() -> None:
    some = downscaled_runs(made.inputs(), "climate", "present")[0]
    for name in ("racmo22e", "rca4", "hirham5"):
        rcm = replace(some, model=name, stage="dynamical")
        assert rcm.colour == rcm.line["color"] == style.DARK_GREY
    assert some.colour == style.look(some.model).colour


def test_a_temperature_axis_spans_what_was_seen() -> None:
    """The counted range is far wider than the days in it."""
    figure = draw("chain-quantiles", made.inputs())
    axes = next(a for a in figure.axes if a.get_xlabel().startswith("temperature"))
    shares = [y for line in axes.lines for y in line.get_ydata()]
    assert 0 < min(shares) < 1e-2 and 1 - 1e-2 < max(shares) < 1


def test_distribution_functions_are_those_of_the_fields() -> None:
    fields, _ = made.fields("corrdiff", "gcm-historical")
    below, edge = distribution_function(fields, "tasmax_distribution")
    median = np.interp(0.5, below, edge)
    assert median == pytest.approx(float(fields["tasmax_mean"].median()), abs=0.5)
    assert below[0] == 0 and below[-1] == pytest.approx(1)


def test_maps_hold_the_planted_change_and_its_mean() -> None:
    figure = draw("change-maps", made.inputs())
    words = {text.get_text() for text in figure.findobj(Text)}
    changes = [float(w.rsplit(", ", 1)[1]) for w in words if w.startswith("CorrDiff,\ncorrected")]
    assert any(abs(value - 3) < 0.5 for value in changes)


def test_tables_name_every_link_and_mark_single_fields() -> None:
    chain = made.inputs().driver_chain
    found = {one.key: one for one in transfer_tables(chain, made.EXPERIMENT, "p")}
    rows = [name for name, _ in found["p-climate-tasmax"].rows]
    assert "CorrDiff, corrected gcm" in rows and "UNet, raw gcm †" in rows
    assert "truth of the run" in rows
    change = found["p-change-pr"]
    assert change.rows[-1][0].startswith("Standard deviation between learned models")
    heads = [head.words for head in change.headings]
    kept = dict(change.rows)["bilinear, raw gcm †"][heads.index("Mean, signal ratio")]
    assert kept.text == "1.000"
    assert all(one.headings for one in found.values()) and "p-warm-years-pr" not in found


def test_the_page_can_judge_what_was_gathered() -> None:
    judged = verdicts(made.inputs().driver_chain, made.EXPERIMENT)
    assert len(judged) == 4 and judged[2].label != "not applicable"
    assert judged[3].label == "not applicable"  # no warm years were given
