"""Train one model and write its bundle; a killed training resumes where it stopped."""

import argparse
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from downbench.core import cli, transforms
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


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = cli.parser("train", __doc__)
    cli.add_sections(
        parser,
        region="section of the region",
        model="section of the model",
        training="section 'training' of the budget",
    )
    parser.add_argument("--seed", required=True, type=int)
    parser.add_argument("--processes", type=int, default=1, help="that train together; default 1")
    cli.add_paths(
        parser,
        target="Zarr store of the target",
        driver="Zarr store of the training driver",
        transforms="JSON that fit_transforms wrote",
        state_dir="folder of the training state, which survives a kill",
        bundle="folder to write",
    )
    parser.add_argument(
        "--base",
        nargs="+",
        default=[],
        metavar="ROLE=PATH",
        help="bundles of the model's `bases`, or that of `shares_weights_with` as `weights`",
    )
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    """Train in one process or in several, of which the first alone writes."""
    arguments = parse(argv)
    if arguments.processes == 1:
        _train(arguments)
        return
    # torch takes seconds to import, and most models do without.
    from downbench.nets import distributed

    with distributed.joined(arguments.processes, "downbench.steps.train") as first:
        _train(arguments, first, distributed.wait)


def _train(
    arguments: argparse.Namespace, first: bool = True, wait: Callable[[], None] = lambda: None
) -> None:
    """Read the pairs, fit, save; the training state is dropped once the bundle is whole."""
    region = Region.model_validate_json(arguments.region)
    model = Model.model_validate_json(arguments.model)
    training = Training.model_validate_json(arguments.training)
    pairs = _pairs(region, arguments)
    block_mean_constraint.check_driver_type(model, pairs.driver.attrs["driver_type"])
    manifest = Manifest(
        format=FORMAT,
        model=model,
        training=training,
        region=region.name,
        trained_on=arguments.driver.stem,
        fit_years=pairs.fit_years,
        seed=arguments.seed,
        code_version=code_version(*model.modules),
        licence=LICENCE,
    )
    if first:
        resume.prepare(arguments.state_dir, manifest, pairs)
    wait()
    trained, curve = _trained(model, pairs, training, arguments)
    if not first:
        return
    with replacing(arguments.bundle) as partial:
        bundle.write(partial, trained, manifest, pairs.transforms, _proof(pairs), curve)
    shutil.rmtree(arguments.state_dir, ignore_errors=True)


def _trained(
    model: Model, pairs: Pairs, training: Training, arguments: argparse.Namespace
) -> tuple[Trained, Path]:
    """Return the model and its loss curve; `shares_weights_with` takes both from that bundle."""
    if model.shares_weights_with is None:
        fitted = family(model).fit(pairs, model, training, arguments.seed, arguments.state_dir)
        return fitted, arguments.state_dir / bundle.CURVE
    if WEIGHTS not in pairs.bases:
        raise UserError(
            f"models.yaml: {model.name} takes the weights of {model.shares_weights_with}: give "
            f"the bundle of that model with --base {WEIGHTS}=PATH"
        )
    # torch takes seconds to import, and most models do without.
    from downbench.labs import constraint_terms

    shared = constraint_terms.with_shared_weights(
        model, pairs, training, arguments.seed, arguments.state_dir
    )
    return shared, pairs.bases[WEIGHTS] / bundle.CURVE


def _pairs(region: Region, arguments: argparse.Namespace) -> Pairs:
    complete = stores.read(arguments.target, "target")
    bases = dict(cli.named_paths(arguments.base, "--base"))
    for base in bases.values():
        bundle.check_hashes(base)
        region_match.refuse_other_region(base, region, complete)
    target, driver = common_times(complete, stores.read(arguments.driver, "driver"))
    return Pairs(region, target, driver, transforms.read(arguments.transforms), bases)


def _proof(pairs: Pairs) -> tuple:
    """Driver of a few validation days, and the static fields: inputs of the golden outputs."""
    days = pairs.validation_driver
    index = np.linspace(0, days.sizes["time"] - 1, GOLDEN_DAYS).astype(int)
    return days.isel(time=index).load(), pairs.static


if __name__ == "__main__":
    cli.run(main)
