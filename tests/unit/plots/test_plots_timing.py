"""Figures call a time stamp by its name: a day only where the region is daily."""

from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pytest

import fabricated_results as made
from downbench.core.io.evidence import Evidence
from downbench.plots.inputs import FigureInputs
from downbench.plots.timing import name_time_step
from downbench.steps.draw_figure import draw

DAILY = ({}, {"target": None}, {"target": {"frequency": "day"}})
RADAR = {"target": {"frequency": "5min"}}


def inputs(region: dict[str, object]) -> FigureInputs:
    return FigureInputs(
        experiment=made.EXPERIMENT | {"models": ["unet", "corrdiff"]},
        region=made.REGION | {"targets": ["pr"]} | region,
        evidence=Evidence(
            {
                "comparison": {"perfect": made.comparison(["pr"])},
                "scores": {name: made.scores(name, ["pr"]) for name in ("unet", "corrdiff")},
                "maps": {name: made.maps(name, ["pr"], (16, 16)) for name in ("unet", "corrdiff")},
            }
        ),
    )


@pytest.mark.parametrize("region", DAILY)
def test_a_daily_region_has_days(region: dict[str, object]) -> None:
    assert name_time_step("Rain {on} a typical {day}", region) == "Rain on a typical day"


def test_a_finer_region_has_times() -> None:
    assert name_time_step("Rain {on} a typical {day}", RADAR) == "Rain at a typical time"


def test_maps_and_costs_name_the_time_step() -> None:
    for region, word, other in ((DAILY[0], "day", "time"), (RADAR, "time", "day")):
        title = draw("maps-pr-wettest", inputs(region)).get_suptitle()
        assert f"wettest test {word}" in title and other not in title
        axes = draw("cost-skill", inputs(region)).axes
        assert f"sampling [core s per member and {word}]" in {one.get_xlabel() for one in axes}
    plt.close("all")


def test_a_title_has_the_clock_where_days_are_not_enough() -> None:
    for region, wanted in ((DAILY[0], "2021-06-01"), (RADAR, "2021-06-01 18:35")):
        made_of = inputs(region)
        stamp = np.datetime64("2021-06-01T18:35:02", "ns")
        maps = {n: one.assign_coords(time=stamp) for n, one in made_of["maps"].items()}
        evidence = Evidence({**made_of.evidence.kinds, "maps": maps})
        title = draw("maps-pr-wettest", replace(made_of, evidence=evidence)).get_suptitle()
        assert title.endswith(f", {wanted}")
    plt.close("all")
