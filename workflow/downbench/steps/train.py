"""Train one model and write its bundle; a killed training goes on where it stopped."""

import argparse
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np

from downbench.core import transforms
from downbench.core.arguments import named_paths
from downbench.core.cli import run
from downbench.core.config.model.budget import Training
from downbench.core.config.model.model import WEIGHTS, Model
from downbench.core.config.region.region import Region
from downbench.core.errors import UserError
from downbench.core.io import stores
from downbench.core.io.atomic import replacing
from downbench.core.provenance import code_version
from downbench.exchange import bundle, region_match, resume
from downbench.exchange.bundle import FORMAT, LICENCE, Manifest
from downbench.labs import block_mean_constraint
from downbench.labs.base import Pairs, Trained, common_times, family

GOLDEN_DAYS = 3


def main() -> None:
    """Train in one process or in several, of which the first alone writes."""
    given = _arguments()
    if given.processes == 1:
        _train(given)
        return
    # torch takes seconds to import, and most models do without.
    from downbench.nets import distributed

    with distributed.joined(given.processes, "downbench.steps.train") as first:
        _train(given, first, distributed.wait)


def _train(
    given: argparse.Namespace, first: bool = True, wait: Callable[[], None] = lambda: None
) -> None:
    """Read the pairs, fit, save; the training state is dropped once the bundle is whole."""
    region = Region.model_validate_json(given.region)
    model = Model.model_validate_json(given.model)
    training = Training.model_validate_json(given.training)
    pairs = _pairs(region, given)
    block_mean_constraint.refuse_unlawful(model, pairs.driver.attrs["driver_type"])
    manifest = Manifest(
        format=FORMAT,
        model=model,
        training=training,
        region=region.name,
        trained_on=given.driver.stem,
        fit_years=pairs.fit_years,
        seed=given.seed,
        code_version=code_version(*model.modules),
        licence=LICENCE,
    )
    if first:
        resume.prepare(given.state_dir, manifest, pairs)
    wait()
    trained, curve = _trained(model, pairs, training, given)
    if not first:
        return
    with replacing(given.bundle) as beside:
        bundle.write(beside, trained, manifest, pairs.transforms, _proof(pairs), curve)
    shutil.rmtree(given.state_dir, ignore_errors=True)


def _trained(
    model: Model, pairs: Pairs, training: Training, given: argparse.Namespace
) -> tuple[Trained, Path]:
    """Return the model and the curve of its losses, or both from the bundle it shares."""
    if model.shares_weights_with is None:
        fitted = family(model).fit(pairs, model, training, given.seed, given.state_dir)
        return fitted, given.state_dir / bundle.CURVE
    if WEIGHTS not in pairs.bases:
        raise UserError(
            f"models.yaml: {model.name} takes the weights of {model.shares_weights_with}: give "
            f"that model's bundle with --base {WEIGHTS}=PATH"
        )
    # torch takes seconds to import, and most models do without.
    from downbench.labs import constraint_terms

    shared = constraint_terms.with_shared_weights(
        model, pairs, training, given.seed, given.state_dir
    )
    return shared, pairs.bases[WEIGHTS] / bundle.CURVE


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--region", required=True, help="the region's section as JSON")
    parser.add_argument("--model", required=True, help="the model's section as JSON")
    parser.add_argument("--training", required=True, help="the budget's training section as JSON")
    parser.add_argument("--seed", required=True, type=int)
    parser.add_argument("--target", required=True, type=Path)
    parser.add_argument("--driver", required=True, type=Path)
    parser.add_argument("--transforms", required=True, type=Path)
    parser.add_argument(
        "--base",
        nargs="+",
        default=[],
        metavar="ROLE=PATH",
        help="bundles of the model's `bases`, or that of `shares_weights_with` as `weights`",
    )
    parser.add_argument("--processes", type=int, default=1, help="that train together; default 1")
    parser.add_argument("--state-dir", required=True, type=Path, help="survives a kill")
    parser.add_argument("--bundle", required=True, type=Path, help="folder to write")
    return parser.parse_args()


def _pairs(region: Region, given: argparse.Namespace) -> Pairs:
    whole = stores.read(given.target, "target")
    bases = dict(named_paths(given.base, "--base"))
    for base in bases.values():
        bundle.check_hashes(base)
        region_match.refuse_other_region(base, region, whole)
    target, driver = common_times(whole, stores.read(given.driver, "driver"))
    return Pairs(region, target, driver, transforms.read(given.transforms), bases)


def _proof(pairs: Pairs) -> tuple:
    """Driver of a few validation days, and the static fields: inputs of the golden outputs."""
    days = pairs.validation_driver
    index = np.linspace(0, days.sizes["time"] - 1, GOLDEN_DAYS).astype(int)
    return days.isel(time=index).load(), pairs.static


if __name__ == "__main__":
    run(main)
