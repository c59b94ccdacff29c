"""Years of a new region: for training, validation and test at random, and warm ones held out."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from downbench.core.config.region.splits import spelled_out
from downbench.core.errors import UserError

FEWEST_YEARS = 5
SEED = 1


@dataclass(frozen=True)
class Years:
    """Years by split, each in order; `warm` may be empty."""

    train: list[int]
    validation: list[int]
    test: list[int]
    warm: list[int]

    @property
    def every(self) -> list[int]:
        """All years."""
        return sorted([*self.train, *self.validation, *self.test, *self.warm])

    @property
    def mixed(self) -> list[int]:
        """All but the warm years."""
        return sorted([*self.train, *self.validation, *self.test])


def split(years: Sequence[str], warm: Sequence[str]) -> Years:
    """Return the years by split: a tenth validates, a fifth is for the test.

    Raises
    ------
    UserError
        When years are no years, too few, or also warm ones.
    """
    mixed, held_out = _listed("--years", years), _listed("--warm", warm)
    shared = sorted(set(mixed) & set(held_out))
    if shared:
        raise UserError(
            f"--years and --warm overlap: {written(shared)}: take them off one of them"
        )
    if len(mixed) < FEWEST_YEARS:
        raise UserError(
            f"--years has {len(mixed)} years: {FEWEST_YEARS} are needed to train, validate, test"
        )
    validation_count, test_count = max(1, len(mixed) // 10), max(1, len(mixed) // 5)
    sampled = random.Random(SEED).sample(mixed, validation_count + test_count)
    validation, test = sorted(sampled[:validation_count]), sorted(sampled[validation_count:])
    return Years([y for y in mixed if y not in sampled], validation, test, held_out)


def written(years: Iterable[int]) -> str:
    """Return years as the YAML has them: 1980-1982, 1984."""
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and runs[-1][1] == year - 1:
            runs[-1][1] = year
        else:
            runs.append([year, year])
    return ", ".join(f"{a}-{b}" if a < b else str(a) for a, b in runs)


def _listed(option: str, labels: Sequence[str]) -> list[int]:
    words = [word for label in labels for word in label.replace(",", " ").split()]
    try:
        return sorted(set(spelled_out([int(w) if w.isdigit() else w for w in words])))
    except ValueError as error:
        raise UserError(f"{option}: {error}") from None
