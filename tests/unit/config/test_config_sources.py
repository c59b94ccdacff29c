"""Runs that cannot be made or used are named at the start, before anything is computed."""

import copy
from pathlib import Path

import pytest
import yaml

from downbench.core.config.messages import checked
from downbench.core.config.region.region import Region
from downbench.core.errors import UserError

REGIONS = Path(__file__).parents[3] / "config/regions"


def message_of(name: str, change) -> str:
    file = REGIONS / f"{name}.yaml"
    section = copy.deepcopy(yaml.safe_load(file.read_text()))
    change(section)
    with pytest.raises(UserError) as error:
        checked(Region, section, file)
    return str(error.value)


def test_a_run_without_a_predictor_that_models_saw() -> None:
    """The mapped runs go first, or the message would name it too."""

    def change(region):
        for name in [n for n in region["drivers"] if n.endswith("-corrected")]:
            del region["drivers"][name]
        del region["climate"]["runs"]["cnrm-cm5"]["corrected"]["reanalysis"]
        region["drivers"]["cnrm-cm5-rcp85"]["predictors"].remove("psl")

    message = message_of("iberia", change)
    assert "drivers.cnrm-cm5-rcp85.predictors lacks psl" in message
    assert "trained with 'reanalysis'" in message


def test_a_predictor_without_a_file() -> None:
    message = message_of(
        "iberia", lambda r: r["drivers"]["cnrm-cm5-historical"]["variables"].pop("hus850")
    )
    assert "drivers.cnrm-cm5-historical.variables has no hus850" in message


def test_a_driver_without_any_file() -> None:
    message = message_of("iberia", lambda region: region["drivers"]["reanalysis"].pop("variables"))
    assert "drivers.reanalysis.variables is missing: add it (variables by their names" in message


def test_a_driver_without_a_source() -> None:
    def change(region):
        region["drivers"]["reanalysis"] = {"type": "reanalysis", "predictors": ["pr", "tas"]}

    assert "drivers.reanalysis has no source: name one" in message_of("iberia", change)


def test_a_perfect_driver_with_a_source() -> None:
    def change(region):
        region["drivers"]["perfect"] = region["drivers"]["reanalysis"] | {"type": "perfect"}

    assert "drivers.perfect is derived from another series" in message_of("iberia", change)


def test_a_generator_without_a_synthetic_target() -> None:
    def change(region):
        driver = yaml.safe_load((REGIONS / "synthetic.yaml").read_text())["drivers"]["reanalysis"]
        region["drivers"]["reanalysis"] = driver | {"predictors": ["pr", "tas"]}

    assert "but target.source = 'files': there is no generator" in message_of("iberia", change)


def test_a_typo_deep_in_a_driver_is_named_as_the_user_wrote_it() -> None:
    def change(region):
        region["drivers"]["reanalysis"]["variables"]["psl"]["unit"] = "Pa"

    message = message_of("iberia", change)
    assert (
        "drivers.reanalysis.variables.psl.unit = 'Pa': no such key: did you mean 'units'?"
        in message
    )


def test_an_old_file_is_reported_what_its_keys_are_called_now() -> None:
    def change(region):
        region["source"] = "files"
        region["files"] = {"frequency": "day"}
        perfect = region["drivers"]["perfect"]
        perfect["lane"] = perfect.pop("type")
        region["drivers"]["cnrm-cm5-rcp85"]["type"] = "free-running"

    message = message_of("iberia", change)
    assert "drivers.perfect.lane = 'perfect': `lane` is now `type` (perfect |" in message
    assert "source = 'files': `source` is now a key of `target` and of each driver" in message
    assert "`files` is now `target: {source: files, …}`" in message
    assert "drivers.cnrm-cm5-rcp85.type = 'free-running': 'free-running' is now `gcm`" in message


def test_a_free_run_that_the_generator_does_not_know() -> None:
    message = message_of(
        "synthetic", lambda region: region["drivers"]["gcm-future"].pop("simulation")
    )
    assert "drivers.gcm-future has type gcm: give the section `simulation`" in message


def test_a_future_that_begins_before_the_past_ends() -> None:
    def change(region):
        region["drivers"]["gcm-future"]["simulation"]["first_year"] = 2010

    message = message_of("synthetic", change)
    assert "'gcm-future' begins in 2010, before 'gcm-historical' ends in 2014" in message
