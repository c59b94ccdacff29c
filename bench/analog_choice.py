"""Compare the analog options of BCSD on the validation years; its defaults follow from this.

    python bench/analog_choice.py REGION TARGET.zarr DRIVER.zarr

Prints the fair CRPS of each choice on at most 360 evenly spaced validation days. The test years
are not used.
"""

import argparse
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
    """Print one line per choice."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("region", help="name of a file of config/regions")
    parser.add_argument("target", type=Path, help="Zarr store of the target")
    parser.add_argument("driver", type=Path, help="Zarr store of the training driver")
    arguments = parser.parse_args()
    project = load({"region": arguments.region}, Path.cwd())
    paths = (arguments.target, arguments.driver)
    series = common_times(*(stores.read(path).load() for path in paths))
    pairs = Pairs(project.region, *series, transforms=None)
    for choice in choices():
        print(choice, {n: round(v, 4) for n, v in crps(project, pairs, choice).items()})


def choices() -> Iterator[dict]:
    """Yield options that replace those of `bcsd-analog` in config/models.yaml."""
    yield {"analogs": "random"}
    for pool in POOLS:
        yield {"analogs": "nearest", "pool": pool}
    for cap in CAPS:
        yield {"scaling_cap": cap}


def crps(project: Project, pairs: Pairs, choice: dict) -> dict[str, float]:
    """Return the mean fair CRPS of each variable in its unit."""
    model = project.models["bcsd-analog"]
    options = model.options.model_copy(update=choice)
    model = model.model_copy(update={"options": options})
    trained = family(model).fit(pairs, model, project.budget.training, SEED, Path())
    target, driver = pairs.validation_target, pairs.validation_driver
    days = slice(None, None, max(1, target.sizes["time"] // MOST_DAYS))
    ensemble = trained.sample(driver.isel(time=days), pairs.static, MEMBERS, SEED)
    target = target.isel(time=days)
    return {
        n: float(np.nanmean(fair_crps(ensemble[n].values, target[n].values))) for n in ensemble
    }


if __name__ == "__main__":
    main()
