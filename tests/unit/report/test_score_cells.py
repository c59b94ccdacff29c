"""Cells of the scorecard where numbers are missing or better than the best possible."""

import numpy as np
import pandas as pd

import fabricated_laws
import fabricated_results as made
from downbench.core.io.evidence import Evidence
from downbench.experiments.summaries import summary_of
from downbench.report.criteria import CRITERIA
from downbench.report.score_cells import cells_of_comparison, score_cell
from downbench.report.scorecard import scorecards
from downbench.report.summary import DriverSummary, ExperimentSummary


def test_without_competing_models_there_is_no_best_model() -> None:
    rows = [{"model": "oracle"} | made.row("pr", "crps", 1.0, scale=1)]
    cells = cells_of_comparison(pd.DataFrame(rows), made.EXPERIMENT, "perfect", [])
    assert list(cells) == []


def test_the_lowest_ratio_comes_first_below_the_best_possible() -> None:
    first, second = (
        score_cell(CRITERIA[0], "pr", "a", (value, np.nan, np.nan)) for value in (0.95, 0.995)
    )
    assert first.distance == second.distance == 0
    assert first.order < second.order


def test_violations_that_were_not_counted_have_no_cell() -> None:
    table = fabricated_laws.comparison()
    gone = (table["model"] == "corrdiff") & (table["metric"] == "mass_violation_rate")
    table.loc[gone, "value"] = np.nan
    files = Evidence({"comparison": {"perfect": table}})
    laws = summary_of(fabricated_laws.EXPERIMENT, made.REGION, files, fabricated_laws.LAWS)
    cells = [cell for cell in laws.drivers[0].cells if cell.criterion == "violations"]
    assert cells and "corrdiff" not in {cell.model for cell in cells}
    assert "nan" not in {cell.text for cell in cells}


def experiment(name: str, scores: dict[str, float]) -> ExperimentSummary:
    """Return an experiment in a region whose distribution is not known."""
    rows = [{"model": m} | made.row("pr", "crps", v, scale=1) for m, v in scores.items()]
    rows += [
        {"model": next(iter(scores))} | made.row("pr", f"crps_skill_versus_{other}", 0.2, scale=1)
        for other in list(scores)[1:]
    ]
    section = made.EXPERIMENT | {"name": name}
    cells = cells_of_comparison(pd.DataFrame(rows), section, "perfect", scores)
    part = DriverSummary(
        name="perfect", claims=(), cells=tuple(cells), labels={m: m for m in scores},
        competing=tuple(scores), ensembles=tuple(scores), grain={}, late_falls={},
    )  # fmt: skip
    return ExperimentSummary(name=name, title=name, hypothesis=name, drivers=(part,))


def test_experiments_share_the_best_model_as_unit_and_pairs_are_of_the_first() -> None:
    first = experiment("exp1", {"bcsd-analog": 1.0, "corrdiff": 1.5})
    second = experiment("exp2", {"corrdiff-hard": 0.8, "corrdiff": 1.5})
    (card,) = scorecards([first, second], {})
    shown = {model: (cells[0].text, cells[0].mark) for model, _, cells in card.rows}
    assert shown == {
        "corrdiff-hard": ("1.00", ""), "bcsd-analog": ("1.25", "★"), "corrdiff": ("1.88", "")
    }  # fmt: skip
    assert card.scope == " of the models of exp1"
    (alone,) = scorecards([first], {})
    assert alone.scope == ""


def test_what_rounds_to_zero_has_no_sign() -> None:
    cell = score_cell(CRITERIA[3], "pr", "a", (-0.01, -0.04, 0.01))
    assert (cell.text, cell.interval) == ("0.0", "0.0 … 0.0")


def test_a_ratio_has_its_interval_and_the_scores_that_it_is_of() -> None:
    numbers = {"p99": 42.0, "p99_reference": 40.0, "p99_ratio": 1.05}
    rows = [{"model": "corrdiff"} | made.row("pr", *number) for number in numbers.items()]
    cells = cells_of_comparison(pd.DataFrame(rows), made.EXPERIMENT, "perfect", ["corrdiff"])
    assert [(cell.text, cell.interval, cell.scores) for cell in cells] == [
        (
            "1.05",
            "1.00 … 1.10",
            "42.0 (39.9 … 44.1) mm day⁻¹; reference 40.0 (38.0 … 42.0) mm day⁻¹",
        )
    ]


def test_experiments_that_share_a_unit_keep_the_intervals_of_the_best_model_alone() -> None:
    first = experiment("exp1", {"bcsd-analog": 1.0, "corrdiff": 1.5})
    second = experiment("exp2", {"corrdiff-hard": 0.8, "corrdiff-loss": 1.5})
    (card,) = scorecards([first, second], {})
    intervals = {model: cells[0].interval for model, _, cells in card.rows}
    assert intervals == {
        "corrdiff-hard": "", "bcsd-analog": "", "corrdiff": "", "corrdiff-loss": "1.23 … 1.27"
    }  # fmt: skip


def test_small_costs_are_not_printed_as_nothing() -> None:
    costs = {"bilinear": 0.0004, "corrdiff": 0.12}
    rows = [{"model": m} | made.row("pr", "crps", 1.0, scale=1) for m in costs]
    rows += [{"model": m} | made.row("", "sampling_cpu_s_per_member_day", cost)
             | {"variable": np.nan} for m, cost in costs.items()]  # fmt: skip
    cells = cells_of_comparison(pd.DataFrame(rows), made.EXPERIMENT, "perfect", [])
    assert [cell.text for cell in cells if cell.criterion == "sampling"] == ["0.0004", "0.1200"]
