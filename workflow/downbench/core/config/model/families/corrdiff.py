"""Options of CorrDiff."""

from typing import ClassVar

from pydantic import Field, PositiveInt

from downbench.core.config.model.options import Capability, GenerativeOptions


class CorrDiffOptions(GenerativeOptions):
    """Regression mean plus a generative process for the residual."""

    supports: ClassVar[frozenset[Capability]] = frozenset({"loss", "guidance"})

    spread_days: PositiveInt | None = Field(
        description="validation days on which the members' spread is matched to their error; null "
        "leaves the spread as it was learned [days]"
    )
    spread_members: int = Field(ge=2, description="members sampled of each of these days [1]")
