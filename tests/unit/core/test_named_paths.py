"""Arguments that name a file each."""

from pathlib import Path

import pytest

from downbench.core.cli import named_paths
from downbench.core.errors import UserError


def test_the_first_equals_parts_name_and_path() -> None:
    found = dict(named_paths(["unet=a/b.csv", "pair/model=x=1.nc"], "--scores"))
    assert found == {"unet": Path("a/b.csv"), "pair/model": Path("x=1.nc")}


@pytest.mark.parametrize("pair", ["corrdiff", "=a.csv", "corrdiff="])
def test_a_pair_that_lacks_a_part_is_reported(pair: str) -> None:
    with pytest.raises(UserError, match=f"--scores '{pair}': write it as NAME=PATH"):
        list(named_paths([pair], "--scores"))
