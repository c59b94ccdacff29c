"""Bundles: whole, unpickled, and reproducing their golden outputs."""

import json
import shutil

import pytest

import tiny_learned
from downbench.core.errors import UserError
from downbench.exchange import bundle
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
    from safetensors.torch import load_file, save_file

    weights = load_file(copy / "weights.safetensors")
    weights["unet.head.bias"] += 1.0
    save_file(weights, copy / "weights.safetensors")
    _sum_again(copy)
    with pytest.raises(UserError, match="golden outputs do not come out again"):
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


def test_the_proof_appears_for_a_whole_bundle_alone(copy, tmp_path):
    proof = tmp_path / "verified" / "unet.txt"
    verify_bundle.main([str(copy), "--proof", str(proof)])
    assert "golden outputs within" in proof.read_text()
    proof.unlink()
    (copy / "transforms.json").unlink()
    with pytest.raises(UserError, match="transforms.json is missing"):
        verify_bundle.main([str(copy), "--proof", str(proof)])
    assert not list(proof.parent.iterdir())


def _sum_again(folder):
    files = sorted(p for p in folder.iterdir() if p.name != bundle.SUMS)
    (folder / bundle.SUMS).write_text("".join(f"{bundle.digest(p)}  {p.name}\n" for p in files))
