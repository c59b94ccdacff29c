"""Generative processes: what a module of `processes/` provides, whatever it generates.

A process is a module with one function, `build(options) -> Process`, whose options are a class in
`core/config/model/processes/`. It turns data of standard deviation `data_std` into noise and back;
what the data are, and on what they are conditioned, is the matter of a space.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

from torch import Tensor

from downbench.core.config.model.options import GenerativeOptions, Sampler
from downbench.labs.generative.tools.guidance import Observation

# (image (B, C, y, x), time or noise level (B,)) → image: the conditioned network
Network = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True)
class DenoisedEstimate:
    """What one step of the training yields.

    loss : scalar; clean : (B, C, y, x) estimate of the data; std : (B, 1, 1, 1) what it leaves
    uncertain, as white noise; trust : (B,) weight of the estimate in other losses [1]
    """

    loss: Tensor
    clean: Tensor
    std: Tensor
    trust: Tensor


class Process(Protocol):
    """A way from noise to data."""

    data_std: float

    def loss(
        self, network: Network, clean: Tensor, valid: Tensor, weights: Tensor
    ) -> DenoisedEstimate:
        """Return the loss of one batch; random numbers come from torch's generator.

        Parameters
        ----------
        network
            The conditioned network.
        clean : (B, C, y, x)
            Data of standard deviation `data_std`, zero where missing.
        valid : (B, C, y, x) bool
            Cells that have data.
        weights : (y, x)
            Cell areas, 0 where the grid has no data.
        """

    def sample(
        self,
        network: Network,
        noise: Tensor,
        mask: Tensor,
        sampler: Sampler,
        observation: Observation | None = None,
    ) -> Tensor:
        """Turn standard normal noise (B, C, y, x), the only random input, into samples.

        Parameters
        ----------
        mask : (y, x)
            1 where the grid has data; elsewhere the image stays zero.
        observation
            Block means that guide the samples.
        """


def process_of(options: GenerativeOptions) -> Process:
    """Return the process that the options of a model name."""
    module = import_module(f"downbench.labs.generative.processes.{options.process}")
    return module.build(options)
