"""Outputs appear whole or not at all."""

import pytest

from downbench.core.atomic import replacing


def test_a_failed_write_leaves_what_stood_there(tmp_path):
    path = tmp_path / "scores.csv"
    path.write_text("old")
    with pytest.raises(RuntimeError), replacing(path) as beside:
        beside.write_text("half")
        raise RuntimeError
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_is_replaced_as_a_whole(tmp_path):
    path = tmp_path / "store.zarr"
    path.mkdir()
    (path / "stale").touch()
    with replacing(path) as beside:
        beside.mkdir()
        (beside / "fresh").touch()
    assert [p.name for p in path.iterdir()] == ["fresh"]


def test_what_a_killed_writer_left_is_cleared(tmp_path):
    (tmp_path / ".store.zarr.partial").mkdir()
    (tmp_path / ".store.zarr.partial" / "half").touch()
    with replacing(tmp_path / "store.zarr") as beside:
        beside.mkdir()
    assert list((tmp_path / "store.zarr").iterdir()) == []
