"""Tolerances of the claims about climate models."""

from pydantic import Field, PositiveFloat

from downbench.core.config.percent import Percent
from downbench.core.config.section import Section


class Tolerances(Section):
    """Thresholds for the verdicts of an experiment about climate models."""

    added_bias_percent: Percent = Field(
        default=10,
        description="a model degrades where a raw run adds at least this share of the distance "
        "expected without the run's biases [percent]",
    )
    bias_removed_percent: Percent = Field(
        default=50,
        le=100,
        description="bias correction removes much of the error where it removes at least this "
        "share of the error added by the raw run [percent]",
    )
    signal_deviation_percent: Percent = Field(
        default=20,
        description="the climate change signal is preserved where the change differs from the raw "
        "run's by no more than this share [percent]",
    )
    skill_points: PositiveFloat = Field(
        default=5,
        description="skill generalises to warm years where the CRPS skill falls by no more than "
        "this [percentage points]",
    )
