"""The proof of a network has an upper bound of time and memory."""

import numpy as np
import pytest
import xarray as xr
from safetensors.numpy import save_file

from downbench.core.errors import UserError
from downbench.exchange import bundle, proof_cost
from hostile_bundles import edit, sound_bundle


@pytest.fixture
def folder(tmp_path):
    return sound_bundle(tmp_path / "unet")


def grid(side: int) -> xr.Dataset:
    return xr.Dataset(coords={"y": range(side), "x": range(side)})


def refuse(folder, side):
    proof_cost.refuse_costly(folder, bundle.read_manifest(folder).model, grid(side))


def test_a_small_network_is_proved_on_any_grid(folder):
    refuse(folder, 4096)


def test_a_wide_network_is_not_proved_on_a_large_grid(folder):
    edit("architecture.json", "channels", value=[4096])(folder)
    refuse(folder, 16)
    with pytest.raises(UserError, match="and 17179869184 values a level, more than"):
        refuse(folder, 2048)


def test_many_weights_are_not_proved_on_a_large_grid(folder, monkeypatch):
    monkeypatch.setattr(proof_cost, "MOST_OPERATIONS", 10**10)
    save_file({"weight": np.zeros(10_000, np.float32)}, folder / "weights.safetensors")
    refuse(folder, 256)
    with pytest.raises(UserError, match=r"take up to 3.1e\+10 operations"):
        refuse(folder, 512)


def test_maps_of_the_grid_multiply_their_own_cell_alone(folder, monkeypatch):
    monkeypatch.setattr(proof_cost, "MOST_OPERATIONS", 10**6)
    save_file({"position": np.zeros((4, 512, 512), np.float32)}, folder / "weights.safetensors")
    refuse(folder, 512)
