"""Options of CorrDiff."""

from typing import ClassVar

from downbench.core.config.model.options import Capability, GenerativeOptions, SpreadOptions


class CorrDiffOptions(GenerativeOptions, SpreadOptions):
    """Regression mean plus a generative process for the residual."""

    supports: ClassVar[frozenset[Capability]] = frozenset({"loss", "guidance"})
