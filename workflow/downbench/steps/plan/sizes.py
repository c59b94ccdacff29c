"""How much work a job is, from the configuration alone: units that its cost is proportional to."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch
import xarray as xr
from torch.utils.flop_counter import FlopCounterMode

from downbench.core.config.loading import Project
from downbench.core.config.model.model import Model
from downbench.core.config.model.options import GenerativeOptions, NetworkOptions, Sampler
from downbench.core.config.region.region import Region
from downbench.core.constants import SPLITS
from downbench.nets.unet import UNet
from downbench.steps.plan.jobs import Job

# One member, whatever a budget asks for.
DETERMINISTIC = {"unet", "bilinear", "bcsd"}
SCORING = ("evaluate", "check", "score")
OF_TWINS = ("sample_pseudo_reality", "score_climate_pseudo_reality")
CLIMATE = "climate"
DAYS_PER_YEAR = 365.25
# Forward, then the gradients of weights and of features.
PASSES_OF_A_STEP = 3
# Channels beyond predictors and targets: validity, three static layers, place, season.
OTHER_CHANNELS = 10


@dataclass(frozen=True)
class Size:
    """`work` in GFLOP for networks, else in 1e6 values, else 1; `stored` in 1e6 values or 1."""

    work: float
    stored: float


def kind(job: Job, project: Project) -> str:
    """The rule, or what it does for a model: the family, and how that is made to obey."""
    verb, _, lab = job.rule.partition("_")
    if verb not in ("train", "sample") or "model" not in job.wildcards:
        return job.rule
    model = project.models[job.wildcards["model"]]
    ways = model.physics.model_dump(exclude_none=True) if model.physics else {}
    if _takes(verb, model, project):
        verb = {"train": "copy", "sample": "constrain"}[verb]
    return " ".join([verb, model.family, *sorted(ways)])


def _takes(verb: str, model: Model, project: Project) -> bool:
    """Does it take another model's weights, or samples, instead of making any?"""
    return bool(
        model.shares_weights_with if verb == "train" else project.reuses_samples_of(model.name)
    )


def size(job: Job, project: Project) -> Size:
    """Units of work and of storage; 1 of each for a job that does not grow."""
    region = project.region
    field = _cells(region) * _variables(region) / 1e6
    series = _times(region) * field
    verb = job.rule.partition("_")[0]
    if verb in ("prepare", "fit", "map"):
        shrunk = 1 if job.rule == "prepare_target" else region.factor**2
        return Size(series, series / shrunk)
    if job.rule in OF_TWINS:
        values = project.budget.climate.members * _climate_times(project) * field
        return Size(values, values if job.rule == "sample_pseudo_reality" else 1)
    if "model" not in job.wildcards or verb not in ("train", "sample", *SCORING):
        return Size(1, 1)
    model = project.models[job.wildcards["model"]]
    if verb == "train":
        return _training(model, project, series)
    drawn = _members(job, project) * _scored_times(job, project)
    values = drawn * field
    if (
        verb != "sample"
        or not isinstance(model.options, NetworkOptions)
        or _takes(verb, model, project)
    ):
        return Size(values, values if verb == "sample" else 1)
    sampler = project.budget.sampling.sampler_of(model.options)
    return Size(drawn * _evaluations(sampler) * _network(project, model)[0], values)


def _training(model: Model, project: Project, series: float) -> Size:
    if not isinstance(model.options, NetworkOptions) or model.shares_weights_with:
        return Size(series, 1)
    training = project.budget.training
    flop, weights = _network(project, model)
    judged = (getattr(model.options, "spread_days", 0) or 0) * getattr(
        model.options, "spread_members", 0
    )
    sampler = getattr(model.options, "calibration", None)
    passes = PASSES_OF_A_STEP * training.train_samples + judged * _evaluations(sampler)
    return Size(passes * flop, weights)


def _is_climate(job: Job) -> bool:
    """Scored without a split, or drawn under this name in the place of one: a climatology."""
    return job.wildcards.get("split", CLIMATE) == CLIMATE


def _members(job: Job, project: Project) -> int:
    budget = project.budget
    drawn = budget.climate if _is_climate(job) else budget.sampling
    deterministic = project.models[job.wildcards["model"]].family in DETERMINISTIC
    return 1 if deterministic else drawn.members


def _evaluations(sampler: Sampler | None) -> int:
    """Evaluations of the network for one field of one member."""
    if sampler is None:
        return 1
    return sampler.steps if sampler.solver == "dpmpp_2m" else 2 * sampler.steps - 1


def _network(project: Project, model: Model) -> tuple[float, float]:
    """(GFLOP of one forward pass of one field, 1e6 weights)."""
    region, training = project.region, project.budget.training
    predictors = max(len(region.drivers[name].predictors) for name in region.trained_on)
    inputs = predictors + _variables(region) + OTHER_CHANNELS + training.position_channels
    return _measured(
        inputs, _variables(region), _shape(region), training.channels, training.blocks_per_level,
        isinstance(model.options, GenerativeOptions),
    )  # fmt: skip


@cache
def _measured(
    inputs: int,
    variables: int,
    shape: tuple[int, int],
    channels: tuple[int, ...],
    blocks: int,
    noisy: bool,
) -> tuple[float, float]:
    """Counted on a network without memory: nothing is computed."""
    with torch.device("meta"):
        network = UNet(inputs + 2 * variables * noisy, variables, channels, blocks, noisy=noisy)
        image = torch.zeros(1, inputs + 2 * variables * noisy, *shape)
        with FlopCounterMode(display=False) as counter:
            network(image, torch.zeros(1) if noisy else None)
    weights = sum(weight.numel() for weight in network.parameters())
    return counter.get_total_flops() / 1e9, weights / 1e6


def _variables(region: Region) -> int:
    return len(region.targets)


def _shape(region: Region) -> tuple[int, int]:
    return region.target.shape()


def _cells(region: Region) -> int:
    rows, columns = _shape(region)
    return rows * columns


@cache
def _length(path: Path, variable: str) -> int:
    with xr.open_dataset(path) as found:
        return found[variable].sizes["time"]


def _times(region: Region) -> float:
    """Time steps of the target; of patches the most that are cut."""
    steps = region.target.time_steps()
    if steps is not None:
        return steps
    first = next(iter(region.target.variables.values()))
    return _length(Path(region.data_dir) / first.path, first.variable)


def _climate_times(project: Project) -> float:
    """Time steps of an ensemble that is drawn for a climatology."""
    climate = project.budget.climate
    years = climate.years or _times(project.region) / DAYS_PER_YEAR
    return years * DAYS_PER_YEAR * (climate.months or 12) / 12


def _scored_times(job: Job, project: Project) -> float:
    """Time steps of an ensemble: of a split's spells, or of a run's years for a climatology."""
    region, budget = project.region, project.budget
    if _is_climate(job):
        return _climate_times(project)
    labels = {name: len(getattr(region.splits, name)) for name in SPLITS}
    whole = _times(region) * labels[job.wildcards["split"]] / sum(labels.values())
    spells = budget.sampling
    return min(whole, spells.test_spells * spells.spell_days) if spells.spell_days else whole
