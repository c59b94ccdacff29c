"""Batches that depend on seed and epoch alone, so that a resumed training sees the same ones."""

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, Sampler

from downbench.core import rng
from downbench.nets.fields import NetworkFields


class FieldsByIndex(Dataset):
    """Index tensors → `NetworkFields` at those times."""

    def __init__(self, fields: NetworkFields) -> None:
        self.fields = fields

    def __getitem__(self, index: Tensor) -> NetworkFields:
        return self.fields.pick(index)

    def __len__(self) -> int:
        return len(self.fields)


class EpochBatches(Sampler[Tensor]):
    """`steps` batches of distinct times, random and reproducible for every epoch."""

    def __init__(self, times: int, batch_size: int, steps: int, seed: int) -> None:
        self.times, self.batch_size = times, min(batch_size, times)
        self.steps, self.seed, self.epoch = steps, seed, 0

    def set_epoch(self, epoch: int) -> None:
        """Called by the trainer before each epoch, also the first after a resume."""
        self.epoch = epoch

    def __len__(self) -> int:
        return self.steps

    def __iter__(self) -> Iterator[Tensor]:
        generator = rng.generator(self.seed, "batches", self.epoch)
        for _ in range(self.steps):
            times = generator.choice(self.times, self.batch_size, replace=False)
            yield torch.from_numpy(times)


class FixedBatches(Sampler[Tensor]):
    """`samples` times spread evenly over the series, the same at every validation."""

    def __init__(self, times: int, batch_size: int, samples: int) -> None:
        self.index = torch.linspace(0, times - 1, min(samples, times)).round().long()
        self.batch_size = batch_size

    def __len__(self) -> int:
        return -(-len(self.index) // self.batch_size)

    def __iter__(self) -> Iterator[Tensor]:
        yield from self.index.split(self.batch_size)


def loader(fields: NetworkFields, batches: Sampler[Tensor]) -> DataLoader:
    """A loader whose items are whole batches; in this process, for the fields are in memory."""
    return DataLoader(FieldsByIndex(fields), sampler=batches, batch_size=None, num_workers=0)


def slices(count: int, size: int) -> Iterator[slice]:
    """Return slices of at most `size` that cover range(count)."""
    return (slice(start, min(start + size, count)) for start in range(0, count, size))
