"""What a store of a region is checked for: whole, in the data contract, like the target."""

from pathlib import Path

import xarray as xr

from downbench.core import contract
from downbench.core.completion import completed
from downbench.core.consistency import report
from downbench.core.consistency.check_result import CheckResult, not_compared
from downbench.core.constants import GCM
from downbench.core.data_summary.attempts import attempt, results_of
from downbench.core.io import stores

STORE, CONTRACT = "readable", "data contract"


def read(path: Path, kind: str, checks: list[CheckResult]) -> xr.Dataset | None:
    """Open a store; what is wrong with it is added to its checks."""
    dataset = attempt(checks, _opened, path, kind, what=STORE)
    if dataset is None:
        return None
    problem = ""
    try:
        contract.check(dataset, kind, label=kind)
    except Exception as error:  # a breach, or a chunk that cannot be read
        problem = str(error)
    value = "broken" if problem else "kept"
    checks.append(CheckResult(CONTRACT, "", value, "every value and attribute", problem))
    return dataset


def _opened(path: Path, kind: str) -> xr.Dataset:
    return completed(stores.read(path), kind)


def comparison(series: xr.Dataset, coarse: xr.Dataset | None, kind: str) -> list[CheckResult]:
    """Hold a coarse series, of a type of drivers, against the block means of the target."""
    if coarse is None:
        return [not_compared("target", "", "the target cannot be read")]
    is_daily = coarse.attrs.get("frequency") == contract.DAILY and "event" not in coarse.coords
    reason = "" if is_daily else "the series is not daily"
    if kind == GCM:
        reason = "a free-running model has weather of its own: climates are compared"
    options = {"shares_days": not reason}
    results = results_of(report.results, series, coarse, 1, **options)
    return [*([not_compared(report.DAY, "", reason)] if reason else ()), *results]
