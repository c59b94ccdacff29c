"""A bundle that was trained elsewhere: entered if it is proved and fits, else refused by name."""

import json
import shutil
from pathlib import Path

import pytest

import tiny_learned
import tiny_pairs
from downbench.core.config.region.splits import Splits
from downbench.core.errors import UserError
from downbench.core.io import stores
from downbench.exchange import bundle, bundle_copy, bundle_files
from downbench.steps import enter_bundle, sample
from synthetic_region import whole_region

YEARS = Splits(
    by="year", train=(2001, 2002, 2003), validation=(2004,), test=(2005,), buffer_days=0
)
REGION = whole_region().model_copy(
    update={"name": "tiny", "factor": tiny_pairs.FACTOR, "splits": YEARS}
)


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Path:
    return tiny_learned.make_baseline(tmp_path_factory.mktemp("elsewhere") / "climatology")


@pytest.fixture(scope="module")
def target(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("here") / "target.zarr"
    stores.write(tiny_pairs.target(), path)
    return path


def enter(source: Path, target: Path, to: Path, region=REGION, **expected: object) -> Path:
    options = {
        "region": region.model_dump_json(),
        "expected": json.dumps({"region": "tiny", **expected}),
        "source": source,
        "target": target,
        "bundle": to / "models/colleague",
    }
    enter_bundle.main([str(p) for key, value in options.items() for p in (f"--{key}", value)])
    return options["bundle"]


def test_it_is_copied_as_it_is(source, target, tmp_path):
    entered = enter(source, target, tmp_path)
    names = sorted(path.name for path in source.iterdir())
    assert sorted(path.name for path in entered.iterdir()) == names
    assert bundle.verify(entered) <= 1e-3
    assert all((entered / n).read_bytes() == (source / n).read_bytes() for n in names)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"trained_on": "reanalysis"}, "trained_on is perfect, not reanalysis"),
        ({"model": {"family": "bcsd"}}, "model.family is climatology, not bcsd"),
        (
            {"region": YEARS.model_copy(update={"validation": (2006,), "test": (2004, 2005)})},
            r"fitted on \[2004\], which are test or warm years",
        ),
    ],
)
def test_another_one_is_refused_and_nothing_is_written(source, target, tmp_path, changes, message):
    splits = changes.pop("region", YEARS)
    region = REGION.model_copy(update={"splits": splits})
    with pytest.raises(UserError, match=message):
        enter(source, target, tmp_path, region, **changes)
    assert not (tmp_path / "models/colleague").exists()


def test_an_absent_bundle_is_named(target, tmp_path):
    with pytest.raises(UserError, match="typo: no folder"):
        enter(tmp_path / "typo", target, tmp_path)


@pytest.mark.parametrize("make", ["symlink_to", "hardlink_to"])
def test_a_link_is_refused(source, target, tmp_path, make):
    folder = shutil.copytree(source, tmp_path / "linked")
    outside = (folder / "model.json").rename(tmp_path / "model.json")
    getattr(folder / "model.json", make)(outside)
    with pytest.raises(UserError, match=r"linked/model.json: (is a symbolic|has another)"):
        enter(folder, target, tmp_path)
    assert not (tmp_path / "models/colleague").exists()


def test_a_link_that_replaces_a_file_later_is_not_followed(source, tmp_path, monkeypatch):
    folder = shutil.copytree(source, tmp_path / "linked")
    outside = (folder / "model.json").rename(tmp_path / "model.json")
    (folder / "model.json").symlink_to(outside)
    monkeypatch.setattr(Path, "lstat", Path.stat)
    refused = pytest.raises(UserError, match=r"linked/model.json: .*symbolic links")
    with refused, bundle_copy.entering(folder, tmp_path / "entered"):
        pass
    assert not (tmp_path / "entered").exists()


def test_what_is_proved_is_what_is_entered(source, tmp_path):
    folder = shutil.copytree(source, tmp_path / "changing")
    with bundle_copy.entering(folder, tmp_path / "entered") as copy:
        bundle.verify(copy)
        (folder / "model.json").write_text("{}")
    assert bundle.verify(tmp_path / "entered") <= 1e-3


def test_hard_links_of_own_results_are_read(source, tmp_path):
    for path in source.iterdir():
        (tmp_path / path.name).hardlink_to(path)
    assert bundle.verify(tmp_path) <= 1e-3


def test_files_too_large_to_exchange_are_refused_as_they_are_written(tmp_path, monkeypatch):
    monkeypatch.setitem(bundle_files.LARGEST, ".safetensors", 10)
    (tmp_path / "weights.safetensors").write_bytes(bytes(11))
    with pytest.raises(UserError, match="has 11 bytes, more than 10: no lab could read"):
        bundle_files.write_hashes(tmp_path)


def test_its_ensemble_has_the_name_that_it_has_here(source, target, tmp_path):
    fine = tiny_pairs.target()
    corners = fine[["lat", "lon"]].isel(y=slice(None, None, 4), x=slice(None, None, 4))
    driver = tiny_pairs.driver(fine).assign_coords(corners.rename(y="Y", x="X").coords)
    stores.write(driver, tmp_path / "driver.zarr")
    options = {
        "region": REGION.model_dump_json(),
        "sampling": json.dumps({"members": 2, "test_spells": 1, "spell_days": 2}),
        "seed": 1,
        "bundle": source,
        "model-name": "colleague",
        "driver": tmp_path / "driver.zarr",
        "driver-name": "perfect",
        "split": "test",
        "target": target,
        "ensemble": tmp_path / "e.zarr",
    }
    sample.main([str(p) for key, value in options.items() for p in (f"--{key}", value)])
    expected = {"model": "colleague", "trained_on": "perfect", "driver": "perfect", "seed": 1}
    assert stores.read(tmp_path / "e.zarr", "ensemble", expected).sizes["member"] == 2
    with pytest.raises(UserError, match="model is colleague, not climatology"):
        stores.read(tmp_path / "e.zarr", "ensemble", {"model": "climatology"})
