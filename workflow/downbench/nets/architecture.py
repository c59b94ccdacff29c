"""Size of a network and what it is fed with: enough to build it again from a bundle."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from downbench.core.errors import UserError
from downbench.core.transforms import Transforms
from downbench.nets.conditioning import Conditioning

FILE, WEIGHTS = "architecture.json", "weights.safetensors"
ADDED_LATER = ("spread", "regression.offsets")
"""Ends of names of buffers that bundles of earlier versions lack: they keep their first values."""


Side = Annotated[int, Field(ge=1, le=4096)]


class Architecture(BaseModel):
    """What fixes the shape of every weight; bounds keep a bundle from asking for any memory.

    static_shape is (static layers, y, x); `seasonal` regions have a day of the year, and
    `position_channels` learned maps and the regression of every cell (`regressed`) exist where all
    samples lie on one grid. `stem_kernel` is the side of the first convolution's kernel: 3 in
    bundles of earlier versions, which do not name it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    channels: Annotated[tuple[Side, ...], Field(min_length=1, max_length=8)]
    blocks: Annotated[int, Field(ge=1, le=16)]
    seasonal: bool
    position_channels: Annotated[int, Field(ge=0, le=1024)]
    static_shape: tuple[Annotated[int, Field(ge=0, le=64)], Side, Side]
    regressed: bool = False
    stem_kernel: Annotated[int, Field(ge=1, le=31)] = 3

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


def build_for(build: Callable[[], nn.Module], folder: Path) -> nn.Module:
    """Return a network whose weights have the names and shapes of those of a bundle.

    It is built without memory first, which is compared.

    Raises
    ------
    UserError
        When the architecture asks for other weights than the bundle has.
    """
    with torch.device("meta"):
        expected = {k: tuple(v.shape) for k, v in build().state_dict().items()}
    path = folder / WEIGHTS
    with safe_open(path, "pt") as file:
        present = {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}
    required = {k: v for k, v in expected.items() if k in present or not k.endswith(ADDED_LATER)}
    wrong = sorted(k for k in {**required, **present} if required.get(k) != present.get(k))
    if wrong:
        name = wrong[0]
        raise UserError(
            f"{path}: weights do not fit the network: {name} has shape {present.get(name)}, "
            f"{FILE} asks for {required.get(name)} ({len(wrong)} such tensors): train the model "
            "again"
        )
    return build()


def load_weights(network: nn.Module, folder: Path, prefix: str = "") -> nn.Module:
    """Fill a network, or its part under `prefix`, from a bundle's weights; ready for sampling."""
    path = folder / WEIGHTS
    try:
        weights = load_file(path)
        _refuse_infinite(weights, path)
        part = {k.removeprefix(prefix): v for k, v in weights.items() if k.startswith(prefix)}
        later = {k: v for k, v in network.state_dict().items() if k.endswith(ADDED_LATER)}
        network.load_state_dict(later | part)
    except (OSError, RuntimeError, SafetensorError) as error:
        raise UserError(
            f"{path}: weights do not fit the network: {error}; train the model again"
        ) from error
    return network.eval()


def _refuse_infinite(weights: dict[str, Tensor], path: Path) -> None:
    wrong = [name for name, tensor in weights.items() if not torch.isfinite(tensor).all()]
    if wrong:
        raise UserError(
            f"{path}: weights {', '.join(wrong[:5])} are not finite: train the model again"
        )


def savable(network: nn.Module) -> dict[str, Tensor]:
    """Weights in plain memory order, each with memory of its own, as safetensors wants them."""
    state = network.state_dict()
    return {k: v.clone(memory_format=torch.contiguous_format) for k, v in state.items()}
