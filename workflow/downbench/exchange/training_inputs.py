"""Reads what a model is trained on, and checks the bundles that its training starts from."""

from collections.abc import Mapping
from pathlib import Path

from downbench.core import transforms
from downbench.core.config.region.region import Region
from downbench.core.io import stores
from downbench.exchange import bundle, region_match
from downbench.labs.base import Pairs, common_times


def read(
    region: Region, target: Path, driver: Path, statistics: Path, bases: Mapping[str, Path]
) -> Pairs:
    """Return driver and target on their common times.

    Parameters
    ----------
    target, driver
        Zarr stores of the data contract.
    statistics
        `transforms.json`.
    bases
        Bundles of `Model.parents`, by role.

    Raises
    ------
    UserError
        When a store breaks the data contract, or a base has changed or is of another region.
    """
    complete = stores.read(target, "target")
    for base in bases.values():
        bundle.check_hashes(base)
        region_match.refuse_other_region(base, region, complete)
    shared = common_times(complete, stores.read(driver, "driver"))
    return Pairs(region, *shared, transforms.read(statistics), bases)
