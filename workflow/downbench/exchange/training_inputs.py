"""Reads what a model is trained on, and checks the bundles that its training starts from."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from downbench.core import transforms
from downbench.core.config.region.region import Region
from downbench.core.errors import UserError
from downbench.core.io import stores
from downbench.core.transforms import Transforms
from downbench.exchange import bundle, region_match
from downbench.labs.base import Pairs, common_times


def read(
    region: Region,
    target: Path,
    driver: Path,
    statistics: Path,
    bases: Mapping[str, Path],
    expected_bases: Mapping[str, Mapping[str, Any]] | None = None,
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
    expected_bases
        Keys of their `model.json` with the values that the workflow planned, by role.

    Raises
    ------
    UserError
        When a store breaks the data contract, when the statistics have other fit years, or when a
        base has changed, is another one than expected, of another region, or does not reproduce
        its golden outputs.
    """
    complete = stores.read(target, "target")
    for role, base in bases.items():
        bundle.verify(base, (expected_bases or {}).get(role))
        region_match.refuse_other_region(base, region, complete)
    planned = {"region": region.name, "driver": driver.stem}
    shared = common_times(complete, stores.read(driver, "driver", planned))
    return Pairs(region, *shared, _statistics(statistics, region), bases)


def _statistics(path: Path, region: Region) -> Transforms:
    """Read statistics of the training years of the region (trap T9)."""
    fitted = transforms.read(path)
    if fitted.region != region.name or not set(fitted.fit_years) <= set(region.splits.train):
        raise UserError(
            f"{path}: fitted on {list(fitted.fit_years)} of region {fitted.region}, not on "
            f"{list(region.splits.train)} of {region.name}: delete it and run the rule "
            "fit_transforms"
        )
    return fitted
