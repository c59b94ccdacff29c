"""Mistakes in the runs of climate models, each reported at the start with its fix."""

import copy
from pathlib import Path

import pytest
import yaml

from downbench.core.config.loading import load
from downbench.core.config.messages import checked
from downbench.core.config.region.region import Region
from downbench.core.errors import UserError

ROOT = Path(__file__).parents[3]
FILE = ROOT / "config/regions/synthetic.yaml"


def told(**changed: object) -> str:
    section = copy.deepcopy(yaml.safe_load(FILE.read_text()))
    section["climate"]["runs"]["gcm"].update(changed)
    with pytest.raises(UserError) as error:
        checked(Region, section, FILE)
    return str(error.value)


def mapped(historical: str, future: str, driver_type: str = "perfect") -> dict:
    return {driver_type: {"historical": historical, "future": future}}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"future": "gcm"}, ["future = 'gcm' is no driver", "choose among"]),
        ({"historical": "reanalysis"}, ["'reanalysis' has the type reanalysis", "run is gcm"]),
        ({"future": "gcm-historical"}, ["both 'gcm-historical'", "name two runs"]),
        (
            {
                "corrected": mapped(
                    "gcm-historical-corrected", "gcm-future-corrected", "reanalysis"
                )
            },
            ["names 'reanalysis'", "not among trained_on"],
        ),
        (
            {"corrected": mapped("gcm-future-corrected", "gcm-historical-corrected")},
            ["'gcm-future-corrected' is not bias-corrected from 'gcm-historical'"],
        ),
    ],
)
def test_each_mistake_is_named_with_its_fix(changed, words):
    message = told(**changed)
    for word in words:
        assert word in message


def test_a_chain_leads_from_the_raw_run_to_the_one_mapped_for_the_training_driver():
    climate = load({}, ROOT).region.climate
    found = climate.pairs("perfect")
    assert list(found) == ["gcm", "gcm-corrected"]
    assert found["gcm"].drivers == ("gcm-historical", "gcm-future")
    assert found["gcm-corrected"].drivers == ("gcm-historical-corrected", "gcm-future-corrected")
    assert list(climate.pairs("reanalysis")) == ["gcm"]


def test_models_that_want_the_truths_block_means_see_no_free_run():
    view = load({}, ROOT).view("exp3", "perfect")
    assert "corrdiff" in view.transferred
    assert "oracle" in view.models and "oracle" not in view.transferred


def test_a_transferred_model_must_be_among_the_models(tmp_path):
    import copies

    project = copies.copy_project(tmp_path / "project")
    copies.edit(
        project / "config/experiments.yaml", lambda e: e["exp3"]["transferred"].append("unet-phy")
    )
    with pytest.raises(UserError, match="add 'unet-phy' to exp3.models"):
        load({}, project)
