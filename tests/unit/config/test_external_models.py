"""The key `ensemble` of a model: what an entry may say, and where the model takes part."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from snakemake.iocontainers import Wildcards

from downbench.core.config.loading import load
from downbench.core.config.model.catalogue import read_models
from downbench.core.config.model.external_ensemble import files
from downbench.core.errors import UserError
from downbench.dag.experiments import Experiments
from downbench.dag.models import Models
from downbench.experiments.page_sections import _notes_on_external

ROOT = Path(__file__).parents[3]
MODELS = Path("models.yaml")


def read(folder: Path, **entry: object) -> dict:
    listed = {"unet": {"lab": "baselines", "family": "unet", "dropout": 0.1}, "mine": entry}
    (folder / MODELS).write_text(yaml.safe_dump(listed))
    return read_models(folder, MODELS)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"label": "mine"}, "mine.lab is missing: add it"),
        ({"ensemble": "a.nc", "lab": "baselines"}, "mine.lab = 'baselines': an ensemble that was"),
        ({"ensemble": "a.nc", "bundle": "b"}, "mine.bundle = 'b': an ensemble that was made"),
        ({"ensemble": "{member}.nc"}, "only {region}, {trained_on}, {driver}, {split} may"),
        ({"ensemble": "a.nc", "fit_year": [1981]}, "did you mean 'fit_years'?"),
    ],
)
def test_mistakes_are_named(tmp_path, entry, message) -> None:
    with pytest.raises(UserError) as error:
        read(tmp_path, **entry)
    assert message in str(error.value)


def test_an_ensemble_has_no_weights_to_start_from(tmp_path) -> None:
    read(tmp_path, ensemble="a.nc", fit_years=["1981-1983"])
    entries = yaml.safe_load((tmp_path / MODELS).read_text())
    entries["dressed"] = {"lab": "baselines", "family": "unet_dressed", "bases": {"mean": "mine"}}
    (tmp_path / MODELS).write_text(yaml.safe_dump(entries))
    with pytest.raises(UserError, match=r"dressed.bases.mean = 'mine': that is an ensemble"):
        read_models(tmp_path, MODELS)


def test_patterns_are_files_in_order(tmp_path) -> None:
    tmp_path = tmp_path / "[2020]"  # no set of characters
    tmp_path.mkdir()
    for year in (2008, 2007):
        (tmp_path / f"test_{year}.nc").touch()
    pattern = f"{tmp_path}/{{split}}_*.nc"
    assert [Path(p).stem for p in files(pattern, split="test")] == ["test_2007", "test_2008"]
    assert files(pattern, split="warm") == []


@pytest.fixture
def project(tmp_path):
    project = load({"region": "synthetic", "budget": "demo"}, ROOT)
    (tmp_path / "mine.nc").touch()

    def with_entry(**entry: object):
        mine = read(tmp_path, ensemble=f"{tmp_path}/mine.nc", label="My model", **entry)["mine"]
        experiments = {
            name: part.model_copy(update={"models": (*part.models, "mine")})
            for name, part in project.experiments.items()
        }
        return replace(project, models=project.models | {"mine": mine}, experiments=experiments)

    return with_entry


@pytest.mark.parametrize(
    ("entry", "experiments", "reason"),
    [
        ({}, {"exp1", "exp2", "exp3"}, ""),
        ({"splits": ["test"]}, {"exp1", "exp2"}, "it has no samples of the split warm"),
        ({"drivers": ["reanalysis"]}, set(), "it has no samples for the driver perfect"),
        ({"region": "iberia"}, set(), "its samples are of region iberia"),
    ],
)
def test_it_is_in_each_experiment_that_fits(project, entry, experiments, reason) -> None:
    changed = project(**entry)
    views = {name: changed.view(name, "perfect") for name in changed.experiments}
    assert {name for name, view in views.items() if "mine" in view.models} == experiments
    assert all(view.external == ("mine",) for name, view in views.items() if name in experiments)
    assert all("mine" not in view.transferred for view in views.values())
    for name in views.keys() - experiments:
        assert views[name].left_out == {"My model, perfect": reason}
        (note,) = _notes_on_external(views[name].model_dump(mode="json"))
        assert note.items == [f"My model, perfect: {reason}"]


RUNS = ["perfect"] + [
    f"gcm-{period}{ending}" for period in ("historical", "future") for ending in ("", "-corrected")
]


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({"drivers": RUNS, "splits": ["test", "warm", "climate"]}, None),
        ({"drivers": RUNS}, "nothing says that it has samples of the split climate"),
        ({"splits": ["test", "warm"]}, "it has no samples of the split climate"),
        (
            {"drivers": RUNS[:3], "splits": ["test", "warm", "climate"]},
            "it has no samples for the driver gcm-future",
        ),
    ],
)
def test_climate_models_are_named_where_it_has_none_of_their_runs(project, entry, reason) -> None:
    changed = project(**entry)
    section = changed.experiments["exp3"]
    named = section.model_copy(update={"transferred": (*section.transferred, "mine")})
    view = replace(changed, experiments={"exp3": named}).view("exp3", "perfect")
    assert "mine" in view.models and ("mine" in view.transferred) == (reason is None)
    absent = {} if reason is None else {"My model under climate models, perfect": reason}
    assert view.left_out == absent


def test_its_store_is_entered_and_never_trained_or_verified(project, tmp_path) -> None:
    changed = project()
    models = Models(changed)
    wildcards = Wildcards(
        fromdict={"region": "synthetic", "trained_on": "perfect", "driver": "perfect",
                  "model": "mine", "split": "test", "experiment": "exp1"}
    )  # fmt: skip
    assert models.external == "mine" and "mine" not in models.trained_by("baselines")
    assert models.source_ensemble(wildcards) == [f"{tmp_path}/mine.nc"]
    before = models.state_of_source(wildcards)
    (tmp_path / "mine.nc").write_text("other")
    assert models.state_of_source(wildcards) != before
    before = models.state_of_source(wildcards)
    os.utime(tmp_path / "mine.nc", (0, 0))  # a copy that is older
    assert models.state_of_source(wildcards) != before
    assert json.loads(models.cost_sources(wildcards))["mine"]["elsewhere"] == ["mine"]
    assert not models.samples(wildcards)
    assert not any("mine" in path for path in Experiments(changed).bundle_checks())
    (note,) = _notes_on_external(changed.view("exp1", "perfect").model_dump(mode="json"))
    assert "My model" in note.text and "cannot be shown" in note.text
