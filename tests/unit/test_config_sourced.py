"""Runs that cannot be made or used are named at the start, before anything is computed."""

import copy
from pathlib import Path

import pytest
import yaml

from downbench.core.config.messages import checked
from downbench.core.config.region.region import Region
from downbench.core.errors import UserError

REGIONS = Path(__file__).parents[2] / "config/regions"


def told(name: str, change) -> str:
    file = REGIONS / f"{name}.yaml"
    section = copy.deepcopy(yaml.safe_load(file.read_text()))
    change(section)
    with pytest.raises(UserError) as error:
        checked(Region, section, file)
    return str(error.value)


def test_a_run_without_a_predictor_that_models_saw() -> None:
    """The mapped runs go first, or they would be told to lack it too."""

    def change(region):
        for name in [n for n in region["drivers"] if n.endswith("-corrected")]:
            del region["drivers"][name]
        del region["climate"]["runs"]["cnrm-cm5"]["corrected"]["reanalysis"]
        region["drivers"]["cnrm-cm5-rcp85"]["predictors"].remove("psl")

    message = told("iberia", change)
    assert "drivers.cnrm-cm5-rcp85.predictors lacks psl" in message
    assert "trained with 'reanalysis'" in message


def test_a_predictor_without_a_file() -> None:
    message = told(
        "iberia", lambda region: region["files"]["drivers"]["cnrm-cm5-historical"].pop("hus850")
    )
    assert "files.drivers.cnrm-cm5-historical has no hus850" in message


def test_a_driver_without_any_file() -> None:
    message = told("iberia", lambda region: region["files"]["drivers"].pop("reanalysis"))
    assert "files.drivers.reanalysis has no hus850, pr, psl, ta850, tas" in message


def test_a_free_run_that_the_generator_does_not_know() -> None:
    message = told(
        "synthetic", lambda region: region["synthetic"]["simulations"].pop("gcm-future")
    )
    assert "drivers.gcm-future is free-running" in message and "found gcm-historical" in message


def test_a_future_that_begins_before_the_past_ends() -> None:
    def change(region):
        region["synthetic"]["simulations"]["gcm-future"]["first_year"] = 2010

    message = told("synthetic", change)
    assert "'gcm-future' begins in 2010, before 'gcm-historical' ends in 2014" in message
