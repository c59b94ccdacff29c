"""Tables of laws and of the cost of constraints, and links between pages."""

from pathlib import Path

import pytest

import fabricated_laws
from downbench.report import page_index
from downbench.report.law_tables import CONSTRAINT_COSTS, LAWS, law_tables
from downbench.report.page_table import Cell, PageTable

PAGE = "<header><!--pages--><!--/pages-->\n<h1>{}</h1></header>"


@pytest.fixture(scope="module")
def tables() -> list[PageTable]:
    return law_tables(
        fabricated_laws.comparison(), fabricated_laws.EXPERIMENT, fabricated_laws.LAWS, "perfect"
    )


def cells(table: PageTable, heading: str) -> dict[str, Cell]:
    place = [head.words for head in table.headings].index(heading)
    return {name: row[place] for name, row in table.rows}


def test_violations_stand_under_their_floors(tables: list[PageTable]) -> None:
    table = tables[0]
    assert [name for name, _ in table.rows][:4] == [
        "reference", "coarse input", "interpolation", "unet"
    ]  # fmt: skip
    column = cells(table, "Beyond the budget")
    assert (column["reference"].text, column["interpolation"].text) == ("0", "41.0")
    assert (column["corrdiff"].text, column["corrdiff"].interval) == ("17.5", "15.8 … 19.2")
    assert column["corrdiff-hard"].interval == ""
    assert cells(table, "Mass, temperature")["corrdiff"].text == "20.0"
    assert cells(table, "Warming rate, P99")["reference"].text == "6.50"


def test_laws_that_nobody_was_checked_on_have_no_column(tables: list[PageTable]) -> None:
    assert not {"Budget", "Negative rain"} & {head.words for head in tables[0].headings}


def test_nothing_is_marked_best(tables: list[PageTable]) -> None:
    assert not any(cell.best for table in tables for _, row in table.rows for cell in row)


def test_the_cost_of_every_constraint_with_worse_above_zero(tables: list[PageTable]) -> None:
    rain, warmth = tables[1:]
    assert [name for name, _ in rain.rows] == [pair["model"] for pair in fabricated_laws.PAIRS]
    assert cells(rain, "Fair CRPS")["corrdiff-phy"].text == "0.50"
    assert cells(rain, "Fair CRPS")["corrdiff-phy"].interval == "0.40 … 0.60"
    assert cells(rain, "P99")["unet-hard"].text == "−1.00"
    assert "P99" not in {head.words for head in warmth.headings}


def test_every_column_is_explained() -> None:
    assert all(column.meaning.endswith(".") for column in (*LAWS, *CONSTRAINT_COSTS))
    keys = [(column.metric, column.heading) for column in (*LAWS, *CONSTRAINT_COSTS)]
    assert len(set(keys)) == len(keys)


def test_pages_link_to_each_other(tmp_path: Path) -> None:
    (tmp_path / "exp2.html").write_text(PAGE.format("Two &amp; more"))
    page_index.link(tmp_path)
    assert (tmp_path / "exp2.html").read_text() == PAGE.format("Two &amp; more")
    (tmp_path / "index.html").write_text(PAGE.format("One"))
    (tmp_path / "notes.html").write_text("<h1>a page of the user's own</h1>")
    page_index.link(tmp_path)
    assert '<a href="exp2.html">Two &amp; more</a>' in (tmp_path / "index.html").read_text()
    second = (tmp_path / "exp2.html").read_text()
    assert '<a href="index.html">One</a>' in second and "notes" not in second
    assert (tmp_path / "notes.html").read_text() == "<h1>a page of the user's own</h1>"


def test_linking_again_changes_nothing_and_forgets_pages_that_are_gone(tmp_path: Path) -> None:
    for name, title in (("index", "One"), ("exp2", "Two"), ("exp3", "Three")):
        (tmp_path / f"{name}.html").write_text(PAGE.format(title))
    page_index.link(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.html")}
    page_index.link(tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.html")} == before
    (tmp_path / "exp3.html").unlink()
    page_index.link(tmp_path)
    assert "exp3" not in (tmp_path / "index.html").read_text()
