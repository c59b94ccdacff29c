"""Splits that can never have a day are refused before anything is planned."""

import pytest
import yaml

import synthetic_region
from downbench.core.config.region.split_check import problems_of_splits
from downbench.core.config.region.splits import Splits

SECTION = yaml.safe_load(synthetic_region.FILE.read_text())


def problems(**changed) -> list[str]:
    splits = Splits.model_validate(SECTION["splits"] | changed)
    region = synthetic_region.whole_region().model_copy(update={"splits": splits})
    return list(problems_of_splits(region))


def test_the_configured_splits_pass() -> None:
    assert problems() == []
    assert problems(buffer_days=400) == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"test": [1999, 2015], "train": ["1981-1990"]}, "splits.test names 2015, but the target"),
        ({"validation": [1971]}, "splits.validation names 1971"),
        ({"by": "event"}, "no events: split by year"),
        ({"test": [2007], "buffer_days": 400}, "buffer_days = 400 leaves no day of splits.test"),
        ({"train": [2003], "buffer_days": 366}, "leaves no day of splits.train"),
    ],
)
def test_what_never_has_a_day_is_named(changed, words) -> None:
    assert any(words in problem for problem in problems(**changed))
