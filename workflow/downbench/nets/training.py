"""The training loop shared by all labs: lightning, EMA, validation, early stop, exact resume."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import Protocol

import lightning as L
import torch
from lightning.pytorch.callbacks import EarlyStopping, EMAWeightAveraging, TQDMProgressBar
from torch import Tensor, nn

from downbench.core import rng
from downbench.core.config.model.budget import Training
from downbench.core.errors import UserError
from downbench.nets import batches, distributed, lightning_messages
from downbench.nets.checkpointing import (
    MONITOR,
    TRAIN_LOSS,
    Diverged,
    TrainingState,
    best_weights,
)
from downbench.nets.device import warn_unused_accelerators
from downbench.nets.fields import NetworkFields

WARM_UP = 0.05
BETAS = (0.9, 0.99)
WEIGHT_DECAY = 1e-2
CLIP_NORM = 1.0


class TrainableNetwork(Protocol):
    """A network that can be trained: `loss(fields) -> scalar`, random draws from torch's RNG.

    `progress` is the share of the training that is over; validation takes the finished loss, so
    that its values can be compared from first to last.
    """

    def loss(self, fields: NetworkFields, progress: float = 1.0) -> Tensor:
        """Return the loss of a batch at this share of the training, 0 … 1."""


@dataclass(frozen=True)
class Schedule:
    """How long and how fast one training runs."""

    steps_per_epoch: int
    epochs: int
    learning_rate: float
    ema_decay: float
    patience: int
    seed: int

    @classmethod
    def of(
        cls, training: Training, learning_rate: float | None, seed: int, share: float = 1.0
    ) -> "Schedule":
        """Return the schedule that spends this share of the budget's samples."""
        return cls(
            steps_per_epoch=training.steps_per_validation,
            epochs=training.validations(share),
            learning_rate=learning_rate or training.learning_rate,
            ema_decay=0.5 ** (training.batch_size / training.ema_halflife_samples),
            patience=training.patience_validations,
            seed=seed,
        )

    @property
    def steps(self) -> int:
        """Number of steps of the optimiser."""
        return self.steps_per_epoch * self.epochs


class Learner(L.LightningModule):
    """Optimises a network's own loss; every step has its own named seed (trap T20)."""

    def __init__(self, network: nn.Module, schedule: Schedule) -> None:
        super().__init__()
        self.network, self.schedule = network, schedule

    def transfer_batch_to_device(
        self, batch: NetworkFields, device: torch.device, dataloader_idx: int
    ) -> NetworkFields:
        """Move a batch to the device."""
        return batch.to(device)

    def training_step(self, batch: NetworkFields, batch_idx: int) -> Tensor:
        """Return the loss of a batch."""
        # Processes that share a batch must not have the same noise.
        key = (distributed.rank(),) if distributed.rank() else ()
        torch.manual_seed(rng.seed_of(self.schedule.seed, "step", self.global_step, *key) % 2**63)
        loss = self.network.loss(batch, self.global_step / self.schedule.steps)
        self._log(TRAIN_LOSS, loss, on_step=False, on_epoch=True, batch_size=1)
        return loss

    def validation_step(self, batch: NetworkFields, batch_idx: int) -> None:
        """Log the loss of a batch."""
        number = batch_idx * distributed.count() + distributed.rank()
        torch.manual_seed(rng.seed_of(self.schedule.seed, "validation", number) % 2**63)
        self._log(MONITOR, self.network.loss(batch), batch_size=len(batch))

    def _log(self, name: str, loss: Tensor, **options: int | bool) -> None:
        self.log(name, loss, prog_bar=True, sync_dist=True, **options)

    def configure_optimizers(self) -> dict:
        """Return AdamW and its schedule of learning rates."""
        optimizer = torch.optim.AdamW(
            self.network.parameters(),
            lr=self.schedule.learning_rate,
            betas=BETAS,
            weight_decay=WEIGHT_DECAY,
        )
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, self._rate)
        return {
            "optimizer": optimizer,
            "lr_scheduler": {"scheduler": schedule, "interval": "step"},
        }

    def _rate(self, step: int) -> float:
        """Linear warm-up, then half a cosine down to zero."""
        rise = max(1.0, WARM_UP * self.schedule.steps)
        if step < rise:
            return (step + 1) / (rise + 1)
        share = (step - rise) / max(1.0, self.schedule.steps - rise)
        return 0.5 * (1 + torch.cos(torch.tensor(min(share, 1.0) * torch.pi)).item())


def train(
    network: nn.Module,
    fields: NetworkFields,
    validation: NetworkFields,
    training: Training,
    schedule: Schedule,
    state: Path,
) -> nn.Module:
    """Train `network` in place and return it with the weights of its best validation.

    Parameters
    ----------
    network
        A `TrainableNetwork` module.
    fields, validation
        Times of the training and the validation split; only the second decides when to stop.
    state
        Folder of the training state: a killed training called again goes on from its last
        epoch and ends in the same weights as an undisturbed one. The curve of losses is written
        there too.

    Raises
    ------
    UserError
        When there are fewer times than a batch holds; when the loss is no longer finite, in which
        case the state is removed; when the state holds more than numbers and text: no object is
        ever unpickled.
    """
    if training.batch_size > len(fields):
        raise UserError(
            f"training.batch_size = {training.batch_size}, but the training split has "
            f"{len(fields)} samples (days or patches): lower it in the budget"
        )
    lightning_messages.silence()
    warn_unused_accelerators()
    keep = TrainingState(state)
    trainer = L.Trainer(
        accelerator="auto",
        **distributed.placement(),
        max_epochs=schedule.epochs,
        callbacks=[
            keep,
            EMAWeightAveraging(decay=schedule.ema_decay),
            # Before `keep` saves, so that a resumed training waits no longer than this one.
            EarlyStopping(MONITOR, patience=schedule.patience, check_on_train_epoch_end=False),
            TQDMProgressBar(refresh_rate=max(1, schedule.steps_per_epoch // 4)),
        ],
        logger=False,
        gradient_clip_val=CLIP_NORM,
        num_sanity_val_steps=0,
        enable_checkpointing=False,
        enable_model_summary=False,
        use_distributed_sampler=False,
        default_root_dir=state,
    )
    epochs = batches.EpochBatches(
        len(fields), training.batch_size, schedule.steps_per_epoch, schedule.seed
    )
    validated = min(training.validation_samples, len(validation))
    # So small that every process has one.
    validated_at_once = min(training.batch_size, -(-validated // distributed.count()))
    fixed = batches.FixedBatches(len(validation), validated_at_once, validated)
    if not distributed.from_first(keep.stopped.exists()):
        resumed = keep.last if distributed.from_first(keep.last.exists()) else None
        with _readable(resumed), _dropped_if_diverged(state):
            trainer.fit(
                Learner(network, schedule),
                batches.loader(fields, distributed.SamplesOfProcess(epochs)),
                batches.loader(validation, distributed.BatchesOfProcess(fixed)),
                ckpt_path=resumed,
                weights_only=True,
            )
    network.load_state_dict(best_weights(state))
    return network.eval()


@contextmanager
def _dropped_if_diverged(state: Path) -> Iterator[None]:
    """Remove the state of a training that has diverged, or every later call would end with it."""
    try:
        yield
    except Diverged:
        if distributed.rank() == 0:
            shutil.rmtree(state, ignore_errors=True)
        raise


@contextmanager
def _readable(resumed: Path | None) -> Iterator[None]:
    try:
        yield
    except UnpicklingError as error:
        raise UserError(
            f"{resumed}: not a training state that this program has written: delete "
            f"{resumed.parent} to train from the start"
        ) from error
