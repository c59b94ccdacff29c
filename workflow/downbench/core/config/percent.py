"""Shares in percent: a fraction in their place would be a hundredth of what was meant."""

from typing import Annotated

from pydantic import AfterValidator, Field


def _not_below(least: float) -> AfterValidator:
    """Refuse numbers other than 0 that are smaller than any percentage of this kind."""

    def checked(value: float) -> float:
        if 0 < abs(value) < least:
            raise ValueError(f"looks like a fraction: write percent, such as {100 * value:g}")
        return value

    return AfterValidator(checked)


Percentile = Annotated[float, Field(gt=0, lt=100), _not_below(1)]
"""A percentile of a distribution, such as 99 [percent]."""
Percent = Annotated[float, Field(gt=0), _not_below(1)]
"""A large share, such as 50 [percent]."""
SmallPercent = Annotated[float, Field(gt=0), _not_below(0.1)]
"""A tolerance or margin, such as 2 [percent]."""
SignedPercent = Annotated[float, _not_below(0.1)]
"""A rate of either sign, such as 7 [percent]."""
NonNegativePercent = Annotated[float, Field(ge=0), _not_below(0.1)]
"""A tolerance that may be 0 [percent]."""
