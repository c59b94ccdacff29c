"""Does a bundle belong to the region that it is to be used in?

Networks carry the static fields of their region as weights: in another region of the same shape
they would draw with the wrong mountains, and nothing in their numbers would show it.
"""

from pathlib import Path

import numpy as np
import xarray as xr

from downbench.core import transforms
from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.errors import UserError
from downbench.exchange import bundle, golden
from downbench.labs.base import static_fields

# Another machine may differ in the last digits; other sources differ by far more.
RELATIVE = 1e-5
ABSOLUTE = {"orog": 0.5, "land": 1e-3, "cell_area": 0.0, "lat": 1e-3, "lon": 1e-3}


def refuse_other_region(folder: Path, region: RegionInputs, target: xr.Dataset) -> None:
    """Stop where a bundle was made for another region, or for another state of this one.

    Name, factor and calendar are those of `model.json` and `transforms.json`, static fields those
    of the golden inputs: every bundle has all of them, whoever made it and wherever.

    Parameters
    ----------
    folder
        A bundle whose hashes are right.
    region, target
        Where it is to be used; `target` has time, and on (y, x) the static fields orog [m],
        land [1], cell_area [m2], lat, lon [degrees].

    Raises
    ------
    UserError
        With all that differs.
    """
    fitted = transforms.read(folder / bundle.TRANSFORMS)
    theirs = {
        "region": bundle.read_manifest(folder).region,
        "factor": fitted.factor,
        "calendar": fitted.calendar,
    }
    ours = {
        "region": region.name,
        "factor": region.factor,
        "calendar": str(target["time"].dt.calendar),
    }
    wrong = [
        f"{key} is {theirs[key]}, not {ours[key]}" for key in ours if theirs[key] != ours[key]
    ]
    wrong += _other_fields(golden.static(folder / bundle.GOLDEN), static_fields(target))
    if wrong:
        raise UserError(
            f"{folder}: not a bundle of this region: {'; '.join(wrong)}: take one that was "
            f"trained in region {region.name} as it is now, or train the model again"
        )


def _other_fields(theirs: xr.Dataset, ours: xr.Dataset) -> list[str]:
    """What is wrong with the static fields of a bundle, one sentence for each."""
    return [
        f"{name}(y, x) differs"
        for name, limit in ABSOLUTE.items()
        if (name in theirs or name in ours) and not _same(theirs.get(name), ours.get(name), limit)
    ]


def _same(mine: xr.DataArray | None, other: xr.DataArray | None, limit: float) -> bool:
    if mine is None or other is None or mine.shape != other.shape:
        return False
    return np.allclose(mine, other, rtol=RELATIVE, atol=limit, equal_nan=True)
