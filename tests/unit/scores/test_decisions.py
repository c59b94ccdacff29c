"""From intervals to decisions: known levels, ties that are proven, and few false claims."""

import numpy as np
import pytest
from scipy.stats import t as student

from downbench.scores.bootstrap import interval, resample
from downbench.scores.verdicts.decisions import (
    Candidate,
    Estimate,
    compared_with_margin,
    holm,
    labels_of_parts,
    within,
)
from downbench.scores.verdicts.verdict import combine

REPLICATES = 300
TESTS = 8
MARGIN = 0.1


def test_the_level_is_that_of_the_interval_which_ends_there() -> None:
    estimate = Estimate(2.0, 1.0, 4.0, blocks=12)
    assert estimate.level(1.0) == pytest.approx(0.05)
    assert estimate.level(4.0) == pytest.approx(0.05)
    expected = 2 * student.sf(2 * student.ppf(0.975, 11), 11)
    assert estimate.level(0.0) == pytest.approx(expected)
    assert Estimate(2.0, 1.0, 3.0).level(0.0) == pytest.approx(8.8e-5, rel=0.02)  # 3.92 sd
    assert estimate.reach(0.05) == pytest.approx(2.0)
    assert estimate.reach(0.001) > 3


def test_without_an_interval_nothing_is_decided() -> None:
    for value in (np.nan, 0.5, 0.0):
        assert compared_with_margin(Estimate(value, np.nan, np.nan), 0.1).level == 1
    identical = compared_with_margin(Estimate(0.0, 0.0, 0.0), 0.1)
    assert identical == Candidate("equivalent", 0.0)


@pytest.mark.parametrize(
    ("ends", "label", "decided"),
    [
        ((0.05, 0.25), "supported", True),
        ((-0.25, -0.05), "not supported", True),
        ((-0.04, 0.06), "equivalent", True),
        ((0.01, 0.09), "equivalent", True),  # certain, and irrelevant
        ((0.01, 0.15), "equivalent", False),
        ((-0.05, 0.35), "supported", False),
    ],
)
def test_a_difference_needs_certainty_and_relevance(
    ends: tuple[float, float], label: str, decided: bool
) -> None:
    candidate = compared_with_margin(Estimate(sum(ends) / 2, *ends), MARGIN)
    assert candidate.label == label
    assert (candidate.level <= 0.05) == decided


def test_a_range_may_be_open() -> None:
    estimate = Estimate(3.0, 2.0, 4.0)
    assert within(estimate, -np.inf, 4.5).level < 0.05
    assert within(estimate, 2.5, 4.5).label == "supported"
    assert within(estimate, 2.5, 4.5).level > 0.05
    assert within(estimate, 4.5, np.inf) == within(estimate, -np.inf, 1.5)
    assert within(estimate, -np.inf, 1.5).label == "not supported"


def test_holm_multiplies_the_smallest_by_all() -> None:
    assert holm([0.04, 0.01, 0.03]) == pytest.approx([0.06, 0.03, 0.06])
    assert holm([]) == []


def test_one_part_of_many_refutes_only_with_correction() -> None:
    parts = [Candidate("supported", 0.04)] * 9 + [Candidate("not supported", 0.01)]
    assert labels_of_parts(parts) == ["supported"] * 9 + ["inconclusive"]
    assert labels_of_parts(parts[-1:]) == ["not supported"]


def test_a_claim_on_all_parts_is_refuted_by_a_tie_in_one() -> None:
    assert combine(["supported", "supported"]) == "supported"
    assert combine(["equivalent", "equivalent"]) == "equivalent"
    assert combine(["supported", "equivalent"]) == "not supported"
    assert combine(["supported", "inconclusive"]) == "inconclusive"
    assert combine([]) == "inconclusive"


def decisions(blocks: int, samples: int, noise: float) -> np.ndarray:
    """Labels (sample, test) of exact ties: differences of ten-day blocks around zero."""
    rng = np.random.default_rng(blocks)
    counts = resample(np.arange(blocks), REPLICATES, seed=1) / blocks
    skewed = rng.gamma(2.0, size=(blocks, 2, samples * TESTS))
    replicates = counts @ (skewed[:, 0] - skewed[:, 1]) * noise
    estimates = [Estimate(v[0], *interval(v, blocks, 0.95), blocks) for v in replicates.T]
    candidates = [compared_with_margin(estimate, MARGIN) for estimate in estimates]
    labels = [
        candidate.label if level <= 0.05 else "inconclusive"
        for start in range(0, len(candidates), TESTS)
        for sample in (candidates[start : start + TESTS],)
        for candidate, level in zip(sample, holm([c.level for c in sample]), strict=True)
    ]
    return np.array(labels).reshape(samples, TESTS)


def test_exact_ties_of_many_blocks_are_proven() -> None:
    assert (decisions(blocks=400, samples=40, noise=0.2) == "equivalent").mean() >= 0.95


def test_false_claims_are_rare_among_all_tests_of_a_family() -> None:
    """So much noise makes the margin nothing: in 5 % of samples any test may be supported."""
    labels = decisions(blocks=30, samples=150, noise=5.0)
    assert 0 < (labels == "supported").any(axis=1).mean() <= 0.05
