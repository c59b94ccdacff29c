"""Training state on disk: complete at every moment, so that a kill costs one epoch at most."""

import math
from pathlib import Path

import lightning as L
from safetensors.torch import load_file, save_file

from downbench.core.errors import UserError
from downbench.core.io.atomic import replacing
from downbench.nets import distributed
from downbench.nets.architecture import savable

MONITOR = "validation_loss"
LAST, BEST, CURVE = "last.ckpt", "best.safetensors", "training_curve.csv"
STOPPED = "stopped"
TRAIN_LOSS = "train_loss"


class Diverged(UserError):
    """The loss of a training is no longer a number; to continue cannot help."""


class TrainingState(L.Callback):
    """Keep the last state, the averaged weights of the best validation, and the curve of losses.

    It comes before the weight averaging in the list of callbacks: at the end of a validation the
    averaged weights are still in the network then.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.best = float("inf")
        self.curve: list[str] = []

    @property
    def last(self) -> Path:
        """The checkpoint to resume from: a pickle, but of numbers and text alone."""
        return self.folder / LAST

    @property
    def stopped(self) -> Path:
        """Marker of early stopping: a training that is resumed with it does not continue."""
        return self.folder / STOPPED

    def on_validation_epoch_end(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """Keep the weights if the validation loss is the lowest so far."""
        loss = self._finite(MONITOR, trainer, pl_module)
        better, self.best = loss < self.best, min(loss, self.best)
        if better and distributed.rank() == 0:
            with replacing(self.folder / BEST) as path:
                save_file(savable(pl_module.network), path)

    def on_train_epoch_end(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """Append the losses to the curve; write the state to resume from."""
        losses = [self._finite(name, trainer, pl_module) for name in (TRAIN_LOSS, MONITOR)]
        self.curve.append(",".join(map(str, (trainer.global_step, *losses))))
        if distributed.rank() > 0:
            trainer.save_checkpoint(self.last)  # the first process writes
            return
        with replacing(self.folder / CURVE) as path:
            path.write_text("\n".join([f"step,{TRAIN_LOSS},{MONITOR}", *self.curve]) + "\n")
        if trainer.should_stop:
            self.stopped.touch()
        with replacing(self.last) as path:
            trainer.save_checkpoint(path)

    def _finite(self, name: str, trainer: L.Trainer, pl_module: L.LightningModule) -> float:
        """Return a loss, which is the same in all processes; `Diverged` unless it is finite."""
        loss = float(trainer.callback_metrics[name])
        if math.isfinite(loss):
            return loss
        step, validation = self.curve[-1].split(",")[::2] if self.curve else (0, "none")
        raise Diverged(
            f"{self.folder}: the training diverged between steps {step} and "
            f"{trainer.global_step}: {name} = {loss} (last finite {MONITOR}: {validation}). The "
            f"peak learning rate is {pl_module.schedule.learning_rate:g}: lower learning_rate of "
            "the model or of the budget; if it is usual, look for a scale of nearly 0 in "
            "transforms.json. The training state is removed, so the next call starts anew"
        )

    def state_dict(self) -> dict[str, float | list[str]]:
        """Return the lowest loss and the curve."""
        return {"best": self.best, "curve": self.curve}

    def load_state_dict(self, state_dict: dict[str, float | list[str]]) -> None:
        """Restore the lowest loss and the curve."""
        self.best, self.curve = state_dict["best"], list(state_dict["curve"])


def best_weights(folder: Path) -> dict:
    """The averaged weights of the best validation so far."""
    return load_file(folder / BEST)
