"""A bundle is used in the region it was made for, wherever that lies."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr

import tiny_learned
import tiny_pairs
from downbench.core.config.model.budget import SampledDays
from downbench.core.config.region.splits import Splits
from downbench.core.errors import UserError
from downbench.core.io import stores
from downbench.exchange import training_inputs
from downbench.exchange.region_match import refuse_other_region, refuse_scored_years
from downbench.steps import sample
from synthetic_region import whole_region

YEARS = Splits(
    by="year", train=(2001, 2002, 2003), validation=(2004,), test=(2005,), buffer_days=0
)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return tiny_learned.make_baseline(tmp_path_factory.mktemp("b") / "climatology")


def place(**changes: object) -> SimpleNamespace:
    return SimpleNamespace(**{"name": "tiny", "factor": tiny_pairs.FACTOR} | changes)


@pytest.mark.parametrize("label", ["0-99999999999", "2005 ", "2005.0", "²"])
def test_fit_years_that_are_no_years_are_refused(label, tmp_path):
    with pytest.raises(UserError, match="fit_years name no years"):
        refuse_scored_years(tmp_path, [2001, label], YEARS)


def raised(target: xr.Dataset, metres: float) -> xr.Dataset:
    return target.assign(orog=target["orog"] + np.float32(metres))


def test_a_bundle_handed_to_another_folder_belongs(made, tmp_path):
    copy = shutil.copytree(made, tmp_path / "elsewhere" / "climatology")
    refuse_other_region(copy, place(), tiny_pairs.target())


def test_the_last_digits_of_another_machine_are_no_matter(made):
    refuse_other_region(made, place(), raised(tiny_pairs.target(), 1e-3))


@pytest.mark.parametrize(
    ("region", "target", "message"),
    [
        (place(name="alps"), tiny_pairs.target(), "region is tiny, not alps"),
        (place(factor=2), tiny_pairs.target(), "factor is 4, not 2"),
        (place(), raised(tiny_pairs.target(), 100.0), r"orog\(y, x\) differs"),
        (place(), tiny_pairs.target().isel(x=slice(4, None)), r"land\(y, x\) differs"),
        (place(), tiny_pairs.target().drop_vars("orog"), r"orog\(y, x\) differs"),
        (
            place(),
            tiny_pairs.target().convert_calendar("noleap"),
            "calendar is proleptic_gregorian, not noleap",
        ),
    ],
    ids=["name", "factor", "mountains", "shape", "no mountains", "calendar"],
)
def test_that_of_another_region_is_reported(made, region, target, message):
    with pytest.raises(UserError, match=f"climatology: not a bundle of this region: .*{message}"):
        refuse_other_region(made, region, target)


REGION = whole_region().model_copy(
    update={"name": "tiny", "factor": tiny_pairs.FACTOR, "splits": YEARS}
)


def stored(target: xr.Dataset, folder: Path) -> dict[str, Path]:
    """Stores of the target and of its driver."""
    corners = target[["lat", "lon"]].isel(y=slice(None, None, 4), x=slice(None, None, 4))
    driver = tiny_pairs.driver(target).assign_coords(corners.rename(y="Y", x="X").coords)
    paths = {"target": folder / "target.zarr", "driver": folder / "driver.zarr"}
    stores.write(target, paths["target"])
    stores.write(driver, paths["driver"])
    return paths


@pytest.fixture
def draw(made, tmp_path, monkeypatch):
    """Draw days of the test year with the bundle, on this target."""

    def drawn(target: xr.Dataset, name: str) -> xr.Dataset:
        options = {
            "region": REGION.model_dump_json(),
            "sampling": SampledDays(members=2, test_spells=1, spell_days=5).model_dump_json(),
            "seed": 1,
            "bundle": made,
            "driver-name": "perfect",
            "split": "test",
            "ensemble": tmp_path / name,
            **stored(target, tmp_path),
        }
        given = [str(part) for key, value in options.items() for part in (f"--{key}", value)]
        monkeypatch.setattr("sys.argv", ["sample", *given])
        sample.main()
        return stores.read(tmp_path / name, "ensemble")

    return drawn


def test_samples_are_taken_in_the_region_of_the_bundle_alone(draw, tmp_path):
    assert draw(tiny_pairs.target(), "own.zarr").sizes["time"] == 5
    with pytest.raises(UserError, match="orog"):
        draw(raised(tiny_pairs.target(), 100.0), "other.zarr")
    assert not (tmp_path / "other.zarr").exists()


def test_a_training_takes_no_base_of_another_region(made, tmp_path):
    paths = stored(raised(tiny_pairs.target(), 100.0), tmp_path)
    files = {**paths, "statistics": made / "transforms.json"}
    with pytest.raises(UserError, match="orog"):
        training_inputs.read(REGION, **files, bases={"mean": made})
    assert training_inputs.read(REGION, **files, bases={}).bases == {}
