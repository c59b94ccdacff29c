"""How far a driver is from the one that models were trained with."""

from pydantic import Field, PositiveFloat, PositiveInt

from downbench.core.config.section import Section


class Shift(Section):
    """Settings of the predictor shift."""

    components: PositiveInt = Field(
        description="leading patterns of each predictor that the joint measures look at [1]"
    )
    folds: int = Field(
        ge=2,
        description="blocks of years, each classified by what was learned from the others [1]",
    )
    most_days: PositiveInt = Field(
        description="days of each series that the classifier sees, evenly thinned [days]"
    )
    ridge: PositiveFloat = Field(
        description="penalty of the classifier, of features with variance one [1]"
    )
    neighbours: PositiveInt = Field(
        description="how many training days are to be nearer than the distance of a day [days]"
    )
    permutations: PositiveInt = Field(
        description="shuffles of the years of both series, for what no shift would give [1]"
    )
