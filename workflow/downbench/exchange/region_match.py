"""Check that a bundle belongs to the region in which it is used.

Networks carry the static fields of their region as weights: in another region of the same shape
they would sample with the wrong mountains, and their numbers would not show it.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import xarray as xr

from downbench.core import transforms
from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.config.region.splits import Splits, spelled_out
from downbench.core.errors import UserError
from downbench.exchange import bundle, golden, untrusted
from downbench.labs.base import static_fields

# Another machine may differ in the last digits; other sources differ by far more.
RELATIVE = 1e-5
ABSOLUTE = {"orog": 0.5, "land": 1e-3, "cell_area": 0.0, "lat": 1e-3, "lon": 1e-3}


def refuse_other_region(folder: Path, region: RegionInputs, target: xr.Dataset) -> None:
    """Stop if a bundle was trained for another region, or for an older state of this one.

    Name, factor and calendar are those of `model.json` and `transforms.json`, static fields those
    of the golden inputs: every bundle has all of them.

    Parameters
    ----------
    folder
        A bundle whose hashes are right.
    region, target
        Region in which it is used; `target` has time, and on (y, x) the static fields orog [m],
        land [1], cell_area [m2], lat, lon [degrees].

    Raises
    ------
    UserError
        Listing everything that differs.
    """
    fitted = transforms.read(folder / bundle.TRANSFORMS)
    stored = {
        "region": bundle.read_manifest(folder).region,
        "factor": fitted.factor,
        "calendar": fitted.calendar,
    }
    current = {
        "region": region.name,
        "factor": region.factor,
        "calendar": str(target["time"].dt.calendar),
    }
    wrong = [
        f"{key} is {stored[key]}, not {current[key]}"
        for key in current
        if stored[key] != current[key]
    ]
    wrong += _other_fields(golden.static(folder / bundle.GOLDEN, fitted), static_fields(target))
    if wrong:
        raise UserError(
            f"{folder}: not a bundle of this region: {'; '.join(wrong)}: take one that was "
            f"trained in region {region.name} as it is now, or train the model again"
        )


def refuse_scored_years(folder: Path, fit_years: Sequence[int | str], splits: Splits) -> None:
    """Stop if a bundle was fitted on years or events that are scored here (trap T9)."""
    with untrusted.refusing(folder, "fit_years name no years"):
        fitted = spelled_out(map(_year, fit_years)) if splits.by == "year" else fit_years
        scored = sorted({*splits.test, *splits.warm} & set(fitted), key=str)
    if scored:
        raise UserError(
            f"{folder}: fitted on {scored}, which are test or warm years of this region: take a "
            "bundle that has not seen them, or change splits"
        )


def _year(label: int | str) -> int | str:
    return int(label) if str(label).isdigit() else label


def _other_fields(stored: xr.Dataset, current: xr.Dataset) -> list[str]:
    """Return one sentence for each static field that differs."""
    return [
        f"{name}(y, x) differs"
        for name, limit in ABSOLUTE.items()
        if (name in stored or name in current)
        and not _same(stored.get(name), current.get(name), limit)
    ]


def _same(stored: xr.DataArray | None, current: xr.DataArray | None, limit: float) -> bool:
    if stored is None or current is None or stored.shape != current.shape:
        return False
    return np.allclose(stored, current, rtol=RELATIVE, atol=limit, equal_nan=True)
