"""By how much the claims about climate models may be missed and still hold."""

from pydantic import Field, PositiveFloat

from downbench.core.config.section import Section


class Tolerances(Section):
    """Numbers that the claims of an experiment about climate models are judged by."""

    bias_removed_percent: PositiveFloat = Field(
        default=50,
        le=100,
        description="quantile mapping corrects much where it takes away at least this share of the "
        "error that the raw run adds [percent]",
    )
    kept_percent: PositiveFloat = Field(
        default=20,
        description="the signal is kept where the change is the raw run's within this share of "
        "it, up or down [percent]",
    )
    skill_points: PositiveFloat = Field(
        default=5,
        description="skill holds in warm years where the CRPS skill falls by no more than this "
        "[percentage points]",
    )
