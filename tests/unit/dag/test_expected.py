"""What the rules expect of bundles and ensembles is what training and sampling write."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from snakemake.iocontainers import Wildcards

from downbench.core.config.loading import load
from downbench.core.config.model.budget import Training
from downbench.core.config.model.model import Model
from downbench.core.io import store_checksums
from downbench.dag import paths
from downbench.dag.expected import Expected
from downbench.dag.functions import sums_of
from downbench.dag.models import Models
from downbench.dag.parameters import Parameters
from downbench.exchange import bundle_files
from downbench.exchange.bundle import Manifest
from downbench.exchange.expected_bundle import refuse_other_bundle

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def project():
    return load({"region": "synthetic", "budget": "demo"}, ROOT)


def job(**values) -> Wildcards:
    return Wildcards(fromdict={"region": "synthetic", "trained_on": "perfect", **values})


def manifest(project, name: str) -> Manifest:
    """Return the manifest that a training with the parameters of the rule writes."""
    wildcards, region = job(model=name), project.region
    return Manifest(
        format=2,
        model=Model.model_validate_json(Models(project).section(wildcards)),
        training=Training.model_validate_json(Parameters(project).training(wildcards)),
        region=region.name,
        trained_on="perfect",
        fit_years=(*region.splits.train, *region.splits.validation),
        seed=project.seed,
        code_version="test",
        licence="none",
    )


def test_the_bundle_of_each_model_is_the_planned_one_and_no_other(project):
    stored = {name: manifest(project, name).model_dump(mode="json") for name in project.models}
    for name, content in stored.items():
        expected = json.loads(Expected(project).bundle(job(model=name)))
        refuse_other_bundle(Path(name), content, expected)
        others = [json.loads(Expected(project).bundle(job(model=n))) for n in stored if n != name]
        for other in others:
            with pytest.raises(Exception, match=r"model\.name is"):
                refuse_other_bundle(Path(name), content, other)


def test_bases_are_expected_by_their_role(project):
    bases = json.loads(Expected(project).bases(job(model="corrdiff")))
    assert bases["mean"] == json.loads(Expected(project).bundle(job(model="unet")))
    assert Expected(project).bases(job(model="unet")) == "{}"


def test_an_ensemble_is_named_by_its_path(project):
    values = {"model": "unet", "driver": "perfect", "split": "test"}
    expected = json.loads(Expected(project).ensemble(job(**values)))
    assert expected == {
        **values,
        "trained_on": "perfect",
        "seed": project.seed,
        "region": "synthetic",
        "variables": ["pr", "tasmax"],
    }
    climate = json.loads(Expected(project).ensemble(job(model="unet", driver="gcm-future")))
    assert climate["split"] == "climate"
    assert Expected(project).reused_samples(job(**values)) == "{}"


def test_stores_and_bundles_are_tracked_by_a_small_file():
    assert paths.sums(paths.TARGET, paths.BUNDLE) == [
        f"{paths.TARGET}/CHECKSUMS",
        f"{paths.BUNDLE}/SHA256SUMS",
    ]
    assert sums_of(lambda wildcards: [])(job()) == []
    assert sums_of(lambda wildcards: "d.zarr")(job()) == ["d.zarr/CHECKSUMS"]


def test_a_bundle_that_is_entered_may_have_another_budget_and_name(project):
    unet = project.models["unet"].model_copy(update={"bundle": "elsewhere/{trained_on}/unet"})
    colleague = replace(project, models={**project.models, "colleague": unet})
    models, wildcards = Models(colleague), job(model="colleague")
    expected = json.loads(Expected(colleague).bundle(wildcards))
    assert expected.keys() == {"model", "trained_on", "region"}
    assert expected["model"]["options"] == unet.options.model_dump(mode="json")
    stored = manifest(project, "unet").model_copy(update={"seed": 99})
    refuse_other_bundle(Path("elsewhere"), stored.model_dump(mode="json"), expected)
    assert models.source_bundle(wildcards) == "elsewhere/perfect/unet"
    assert models.entered == "colleague"
    assert "colleague" not in models.trained_by("baselines")
    assert "colleague" in models.of_lab("baselines")


def test_a_bundle_that_others_start_from_has_the_fit_years_of_the_region(project):
    unet = project.models["unet"].model_copy(update={"bundle": "elsewhere/unet"})
    entered = replace(project, models={**project.models, "unet": unet})
    splits = project.region.splits
    expected = json.loads(Expected(entered).bundle(job(model="unet")))
    assert expected["fit_years"] == [*splits.train, *splits.validation]


def test_a_bundle_that_is_entered_is_sampled_with_its_own_weights(project):
    hard = project.models["corrdiff-hard"]
    assert project.reuses_samples_of("corrdiff-hard") == "corrdiff"
    entered = hard.model_copy(update={"bundle": "elsewhere/hard"})
    elsewhere = replace(project, models={**project.models, "corrdiff-hard": entered})
    assert elsewhere.reuses_samples_of("corrdiff-hard") is None


def test_the_digest_of_a_source_bundle_changes_with_its_sums(project, tmp_path):
    unet = project.models["unet"].model_copy(update={"bundle": str(tmp_path)})
    models = Models(replace(project, models={**project.models, "colleague": unet}))
    digests = [models.source_sums(job(model="colleague"))]
    for text in ("one", "two"):
        (tmp_path / "SHA256SUMS").write_text(text)
        digests.append(models.source_sums(job(model="colleague")))
    assert len(set(digests)) == 3 and digests[0] == ""


def test_the_files_that_stand_for_stores_and_bundles_are_those_that_are_written():
    assert (paths.STORE_CHECKSUMS, paths.BUNDLE_SUMS) == (store_checksums.FILE, bundle_files.SUMS)
