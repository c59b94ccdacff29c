"""A physical law is one file: the one of docs/add-a-law.md, in a copy of the project."""

from pathlib import Path

import pandas as pd
import pytest
import xarray as xr

import copies
import guides

CHECK = """
from pathlib import Path
import constrained_pairs as made
import scores_fixtures
from downbench.steps import check_physics

ensemble, target = scores_fixtures.example(days=30, members=4)
driver = made.perfect(target)
ensemble["pr"][:, 1, :8] += 2000
paths = [str(path) for path in scores_fixtures.write_stores(Path("toy"), (ensemble, target))]
driver.to_zarr("toy/driver.zarr", mode="w")
check_physics.main([
    "--ensemble", paths[0], "--reference", paths[1], "--driver", "toy/driver.zarr",
    "--table", "toy/laws.csv", "--maps", "toy/laws.nc",
    "--evaluation", made.SETTINGS.model_dump_json(),
])
"""
PAGE = """
from downbench.report.law_tables import LAWS
print([column.heading for column in LAWS])
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = copies.copy_project(tmp_path_factory.mktemp("law") / "project")
    guides.follow("add-a-law.md", copy)
    return copy


def test_it_is_checked(project: Path) -> None:
    (project / "toy").mkdir()
    guides.python(project, CHECK)
    table = pd.read_csv(project / "toy/laws.csv").set_index(["variable", "metric"])["value"]
    assert table["pr", "record_rain_rate"] == pytest.approx(1 / 8)
    assert table["pr", "record_rain_rate_reference"] == 0
    with xr.open_dataset(project / "toy/laws.nc") as daily:
        assert float(daily["pr_record_rain"].mean()) == pytest.approx(1 / 8)


def test_it_is_a_column_of_the_page(project: Path) -> None:
    assert "'Negative rain', 'Record rain', 'Warming rate, P95'" in guides.python(project, PAGE)


def test_it_is_in_the_table_of_the_docs(project: Path) -> None:
    guides.python(project, "from downbench.steps import export_tables; export_tables.main([])")
    page = (project / "docs/methods/physics.md").read_text(encoding="utf-8")
    assert "| `record_rain_rate` | % |" in page
