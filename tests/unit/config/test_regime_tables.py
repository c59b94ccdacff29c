"""Regimes that are no distribution, or do not fit the grid, are refused with the fix."""

import pytest
from pydantic import ValidationError

import synthetic_region
from downbench.core.config.region.generator_regimes import RainRegimes
from downbench.core.config.region.region import Region

REGION = synthetic_region.whole_region()


def test_rows_of_states_must_be_probabilities():
    rain = REGION.target.regimes.rain.model_dump()
    rain["node_states"] = [[0.5, 0.4, 0.2], *rain["node_states"][1:]]
    with pytest.raises(ValidationError, match="whose sum is 1"):
        RainRegimes.model_validate(rain)


def test_a_factor_that_the_cascade_cannot_halve_is_refused():
    region = REGION.model_dump() | {"factor": 16}
    with pytest.raises(ValidationError, match="choose a factor of 2, 4, 8"):
        Region.model_validate(region)
