"""Print the Markdown table of cheats of docs/methods/judge.md.

The cheats are those of tests/known_answers/test_dependent_members.py.

    PYTHONPATH=tests python bench/cheats.py
"""

from collections.abc import Iterator

import numpy as np

import cheating_samplers as cheats
from downbench.scores.statistics import Means
from downbench.scores.verdicts.decisions import Estimate

CHEATS = (
    cheats.independent,
    cheats.stratified,
    cheats.coherent_strata,
    cheats.wrong_strata,
    cheats.quasi_random,
    cheats.antithetic,
    cheats.rescaled,
    cheats.repeated,
    cheats.shuffled,
    cheats.averaged,
    cheats.leaked,
    cheats.calibrated_leak,
    cheats.redrawn,
)
HEADINGS = ("members", "in halves", "signs", "all members", "signs", "without redraws")
FLAT, LEVEL, LOW_LEVEL = 0.01, 0.05, 0.001


def main() -> None:
    """Print one row per cheat: CRPS over the best possible, and what names it."""
    print("|", " | ".join(HEADINGS), "|")
    print("|" + "---|" * len(HEADINGS))
    honest = averages_of_all(cheats.independent, redraws=False)["crps"][0, 0]
    for cheat in CHEATS:
        parts = (cheats.averages(cheats.in_halves(cheat, 3)), averages_of_all(cheat))
        cells = [text for part in parts for text in (best(part), ", ".join(signs(part)))]
        alone = averages_of_all(cheat, redraws=False)["crps"][0, 0] / honest
        print("|", " | ".join([cheat.__name__.replace("_", " "), *cells, f"{alone:.3f}"]), "|")


def averages_of_all(cheat: cheats.Sampler, redraws: bool = True) -> Means:
    """Return the scores of the cheat with all members together."""
    return cheats.averages(cheat(np.random.default_rng(3), cheats.MEMBERS), redraws=redraws)


def best(scores: Means) -> str:
    """Return the CRPS over that of the distribution, with its interval."""
    low, high = cheats.to_the_best(scores)
    return f"{(low + high) / 2:.3f} ± {(high - low) / 2:.3f}"


def signs(scores: Means) -> Iterator[str]:
    """Yield what tells the members from independent samples, at the levels of the report."""
    if is_below_one(cheats.to_the_best(scores), LEVEL):
        yield "score"
    if is_below_one(cheats.noise_of_the_mean(scores), LOW_LEVEL):
        yield "mean"
    low, high = cheats.within_to_across(scores)
    if is_below_one((low, high), LOW_LEVEL):
        yield "halves < 1"
    if is_below_one((2 - high, 2 - low), LOW_LEVEL):
        yield "(halves > 1)"
    if cheats.flatness(scores) < FLAT:
        yield "(ranks)"


def is_below_one(ends: tuple[float, float], level: float) -> bool:
    """Is a ratio with this 95 % interval below 1, with this probability of a mistake?"""
    value = sum(ends) / 2
    return value < 1 and Estimate(value, *ends, cheats.DAYS // 4).level(1) < level


if __name__ == "__main__":
    main()
