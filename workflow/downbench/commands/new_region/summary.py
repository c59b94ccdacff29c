"""What the downloads of a region take: size, time, disk, accounts and licences."""

from collections.abc import Iterator

from downbench.core.config.downloads.download import Estimate, days_of_year
from downbench.core.config.loading import Project
from downbench.core.config.region.region import Region

BYTES_PER_VALUE = 4


def lines(project: Project) -> Iterator[str]:
    """Yield the summary of the downloads of a project's region."""
    downloads = project.region.downloads
    estimates = {name: download.estimate() for name, download in downloads.items()}
    for name, estimate in estimates.items():
        yield f"{name:<28}{_words(estimate)}"
    total = sum(estimates.values(), Estimate())
    yield f"{'all downloads':<28}{_words(total)}"
    prepared = _prepared_gigabytes(project.region)
    yield f"disk    {total.gigabytes + prepared:.1f} GB with target and drivers on their grids"
    yield "time    with requests one after the other and the usual queues; these are estimates"
    accounts = dict.fromkeys(row.account for row in project.datasets if row.account)
    yield from (f"account {text}" for text in accounts or ("none needed",))
    for row in project.datasets:
        yield f"licence {row.title}: {row.licence}{f' ({row.url})' if row.url else ''}"


def _words(estimate: Estimate) -> str:
    return (
        f"{estimate.requests:>7} requests {estimate.transferred_gigabytes:>9.2f} GB to transfer "
        f"{estimate.gigabytes:>8.2f} GB on disk {estimate.minutes / 60:>8.1f} h"
    )


def _prepared_gigabytes(region: Region) -> float:
    """Return the size of the stores of target and drivers, before compression [GB]."""
    shape, block = region.target.shape(), region.factor**2
    days = {
        name: sum(map(days_of_year, download.years)) for name, download in region.downloads.items()
    }
    longest = max(days.values(), default=0)
    fields = len(region.targets) + sum(len(d.predictors) / block for d in region.drivers.values())
    return longest * fields * (shape[0] * shape[1] if shape else 0) * BYTES_PER_VALUE / 1e9
