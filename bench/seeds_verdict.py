"""Print the verdicts of an experiment over several training seeds.

    python bench/seeds_verdict.py EXPERIMENT SEED1.csv SEED2.csv …

Reads the comparisons of one experiment, region and training driver, one per seed. Intervals and
tests include the sampled days and the seeds.
"""

import argparse
from pathlib import Path

import pandas as pd

from downbench.core.config.loading import load
from downbench.scores.verdicts.skill import verdicts
from downbench.scores.verdicts.training_seeds import over_seeds


def main() -> None:
    """Print label, sentences and tests of each claim."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("experiment", help="name in config/experiments.yaml, with paired_claims")
    parser.add_argument("comparisons", nargs="+", type=Path, metavar="CSV", help="one per seed")
    arguments = parser.parse_args()
    if len(arguments.comparisons) < 2:
        parser.error("give the comparisons of two seeds or more")
    project = load({}, Path(__file__).parents[1])
    experiment = project.view(arguments.experiment, *project.region.trained_on)
    table = over_seeds([pd.read_csv(path) for path in arguments.comparisons])
    for number, verdict in enumerate(verdicts(table, experiment.model_dump(mode="json")), 1):
        print(f"{number}. {verdict.claim} **{verdict.label.capitalize()}.**")
        for sentence in verdict.sentences:
            print(f"   * {sentence.replace('{day}', 'day')}")
        for test in verdict.tests:
            estimate = test.estimate
            ends = (test.words(end) for end in (estimate.lower, estimate.upper))
            value = f"{test.words(estimate.value)} [{', '.join(ends)}]"
            heading = test.heading.replace("{day}", "day")
            print(f"   * {test.variable}, {heading}: {value}, {test.label}")


if __name__ == "__main__":
    main()
