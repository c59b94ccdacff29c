"""Mistakes in quantile maps and mapped drivers, each reported at the start with its fix."""

import copy
from pathlib import Path

import pytest
import yaml

from downbench.core.config.loading import load
from downbench.core.config.messages import checked
from downbench.core.config.region.quantile_mapping import QuantileMapping
from downbench.core.config.region.region import Region
from downbench.core.errors import UserError

ROOT = Path(__file__).parents[3]
FILE = ROOT / "config/regions/synthetic.yaml"


def message_of(change) -> str:
    section = copy.deepcopy(yaml.safe_load(FILE.read_text()))
    change(section)
    with pytest.raises(UserError) as error:
        checked(Region, section, FILE)
    return str(error.value)


def of_map(**keys):
    return lambda region: region["corrections"]["qdm"].update(keys)


def of_driver(**keys):
    return lambda region: region["drivers"]["gcm-future-corrected"].update(keys)


def test_the_synthetic_region_maps_both_runs_by_one_fit() -> None:
    region = load({}, ROOT).region
    assert region.corrected_drivers == ("gcm-historical-corrected", "gcm-future-corrected")
    assert {region.drivers[name].correction for name in region.corrected_drivers} == {"qdm"}


def test_a_region_needs_no_maps() -> None:
    section = yaml.safe_load((ROOT / "config/regions/alps-radar.yaml").read_text())
    assert Region.model_validate(section).corrected_drivers == ()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (of_map(fitted_on="gcm"), ["fitted_on = 'gcm'", "choose among perfect, reanalysis"]),
        (of_map(fitted_on="gcm-future-corrected"), ["no raw driver"]),
        (of_map(reference="gcm-future"), ["reference = 'gcm-future'", "free-running"]),
        (of_map(variables={"psl": "additive"}), ["rain", "only then"]),
        (of_map(variables={"pr": "additive", "tasmax": "additive"}), ["multiplicative"]),
        (of_map(variables={"pr": "multiplicative", "tasmax": "multiplicative"}), ["kelvins"]),
        (of_map(temperature_limits_k=[300, 200]), ["[lowest, highest]"]),
        (of_map(temperature_limits_k=None), ["temperature_limits_k"]),
        (of_map(rain=None), ["`rain`"]),
        (of_map(window_step_days=40), ["window_step_days = 40", "window_days = 31"]),
        (of_map(calibration_years=["1990-1981"]), ["runs backwards"]),
        (of_map(cross_fit_blocks=1), ["cross_fit_blocks = 1", "greater than or equal to 2"]),
        (of_map(method="qqm"), ["method = 'qqm'", "'qdm'"]),
        (of_map(window=31), ["no such key"]),
        (of_driver(correction=None), ["both corrected_from and correction"]),
        (of_driver(correction="qqm"), ["correction = 'qqm'", "a future run needs one too", "qdm"]),
        (of_driver(corrected_from="gcm-historical-corrected"), ["name a raw driver"]),
        (of_driver(corrected_from="perfect"), ["name a raw driver"]),
        (of_driver(type="reanalysis"), ["type = 'reanalysis'", "'gcm'"]),
        (of_driver(predictors=["pr", "tasmax", "psl"]), ["lacks the predictors psl"]),
        (
            lambda region: (
                region["drivers"].update(
                    seen={
                        "type": "reanalysis",
                        "predictors": ["pr", "tasmax", "uas", "vas"],
                        "corrected_from": "reanalysis",
                        "correction": "qdm",
                    }
                )
                or region.update(trained_on=["seen"])
            ),
            ["trained_on names 'seen'", "corrected"],
        ),
        (
            lambda region: region["splits"].update(
                by="event", train=["a"], validation=["b"], test=["c"], warm=[]
            ),
            ["corrections need years"],
        ),
        (
            lambda region: region["drivers"]["gcm-historical"].update(predictors=["pr", "tasmax"]),
            ["lacks uas, vas"],
        ),
    ],
)
def test_mistakes(change, words) -> None:
    message = message_of(change)
    for word in words:
        assert word in message


def test_a_range_of_years_is_spelled_out() -> None:
    section = yaml.safe_load(FILE.read_text())["corrections"]["qdm"]
    mapping = QuantileMapping.model_validate(section | {"calibration_years": ["1981-1983", 1990]})
    assert mapping.calibration_years == (1981, 1982, 1983, 1990)
    again = QuantileMapping.model_validate_json(mapping.model_dump_json())
    assert again == mapping
