"""Cells of the scorecard where numbers are missing or better than the best possible."""

import numpy as np
import pandas as pd

import fabricated_laws
import fabricated_results as made
from downbench.core.io.evidence import Evidence
from downbench.experiments.summaries import summary_of
from downbench.report.criteria import CRITERIA
from downbench.report.score_cells import cells_of_comparison, score_cell


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
