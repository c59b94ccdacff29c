"""What runs again after which change, on a small project whose exp1 is finished."""

import shutil
from pathlib import Path

import yaml

import copies

FIGURES = {"draw_figure", "write_report"}
FRONT_PAGE = {"summarise_experiment", "write_front_page"}
EVALUATION = {"evaluate", "compare"} | FIGURES | FRONT_PAGE
PACKAGE = "workflow/downbench"


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text() + text)


def test_a_finished_experiment_has_nothing_to_do(finished):
    assert copies.planned(finished, "exp1") == {}
    for page in ("exp1", "index"):
        assert (finished / f"results/tiny/report/{page}.html").stat().st_size > 10_000


def test_a_copy_without_times_has_nothing_to_do(finished, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(finished, copy, symlinks=True, copy_function=shutil.copyfile)
    assert copies.planned(copy, "exp1") == {}


def test_every_model_was_scored_and_its_cost_measured(finished):
    table = (finished / "results/tiny/perfect/comparison/exp1/perfect/test.csv").read_text()
    for model in copies.MODELS:
        rows = [line for line in table.splitlines() if line.startswith(f"{model},")]
        assert any(",training_cpu_s," in row for row in rows), model
        assert any(",sampling_cpu_s_per_member_day," in row for row in rows), model
        has_density = any(",log_score," in row for row in rows)
        assert has_density == (model in ("unet-dressed", "bnn-dropout")), model


def test_a_deleted_figure_remakes_only_figures(project):
    (project / "results/tiny/figures/exp1/perfect/rank-histograms.png").unlink()
    assert copies.planned(project, "figures") == {"draw_figure": 1}
    assert set(copies.planned(project, "exp1")) == FIGURES


def test_figures_come_from_scores_alone(project):
    region = project / "results/tiny"
    for folder in (region / "perfect/models", region / "perfect/ensembles", region / "drivers"):
        shutil.rmtree(folder)
    shutil.rmtree(region / "target.zarr")
    assert copies.planned(project, "figures") == {}
    (region / "figures/exp1/perfect/rank-histograms.pdf").unlink()
    assert copies.planned(project, "figures") == {"draw_figure": 1}
    done = copies.snakemake(project, "figures")
    assert done.returncode == 0, done.stderr[-3000:]
    assert not (region / "target.zarr").exists()
    assert (region / "figures/exp1/perfect/rank-histograms.pdf").exists()


def test_a_learning_rate_retrains_that_model_alone(project):
    copies.edit(project / "config/models.yaml", lambda m: m["corrdiff"].update(learning_rate=2e-3))
    jobs = copies.planned(project, "exp1")
    assert {rule: n for rule, n in jobs.items() if rule.startswith(("train", "sample"))} == {
        "train_generative": 1,
        "sample_generative": 1,
    }
    assert jobs["evaluate"] == 1


def test_a_base_takes_its_followers_along(project):
    copies.edit(project / "config/models.yaml", lambda m: m["unet"].update(learning_rate=2e-3))
    jobs = copies.planned(project, "exp1")
    assert jobs["train_baselines"] == 2  # unet and unet-dressed
    assert jobs["train_generative"] == 1
    assert "train_bayesian" not in jobs


def test_editing_one_family_retrains_it_alone(project):
    append(project / PACKAGE / "labs/bayesian/mc_dropout.py", "\nEDITED = True\n")
    jobs = copies.planned(project, "exp1")
    assert {rule for rule in jobs if rule.startswith("train")} == {"train_bayesian"}
    assert jobs["evaluate"] == 1


def test_editing_a_metric_evaluates_again_and_trains_nothing(project):
    append(project / PACKAGE / "scores/metrics/crps.py", "\nEDITED = True\n")
    jobs = copies.planned(project, "exp1")
    assert set(jobs) == EVALUATION
    assert jobs["evaluate"] == len(copies.MODELS)


def test_more_outcomes_of_the_reference_sample_no_model_again(project):
    def change(defaults):
        defaults["evaluation"]["redraws"] += 1

    copies.edit(project / "config/default.yaml", change)
    jobs = copies.planned(project, "exp1")
    assert set(jobs) == EVALUATION | {"sample_reference"}
    assert jobs["sample_reference"] == 1


def test_editing_comments_docstrings_and_help_reruns_nothing(project):
    for module in (
        "nets/unet.py",
        "scores/metrics/crps.py",
        "core/spatial/grids.py",
        "plots/figures/rank_histograms.py",
    ):
        path = project / PACKAGE / module
        head, quotes, rest = path.read_text().partition('"""')
        path.write_text(f"{head}{quotes}Other words. {rest}\n# a comment\n")
    budget = project / PACKAGE / "core/config/model/budget.py"
    budget.write_text(budget.read_text().replace('description="', 'description="that is, '))
    assert copies.planned(project, "exp1") == {}


def test_a_new_options_class_reruns_nothing_and_a_function_what_imports_it(project):
    section = project / PACKAGE / "core/config/model/model.py"
    append(section, "\n\nclass Toy(Section):\n    size: int = 1\n")
    assert copies.planned(project, "exp1") == {}
    append(section, "\n\ndef double(size: int) -> int:\n    return 2 * size\n")
    jobs = copies.planned(project, "exp1")
    assert jobs["train_baselines"] == 3 and "prepare_target" not in jobs


def test_labels_redraw_and_do_not_retrain(project):
    copies.edit(project / "config/models.yaml", lambda m: m["unet"].update(label="U-Net"))
    assert set(copies.planned(project, "exp1")) == FIGURES | FRONT_PAGE


def test_other_splits_make_no_data_again(project):
    copies.edit(project / "config/regions/tiny.yaml", lambda r: r["splits"].update(train=[1981]))
    jobs = copies.planned(project, "exp1")
    assert not {"prepare_target", "prepare_driver"} & set(jobs)
    assert jobs["fit_transforms"] == 1 and jobs["train_generative"] == 1


def test_a_new_option_class_trains_nothing(project):
    options = project / PACKAGE / "core/config/model/families/mc_dropout.py"
    (options.parent / "other.py").write_text(options.read_text())
    assert copies.planned(project, "exp1") == {}


def test_more_members_train_nothing(project):
    def more(defaults):
        defaults["budgets"]["tiny"]["sampling"]["members"] = 4

    copies.edit(project / "config/default.yaml", more)
    assert not [rule for rule in copies.planned(project, "exp1") if rule.startswith("train")]


def test_resources_of_jobs_make_nothing_again(project):
    def change(defaults):
        defaults["budgets"]["tiny"]["resources"] |= {
            "training_processes": 2,
            "training_memory_gb": 7,
        }
        defaults["dask"]["scheduler"] = "slurm"

    copies.edit(project / "config/default.yaml", change)
    assert copies.planned(project, "exp1") == {}


def test_a_failing_rule_leaves_the_others_results(finished, tmp_path):
    project = copies.without(finished, tmp_path / "project", "bnn-dropout", "climatology")
    broken = project / PACKAGE / "labs/bayesian/mc_dropout.py"
    sound = broken.read_text()
    append(broken, '\nraise SystemExit("broken on purpose")\n')
    append(project / PACKAGE / "dag/remaining_time.py", "\nEVERY_S = 0\n")
    failed = copies.snakemake(project, "--profile", "profiles/local", "exp1")
    assert failed.returncode != 0
    assert "broken on purpose" in failed.stderr + failed.stdout
    assert "expected: " in failed.stderr and " steps; left: " in failed.stderr
    assert "further messages are left out" not in failed.stderr
    perfect = project / "results/tiny/perfect"
    assert (perfect / "scores/climatology/perfect/test.csv").exists()
    assert (perfect / "scores/corrdiff/perfect/test.csv").exists()
    assert not (perfect / "models/bnn-dropout").exists()
    broken.write_text(sound)
    jobs = copies.planned(project, "exp1")
    assert jobs.pop("draw_figure") == len(copies.FIGURES)
    assert jobs == dict.fromkeys(
        [
            *("train_bayesian", "sample_bayesian", "score_density"),
            *("evaluate", "compare", "write_report", *FRONT_PAGE),
        ],
        1,
    )


def test_the_tiny_project_is_what_these_tests_think(finished):
    experiments = yaml.safe_load((finished / "config/experiments.yaml").read_text())
    assert experiments["exp1"]["models"] == copies.MODELS


def test_another_sampler_samples_again_and_trains_nothing(project):
    def more(defaults):
        defaults["budgets"]["tiny"]["sampling"] |= {"sampler": "heun", "sampler_steps": 3}

    copies.edit(project / "config/default.yaml", more)
    jobs = copies.planned(project, "exp1")
    assert {rule for rule in jobs if rule.startswith(("train", "sample"))} == {"sample_generative"}
    assert jobs["sample_generative"] == jobs["evaluate"] == 1
