"""The record of a training says whether its loss was still falling."""

import pytest

from downbench.core.errors import UserError
from downbench.core.training_record import FILE, TrainingRecord, late_fall


@pytest.mark.parametrize(
    ("losses", "fall"),
    [
        ([1.0, 0.5, 0.3, 0.2, 0.2, 0.2, 0.2, 0.2], 0.0),
        ([8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0], 2 / 7),
        ([1.0, 0.0, 0.0, 0.0, 0.1, 0.1, 0.2, 0.2], -0.1),
        ([-1.0, -2.0, -3.0, -4.0], 1 / 3),
        ([1.0, 1.0, 1.0, 1.0], 0.0),
        ([3.0, 2.0, 1.0], None),
        ([], None),
    ],
)
def test_the_last_quarter_is_compared_with_the_one_before(losses, fall):
    assert late_fall(losses) == pytest.approx(fall)


def test_a_bundle_without_a_record_has_none_and_a_broken_one_is_named(tmp_path):
    assert TrainingRecord.read(tmp_path) is None
    (tmp_path / FILE).write_text('{"parameters": "many"}')
    with pytest.raises(UserError, match="training.json: not a usable record"):
        TrainingRecord.read(tmp_path)
