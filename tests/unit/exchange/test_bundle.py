"""Bundles: whole, unpickled, and reproducing their golden outputs."""

import json
import shutil

import pytest
from safetensors.torch import load_file, save_file

import tiny_learned
from changed_bundles import change_golden, sum_again
from downbench.core.errors import UserError
from downbench.exchange import bundle, bundle_files
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
    sum_again(copy)
    with pytest.raises(UserError, match="golden outputs are not reproduced"):
        bundle.verify(copy)


def test_an_unknown_format_is_refused(copy):
    content = json.loads((copy / "model.json").read_text())
    (copy / "model.json").write_text(json.dumps(content | {"format": 99}))
    sum_again(copy)
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
    sums = copy / bundle_files.SUMS
    sums.write_bytes(sums.read_text().replace(old, new).encode())
    with pytest.raises(UserError, match="SHA256SUMS: line 1|SHA256SUMS: line 2"):
        bundle.verify(copy)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"abc  model.json\n"])
def test_sums_that_are_none_are_reported(copy, content):
    (copy / bundle_files.SUMS).write_bytes(content)
    with pytest.raises(UserError, match="SHA256SUMS: line 1 is"):
        bundle.verify(copy)


def test_a_file_named_twice_is_reported(copy):
    sums = copy / bundle_files.SUMS
    sums.write_text(sums.read_text() + sums.read_text().splitlines()[0] + "\n")
    with pytest.raises(UserError, match="SHA256SUMS: line"):
        bundle.verify(copy)


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\xff" * 100, b"{}"])
@pytest.mark.parametrize(
    "name",
    [
        "weights.safetensors",
        "architecture.json",
        "transforms.json",
        "training.json",
        "model.json",
        "golden.nc",
    ],
)
def test_a_broken_file_is_reported_by_name(copy, name, content):
    (copy / name).write_bytes(content)
    sum_again(copy)
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
    change_golden(copy, change)
    with pytest.raises(UserError, match="golden.nc: (not usable|the golden outputs are not)"):
        bundle.verify(copy)


def test_a_family_that_the_lab_does_not_have_is_reported(copy):
    content = json.loads((copy / "model.json").read_text())
    content["model"]["lab"] = "bayesian"
    (copy / "model.json").write_text(json.dumps(content))
    sum_again(copy)
    with pytest.raises(UserError, match="lab 'bayesian' has no module unet.py"):
        bundle.verify(copy)


@pytest.mark.parametrize("content", [b"nonsense", None], ids=["no weights", "another's weights"])
def test_a_baseline_with_wrong_weights_is_reported(made, tmp_path, content):
    folder = tiny_learned.make_baseline(tmp_path / "climatology")
    assert bundle.verify(folder) <= 1e-3
    weights = (made / "weights.safetensors").read_bytes() if content is None else content
    (folder / "weights.safetensors").write_bytes(weights)
    sum_again(folder)
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
