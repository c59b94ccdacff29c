"""Sections `stations` and `rcms`: what does not fit is reported with its fix."""

from pathlib import Path

import pytest
import yaml

from downbench.core.config.messages import checked
from downbench.core.config.region.region import Region
from downbench.core.errors import UserError

REGIONS = Path(__file__).parents[3] / "config/regions"


def message_of(name: str, change) -> str:
    entry = yaml.safe_load((REGIONS / f"{name}.yaml").read_text())
    change(entry)
    with pytest.raises(UserError) as error:
        checked(Region, entry, Path(f"{name}.yaml"))
    return str(error.value)


SYNTHETIC = {"count": 3, "seed": 1, "altitude_sd_m": 100, "lapse_k_per_km": -6.5}
MISTAKES = {
    "both kinds": (
        "iberia",
        lambda r: r["stations"].update(synthetic=SYNTHETIC),
        "stations: give either",
    ),
    "neither kind": ("synthetic", lambda r: r["stations"].pop("synthetic"), "give either"),
    "drawn from real data": (
        "iberia",
        lambda r: r.update(stations=r["stations"] | {"file": None, "synthetic": SYNTHETIC}),
        "give stations.file alone",
    ),
    "another temperature": (
        "iberia",
        lambda r: r["stations"]["file"]["variables"].update(tasmax={"variable": "tx"}),
        "names tasmax, which is not downscaled here: remove it",
    ),
    "a typo": (
        "iberia",
        lambda r: r["stations"].update(outside="drop"),
        "stations.outside = 'drop'",
    ),
    "a model in a made-up region": (
        "synthetic",
        lambda r: r.update(
            rcms={
                "model": {
                    "driven_by": "x",
                    "historical": {"pr": {"path": "a", "variable": "b", "method": "nearest"}},
                }
            }
        ),
        "rcms.model is read from files",
    ),
    "a driver by the name of a run": (
        "iberia",
        lambda r: r["drivers"].update(
            {"racmo22e-historical": r["drivers"]["cnrm-cm5-historical"]}
        ),
        "drivers.racmo22e-historical has the name of the historical run of rcms.racmo22e: rename",
    ),
    "a driver by the name of the stations": (
        "synthetic",
        lambda r: r["drivers"].update(stations=r["drivers"]["perfect"]),
        "drivers.stations has the name of the stations: rename the driver",
    ),
    "a method": (
        "iberia",
        lambda r: r["rcms"]["racmo22e"]["future"]["pr"].update(method="conservative"),
        "rcms.racmo22e.future.pr.method = 'conservative'",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_one_message_names_key_and_fix(mistake):
    name, change, words = MISTAKES[mistake]
    message = message_of(name, change)
    assert words in message and f"{name}.yaml" in message


def test_stations_and_regional_models_touch_no_series_and_no_training():
    """What the committed regions have beyond their data is no part of a driver's section."""
    fields = set(Region.model_fields) - set(Region.__bases__[0].model_fields)
    assert {"stations", "rcms"} <= fields
