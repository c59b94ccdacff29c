"""Print the ladder of ensembles as the Markdown tables of docs/methods/judge.md.

The ensembles and their scores are those of tests/known_answers/test_ladder.py.

    PYTHONPATH=tests python bench/ladder.py
"""

import argparse
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

import ladder_rungs
import ladder_scores
from downbench.scores.metrics.spectra import log_spectral_distance
from ladder_rungs import RUNGS, VARIABLES

RATIOS = {
    "CRPS": ("crps", 0),
    "CRPS 2 × 2": ("crps", 1),
    "CRPS 4 × 4": ("crps", 2),
    "patches 2 × 2": ("energy_score_patch", 0),
    "patches 4 × 4": ("energy_score_patch", 1),
    "block maximum": ("crps_block_maximum", 0),
    "wet fraction": ("crps_wet_fraction", 0),
}
SPECTRA = {"pr": "rapsd_log", "tasmax": "rapsd"}


def main() -> None:
    """Print scores of each rung, then how far it is from the next lower one."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    help_text = "the region with `regimes: none`: transformed Gaussian fields"
    parser.add_argument("--without-regimes", action="store_true", help=help_text)
    if parser.parse_args().without_regimes:
        ladder_rungs.CHANGES["regimes"] = "none"
    print_row(["", "", *RATIOS, "spectral distance [dB]"])
    print_row(["---"] * (len(RATIOS) + 3))
    for variable in VARIABLES:
        for rung in RUNGS:
            print_row([variable, rung, *ratios(rung, variable), f"{decibel(rung, variable):.2f}"])
    print()
    print_row(["", "", "largest", "smallest"])
    print_row(["---"] * 4)
    for variable in VARIABLES:
        for better, worse in [*pairwise(RUNGS), *((RUNGS[0], worse) for worse in RUNGS[2:])]:
            widths = ladder_scores.half_widths(better, worse, variable)
            ends = (f"{widths[name]:.1f} {name}" for name in ends_of(widths))
            print_row([variable, f"{better} over {worse}", *ends])


def print_row(cells: list[str]) -> None:
    """Print a row of a Markdown table."""
    print("|", " | ".join(cells), "|")


def ratios(rung: str, variable: str) -> Iterator[str]:
    """Yield scores over those of the distribution of the reference."""
    for name, column in RATIOS.values():
        score, best = (mean(rung, f"{variable}_{n}") for n in (name, f"{name}_reference"))
        yield "" if score is None else f"{score[column] / best[column]:.3f}"


def decibel(rung: str, variable: str) -> float:
    """Return the distance of the mean spectra [dB]."""
    name = f"{variable}_{SPECTRA[variable]}"
    return float(log_spectral_distance(mean(rung, name), mean(rung, f"{name}_reference")))


def mean(rung: str, name: str) -> np.ndarray | None:
    """Return the mean of all days (k,); None for a statistic of the other variable."""
    daily = ladder_scores.daily()[rung]
    return np.atleast_1d(daily[name].mean("time").values) if name in daily else None


def ends_of(widths: dict[str, float]) -> list[str]:
    """Return the scores with the largest and the smallest number of half-widths."""
    return [max(widths, key=widths.get), min(widths, key=widths.get)]


if __name__ == "__main__":
    main()
