"""Array work in parts, by threads of this process or a dask cluster of SLURM jobs.

Parts and their order are the same wherever they are computed, and so are the numbers. Few parts
are computed at a time, so memory is bounded by their size and not by that of the full array.
"""

import atexit
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any, TypeVar

import dask
import xarray as xr

from downbench.core import execution
from downbench.core.config.dask_cluster import Dask
from downbench.core.errors import UserError

PARTS_PER_CORE = 2
LOGS = "logs/dask"

Part = TypeVar("Part")
Data = TypeVar("Data", xr.DataArray, xr.Dataset)


def each(function: Callable, parts: Iterable) -> Iterator:
    """Yield `function` of every part, in the order of the parts.

    Runs on a dask cluster if one exists (a client created before this call) or if the
    configuration says `dask: slurm`; otherwise in OMP_NUM_THREADS threads.

    Raises
    ------
    UserError
        When the configuration says `dask: slurm` and the extra `cluster` is not installed.
    """
    client = _client()
    return _by_threads(function, parts) if client is None else _by(client, function, parts)


def loaded(data: Data) -> Data:
    """Return lazy data in memory, computed by the calling thread."""
    return data.compute(scheduler="synchronous")


def ahead(parts: Iterable[Part]) -> Iterator[Part]:
    """Yield parts, while another thread makes the next one."""
    waiting, end = iter(parts), object()
    with ThreadPoolExecutor(1) as thread:
        following = thread.submit(next, waiting, end)
        while (part := following.result()) is not end:
            following = thread.submit(next, waiting, end)
            yield part


def _by_threads(function: Callable, parts: Iterable) -> Iterator:
    threads = int(os.environ.get("OMP_NUM_THREADS") or execution.granted_cores())
    waiting = iter(parts)
    while batch := list(islice(waiting, threads)):
        tasks = (dask.delayed(function, pure=False)(part) for part in batch)
        yield from dask.compute(*tasks, scheduler="threads", num_workers=threads)


def _by(client: Any, function: Callable, parts: Iterable) -> Iterator:
    waiting, under_way = iter(parts), deque()
    while True:
        room = PARTS_PER_CORE * max(1, sum(client.ncores().values())) - len(under_way)
        for part in islice(waiting, max(0, room)):
            under_way.append(client.submit(function, part, pure=False))
        if not under_way:
            return
        yield under_way.popleft().result()


def _client() -> Any:
    """Return the client of a cluster, started at the first call, or None for threads."""
    settings = execution.announced()
    if settings is None or settings.scheduler == "threads":
        return None
    try:
        import dask_jobqueue
        import distributed
    except ImportError as error:
        raise UserError(
            f"config/default.yaml: dask.scheduler = '{settings.scheduler}' needs {error.name}, "
            "which is not installed: pip install dask-jobqueue distributed"
        ) from None
    try:
        return distributed.get_client()
    except ValueError:
        return _started(settings, dask_jobqueue.SLURMCluster, distributed.Client)


def _started(settings: Dask, cluster_of: Callable, client_of: Callable) -> Any:
    """Start a cluster for the life of this process; partition and account are dask settings."""
    cluster = cluster_of(
        cores=settings.worker_cores,
        processes=1,
        memory=f"{settings.worker_memory_gb}GB",
        walltime=f"{settings.minutes // 60:02d}:{settings.minutes % 60:02d}:00",
        log_directory=LOGS,
    )
    # Workers whose jobs end, for example at their time limit, are replaced.
    cluster.adapt(minimum_jobs=settings.workers, maximum_jobs=settings.workers)
    client = client_of(cluster)
    atexit.register(cluster.close)
    atexit.register(client.close)
    return client
