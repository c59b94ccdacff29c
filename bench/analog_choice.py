"""Which analogs serve BCSD best on the validation years: the ground of its defaults.

    python bench/analog_choice.py REGION TARGET.zarr DRIVER.zarr

prints the fair CRPS of each choice on at most 360 evenly spaced validation days. It never looks at
the test years.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from downbench.core.config.loading import Project, load
from downbench.core.io import stores
from downbench.labs.base import Pairs, common_times, family
from downbench.scores.metrics.crps import fair_crps

MOST_DAYS, MEMBERS, SEED = 360, 16, 1
CAPS, POOLS = (2.0, 5.0, 10.0, 1e9), (16, 30, 60)


def main() -> None:
    name, target, driver = sys.argv[1:]
    project = load({"region": name}, Path.cwd())
    series = common_times(*(stores.read(Path(path)).load() for path in (target, driver)))
    pairs = Pairs(project.region, *series, transforms=None)
    for choice in choices():
        print(choice, {n: round(v, 4) for n, v in crps(project, pairs, choice).items()})


def choices() -> Iterator[dict]:
    """Options laid over those of `bcsd-analog` in config/models.yaml."""
    yield {"analogs": "random"}
    for pool in POOLS:
        yield {"analogs": "nearest", "pool": pool}
    for cap in CAPS:
        yield {"scaling_cap": cap}


def crps(project: Project, pairs: Pairs, choice: dict) -> dict[str, float]:
    """Mean fair CRPS per variable, in its unit."""
    model = project.models["bcsd-analog"]
    options = model.options.model_copy(update=choice)
    model = model.model_copy(update={"options": options})
    trained = family(model).fit(pairs, model, project.budget.training, SEED, Path())
    truth, driver = pairs.validation_target, pairs.validation_driver
    days = slice(None, None, max(1, truth.sizes["time"] // MOST_DAYS))
    drawn = trained.sample(driver.isel(time=days), pairs.static, MEMBERS, SEED)
    truth = truth.isel(time=days)
    return {n: float(np.nanmean(fair_crps(drawn[n].values, truth[n].values))) for n in drawn}


if __name__ == "__main__":
    main()
