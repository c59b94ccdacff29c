"""Arrays of a baseline from elsewhere."""

import os

import numpy as np
import pytest
from safetensors.numpy import save_file

from downbench.core.errors import UserError
from downbench.labs.baselines.tools import statistics_file


def test_it_is_read_as_it_was_written(tmp_path):
    statistics_file.save(tmp_path, {"a": np.array([1.0, np.nan]), "b": np.array(2)}, {"c": True})
    arrays, settings = statistics_file.load(tmp_path)
    assert arrays["b"] == 2 and np.isnan(arrays["a"][1]) and settings == {"c": True}


def test_an_infinite_value_in_a_later_piece_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(statistics_file, "PIECE", 2)
    statistics_file.save(tmp_path, {"a": np.array([[1.0, 2.0], [3.0, np.inf]])}, {})
    with pytest.raises(UserError, match="a are infinite"):
        statistics_file.load(tmp_path)


@pytest.mark.parametrize("note", ["[" * 50, '{"a": 1e999}', '{"a": 1, "a": 2}'])
def test_settings_have_the_limits_of_json(tmp_path, note):
    path = tmp_path / statistics_file.NAME
    save_file({"a": np.zeros(1)}, path, {statistics_file.NOTE: note})
    with pytest.raises(UserError, match="settings: not usable JSON"):
        statistics_file.load(tmp_path)


def test_arrays_larger_than_the_memory_are_not_read(tmp_path, monkeypatch):
    statistics_file.save(tmp_path, {"a": np.zeros(9)}, {})
    monkeypatch.setattr(os, "sysconf", lambda name: 4)
    with pytest.raises(UserError, match="this machine has 16 bytes of memory"):
        statistics_file.load(tmp_path)
