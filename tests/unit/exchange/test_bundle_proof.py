"""Bundles prove what they are: the planned model, its golden outputs and its statistics."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

import tiny_learned
from changed_bundles import change_golden, sum_again
from downbench.core.errors import UserError
from downbench.exchange import bundle, golden


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return tiny_learned.make_baseline(tmp_path_factory.mktemp("b") / "climatology")


@pytest.fixture
def copy(made, tmp_path):
    return shutil.copytree(made, tmp_path / "climatology")


def _larger_weights(folder: Path, factor: float) -> None:
    path = folder / "weights.safetensors"
    with safe_open(path, "np") as stored:
        metadata = stored.metadata()
    weights = load_file(path)
    floats = {name: factor * w for name, w in weights.items() if w.dtype.kind == "f"}
    save_file({**weights, **floats}, path, metadata)
    sum_again(folder)


@pytest.mark.parametrize("tolerance", [1e9, float("inf")])
def test_a_file_does_not_say_how_well_it_has_to_be_reproduced(copy, tolerance):
    def lax(golden: xr.Dataset) -> xr.Dataset:
        return golden.map(lambda field: field.assign_attrs(tolerance=tolerance), keep_attrs=True)

    change_golden(copy, lax)
    assert bundle.verify(copy) <= 1e-3
    _larger_weights(copy, 3.0)
    with pytest.raises(UserError, match="golden outputs are not reproduced"):
        bundle.verify(copy)


def test_golden_outputs_without_a_value_prove_nothing(copy):
    change_golden(copy, lambda golden: golden.assign(pr=golden["pr"] * float("nan")))
    with pytest.raises(UserError, match="pr: no golden output has a value"):
        bundle.verify(copy)


@pytest.mark.parametrize(("share", "excess"), [(0.009, 1000.0), (0.009, 20.0), (0.0, 1000.0)])
def test_the_last_cells_have_a_bound_too(copy, share, excess):
    def spoiled(golden: xr.Dataset) -> xr.Dataset:
        values = golden["pr"].values.copy()
        valid = np.flatnonzero(np.isfinite(values))
        values.reshape(-1)[valid[: max(1, int(share * valid.size))]] += excess
        return golden.assign(pr=golden["pr"].copy(data=values))

    change_golden(copy, spoiled)
    with pytest.raises(UserError, match="golden outputs are not reproduced"):
        bundle.verify(copy)


def test_golden_outputs_are_in_the_order_of_their_names(copy, tmp_path):
    manifest, trained = bundle.read(copy)
    pairs = tiny_learned.pairs()
    driver = golden.inputs(pairs.validation_driver)
    orders = [driver, driver[list(reversed(list(driver)))]]
    for number, part in enumerate(orders):
        golden.write(trained, part, pairs.static, 1, tmp_path / f"{number}.nc")
    assert (tmp_path / "0.nc").read_bytes() == (tmp_path / "1.nc").read_bytes()


def test_the_same_model_gives_the_same_bytes(made, tmp_path):
    again = tiny_learned.make_baseline(tmp_path / "climatology")
    first, second = ({p.name: p.read_bytes() for p in f.iterdir()} for f in (made, again))
    assert first == second


PLANNED = {
    "model": {"name": "climatology", "options": {"window_days": 31}},
    "trained_on": "perfect",
    "region": "tiny",
    "seed": 1,
}


def test_the_planned_bundle_is_read(made):
    manifest, _ = bundle.read(made, PLANNED)
    stored = json.loads(manifest.model_dump_json())
    assert bundle.verify(made, stored) <= 1e-3


@pytest.mark.parametrize(
    ("expected", "message"),
    [
        ({"model": {"name": "unet"}}, "model.name is climatology, not unet"),
        ({"model": {"options": {"window_days": 5}}}, "model.options.window_days is 31, not 5"),
        ({"trained_on": "reanalysis"}, "trained_on is perfect, not reanalysis"),
        ({"seed": 2}, "seed is 1, not 2"),
        ({"region": "alps"}, "region is tiny, not alps"),
        ({"training": {"train_samples": 9}}, "training.train_samples is 320, not 9"),
        ({"fit_years": [2001]}, "fit_years is .*, not"),
    ],
)
def test_another_bundle_than_planned_is_refused(made, expected, message):
    with pytest.raises(UserError, match=f"not the bundle that is expected here: {message}"):
        bundle.verify(made, PLANNED | expected)


@pytest.mark.parametrize(
    ("change", "message"),
    [({"fit_years": [2001, 2005]}, r"fitted on \[2005\]"), ({"region": "alps"}, "region is alps")],
)
def test_statistics_of_other_years_or_another_region_are_refused(copy, change, message):
    path = copy / "transforms.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    sum_again(copy)
    with pytest.raises(UserError, match=f"transforms.json are not those of the model.*{message}"):
        bundle.verify(copy)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"units": "kg m-2 s-1"}, "units of pr are 'kg m-2 s-1', not 'mm day-1'"),
        ({"std": 0.0}, "greater than 0"),
        ({"mean": float("inf")}, "finite"),
    ],
)
def test_statistics_that_cannot_be_are_refused(copy, change, message):
    path = copy / "transforms.json"
    content = json.loads(path.read_text())
    content["targets"]["pr"] |= change
    path.write_text(json.dumps(content))
    sum_again(copy)
    with pytest.raises(UserError, match=message):
        bundle.verify(copy)


def test_a_model_without_fit_years_is_refused(copy):
    path = copy / "model.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"fit_years": []}))
    sum_again(copy)
    with pytest.raises(UserError, match=r"model.json: .*\n?.*fit_years"):
        bundle.verify(copy)
