"""Print scores of ensembles with and without memory as the table of docs/methods/judge.md.

A quarter of the embedded region's cells, a year of consecutive days; skills in per cent.

    PYTHONPATH=tests python bench/memory.py
"""

from ladder import print_row

import ladder_rungs
from window_scores import (
    ENERGY,
    MEAN,
    VARIABLES,
    Fields,
    averages,
    exchanged,
    oracle_samples,
    skill,
)

MEMBERS, REDRAWS = 16, 16
SCORES = {"CRPS": "crps", "3-day means": MEAN, "patches of 2 days": ENERGY}


def main() -> None:
    """Print each score over that of the distribution, and how far trajectories are ahead."""
    outcomes, sequence = samples(True, REDRAWS, 2), samples(True, MEMBERS, 1)
    ensembles = {
        "the same, exchanged": {name: exchanged(values) for name, values in sequence.items()},
        "single days": samples(False, MEMBERS, 1),
    }
    print_row(["", "", *SCORES])
    print_row(["---"] * (len(SCORES) + 2))
    for variable in VARIABLES:
        best = averages(sequence[variable], outcomes[variable], variable)
        ratios = [best.scalar(n)[0] / best.scalar(f"{n}_reference")[0] for n in SCORES.values()]
        print_row([variable, "trajectories", *(f"{ratio:.3f}" for ratio in ratios)])
        for label, members in ensembles.items():
            worse = averages(members[variable], outcomes[variable], variable)
            skills = [skill(best, worse, name) for name in SCORES.values()]
            print_row([variable, f"skill over {label}", *map(percent, skills)])


def percent(skill_and_interval: tuple[float, float, float]) -> str:
    """Return a skill with its interval [%]."""
    value, lower, upper = (round(100 * number, 2) + 0.0 for number in skill_and_interval)
    return f"{value:.2f} ({lower:.2f} to {upper:.2f})"


def samples(memory: bool, members: int, seed: int) -> Fields:
    """Members of each day of the year."""
    region, target, days = ladder_rungs.region(), ladder_rungs.target(), ladder_rungs.days()
    return oracle_samples(region, target, days, memory, members, seed)


if __name__ == "__main__":
    main()
