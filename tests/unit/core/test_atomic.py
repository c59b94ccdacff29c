"""Outputs appear whole or not at all."""

import os

import pytest

from downbench.core.io import atomic
from downbench.core.io.atomic import replacing, vacate


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


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "store.zarr"
    path.mkdir()
    (path / "old").touch()
    return path


def test_a_folder_without_a_successor_stays(folder):
    with pytest.raises(FileNotFoundError), replacing(folder):
        pass
    assert [p.name for p in folder.parent.rglob("*")] == ["store.zarr", "old"]


def test_a_kill_between_the_renames_leaves_no_half_folder(folder, monkeypatch):
    """The old folder is gone from its place as a whole before anything of it is deleted."""
    seen = []

    def rename(source, to):
        seen.append((source.name, to.name, folder.exists(), (folder / "old").exists()))
        os.rename(source, to)

    monkeypatch.setattr(atomic.os, "replace", rename)
    with replacing(folder) as beside:
        beside.mkdir()
    assert seen == [
        ("store.zarr", ".store.zarr.replaced", True, True),
        (".store.zarr.partial", "store.zarr", False, False),
    ]
    assert list(folder.parent.rglob("*")) == [folder]


def test_a_folder_that_a_killed_writer_put_aside_is_cleared(tmp_path):
    (tmp_path / ".store.zarr.replaced").mkdir()
    with replacing(tmp_path / "store.zarr") as beside:
        beside.mkdir()
    assert list(tmp_path.iterdir()) == [tmp_path / "store.zarr"]


def test_an_empty_folder_is_no_output_and_one_with_content_stays(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    for name in ("empty", "full", "absent"):
        vacate(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["full"]
    assert (tmp_path / "full" / "file").exists()
