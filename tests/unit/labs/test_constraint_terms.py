"""physics.json of a bundle from elsewhere."""

import pytest

from downbench.core.errors import UserError
from downbench.labs import constraint_terms
from downbench.physics.loss import Spreads


def test_it_is_read_as_it_was_written(tmp_path):
    spreads = Spreads({"pr": 0.1}, {"pr": 0.2, "budget": 0.3})
    constraint_terms.save(spreads, tmp_path)
    assert constraint_terms.load(tmp_path) == spreads


@pytest.mark.parametrize("value", ["-1", "[]", "1e999", "null"])
def test_values_that_cannot_be_are_refused(tmp_path, value):
    (tmp_path / "physics.json").write_text(
        f'{{"interpolation": {{"pr": {value}}}, "driver": {{}}}}'
    )
    with pytest.raises(UserError, match="physics.json: not usable"):
        constraint_terms.load(tmp_path)
