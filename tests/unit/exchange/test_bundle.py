"""Bundles: whole, unpickled, and reproducing their golden outputs."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from safetensors.torch import load_file, save_file

import tiny_learned
from downbench.core.errors import UserError
from downbench.exchange import bundle, golden
from downbench.steps import verify_bundle


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return tiny_learned.make_bundle("unet", tiny_learned.pairs(), tmp_path_factory.mktemp("b"))


@pytest.fixture
def copy(made, tmp_path):
    return shutil.copytree(made, tmp_path / "unet")


def test_a_fresh_bundle_verifies(made):
    assert bundle.verify(made) <= 1e-3


def test_it_holds_what_the_design_names(made):
    present = {path.name for path in made.iterdir()}
    assert {
        "weights.safetensors",
        "model.json",
        "transforms.json",
        "golden.nc",
        "SHA256SUMS",
    } <= present


def test_a_changed_file_is_named(copy):
    path = copy / "transforms.json"
    path.write_text(path.read_text().replace("cbrt", "log1p"))
    with pytest.raises(UserError, match="transforms.json has changed"):
        bundle.verify(copy)


def test_a_missing_and_a_smuggled_file_are_named(copy):
    (copy / "golden.nc").unlink()
    (copy / "extra.pkl").write_bytes(b"x")
    with pytest.raises(UserError, match="golden.nc is missing; extra.pkl is not listed"):
        bundle.verify(copy)


def test_other_weights_do_not_give_the_golden_outputs(copy):
    weights = load_file(copy / "weights.safetensors")
    weights["unet.head.bias"] += 1.0
    save_file(weights, copy / "weights.safetensors")
    _sum_again(copy)
    with pytest.raises(UserError, match="golden outputs are not reproduced"):
        bundle.verify(copy)


def test_an_unknown_format_is_refused(copy):
    content = json.loads((copy / "model.json").read_text())
    (copy / "model.json").write_text(json.dumps(content | {"format": 99}))
    _sum_again(copy)
    with pytest.raises(UserError, match="format is 99"):
        bundle.read(copy)


def test_a_folder_that_is_no_bundle_is_refused(tmp_path):
    with pytest.raises(UserError, match="is no bundle"):
        bundle.verify(tmp_path)


def test_a_folder_inside_is_refused(copy):
    """What lies in it would be hashed by nobody."""
    (copy / "more").mkdir()
    (copy / "more" / "extra.pkl").write_bytes(b"x")
    with pytest.raises(UserError, match="more is not listed; more is no plain file"):
        bundle.verify(copy)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n", "\n\n"),
        ("  ", " *"),
        ("  ", " "),
        ("  ", "  ./"),
        ("  ", "  ../unet/"),
        ("\n", "\r\n"),
        ("\n", ""),
    ],
    ids=["blank", "binary mode", "one space", "path", "way out", "of Windows", "one line"],
)
def test_lines_of_another_form_are_reported(copy, old, new):
    sums = copy / bundle.SUMS
    sums.write_bytes(sums.read_text().replace(old, new).encode())
    with pytest.raises(UserError, match="SHA256SUMS: line 1|SHA256SUMS: line 2"):
        bundle.verify(copy)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"abc  model.json\n"])
def test_sums_that_are_none_are_reported(copy, content):
    (copy / bundle.SUMS).write_bytes(content)
    with pytest.raises(UserError, match="SHA256SUMS: line 1 is"):
        bundle.verify(copy)


def test_a_file_named_twice_is_reported(copy):
    sums = copy / bundle.SUMS
    sums.write_text(sums.read_text() + sums.read_text().splitlines()[0] + "\n")
    with pytest.raises(UserError, match="SHA256SUMS: line"):
        bundle.verify(copy)


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\xff" * 100, b"{}"])
@pytest.mark.parametrize(
    "name",
    ["weights.safetensors", "architecture.json", "transforms.json", "model.json", "golden.nc"],
)
def test_a_broken_file_is_reported_by_name(copy, name, content):
    (copy / name).write_bytes(content)
    _sum_again(copy)
    with pytest.raises(UserError, match=name):
        bundle.verify(copy)


def _without(name: str):
    return lambda golden: golden.drop_vars(name)


@pytest.mark.parametrize(
    "change",
    [
        lambda golden: golden.drop_attrs(),
        _without("pr"),
        _without("driver_tas"),
        lambda golden: golden.isel(Y=slice(1), y=slice(2)),
        lambda golden: golden.isel(member=slice(1), time=slice(0)),
    ],
    ids=[
        "no driver_type",
        "no rain",
        "no input",
        "other grid",
        "no time",
    ],
)
def test_golden_outputs_of_another_form_are_reported(copy, change):
    _change_golden(copy, change)
    with pytest.raises(UserError, match="golden.nc: (not usable|the golden outputs are not)"):
        bundle.verify(copy)


def _larger_weights(folder: Path, factor: float) -> None:
    weights = load_file(folder / "weights.safetensors")
    save_file({n: w * factor for n, w in weights.items()}, folder / "weights.safetensors")
    _sum_again(folder)


@pytest.mark.parametrize("tolerance", [1e9, float("inf")])
def test_a_file_does_not_say_how_well_it_has_to_be_reproduced(copy, tolerance):
    def lax(golden: xr.Dataset) -> xr.Dataset:
        return golden.map(lambda field: field.assign_attrs(tolerance=tolerance), keep_attrs=True)

    _change_golden(copy, lax)
    assert bundle.verify(copy) <= 1e-3
    _larger_weights(copy, 3.0)
    with pytest.raises(UserError, match="golden outputs are not reproduced"):
        bundle.verify(copy)


def test_golden_outputs_without_a_value_prove_nothing(copy):
    _change_golden(copy, lambda golden: golden.assign(pr=golden["pr"] * float("nan")))
    with pytest.raises(UserError, match="pr: no golden output has a value"):
        bundle.verify(copy)


@pytest.mark.parametrize(("share", "excess"), [(0.009, 1000.0), (0.009, 20.0), (0.0, 1000.0)])
def test_the_last_cells_have_a_bound_too(copy, share, excess):
    def spoiled(golden: xr.Dataset) -> xr.Dataset:
        values = golden["pr"].values.copy()
        valid = np.flatnonzero(np.isfinite(values))
        values.reshape(-1)[valid[: max(1, int(share * valid.size))]] += excess
        return golden.assign(pr=golden["pr"].copy(data=values))

    _change_golden(copy, spoiled)
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


PLANNED = {
    "model": {"name": "unet", "family": "unet", "options": {"dropout": 0.1}},
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
        ({"model": {"name": "unet-dressed"}}, "model.name is unet, not unet-dressed"),
        ({"model": {"options": {"dropout": 0.2}}}, "model.options.dropout is 0.1, not 0.2"),
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
    _sum_again(copy)
    with pytest.raises(UserError, match=f"transforms.json are not those of the model.*{message}"):
        bundle.verify(copy)


def test_a_family_that_the_lab_does_not_have_is_reported(copy):
    content = json.loads((copy / "model.json").read_text())
    content["model"]["lab"] = "bayesian"
    (copy / "model.json").write_text(json.dumps(content))
    _sum_again(copy)
    with pytest.raises(UserError, match="lab 'bayesian' has no module unet.py"):
        bundle.verify(copy)


@pytest.mark.parametrize("content", [b"nonsense", None], ids=["no weights", "another's weights"])
def test_a_baseline_with_wrong_weights_is_reported(made, tmp_path, content):
    folder = tiny_learned.make_baseline(tmp_path / "climatology")
    assert bundle.verify(folder) <= 1e-3
    weights = (made / "weights.safetensors").read_bytes() if content is None else content
    (folder / "weights.safetensors").write_bytes(weights)
    _sum_again(folder)
    with pytest.raises(UserError, match="weights.safetensors: not"):
        bundle.verify(folder)


def test_the_proof_appears_for_a_whole_bundle_alone(copy, tmp_path):
    proof = tmp_path / "verified" / "unet.txt"
    verify_bundle.main([str(copy), "--proof", str(proof)])
    assert "golden outputs within" in proof.read_text()
    proof.unlink()
    (copy / "transforms.json").unlink()
    with pytest.raises(UserError, match="transforms.json is missing"):
        verify_bundle.main([str(copy), "--proof", str(proof)])
    assert not list(proof.parent.iterdir())


def _change_golden(folder, change):
    with xr.open_dataset(folder / "golden.nc") as stored:
        changed = change(stored.load()).drop_encoding()
    changed.to_netcdf(folder / "golden.nc")
    _sum_again(folder)


def _sum_again(folder):
    files = sorted(p for p in folder.iterdir() if p.name != bundle.SUMS)
    (folder / bundle.SUMS).write_text("".join(f"{bundle.digest(p)}  {p.name}\n" for p in files))


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
    _sum_again(copy)
    with pytest.raises(UserError, match=message):
        bundle.verify(copy)


def test_a_model_without_fit_years_is_refused(copy):
    path = copy / "model.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"fit_years": []}))
    _sum_again(copy)
    with pytest.raises(UserError, match=r"model.json: .*\n?.*fit_years"):
        bundle.verify(copy)
