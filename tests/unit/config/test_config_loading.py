"""Mistakes in the configuration, each reported with file, key, value and fix."""

from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from downbench.core import figure_modules
from downbench.core.config.loading import load
from downbench.core.config.model.budget import Training
from downbench.core.config.model.model import Model
from downbench.core.config.region.region import Region
from downbench.core.config.region.region_inputs import RegionInputs
from downbench.core.errors import UserError
from downbench.core.provenance import canonical

ROOT = Path(__file__).parents[3]


@pytest.fixture
def project(tmp_path):
    (tmp_path / "config/regions").mkdir(parents=True)
    for file in ("default", "models", "experiments", "regions/synthetic"):
        text = (ROOT / f"config/{file}.yaml").read_text()
        (tmp_path / f"config/{file}.yaml").write_text(text)
    return tmp_path


def change(project, file, change):
    path = project / f"config/{file}.yaml"
    content = yaml.safe_load(path.read_text())
    change(content)
    path.write_text(yaml.safe_dump(content, sort_keys=False))


def told(project, **overrides):
    with pytest.raises(UserError) as error:
        load(overrides, project)
    return str(error.value)


def test_the_committed_configuration_is_sound():
    project = load({}, ROOT)
    assert project.region.name == "synthetic"
    assert "oracle" in project.view("exp1", "perfect").models


@pytest.mark.parametrize(
    ("file", "edit", "words"),
    [
        (
            "default",
            lambda c: c["evaluation"].update(wet_day=1),
            ["config/default.yaml: evaluation.wet_day = 1", "'wet_day_mm_day'"],
        ),
        (
            "default",
            lambda c: c["budgets"]["demo"]["training"].update(batch_size=0),
            ["config/default.yaml: budgets.demo.training.batch_size = 0", "greater than 0"],
        ),
        (
            "default",
            lambda c: c["evaluation"].pop("bootstrap"),
            ["evaluation.bootstrap is missing: add it", "intervals are resampled"],
        ),
        (
            "default",
            lambda c: c["evaluation"].update(pooling_factors=[2, 1, 4]),
            ["config/default.yaml: evaluation.pooling_factors = ", "start with 1"],
        ),
        (
            "models",
            lambda c: c["corrdiff"].update(lab="genrative"),
            ["config/models.yaml: corrdiff.lab = 'genrative'", "'generative'"],
        ),
        (
            "models",
            lambda c: c["corrdiff"].update(family="corrdif"),
            ["config/models.yaml: corrdiff.family = 'corrdif'", "choose one of", "corrdiff"],
        ),
        (
            "models",
            lambda c: c["corrdiff"].update(lab="bayesian"),
            ["corrdiff.family", "'bayesian' has no module corrdiff.py", "generative"],
        ),
        (
            "models",
            lambda c: c["corrdiff"].update(sigma_mx=80),
            ["config/models.yaml: corrdiff.sigma_mx = 80", "did you mean 'sigma_max'"],
        ),
        (
            "models",
            lambda c: c["corrdiff"].update(bases={"mean": "unnet"}),
            ["config/models.yaml: corrdiff.bases.mean: model 'unnet'", "did you mean 'unet'"],
        ),
        (
            "models",
            lambda c: c["unet"].update(bases={"mean": "corrdiff"}),
            ["corrdiff.bases.mean: unet needs corrdiff needs unet: break this circle"],
        ),
        (
            "models",
            lambda c: c["corrdiff"].update(bases={"mean": "unet", "autoencoder": "vea"}),
            ["corrdiff.bases.autoencoder: model 'vea' does not exist"],
        ),
        (
            "models",
            lambda c: c["corrdiff"].update(process="emd"),
            ["config/models.yaml: corrdiff.process: process 'emd'", "did you mean 'edm'"],
        ),
        (
            "models",
            lambda c: c["corrdiff"].update(calibration_sampler="euler"),
            ["calibration_sampler = 'euler'", "choose one of heun, dpmpp_2m"],
        ),
        (
            "default",
            lambda c: c["budgets"]["demo"]["sampling"].update(sampler="euler"),
            ["budgets.demo.sampling.sampler = 'euler'", "choose one of dpmpp_2m, heun"],
        ),
        (
            "models",
            lambda c: c["corrdiff-hard"].update(shares_weights_with="cordiff"),
            ["corrdiff-hard.shares_weights_with: model 'cordiff'", "did you mean 'corrdiff'"],
        ),
        (
            "models",
            lambda c: c["corrdiff-hard"].update(shares_weights_with="corrdiff-hard"),
            ["corrdiff-hard.shares_weights_with", "circle"],
        ),
        (
            "models",
            lambda c: c["corrdiff-hard"].update(shares_weights_with="unet"),
            ["corrdiff-hard.shares_weights_with = 'unet'", "baselines/unet", "same family"],
        ),
        (
            "models",
            lambda c: c["corrdiff-hard"].update(shares_weights_with="corrdiff-guided"),
            ["has its own from 'corrdiff'", "name that one"],
        ),
        (
            "models",
            lambda c: c["corrdiff-hard"].update(shares_weights_with="corrdiff-phy"),
            ["corrdiff-hard.shares_weights_with", "physics.loss", "give both models the same"],
        ),
        (
            "models",
            lambda c: c["corrdiff"].update(bases={"mean": "unet-hard"}),
            ["corrdiff.bases.mean = 'unet-hard'", "does not travel"],
        ),
        (
            "models",
            lambda c: c["bnn-dropout-hard"]["physics"]["constraint"].update(trained=True),
            ["bnn-dropout-hard.physics", "not for the family mc_dropout", "unet"],
        ),
        (
            "models",
            lambda c: c["unet-hard"]["physics"]["constraint"].update(pr="additive"),
            ["unet-hard.physics.constraint.pr = 'additive'", "'multiplicative'"],
        ),
        (
            "models",
            lambda c: c["unet-hard"]["physics"]["constraint"].update(pr="scaled_additive"),
            ["unet-hard.physics.constraint", "rain_ceiling_mm_day"],
        ),
        ("models", lambda c: c["unet"].update(extends="net"), ["unet.extends: model 'net'"]),
        (
            "models",
            lambda c: c["corrdiff"].update(samples_share=1.0),
            ["corrdiff.samples_share", "1 + 0.5 = 1.5 times the budget's"],
        ),
        (
            "default",
            lambda c: c["budgets"]["demo"]["training"].update(patience_validations=10),
            ["budgets.demo.training.patience_validations = 10", "7 or less"],
        ),
        (
            "models",
            lambda c: c.update(bcsd={"extends": "bcsd-analog"}),
            ["bcsd extends bcsd-analog extends bcsd", "break this circle"],
        ),
        (
            "experiments",
            lambda c: c["exp1"]["models"].append("gan"),
            ["config/experiments.yaml: exp1: model 'gan' does not exist"],
        ),
        (
            "experiments",
            lambda c: c["exp1"]["models"].remove("unet-dressed"),
            ["config/experiments.yaml: exp1: add 'unet-dressed' to exp1.models"],
        ),
        (
            "experiments",
            lambda c: c["exp1"]["figures"].append("rapds"),
            ["exp1.figures: figure 'rapds'", "did you mean 'rapsd'"],
        ),
        (
            "experiments",
            lambda c: c.update(exp1=None),
            ["config/experiments.yaml: exp1 = None: write its keys below it"],
        ),
        (
            "experiments",
            lambda c: c["exp1"].update(splits=["test", "train"]),
            ["config/experiments.yaml: exp1.splits.1 = 'train'", "'test' or 'warm'"],
        ),
        (
            "experiments",
            lambda c: c["exp1"].update(splits=["test", "test"]),
            ["config/experiments.yaml: exp1.splits = ['test', 'test']: 'test' is listed twice"],
        ),
        (
            "experiments",
            lambda c: c["exp1"]["models"].append("unet"),
            ["config/experiments.yaml: exp1.models", "'unet' is listed twice: list it once"],
        ),
        (
            "regions/synthetic",
            lambda c: c["drivers"]["reanalysis"].update(predictors=["tasmax", "uas"]),
            ["drivers.reanalysis.predictors lacks pr", "add it"],
        ),
        (
            "regions/synthetic",
            lambda c: c["drivers"]["perfect"].update(predictors=["pr", "tas"]),
            ["drivers.perfect.predictors lacks tasmax", "add it"],
        ),
        (
            "regions/synthetic",
            lambda c: c["splits"].update(train=["1996-1991"]),
            ["splits.train", "'1996-1991' runs backwards: write '1991-1996'"],
        ),
        (
            "regions/synthetic",
            lambda c: (c.update(factor=3), c["target"].update(rows=63, columns=63)),
            ["fine grid of 63 x 63 cells has an odd side", "even numbers"],
        ),
        (
            "regions/synthetic",
            lambda c: c["splits"]["test"].append(c["splits"]["train"][0]),
            ["config/regions/synthetic.yaml: splits", "stands in test and in train"],
        ),
        (
            "regions/synthetic",
            lambda c: c.update(factor=7),
            ["config/regions/synthetic.yaml", "factor 7 does not divide the fine grid of 64 x 64"],
        ),
        (
            "regions/synthetic",
            lambda c: c.update(trained_on=["era5"]),
            ["trained_on names 'era5'", "perfect, reanalysis"],
        ),
        (
            "regions/synthetic",
            lambda c: c.update(trained_on=["perfect", "gcm-future"]),
            ["trained_on names 'gcm-future', which is free-running", "another driver"],
        ),
        (
            "regions/synthetic",
            lambda c: c["target"].update(source="era5"),
            [
                "target.source: the kind of source 'era5' does not exist",
                "dataset, files, synthetic",
            ],
        ),
        ("regions/synthetic", lambda c: c.update(name="other"), ["name = 'other'", "'synthetic'"]),
        (
            "default",
            lambda c: c["budgets"]["demo"]["training"].update(validate_every_samples=10**7),
            ["budgets.demo.training: validate_every_samples = 10000000", "train_samples = 16000"],
        ),
        (
            "default",
            lambda c: c["budgets"]["demo"]["training"].update(batch_size=1024),
            ["batch_size = 1024 is more than validate_every_samples = 1000"],
        ),
        (
            "default",
            lambda c: c["budgets"]["demo"]["training"].update(
                batch_size=10000, validate_every_samples=10000, train_samples=10**6
            ),
            ["training.batch_size = 10000", "8418 days at most"],
        ),
        (
            "default",
            lambda c: c["budgets"]["demo"]["training"].update(learning_rate=float("inf")),
            ["budgets.demo.training.learning_rate = inf: input should be a finite number"],
        ),
        (
            "default",
            lambda c: c["budgets"]["demo"]["sampling"].update(test_spells=1, spell_days=9),
            ["are 9 days", "evaluation.least_common_days = 10"],
        ),
        (
            "default",
            lambda c: c["evaluation"].update(tail_percentiles=[95, 99, 95]),
            ["evaluation.tail_percentiles", "a value is listed twice"],
        ),
        ("default", lambda c: c.update(seed=2**63), ["seed = 9223372036854775808", "less than"]),
        (
            "default",
            lambda c: c["evaluation"].update(redraws=True),
            ["redraws = True", "write a number"],
        ),
        (
            "default",
            lambda c: c["evaluation"].update(tail_percentiles=[0.95]),
            ["evaluation.tail_percentiles.0 = 0.95", "fraction", "such as 95"],
        ),
        (
            "default",
            lambda c: c["evaluation"]["bootstrap"].update(confidence=0.05),
            ["evaluation.bootstrap.confidence = 0.05", "greater than or equal to 0.5"],
        ),
        (
            "default",
            lambda c: c.update(results_dir=202401),
            ["results_dir = 202401", "as a number", "results_dir=2024_01/"],
        ),
        (
            "models",
            lambda c: c["corrdiff"].update(sigma_min=100.0),
            ["config/models.yaml: corrdiff: sigma_min = 100 is not below sigma_max = "],
        ),
        (
            "experiments",
            lambda c: c["exp1"]["paired_claims"][0]["scores"][1].update(margin_percent=0.02),
            ["margin_percent = 0.02", "such as 2"],
        ),
        (
            "experiments",
            lambda c: c["exp3"].update(tolerances={"bias_removed_percent": 0.5}),
            ["exp3.tolerances.bias_removed_percent = 0.5", "such as 50"],
        ),
        (
            "experiments",
            lambda c: c["exp1"]["paired_claims"][0]["scores"][1].update(score="crsp", scale=3),
            ["exp1.paired_claims.0.scores.1.score = 'crsp'", "spectral_distance", "crps,"],
        ),
        (
            "experiments",
            lambda c: c["exp1"]["paired_claims"][0]["scores"][1].update(scale=3),
            ["exp1.paired_claims: score 'crps' has the scale 3", "has 1, 2, 4, 8"],
        ),
        (
            "experiments",
            lambda c: c["exp1"]["paired_claims"][0]["scores"][1].update(
                score="energy_score_window", scale=4
            ),
            ["score 'energy_score_window' has the scale 4, but 2 alone"],
        ),
        (
            "experiments",
            lambda c: c["exp1"]["paired_claims"][0].update(statement="{chalenger} is better."),
            ["paired_claims.0.statement", "only {challenger} and {rival}"],
        ),
        ("experiments", lambda c: c.update(figures=c["exp1"]), ["figures: a target or page"]),
        ("experiments", lambda c: c.update(evaluate=c["exp1"]), ["evaluate: a target or page"]),
        ("experiments", lambda c: c.update(index=c["exp1"]), ["index: a target or page"]),
        (
            "experiments",
            lambda c: c["exp1"].update(figures=["--init--"]),
            ["exp1.figures: figure '--init--' does not exist"],
        ),
        (
            "regions/synthetic",
            lambda c: c["drivers"]["perfect"]["predictors"].append("pr"),
            ["drivers.perfect.predictors", "a predictor is listed twice"],
        ),
        (
            "regions/synthetic",
            lambda c: c.update(trained_on=["perfect", "perfect"]),
            ["trained_on lists a driver twice"],
        ),
        (
            "regions/synthetic",
            lambda c: c["splits"].update(test=[2010, 2020]),
            ["splits.test names 2020", "1981 to 2014"],
        ),
        (
            "regions/synthetic",
            lambda c: c["splits"].update(buffer_days=2000),
            ["splits.buffer_days = 2000 leaves no day of splits.test"],
        ),
        (
            "regions/synthetic",
            lambda c: c["drivers"]["gcm-future"]["simulation"].update(last_year=2030),
            ["last_year 2030 lies before first_year 2041"],
        ),
        (
            "regions/synthetic",
            lambda c: c["corrections"]["qdm"].update(calibration_years=["1971-1990"]),
            ["calibration_years names 1971", "1981 to 2014"],
        ),
        (
            "regions/synthetic",
            lambda c: c["climate"]["runs"].update({"gcm-corrected": c["climate"]["runs"]["gcm"]}),
            ["climate.runs.gcm-corrected", "use another name"],
        ),
    ],
)
def test_one_message_names_file_key_value_and_fix(project, file, edit, words):
    change(project, file, edit)
    message = told(project)
    assert f"config/{file}.yaml" in message
    for word in words:
        assert word in message, message


def test_two_models_of_an_experiment_need_different_labels(project):
    change(project, "models", lambda c: c["unet"].update(label="bilinear"))
    assert "two of them have the label 'bilinear'" in told(project)


def test_mistakes_of_all_files_are_in_one_message(project):
    change(project, "default", lambda c: c["budgets"]["demo"]["sampling"].update(members=0))
    change(project, "models", lambda c: c["unet"].update(dropuot=0.1))
    change(project, "models", lambda c: c["bcsd"].update(window_days=0))
    change(project, "experiments", lambda c: c["exp1"].update(tilte="x"))
    lines = told(project).splitlines()
    for key in ("demo.sampling.members", ": unet.dropuot", ": bcsd.window_days", "exp1.tilte"):
        assert sum(key in line for line in lines) == 1
    assert len(lines) == 4, "models that extend others repeat nothing"


def test_a_key_that_stands_twice_is_no_silent_choice(project):
    path = project / "config/models.yaml"
    path.write_text(path.read_text() + "\nunet:\n  lab: baselines\n  family: unet\n")
    assert "'unet' stands twice in its section" in told(project)


def test_aliases_are_read_but_must_not_explode(project):
    path = project / "config/default.yaml"
    text = path.read_text()
    path.write_text(
        text.replace("\nseed: 1", "\nseed: &s 7").replace("\n  seed: 1", "\n  seed: *s")
    )
    assert load({}, project).evaluation.seed == 7
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]" for old, new in pairwise("abcdefghij")
    ]
    path.write_text("\n".join(lines) + "\n" + text)
    assert "aliases (`*name`) make more than" in told(project)
    path.write_text("a: &a [*a]\n" + text)
    assert "aliases" in told(project)


def test_an_experiment_that_the_region_cannot_have_is_left_out_with_the_reason(project):
    change(project, "regions/synthetic", lambda c: c["splits"].pop("warm"))
    loaded = load({}, project)
    assert "exp1" in loaded.experiments and "exp3" not in loaded.experiments
    assert "splits.warm" in loaded.left_out["exp3"]
    change(project, "regions/synthetic", lambda c: c["splits"].update(warm=[1999], train=[1981]))
    assert "second year in splits.train" in load({}, project).left_out["exp3"]
    change(project, "regions/synthetic", lambda c: c.update(trained_on=["perfect", "reanalysis"]))
    alone = {"models": ["oracle"], "reference_model": "oracle", "climatology_model": "oracle"}
    keys = {"title": "x", "hypothesis": "x", "splits": ["test"], "figures": ["rapsd"]}
    change(project, "experiments", lambda c: c.update(mine=keys | alone))
    assert "trained on 'reanalysis'" in load({}, project).left_out["mine"]


def test_helpers_beside_figures_are_no_figures(tmp_path, monkeypatch):
    (tmp_path / "helper.py").write_text("WIDTH = 3\n\ndef ticks(axes): ...\n")
    (tmp_path / "__init__.py").write_text("")
    (tmp_path / "toy.py").write_text(
        'TITLE = "Toy"\nCAPTION = "A toy."\n\ndef draw(inputs): ...\n'
    )
    monkeypatch.setattr(figure_modules, "FIGURES", tmp_path)
    assert figure_modules.known() == ["toy"]


def test_a_missing_file_is_named(project):
    (project / "config/models.yaml").unlink()
    assert told(project) == "config/models.yaml: the file is missing: add it, or fix the name"


def test_broken_yaml_is_reported_with_its_place(project):
    (project / "config/models.yaml").write_text("unet: {lab: generative\nx: 1\n")
    message = told(project)
    assert message.startswith("config/models.yaml: this is not YAML") and "line 2" in message


def test_patches_are_square():
    region = yaml.safe_load((ROOT / "config/regions/alps-radar.yaml").read_text())
    region["target"]["fine_shape"] = [64, 128]
    with pytest.raises(ValueError, match=r"fine_shape = \[64, 128\].*make patches square"):
        Region.model_validate(region)


def test_extends_takes_over_all_but_what_is_said(project):
    change(project, "models", lambda c: c.update(hot={"extends": "corrdiff", "sigma_max": 5.0}))
    models = load({}, project).models
    assert models["hot"].options == models["corrdiff"].options.model_copy(
        update={"sigma_max": 5.0}
    )
    assert (models["hot"].bases, models["hot"].name) == ({"mean": "unet"}, "hot")


def test_requirements_decide_who_takes_part():
    project = load({}, ROOT)
    assert "oracle" in project.view("exp1", "perfect").models
    assert "oracle" not in project.view("exp1", "reanalysis").models


def test_only_samples_that_would_be_the_same_are_not_sampled_again(project):
    reuses_samples_of = load({}, project).reuses_samples_of
    assert reuses_samples_of("corrdiff-hard") == "corrdiff"
    assert reuses_samples_of("bnn-dropout-hard") == "bnn-dropout"
    for own in ("corrdiff", "corrdiff-guided", "corrdiff-phy", "unet-hard", "bilinear"):
        assert reuses_samples_of(own) is None, own
    change(project, "models", lambda c: c["corrdiff-hard"].update(sigma_max=5.0))
    assert load({}, project).reuses_samples_of("corrdiff-hard") is None


def test_year_ranges_are_spelled_out(project):
    change(project, "regions/synthetic", lambda c: c["splits"].update(train=["1981-1984", 1990]))
    assert load({}, project).region.splits.train == (1981, 1982, 1983, 1984, 1990)


def test_sections_survive_the_command_line():
    project = load({}, ROOT)
    for name, model in project.models.items():
        again = Model.model_validate_json(canonical(model, exclude={"label", "requires"}))
        assert again.options == model.options, name
    region = Region.model_validate_json(canonical(project.region, exclude={"title"}))
    assert region == project.region.model_copy(update={"title": ""})
    training = project.budget.training
    assert Training.model_validate_json(canonical(training)) == training


def test_labels_stay_out_of_what_a_model_is_trained_with(project):
    before = canonical(load({}, project).models["unet"], exclude={"label"})
    change(project, "models", lambda c: c["unet"].update(label="another"))
    assert canonical(load({}, project).models["unet"], exclude={"label"}) == before


def test_nothing_changes_after_loading():
    with pytest.raises(ValueError, match="frozen"):
        load({}, ROOT).region.factor = 4


def test_data_are_made_without_knowing_splits_or_training():
    region = load({}, ROOT).region
    beyond = Region.model_fields.keys() - RegionInputs.model_fields.keys()
    others = {"title", "trained_on", "rain_transform", "splits", "corrections", "climate"}
    others |= {"downloads", "stations", "rcms"}
    assert beyond == others
    data = RegionInputs.model_validate_json(canonical(region, exclude=dict.fromkeys(beyond, True)))
    assert data.model_dump() == region.model_dump(exclude=beyond)


def test_a_constraint_keeps_a_model_to_the_perfect_driver():
    """Trap T23: elsewhere the driver is not the block mean of the truth."""
    project = load({}, ROOT)
    for name in ("unet-hard", "bnn-dropout-hard", "corrdiff-hard"):
        assert project.takes_part(name, "perfect")
        assert not project.takes_part(name, "reanalysis")
        assert not project.takes_part(name, "gcm-historical")
    for name in ("unet-phy", "corrdiff-phy", "corrdiff-guided"):
        assert project.takes_part(name, "reanalysis")
