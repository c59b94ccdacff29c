"""Claims about two models, each judged by scores of both on the same days."""

from typing import Self

from pydantic import Field, PositiveFloat, PositiveInt, field_validator, model_validator

from downbench.core.config.percent import SmallPercent
from downbench.core.config.section import Section
from downbench.core.metric_names import claim_scores


class PairedScore(Section):
    """A score of a claim, and the margin below which a difference is irrelevant."""

    score: str = Field(
        description="a proper score whose daily values are kept, or a distance: "
        "spectral_distance, spread_skill_error, rank_deviation"
    )
    scale: PositiveInt | None = Field(
        default=None, description="pooling factor, of a score with several [cells]"
    )
    threshold: PositiveFloat | None = Field(
        default=None, description="threshold or percentile, of a score with several"
    )
    margin_percent: SmallPercent | None = Field(
        default=None,
        description="margin of relevance: share of the other model's score, or of all values "
        "[percent]",
    )
    margin_db: PositiveFloat | None = Field(default=None, description="margin of relevance [dB]")
    margin_ratio: PositiveFloat | None = Field(
        default=None, description="margin of relevance of a ratio [1]"
    )

    @property
    def margin(self) -> float:
        """Margin in the unit of the comparison table, where shares are numbers [1]."""
        if self.margin_percent is not None:
            return self.margin_percent / 100
        return float(self.margin_db or self.margin_ratio or 0)

    @field_validator("score")
    @classmethod
    def _check_score(cls, score: str) -> str:
        if score not in claim_scores():
            raise ValueError(f"choose one of {', '.join(claim_scores())}")
        return score

    @model_validator(mode="after")
    def _check_margin(self) -> Self:
        margins = (self.margin_percent, self.margin_db, self.margin_ratio)
        if sum(margin is not None for margin in margins) != 1:
            raise ValueError(
                f"{self.score}: give one of margin_percent, margin_db and margin_ratio"
            )
        return self


class PairedClaim(Section):
    """A claim that one of two models is better by some scores."""

    statement: str = Field(
        description="the claim; {challenger} and {rival} stand for the names of the models"
    )
    favours_rival: bool = Field(
        default=False, description="does it favour `rival`, and not `challenger`?"
    )
    scores: tuple[PairedScore, ...] = Field(
        min_length=1, description="scores that decide; for every variable that has them"
    )
    most_rank_deviation_percent: SmallPercent | None = Field(
        default=None,
        description="the claim is supported only where no more than this share of the values has "
        "a wrong rank in the favoured ensemble [percent]",
    )

    @field_validator("statement")
    @classmethod
    def _check_names(cls, statement: str) -> str:
        try:
            statement.format(challenger="", rival="")
        except (KeyError, IndexError, ValueError):
            raise ValueError("only {challenger} and {rival} may stand in braces") from None
        return statement
