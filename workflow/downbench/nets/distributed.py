"""Several processes of one machine that train one model together, each on a share of every batch.

Gradients are averaged over the processes (torch's DistributedDataParallel), so a step is the step
that one process would take with the whole batch.
"""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import torch
from lightning.pytorch.plugins.environments import LightningEnvironment, TorchElasticEnvironment
from lightning.pytorch.strategies import DDPStrategy
from torch import Tensor, distributed
from torch.utils.data import Sampler

from downbench.core import execution

STARTED = "DOWNBENCH_PROCESSES"
HERE = "127.0.0.1"


@contextmanager
def joined(count: int, module: str) -> Iterator[bool]:
    """Train in `count` processes; yields whether this one is the first, which alone may write.

    The process that is called becomes the launcher of `count` that run `module` with the same
    arguments: srun in a job that Snakemake has submitted, with as many tasks, else torchrun, with
    no more processes than there are accelerators: cores are shared by threads.
    """
    if STARTED not in os.environ:
        processes = count if _in_allocation() else min(count, max(1, torch.cuda.device_count()))
        if processes == 1:
            yield True
            return
        _start(processes, module)
    _join()
    try:
        yield rank() == 0
        wait()
    finally:
        distributed.destroy_process_group()


def _in_allocation() -> bool:
    """In a job that was asked for with our tasks: where a user works there may be one alone."""
    submitted = os.environ.get(execution.JOBS) == execution.CLUSTER
    return submitted and "SLURM_JOB_ID" in os.environ


def _start(count: int, module: str) -> NoReturn:
    """Become the launcher of `count` processes; a port that is free now is where they meet."""
    with socket.socket() as free:
        free.bind((HERE, 0))
        port = free.getsockname()[1]
    os.environ |= {STARTED: str(count), "MASTER_ADDR": HERE, "MASTER_PORT": str(port)}
    launcher = _srun(count) if _in_allocation() else _torchrun(count, port)
    sys.stdout.flush()
    os.execvp(launcher[0], [*launcher, "-m", module, *sys.argv[1:]])


def _srun(count: int) -> list[str]:
    threads = os.environ.get("OMP_NUM_THREADS", "1")
    tasks = ["--nodes=1", f"--ntasks={count}", f"--cpus-per-task={threads}"]
    return ["srun", *tasks, "--cpu-bind=none", "--kill-on-bad-exit=1", sys.executable]


def _torchrun(count: int, port: int) -> list[str]:
    place = [f"--nproc-per-node={count}", f"--master-addr={HERE}", f"--master-port={port}"]
    return [sys.executable, "-m", "torch.distributed.run", *place]


def _join() -> None:
    """Meet the other processes; srun numbers them by other names than torchrun."""
    for name, variable in (("RANK", "SLURM_PROCID"), ("LOCAL_RANK", "SLURM_LOCALID")):
        os.environ.setdefault(name, os.environ.get(variable, ""))
    os.environ.setdefault("WORLD_SIZE", os.environ[STARTED])
    on_gpu = torch.cuda.is_available()
    if on_gpu:
        # Where a place binds one accelerator to each task, a task sees that one alone.
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]) % torch.cuda.device_count())
    distributed.init_process_group("nccl" if on_gpu else "gloo")
    kind = "an accelerator" if on_gpu else "the processor"
    print(f"process {rank() + 1} of {count()}, on {kind}")


def count() -> int:
    """How many processes train this model: 1 unless `joined` has started more."""
    return distributed.get_world_size() if distributed.is_initialized() else 1


def rank() -> int:
    """Which of them this one is, from 0."""
    return distributed.get_rank() if distributed.is_initialized() else 0


def wait() -> None:
    """Until all of them are here."""
    if count() > 1:
        distributed.barrier()


def from_first(value: Any) -> Any:
    """The first process's value, in all of them: a shared disk may show a file to one alone."""
    if count() == 1:
        return value
    values = [value]
    distributed.broadcast_object_list(values)
    return values[0]


def placement() -> dict[str, Any]:
    """Arguments of lightning's trainer that say where it runs."""
    if count() == 1:
        # Named, or lightning takes SLURM's, and requeues jobs behind the back of Snakemake.
        return {"devices": 1, "plugins": [LightningEnvironment()]}
    # Buffers are constants here, and validation may have one batch more in one process.
    strategy = DDPStrategy(
        cluster_environment=TorchElasticEnvironment(), forward_sync_buffers=False
    )
    return {"devices": count(), "strategy": strategy}


class SamplesOfProcess(Sampler[Tensor]):
    """Samples of every batch that belong to this process."""

    def __init__(self, batches: Sampler[Tensor]) -> None:
        self.batches = batches

    def set_epoch(self, epoch: int) -> None:
        """Select the batches of an epoch."""
        self.batches.set_epoch(epoch)

    def __len__(self) -> int:
        return len(self.batches)

    def __iter__(self) -> Iterator[Tensor]:
        return (batch[rank() :: count()] for batch in self.batches)


class BatchesOfProcess(Sampler[Tensor]):
    """Batches that belong to this process, one of every `count()`."""

    def __init__(self, batches: Sampler[Tensor]) -> None:
        self.batches = batches

    def __len__(self) -> int:
        return len(range(rank(), len(self.batches), count()))

    def __iter__(self) -> Iterator[Tensor]:
        return (batch for i, batch in enumerate(self.batches) if i % count() == rank())
