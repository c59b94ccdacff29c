"""Size of a network and what it is fed with: enough to build it again from a bundle."""

import json
from pathlib import Path

import numpy as np
import torch
from pydantic import BaseModel, ConfigDict, PositiveInt, ValidationError
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from downbench.core.errors import UserError
from downbench.core.transforms import Transforms
from downbench.nets.conditioning import Conditioning

FILE, WEIGHTS = "architecture.json", "weights.safetensors"
ADDED_LATER = ("spread", "regression.offsets")
"""Ends of names of buffers that bundles of earlier versions lack: they keep their first values."""


class Architecture(BaseModel):
    """What fixes the shape of every weight.

    static_shape is (static layers, y, x); `seasonal` regions have a day of the year, and
    `position_channels` learned maps and the regression of every cell (`regressed`) exist where all
    samples lie on one grid. `stem_kernel` is the side of the first convolution's kernel: 3 in
    bundles of earlier versions, which do not name it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    channels: tuple[int, ...]
    blocks: int
    seasonal: bool
    position_channels: int
    static_shape: tuple[int, int, int]
    regressed: bool = False
    stem_kernel: PositiveInt = 3

    def conditioning(
        self, transforms: Transforms, static: np.ndarray | None = None
    ) -> Conditioning:
        """The input layers; static layers are zeros until weights are loaded."""
        return Conditioning(
            transforms,
            np.zeros(self.static_shape, np.float32) if static is None else static,
            seasonal=self.seasonal,
            position_channels=self.position_channels,
            regressed=self.regressed,
        )

    @property
    def backbone(self) -> dict:
        """Arguments of `UNet` beyond its channels in and out."""
        return {
            "channels": self.channels,
            "blocks": self.blocks,
            "stem_kernel": self.stem_kernel,
        }

    @property
    def cells(self) -> Tensor:
        """A placeholder for the cell weights (y, x)."""
        return torch.zeros(self.static_shape[1:])


def save(network: nn.Module, architecture: Architecture, folder: Path) -> None:
    """Write weights.safetensors and architecture.json into a bundle folder."""
    save_file(savable(network), folder / WEIGHTS)
    text = json.dumps(architecture.model_dump(mode="json"), indent=1)
    (folder / FILE).write_text(text + "\n")


def read(folder: Path) -> Architecture:
    """Read architecture.json of a bundle."""
    try:
        return Architecture.model_validate_json((folder / FILE).read_bytes())
    except (OSError, ValidationError) as error:
        raise UserError(f"{folder / FILE}: not a usable architecture: {error}") from error


def load_weights(network: nn.Module, folder: Path, prefix: str = "") -> nn.Module:
    """Fill a network, or its part under `prefix`, from a bundle's weights; ready for sampling."""
    path = folder / WEIGHTS
    try:
        weights = load_file(path)
        part = {k.removeprefix(prefix): v for k, v in weights.items() if k.startswith(prefix)}
        later = {k: v for k, v in network.state_dict().items() if k.endswith(ADDED_LATER)}
        network.load_state_dict(later | part)
    except (OSError, RuntimeError, SafetensorError) as error:
        raise UserError(
            f"{path}: weights do not fit the network: {error}; train the model again"
        ) from error
    return network.eval()


def savable(network: nn.Module) -> dict[str, Tensor]:
    """Weights in plain memory order, each with memory of its own, as safetensors wants them."""
    state = network.state_dict()
    return {k: v.clone(memory_format=torch.contiguous_format) for k, v in state.items()}
