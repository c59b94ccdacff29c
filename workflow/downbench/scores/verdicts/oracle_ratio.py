"""Ensembles that score better than the distribution that generated the reference.

No independent members can: a ratio to the oracle below 1 comes from members that depend on each
other, or from knowledge of the reference. It is never skill.
"""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from downbench.core.variables import long_name
from downbench.scores.paired.paired_metrics import CRPS_RATIO_ORACLE
from downbench.scores.verdicts.decisions import NOT_APPLICABLE
from downbench.scores.verdicts.verdict import Verdict


def impossible_ratios(comparison: pd.DataFrame) -> dict[str, str]:
    """Return models with a ratio to the oracle whose interval lies below 1, and their numbers."""
    rows = comparison[
        (comparison["metric"] == CRPS_RATIO_ORACLE.name)
        & (comparison["season"] == "all")
        & (comparison["upper"] < 1)
    ]
    return {
        str(row["model"]): f"{row['value']:.3f} × the oracle's for {long_name(row['variable'])} "
        f"({row['lower']:.3f} to {row['upper']:.3f})"
        for row in rows.drop_duplicates("model").to_dict("records")
    }


def without_impossible(
    verdict: Verdict, ratios: Mapping[str, str], labels: Mapping[str, str]
) -> Verdict:
    """Return the verdict, or that it is not applicable because of one of its models."""
    reasons = [warning(labels.get(m, m), ratios[m]) for m in verdict.models if m in ratios]
    if not reasons:
        return verdict

    return replace(verdict, label=NOT_APPLICABLE, sentences=reasons, tests=())


def warning(model: str, ratio: str) -> str:
    """Say of a model what such a ratio means."""
    return f"{model}: dependent members or leakage. Its CRPS is {ratio}, which no skill explains."
