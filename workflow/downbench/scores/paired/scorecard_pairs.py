"""Differences of the scorecard's scores between all models, which show who is tied with whom.

The CRPS is compared in `comparison.skill_rows`.
"""

from collections.abc import Iterable, Iterator
from itertools import combinations

from downbench.core.config.experiment.paired_claims import PairedScore
from downbench.scores.paired.claim_scores import differences
from downbench.scores.paired.model_pairs import ModelPair
from downbench.scores.table import Row

SCORES = tuple(
    PairedScore.model_construct(score=score, scale=scale, threshold=None)
    for score, scale in (
        ("spread_skill_error", None),
        ("rank_deviation", None),
        ("spectral_distance", None),
        ("energy_score_patch", 4),
        ("crps_block_maximum", None),
    )
)


def pairs(models: Iterable[str]) -> list[tuple[str, str]]:
    """Return every two models once: a tie holds for both."""
    return list(combinations(models, 2))


def scorecard_differences(pair: ModelPair) -> Iterator[Row]:
    """Yield the differences of all scores that the variable has."""
    return differences(pair, SCORES)
