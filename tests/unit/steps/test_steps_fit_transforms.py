"""The step that fits statistics looks at training years alone (trap T9)."""

from pathlib import Path

import pytest
import xarray as xr

import synthetic_region
from downbench.core.calendar import splits
from downbench.core.io import stores
from downbench.steps import fit_transforms

START_MONTH = 7
YEARS = {"train": (1983,), "validation": (1984,), "test": (1985,), "warm": ()}
"""Of the two calendar years of the region: half of the first, one, half of the last."""


def changed(dataset: xr.Dataset, year: int) -> xr.Dataset:
    """Half the rain and 5 K more in one year."""
    there = xr.DataArray(splits.year_labels(dataset["time"], START_MONTH) == year, dims="time")
    rain = dataset["pr"].where(~there, 0.5 * dataset["pr"])
    warmer = dataset["tasmax"].where(~there, dataset["tasmax"] + 5)
    return dataset.assign(
        pr=rain.assign_attrs(units="mm day-1"), tasmax=warmer.assign_attrs(units="K")
    )


def fitted(folder: Path, year: int | None) -> str:
    """The statistics as written, after `year` was changed in target and driver."""
    series = {"target": synthetic_region.target(), "driver": synthetic_region.perfect()}
    folder.mkdir()
    for name, one in series.items():
        stores.write(one if year is None else changed(one, year), folder / name / "perfect.zarr")
    region = synthetic_region.region()
    update = {"splits": region.splits.model_copy(update=YEARS), "year_start_month": START_MONTH}
    options = {
        "region": region.model_copy(update=update).model_dump_json(),
        "target": str(folder / "target" / "perfect.zarr"),
        "driver": str(folder / "driver" / "perfect.zarr"),
        "transforms": str(folder / "transforms.json"),
    }
    with pytest.MonkeyPatch.context() as patch:
        given = [part for name, text in options.items() for part in (f"--{name}", text)]
        patch.setattr("sys.argv", ["fit_transforms", *given])
        fit_transforms.main()
    return (folder / "transforms.json").read_text()


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> str:
    return fitted(tmp_path_factory.mktemp("fit") / "untouched", None)


def test_other_years_leave_the_statistics_alone(untouched: str, tmp_path: Path) -> None:
    assert fitted(tmp_path / "validation", 1984) == untouched


def test_the_training_year_does_not(untouched: str, tmp_path: Path) -> None:
    assert fitted(tmp_path / "training", 1983) != untouched
