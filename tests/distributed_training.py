"""Train a tiny mean network, in one process or several.

    torchrun … tests/distributed_training.py FOLDER

Without interruption in FOLDER/whole; in FOLDER/killed interrupted after two epochs and resumed.
"""

import sys
from pathlib import Path

import lightning as L
import torch

import tiny_learned
from downbench.labs import training_data
from downbench.nets import distributed, mean
from downbench.nets.checkpointing import TrainingState
from downbench.nets.training import Schedule, train

SCHEDULE = Schedule.of(tiny_learned.TRAINING, None, seed=3)
KEEP = TrainingState.on_train_epoch_end


def trained(state: Path) -> torch.nn.Module:
    """Without dropout, so that the loss of a batch does not depend on who draws for it."""
    pairs = tiny_learned.pairs()
    data = training_data.read(pairs, tiny_learned.TRAINING, seed=1)
    torch.manual_seed(0)
    network = mean.build(data.architecture, pairs.transforms, data.static, data.weights)
    return train(network, data.train, data.validation, tiny_learned.TRAINING, SCHEDULE, state)


def breaking_off(self: TrainingState, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
    if trainer.current_epoch == 2:
        raise InterruptedError
    KEEP(self, trainer, pl_module)


def main(folder: Path) -> None:
    with distributed.joined(2, __name__) as first:
        trained(folder / "whole")
        TrainingState.on_train_epoch_end = breaking_off
        try:
            trained(folder / "killed")
        except InterruptedError:
            TrainingState.on_train_epoch_end = KEEP
        trained(folder / "killed")
        if first:
            (folder / "processes").write_text(str(distributed.count()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
