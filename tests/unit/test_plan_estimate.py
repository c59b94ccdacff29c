"""Estimates grow as the work does, and come close to what was measured."""

from pathlib import Path

import pytest

from downbench.core.config import costs
from downbench.core.config.costs import Cost, Costs
from downbench.core.config.loading import load
from downbench.core.errors import UserError
from downbench.steps.plan import estimate, sizes
from downbench.steps.plan.jobs import Job

ROOT = Path(__file__).parents[2]
PROJECT = load({"region": "synthetic", "budget": "demo"}, ROOT)


def job(rule: str, model: str, split: str | None = "test", **claims) -> Job:
    """A job of this rule for this model."""
    places = {"region": "synthetic", "trained_on": "perfect", "model": model, "driver": "perfect"}
    wildcards = places | ({"split": split} if split else {})
    claimed = {"gpu": 0, "mem_mb": 1000, "runtime_min": 10} | claims
    where = Path(f"benchmarks/{rule}/{model}.tsv")
    return Job(rule, False, None, where, (), wildcards, **claimed)


def changed(section: str, **values):
    """The project with other values in a section of its budget."""
    part = getattr(PROJECT.budget, section).model_copy(update=values)
    budget = PROJECT.budget.model_copy(update={section: part})
    return type(PROJECT)(**(vars(PROJECT) | {"budget": budget}))


def work(rule: str, model: str, project=PROJECT, split: str = "test") -> float:
    return sizes.size(job(rule, model, split), project).work


@pytest.mark.parametrize("rule", ["sample_generative", "evaluate"])
def test_twice_the_members_are_twice_the_work(rule):
    members = PROJECT.budget.sampling.members
    double = changed("sampling", members=2 * members)
    assert work(rule, "corrdiff", double) == pytest.approx(2 * work(rule, "corrdiff"))


def test_a_deterministic_model_has_one_member():
    more = changed("sampling", members=100)
    for rule in ("sample_baselines", "evaluate"):
        assert work(rule, "unet", more) == work(rule, "unet")
    assert (
        work("evaluate", "unet") == work("evaluate", "corrdiff") / PROJECT.budget.sampling.members
    )


def test_training_grows_with_its_samples_and_its_network():
    longer = changed("training", train_samples=2 * PROJECT.budget.training.train_samples)
    assert work("train_bayesian", "bnn-dropout", longer) == pytest.approx(
        2 * work("train_bayesian", "bnn-dropout")
    )
    wider = changed("training", channels=tuple(2 * c for c in PROJECT.budget.training.channels))
    grown = work("train_bayesian", "bnn-dropout", wider) / work("train_bayesian", "bnn-dropout")
    assert 3 < grown < 4  # but for the first and the last layer, the square


def test_evaluations_of_a_sampler():
    heun = changed("sampling", sampler="heun", sampler_steps=10)
    multistep = changed("sampling", sampler="dpmpp_2m", sampler_steps=10)
    ratio = work("sample_generative", "corrdiff", heun) / work(
        "sample_generative", "corrdiff", multistep
    )
    assert ratio == pytest.approx(19 / 10)


def test_a_whole_split_or_its_spells_or_a_climatology_is_drawn():
    whole = changed("sampling", spell_days=None)
    days = 365.25 * len(PROJECT.region.splits.test)
    spells = PROJECT.budget.sampling.test_spells * PROJECT.budget.sampling.spell_days
    ratio = work("sample_baselines", "climatology", whole) / work(
        "sample_baselines", "climatology"
    )
    assert ratio == pytest.approx(days / spells, rel=0.05)
    years = changed("climate", years=3, months=6, members=2)
    drawn = work("sample_baselines", "climatology", years, "climate")
    cells = PROJECT.region.target.rows * PROJECT.region.target.columns
    assert drawn == pytest.approx(2 * 3 * 365.25 / 2 * cells * 2 / 1e6)
    scored = sizes.size(job("score_climate", "climatology", None), years).work
    assert scored == pytest.approx(drawn)
    for rule in ("sample_pseudo_reality", "score_climate_pseudo_reality"):
        twin = sizes.size(job(rule, "oracle", None), years)
        assert twin.work == pytest.approx(drawn)


def test_kinds_tell_families_ways_and_what_is_only_taken():
    kinds = {
        ("train_generative", "corrdiff"): "train corrdiff",
        ("train_generative", "corrdiff-phy"): "train corrdiff loss",
        ("train_generative", "corrdiff-guided"): "copy corrdiff guidance",
        ("sample_generative", "corrdiff-guided"): "sample corrdiff guidance",
        ("evaluate", "corrdiff"): "evaluate",
    }
    for (rule, model), wanted in kinds.items():
        assert sizes.kind(job(rule, model), PROJECT) == wanted


def test_the_nearest_kind_that_was_measured():
    cost = {"start_s": 1, "stored_mb": 0}
    known = {
        "train unet": Cost(unit_s=1, **cost),
        "train corrdiff": Cost(unit_s=2, **cost),
        "evaluate": Cost(unit_s=9, **cost),
    }
    assert estimate.nearest("train unet loss", known) == "train unet"
    assert estimate.nearest("train new_family", known) == "train corrdiff"
    assert estimate.nearest("copy corrdiff", known) is None


def test_hours_and_jobs_add_up():
    known = Costs(
        accelerator_gflop_s=1000,
        accelerator_measured=False,
        kinds={"train": Cost(start_s=3600, unit_s=0, stored_mb=10)},
    )
    alone, shared = job("train_bayesian", "bnn-dropout", gpu=1), job("train_baselines", "bcsd")
    table = estimate.by_rule(estimate.estimate([alone, shared], PROJECT, known))
    assert table.loc["all", "jobs"] == 2 and table.loc["all", "submitted"] == 2
    assert table.loc["all", "core-hours"] == pytest.approx(2)
    assert table.loc["all", "core-hours beside"] == pytest.approx(1)
    gflop = work("train_bayesian", "bnn-dropout")
    assert table.loc["all", "GPU-hours"] == pytest.approx(1 + gflop / 1000 / 3600)


# Seconds of a core that jobs took on Iberia at demo; costs.yaml is from the synthetic region.
ON_IBERIA = {
    ("prepare_target", "bilinear"): 1.06,
    ("prepare_driver", "bilinear"): 1.38,
    ("train_baselines", "bilinear"): 1.49,
    ("train_baselines", "bcsd-analog"): 1.48,
    ("sample_baselines", "bilinear"): 1.00,
    ("sample_baselines", "bcsd-analog"): 2.43,
}


@pytest.mark.parametrize("rule, model", list(ON_IBERIA))
def test_within_a_factor_of_two_on_another_region(rule, model):
    try:
        project = load({"region": "iberia", "budget": "demo"}, ROOT)
    except UserError as error:
        pytest.skip(f"{str(error)[:80]} …")
    (one,) = estimate.estimate([job(rule, model)], project, costs.read(ROOT))
    assert 0.5 < one.core_s / ON_IBERIA[rule, model] < 2
