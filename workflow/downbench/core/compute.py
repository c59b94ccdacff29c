"""Array work in parts: threads of this process, or a dask cluster that SLURM's jobs make up.

Parts and their order are the same wherever they are computed, and so are the numbers. Few parts
are under way at a time, so memory is bounded by their size and not by that of the whole.
"""

import atexit
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

import dask

from downbench.core import execution
from downbench.core.config.dask_cluster import Dask
from downbench.core.errors import UserError

PARTS_PER_CORE = 2
LOGS = "logs/dask"


def each(function: Callable, parts: Iterable) -> Iterator:
    """`function` of every part, in the order of the parts.

    On a dask cluster where there is one: a client made before this call, or the one that
    `dask: slurm` of the configuration asks for. Else in as many threads as OMP_NUM_THREADS says.

    Raises
    ------
    UserError
        When `dask: slurm` is asked for and the packages of the extra `cluster` are not there.
    """
    client = _client()
    return _by_threads(function, parts) if client is None else _by(client, function, parts)


def _by_threads(function: Callable, parts: Iterable) -> Iterator:
    threads = int(os.environ.get("OMP_NUM_THREADS") or os.cpu_count() or 1)
    waiting = iter(parts)
    while together := list(islice(waiting, threads)):
        made = (dask.delayed(function, pure=False)(part) for part in together)
        yield from dask.compute(*made, scheduler="threads", num_workers=threads)


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
    """The client of a cluster, started at the first call, or None for threads."""
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
    """A cluster that lives as long as this process; place and account are dask's own settings."""
    cluster = cluster_of(
        cores=settings.worker_cores,
        processes=1,
        memory=f"{settings.worker_memory_gb}GB",
        walltime=f"{settings.minutes // 60:02d}:{settings.minutes % 60:02d}:00",
        log_directory=LOGS,
    )
    # So many all the time: workers whose jobs end, by their time limit too, are replaced.
    cluster.adapt(minimum_jobs=settings.workers, maximum_jobs=settings.workers)
    client = client_of(cluster)
    atexit.register(cluster.close)
    atexit.register(client.close)
    return client
