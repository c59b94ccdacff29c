"""Manifests of the rules: declared inputs and the JSON that a step gets say the same."""

import json

import pytest

from downbench.core.errors import UserError
from downbench.dag import evidence

PATHS = {
    "scores": {"unet": "<results>/unet.csv", "bcsd": "<results>/bcsd.csv"},
    "physics": {},
    "hydrology": {"unet/gcm": "<results>/flow.nc"},
}


def test_inputs_are_the_paths_of_each_kind_that_has_any() -> None:
    assert evidence.evidence_files(lambda wildcards: PATHS)(None) == {
        "scores": ["<results>/unet.csv", "<results>/bcsd.csv"],
        "hydrology": ["<results>/flow.nc"],
    }


def test_the_manifest_has_the_paths_of_the_job_in_the_same_order() -> None:
    resolved = {"scores": ["r/unet.csv", "r/bcsd.csv"], "hydrology": ["r/flow.nc"]}
    text = evidence.manifest(lambda wildcards: PATHS)(None, resolved)
    kinds = json.loads(text)
    assert kinds == {
        "scores": {"unet": "r/unet.csv", "bcsd": "r/bcsd.csv"},
        "hydrology": {"unet/gcm": "r/flow.nc"},
    }
    assert list(kinds["scores"]) == ["unet", "bcsd"]


def test_a_manifest_too_long_for_a_command_is_refused() -> None:
    many = {"scores": {f"model-{number}": "x" * 100 for number in range(2000)}}
    with pytest.raises(UserError, match="split the experiment"):
        evidence.manifest(lambda wildcards: many)(None, {"scores": list(many["scores"].values())})
