"""Train one model and write its bundle; a killed training resumes where it stopped."""

import argparse
import shutil
from collections.abc import Callable, Sequence

from downbench.core import cli
from downbench.core.config.model.budget import Training
from downbench.core.config.model.model import WEIGHTS, Model
from downbench.core.config.region.region import Region
from downbench.core.io.atomic import replacing, vacate
from downbench.exchange import bundle, resume, training_inputs
from downbench.labs import block_mean_constraint, fitting


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
    bases = "bundles of the model's `bases`, or that of `shares_weights_with` as `weights`"
    parser.add_argument("--base", nargs="+", default=[], metavar="ROLE=PATH", help=bases)
    cli.add_expected(parser, "keys of each base's model.json, by role", "--expected-bases")
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
    vacate(arguments.bundle)
    model = Model.model_validate_json(arguments.model)
    training = Training.model_validate_json(arguments.training)
    paths = (arguments.target, arguments.driver, arguments.transforms)
    bases = dict(cli.named_paths(arguments.base, "--base"))
    region = Region.model_validate_json(arguments.region)
    pairs = training_inputs.read(region, *paths, bases, arguments.expected_bases)
    seed, state = arguments.seed, arguments.state_dir
    block_mean_constraint.check_driver_type(model, pairs.driver.attrs["driver_type"])
    manifest = bundle.new_manifest(model, training, pairs, arguments.driver.stem, seed)
    if first:
        resume.prepare(state, manifest, pairs)
    wait()
    trained = fitting.fit(model, pairs, training, seed, state)
    if not first:
        return
    source = bases[WEIGHTS] if model.shares_weights_with else state
    with replacing(arguments.bundle) as partial:
        bundle.write(partial, trained, manifest, pairs, source)
    shutil.rmtree(state, ignore_errors=True)


if __name__ == "__main__":
    cli.run(main)
