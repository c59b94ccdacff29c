"""Score tables of the page: numbers, intervals, the best mark, and what cannot be compared."""

import numpy as np
import pandas as pd
import pytest

import fabricated_results
from downbench.report.column_groups import OTHER, group_of
from downbench.report.columns import COSTS, SCORES
from downbench.report.fixed_decimals import decimals_of, fixed
from downbench.report.heat import shades
from downbench.report.page_table import Cell, PageTable
from downbench.report.score_tables import number, tables
from downbench.report.terms import TERMS


@pytest.fixture(scope="module")
def both() -> list[PageTable]:
    return tables(
        fabricated_results.comparison(["pr", "tasmax"]), fabricated_results.EXPERIMENT, "perfect"
    )


def cells(table: PageTable, key: str) -> dict[str, Cell]:
    place = [head.key for head in table.headings].index(key)
    return {name: row[place] for name, row in table.rows}


def test_one_table_per_variable_and_one_of_costs(both: list[PageTable]) -> None:
    assert [table.key for table in both] == ["perfect-pr", "perfect-tasmax", "perfect-cost"]
    assert all(
        [name for name, _ in table.rows] == list(fabricated_results.LABELS) for table in both
    )


def test_a_cell_holds_value_and_interval_of_the_full_grid(both: list[PageTable]) -> None:
    cell = cells(both[0], "crps")["climatology"]
    assert (cell.text, cell.interval, cell.order) == ("1.200", "1.140 … 1.260", 1.2)


def test_an_interval_has_the_decimals_of_its_value() -> None:
    narrow = {"lower": 0.00294, "upper": 1.5}
    rows = [{"model": "unet"} | fabricated_results.row("pr", "crps", 0.092) | narrow]
    table = tables(pd.DataFrame(rows), fabricated_results.EXPERIMENT, "perfect")[0]
    assert cells(table, "crps")["unet"].interval == "0.003 … 1.500"


def test_a_model_measured_against_itself_has_no_interval(both: list[PageTable]) -> None:
    assert cells(both[0], "crps_skill_climatology")["climatology"].interval == ""


def test_best_goes_to_the_best_competitor_and_never_to_the_oracle(both: list[PageTable]) -> None:
    for key in ("crps", "crps_skill_dressed", "log_spectral_distance"):
        column = cells(both[0], key)
        assert [name for name, cell in column.items() if cell.best] == ["corrdiff"]
        assert not column["corrdiff"].tied


def test_models_that_pairs_do_not_separate_share_the_mark(both: list[PageTable]) -> None:
    column = cells(both[0], "spread_skill")
    assert {name for name, cell in column.items() if cell.best and cell.tied} == {
        "bnn-dropout", "corrdiff"
    }  # fmt: skip


def test_pairs_of_another_scale_than_the_column_mark_nothing() -> None:
    """The table shows patches of 2 cells, pairs are of 4."""
    made = fabricated_results
    rows = [
        {"model": name} | made.row("pr", "energy_score_patch_ratio", value, scale=side)
        for side in (2, 4) for name, value in (("corrdiff", 1.1), ("bnn-dropout", 1.3))
    ]  # fmt: skip
    pair = made.row("pr", "energy_score_patch_skill_versus_bnn-dropout", 0.01, scale=4)
    rows.append({"model": "corrdiff"} | pair | {"lower": -0.1, "upper": 0.1})
    table = pd.concat([made.comparison(["pr"]), pd.DataFrame(rows).assign(members=16)])
    column = cells(tables(table, made.EXPERIMENT, "perfect")[0], "energy_score_patch_ratio")
    assert [name for name, cell in column.items() if cell.best] == ["corrdiff"]
    assert not column["corrdiff"].tied


def test_six_columns_are_shown_and_the_others_on_request(both: list[PageTable]) -> None:
    rain = both[0]
    shown = [head.key for head in rain.headings if head.key not in rain.hidden]
    assert {"crps", "crps_ratio_oracle", "spread_skill"} <= set(shown) and len(shown) <= 6
    assert set(rain.hidden) < {head.key for head in rain.headings}


def test_columns_have_the_groups_of_their_metrics(both: list[PageTable]) -> None:
    groups = {head.key: head.group for head in both[0].headings}
    assert groups["crps"] == groups["crps_skill_dressed"] == "Accuracy"
    assert groups["spread_skill"] == "Calibration" and groups["twcrps-99"] == "Extremes"
    assert both[0].groups == list(dict.fromkeys(groups.values()))
    assert both[-1].groups == []


def test_every_file_of_metrics_has_a_group() -> None:
    without = {column.metric for column in SCORES if group_of(column.metric) == OTHER}
    assert without <= {"block_mean_error"}


def test_shades_follow_the_distance_from_the_best(both: list[PageTable]) -> None:
    column = cells(both[0], "crps")
    assert [column[name].shade for name in ("oracle", "climatology")] == [0, 4]
    assert {cell.shade for cell in cells(both[0], "log_likelihood_kde").values()} == {None}
    tied = [cell for cell in cells(both[0], "spread_skill").values() if cell.tied]
    assert {cell.shade for cell in tied} == {0}


def test_shades_need_a_difference() -> None:
    assert shades({"a": 1.0, "b": 1.0}) == {} and shades({"a": 1.0, "b": np.inf}) == {}
    assert shades({"a": 0.0, "b": 0.2, "c": 1.0}) == {"a": 0, "b": 2, "c": 4}


@pytest.mark.parametrize(
    "values, texts",
    [([1234.6, 12.0], ["1\u202f235", "12"]), ([0.386, 2.347, 0.405], ["0.386", "2.347", "0.405"]),
     ([-3.5e-11, 0.02], ["0.000", "0.020"]), ([-1.5, 0.0], ["−1.50", "0.00"]),
     ([0.0004], ["0.0004"]), ([0.0004, 12.0, 300.0], ["0.0004", "12.0000", "300.0000"])],
)  # fmt: skip
def test_a_column_has_the_same_decimals(values: list[float], texts: list[str]) -> None:
    decimals = decimals_of(values)
    assert [fixed(value, decimals) for value in values] == texts


@pytest.mark.parametrize(
    "metric, values, winner",
    [
        ("bias", {"unet": -0.3, "bcsd": 0.2, "corrdiff": 0.5}, "bcsd"),
        ("spread_skill", {"unet": 0.5, "bcsd": 1.9, "corrdiff": 2.1}, "bcsd"),
        ("p99", {"unet": 30.0, "bcsd": 44.0, "corrdiff": 35.0}, "bcsd"),
        ("crps_skill_climatology", {"unet": 0.2, "bcsd": 0.3, "corrdiff": 0.1}, "bcsd"),
    ],
)
def test_best_means_what_the_metric_means(
    metric: str, values: dict[str, float], winner: str
) -> None:
    rows = [{"model": m} | fabricated_results.row("pr", metric, v) for m, v in values.items()]
    rows += [{"model": m} | fabricated_results.row("pr", "p99_reference", 40.0) for m in values]
    table = tables(pd.DataFrame(rows), fabricated_results.EXPERIMENT, "perfect")[0]
    assert [name for name, cell in cells(table, metric).items() if cell.best] == [winner]


def test_equal_as_printed_is_equally_best() -> None:
    rows = [{"model": m} | fabricated_results.row("pr", "crps", v) for m, v in
            {"unet": 1.0001, "bcsd": 1.0002, "corrdiff": 1.2}.items()]  # fmt: skip
    column = cells(tables(pd.DataFrame(rows), fabricated_results.EXPERIMENT, "perfect")[0], "crps")
    assert {name for name, cell in column.items() if cell.best} == {"unet", "bcsd"}


def test_different_as_printed_is_not_equally_best() -> None:
    values = {"unet": 12.34, "bcsd": 12.31, "corrdiff": 0.5, "bcsd-analog": 0.4}
    rows = [{"model": m} | fabricated_results.row("pr", "p99", v) for m, v in values.items()]
    rows += [{"model": m} | fabricated_results.row("pr", "p99_reference", 12.3) for m in values]
    column = cells(tables(pd.DataFrame(rows), fabricated_results.EXPERIMENT, "perfect")[0], "p99")
    assert (column["unet"].text, column["bcsd"].text) == ("12.34", "12.31")
    assert [name for name, cell in column.items() if cell.best] == ["bcsd"]


def test_a_model_better_than_the_oracle_gets_no_star() -> None:
    table = fabricated_results.comparison(["pr"])
    rows = (table["metric"] == "crps_ratio_oracle") & (table["model"] == "corrdiff")
    assert _stars(table) == {"corrdiff"}
    table.loc[rows, ["value", "lower", "upper"]] = (0.94, 0.93, 0.95)
    assert _stars(table) == {"bnn-dropout"}


def _stars(table: pd.DataFrame) -> set[str]:
    column = cells(tables(table, fabricated_results.EXPERIMENT, "perfect")[0], "crps")
    return {name for name, cell in column.items() if cell.best}


def test_single_fields_have_no_likelihood_and_say_so(both: list[PageTable]) -> None:
    column = cells(both[0], "log_likelihood_kde")
    assert {
        name for name, c in column.items() if c.text == "not comparable"
    } == fabricated_results.SINGLE
    assert all(column[name].order is None for name in fabricated_results.SINGLE)


def test_statistics_of_the_reference_are_in_the_heading(both: list[PageTable]) -> None:
    heads = {head.key: head for head in both[0].headings}
    assert heads["p99"].reference == "40.0"
    assert heads["crps"].reference == ""
    assert heads["crps_skill_dressed"].words == "Skill against Dressed UNet"


def test_columns_without_any_number_are_left_out() -> None:
    table = fabricated_results.comparison(["pr"])
    table = table[table["metric"] != "crps_ratio_oracle"]
    keys = [
        head.key for head in tables(table, fabricated_results.EXPERIMENT, "perfect")[0].headings
    ]
    assert "crps_ratio_oracle" not in keys and "txx" not in keys and "crps" in keys


def test_costs_are_never_marked_as_best(both: list[PageTable]) -> None:
    assert not any(cell.best for _, row in both[2].rows for cell in row)
    assert cells(both[2], "training_cpu_s")["climatology"].text == "3.0"


@pytest.mark.parametrize(
    "value, text",
    [(0.0, "0"), (-0.5, "−0.500"), (0.00123, "0.00123"), (12.34, "12.3"), (123.4, "123"),
     (12345.0, "12\u202f345"), (2e-7, "2.0e−07"), (float("nan"), "–")],
)  # fmt: skip
def test_number(value: float, text: str) -> None:
    assert number(value) == text


def test_every_column_is_explained_once() -> None:
    keys = [column.key for column in (*SCORES, *COSTS)]
    assert len(set(keys)) == len(keys)
    assert all(column.meaning.endswith(".") for column in (*SCORES, *COSTS))
    assert all(text.endswith(".") for text in TERMS.values())
