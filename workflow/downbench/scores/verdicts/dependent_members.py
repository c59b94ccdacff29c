"""Signs that the members of an ensemble depend on each other, or that it has seen the reference.

No independent members score better than the distribution that generated the reference, the mean of
independent members has at least the noise of its members over their number, and they are as far
apart within halves as across them: members that are not are repeated, or halves are chosen against
each other. None of it is ever skill.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from downbench.core.variables import long_name
from downbench.scores.metrics.dependence import HALVES_DISTANCE_RATIO, MEAN_NOISE_RATIO
from downbench.scores.paired.comparison import ORACLE
from downbench.scores.paired.paired_metrics import CRPS_RATIO_ORACLE
from downbench.scores.verdicts.decisions import LEVEL, NOT_APPLICABLE, Estimate
from downbench.scores.verdicts.verdict import Verdict


@dataclass(frozen=True)
class Sign:
    """A ratio that is at least 1 for independent members.

    metric : its name
    words : what it means for a reader
    level : two-sided level at which a ratio below 1 counts
    """

    metric: str
    words: str
    level: float = LEVEL


SIGNS = (
    Sign(CRPS_RATIO_ORACLE.name, "dependent members or leakage: CRPS below the oracle's"),
    # At 1 for an ensemble that predicts no detail at all, which is no fault.
    Sign(MEAN_NOISE_RATIO.name, "dependent members: too little noise of their mean", 0.001),
    # At 1 for independent members.
    Sign(HALVES_DISTANCE_RATIO.name, "dependent members: closer within halves than across", 0.001),
)


def suspicions(comparison: pd.DataFrame) -> dict[str, str]:
    """Return models with a sign, and its numbers; the oracle itself is never suspected."""
    rows = comparison[(comparison["season"] == "all") & (comparison["model"] != ORACLE)]
    signs: dict[str, str] = {}
    for sign in SIGNS:
        for row in rows[rows["metric"] == sign.metric].to_dict("records"):
            if row["value"] < 1 and Estimate.of(row).level(1) < sign.level:
                signs.setdefault(str(row["model"]), f"{sign.words}, {_numbers(row)}")
    return signs


def _numbers(row: Mapping[str, Any]) -> str:
    span = Estimate.of(row).span(".3f")
    return f"ratio {row['value']:.3f} for {long_name(row['variable'])} ({span})"


def without_suspects(
    verdict: Verdict, suspects: Mapping[str, str], labels: Mapping[str, str]
) -> Verdict:
    """Return the verdict, or that it is not applicable because of one of its models."""
    reasons = [warning(labels.get(m, m), suspects[m]) for m in verdict.models if m in suspects]
    if not reasons:
        return verdict

    return replace(verdict, label=NOT_APPLICABLE, sentences=reasons, tests=())


def warning(model: str, suspicion: str) -> str:
    """Say of a model why it has no skill."""
    return f"{model}: {suspicion}. That is no skill."
