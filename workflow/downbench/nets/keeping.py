"""Training state on disk: whole at every moment, so that a kill costs one epoch at most."""

from pathlib import Path

import lightning as L
from safetensors.torch import load_file, save_file

from downbench.core.atomic import replacing

MONITOR = "validation_loss"
LAST, BEST = "last.ckpt", "best.safetensors"


class KeepState(L.Callback):
    """Keep the last state and the averaged weights of the best validation.

    Must stand before the weight averaging in the list of callbacks: at the end of a validation
    the averaged weights are still in the network then.
    """

    def __init__(self, folder: Path):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.best = float("inf")

    @property
    def last(self) -> Path:
        """The checkpoint to resume from; it is only ever read by who wrote it."""
        return self.folder / LAST

    def on_validation_epoch_end(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        loss = float(trainer.callback_metrics[MONITOR])
        if loss < self.best:
            self.best = loss
            weights = {k: v.clone() for k, v in pl_module.network.state_dict().items()}
            with replacing(self.folder / BEST) as beside:
                save_file(weights, beside)

    def on_train_epoch_end(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        with replacing(self.last) as beside:
            trainer.save_checkpoint(beside)

    def state_dict(self) -> dict[str, float]:
        return {"best": self.best}

    def load_state_dict(self, state_dict: dict[str, float]) -> None:
        self.best = state_dict["best"]


def best_weights(folder: Path) -> dict:
    """The averaged weights of the best validation so far."""
    return load_file(folder / BEST)
