"""Measure the cost of constraints: training with the physics loss, sampling with constraint.

Networks have the size of a budget (`--budget`), on a 64 × 64 grid of 8 × 8 blocks with random
fields, since time does not depend on what has been learned. Calls with and without alternate; a
ratio is that of the medians of processor time on one thread.

    python bench/physics.py
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
import xarray as xr
from torch import Tensor, nn

from downbench.core.config.loading import Project, load
from downbench.core.config.model.budget import Training
from downbench.core.config.model.model import Model
from downbench.core.config.model.options import Sampler
from downbench.core.transforms import Statistics, Transforms
from downbench.labs import block_mean_constraint, constraint_terms
from downbench.labs.bayesian.mc_dropout import DistributionNetwork
from downbench.labs.generative.spaces.residual import Residual
from downbench.labs.generative.tools.guidance import Guide
from downbench.labs.generative.tools.process import process_of
from downbench.labs.network_datasets import as_ensemble
from downbench.labs.training_data import TrainingData
from downbench.nets import heads, mean
from downbench.nets.architecture import Architecture
from downbench.nets.fields import NetworkFields
from downbench.nets.target_space import TargetSpace
from downbench.physics.loss import measure

ROOT = Path(__file__).parents[1]
SIDE, FACTOR, DAYS, SAMPLED_DAYS = 64, 8, 64, 20
RAIN = Statistics(units="mm day-1", kind="cbrt", scale=1.0, mean=0.0, std=1.0)
WARMTH = Statistics(units="K", kind="linear", scale=1.0, mean=0.0, std=1.0)
# name, a call without the constraint, the same call with it
Timing = tuple[str, Callable, Callable]


def main() -> None:
    """Print one table of ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--budget", default="demo")
    parser.add_argument("--repeats", type=int, default=15)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    project = load({"budget": arguments.budget}, ROOT)
    setup, transforms = region(project.budget.training)
    print("| | without [s] | with [s] | ratio |\n|---|---|---|---|")
    for family in (training, layers, guidance):
        for name, plain, constrained in family(project, setup, transforms):
            times = alternating(plain, constrained, arguments.repeats)
            ratio = times[1] / times[0]
            print(f"| {name} | {times[0]:.3f} | {times[1]:.3f} | {ratio:.3f} |", flush=True)


def alternating(plain: Callable, constrained: Callable, repeats: int) -> tuple[float, float]:
    """Return the median processor time [s] of each, without the first round."""
    spent = ([], [])
    for _ in range(repeats + 1):
        for call, times in zip((plain, constrained), spent, strict=True):
            start = time.process_time()
            call()
            times.append(time.process_time() - start)
    return tuple(statistics.median(times[1:]) for times in spent)


def region(training: Training) -> tuple[TrainingData, Transforms]:
    """Return random days whose driver is the block mean of the target and closes the budget."""
    target = torch.stack([torch.rand(DAYS, SIDE, SIDE) * 9, 280 + torch.rand(DAYS, SIDE, SIDE)], 1)
    coarse = nn.functional.avg_pool2d(target, FACTOR)
    fields = NetworkFields(
        coarse=torch.cat([coarse, torch.randn_like(coarse)], dim=1),
        valid=torch.ones(DAYS, 1, SIDE // FACTOR, SIDE // FACTOR),
        season=torch.zeros(DAYS, 2),
        target=target,
        budget=coarse[:, 0],
    )
    predictors = {"pr": RAIN, "tasmax": WARMTH, "uas": WARMTH, "vas": WARMTH}
    transforms = Transforms(
        region="bench",
        factor=FACTOR,
        calendar="standard",
        fit_years=(2000,),
        predictors=predictors,
        targets={"pr": RAIN, "tasmax": WARMTH},
    )
    architecture = Architecture(
        channels=training.channels,
        blocks=training.blocks_per_level,
        seasonal=True,
        position_channels=training.position_channels,
        static_shape=(3, SIDE, SIDE),
    )
    static = np.zeros(architecture.static_shape, np.float32)
    return TrainingData(architecture, static, torch.ones(SIDE, SIDE), fields, fields), transforms


def networks(
    project: Project, setup: TrainingData, transforms: Transforms, suffix: str
) -> dict[str, nn.Module]:
    """Return the three networks, each with what the model of this suffix adds to it."""
    architecture, spreads = setup.architecture, measure(setup.train, transforms, setup.weights)

    def parts(name: str) -> tuple:
        physics = project.models[f"{name}{suffix}"].physics
        penalty = constraint_terms.penalty(spreads, transforms, physics)
        return constraint_terms.layer(transforms, physics), penalty

    process = process_of(project.models["corrdiff"].options)
    centre = mean.build(architecture, transforms, setup.static, setup.weights)
    layer, penalty = parts("unet")
    return {
        "unet": mean.build(architecture, transforms, setup.static, setup.weights, layer, penalty),
        "bnn-dropout": DistributionNetwork(
            architecture.conditioning(transforms, setup.static),
            TargetSpace(transforms),
            setup.weights,
            architecture.backbone,
            project.models["bnn-dropout"].options.dropout,
            parts("bnn-dropout")[1],
        ),
        "corrdiff": Residual(centre, architecture, transforms, process, parts("corrdiff")[1]),
    }


def training(project: Project, setup: TrainingData, transforms: Transforms) -> Iterator[Timing]:
    """Yield a step of the optimiser, without and with the physics loss."""
    batch = setup.train.pick(slice(0, project.budget.training.batch_size))
    plain, constrained = (networks(project, setup, transforms, suffix) for suffix in ("", "-phy"))
    for name in plain:
        steps = [step(network[name], batch) for network in (plain, constrained)]
        yield f"training step, {name}-phy", *steps


def step(network: nn.Module, batch: NetworkFields) -> Callable[[], None]:
    """Return one step of gradient descent as a call."""
    optimiser = torch.optim.AdamW([p for p in network.parameters() if p.requires_grad])

    def once() -> None:
        optimiser.zero_grad()
        network.loss(batch, 0.5).backward()
        optimiser.step()

    return once


def layers(project: Project, setup: TrainingData, transforms: Transforms) -> Iterator[Timing]:
    """Yield samples of one member, without and with the constraint."""
    plain, hard = (networks(project, setup, transforms, suffix) for suffix in ("", "-hard"))
    days = setup.train.pick(slice(0, SAMPLED_DAYS))
    time_axis = xr.DataArray(np.arange(SAMPLED_DAYS), dims="time")
    driver = xr.Dataset(
        {
            n: (("time", "Y", "X"), days.coarse[:, i].numpy())
            for i, n in enumerate(("pr", "tasmax"))
        }
    )
    static = xr.Dataset({"cell_area": (("y", "x"), np.ones((SIDE, SIDE)))})
    yield "sampling, unet-hard", *(member("unet", n["unet"], days, project) for n in (plain, hard))
    for name in ("bnn-dropout", "corrdiff"):
        sample, model = member(name, plain[name], days, project), project.models[f"{name}-hard"]

        def free(sample: Callable[[], Tensor] = sample) -> xr.Dataset:
            return as_ensemble(np.asarray(sample())[:, None], transforms, time_axis)

        def constrained(free: Callable[[], xr.Dataset] = free, model: Model = model) -> xr.Dataset:
            return block_mean_constraint.constrain(free(), driver, static, model)

        yield f"sampling, {name}-hard", free, constrained


def guidance(project: Project, setup: TrainingData, transforms: Transforms) -> Iterator[Timing]:
    """Yield samples of one member, without and with guidance."""
    plain, guided = (networks(project, setup, transforms, "")["corrdiff"] for _ in range(2))
    section = project.models["corrdiff-guided"].physics.guidance
    guided.guide = Guide(section, measure(setup.train, transforms, setup.weights).driver)
    days = setup.train.pick(slice(0, SAMPLED_DAYS))
    calls = (member("corrdiff", network, days, project) for network in (plain, guided))
    yield "sampling, corrdiff-guided", *calls


def member(
    name: str, network: nn.Module, days: NetworkFields, project: Project
) -> Callable[[], Tensor | np.ndarray]:
    """Return the sampling of one member of some days, as the family does it, as a call."""
    network.eval()
    noise = torch.randn(len(days), 2, SIDE, SIDE)
    sampling = project.budget.sampling
    sampler = Sampler(solver=sampling.sampler, steps=sampling.sampler_steps)

    @torch.inference_mode()
    def once() -> Tensor | np.ndarray:
        if name == "unet":
            return network.physical(days)
        if name == "corrdiff":
            return network.sample(days, noise, sampler)
        return heads.sample(network(days), [np.random.default_rng(i) for i in range(len(days))])

    return once


if __name__ == "__main__":
    main()
