"""Trains a network, and records what that took: parameters, samples, operations, and its end."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from downbench.core.config.model.budget import Training
from downbench.core.config.model.model import Model
from downbench.core.training_record import TrainingRecord, late_fall
from downbench.labs.training_data import TrainingData
from downbench.nets import distributed
from downbench.nets.checkpointing import CURVE, MONITOR
from downbench.nets.training import Schedule, train


def optimise(
    network: nn.Module,
    data: TrainingData,
    model: Model,
    training: Training,
    seed: int,
    state: Path,
) -> None:
    """Train a network on its share of the samples, at its own learning rate if it has one."""
    options = model.options
    schedule = Schedule.of(training, options.learning_rate, seed, options.samples_share)
    train(network, data.train, data.validation, training, schedule, state)


def record(
    network: nn.Module,
    data: TrainingData,
    training: Training,
    sample: Callable[[], object],
    state: Path,
    evaluated: int,
) -> None:
    """Write the record of a training; one of several processes does.

    Parameters
    ----------
    sample
        Samples one member of one time.
    state
        Folder of the training state, with the curve of losses.
    evaluated
        Times that the finished network is evaluated on, for its errors in every cell.
    """
    if distributed.rank() > 0:
        return
    curve = pd.read_csv(state / CURVE)
    batch = min(training.batch_size, len(data.train))
    samples = int(curve["step"].iloc[-1]) * batch
    sampling = _operations(sample)
    on_accelerator = next(network.parameters()).is_cuda
    costs = TrainingRecord(
        parameters=sum(weights.numel() for weights in network.parameters()),
        samples=samples,
        flop=samples / batch * _step(network, data, batch) + evaluated * sampling,
        sampling_flop=sampling,
        accelerators=distributed.count() * on_accelerator,
        late_fall=late_fall(curve[MONITOR].tolist()),
    )
    costs.write(state)


def _step(network: nn.Module, data: TrainingData, batch: int) -> int:
    """Return the operations of one step: loss and gradients of a batch."""
    device = next(network.parameters()).device
    fields = data.train.pick(slice(0, batch)).to(device)

    def step() -> None:
        with torch.enable_grad():
            network.train().loss(fields, 1.0).backward()

    count = _operations(step)
    network.zero_grad()
    network.eval()
    return count


def _operations(work: Callable[[], object]) -> int:
    """Return the floating-point operations of convolutions and matrix products."""
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        work()
    return counter.get_total_flops()
