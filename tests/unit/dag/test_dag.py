"""What rules ask about a project: paths, parameters, resources and groups of jobs."""

import json
import shlex
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from snakemake.iocontainers import InputFiles, Wildcards

from downbench.core.config.loading import load
from downbench.core.config.region.region import Region
from downbench.dag import paths
from downbench.dag.climate_runs import ClimateRuns
from downbench.dag.corrections import Corrections
from downbench.dag.data_page import DataPage
from downbench.dag.densities import Densities
from downbench.dag.downloads import Downloads
from downbench.dag.experiments import Experiments
from downbench.dag.front_page import FrontPage
from downbench.dag.functions import literal, one_of, pair_arguments
from downbench.dag.groups import Groups
from downbench.dag.models import Models, chained_rules
from downbench.dag.parameters import Parameters
from downbench.dag.region_data import RegionData
from downbench.dag.resources import JobResources
from downbench.dag.stations import StationScores

ROOT = Path(__file__).parents[3]
RESULTS = "<results>/synthetic"


@pytest.fixture(scope="module")
def project():
    return load({"region": "synthetic", "budget": "demo"}, ROOT)


def wildcards(**values):
    return Wildcards(fromdict={"region": "synthetic", "trained_on": "perfect", **values})


def test_downloads_have_limits_without_a_profile():
    """Those of a profile or the command line stay."""
    limits = {"downloads": 1}
    workflow = SimpleNamespace(global_resources=limits, register_resource=limits.__setitem__)
    Downloads(None).limit(workflow)
    assert limits == {"cds_requests": 2, "downloads": 1}


def test_keys_that_change_no_value_are_resources_of_a_download():
    downloads = Downloads(load({"region": "rockies"}, ROOT))
    part = wildcards(download="prism", part="pr_1990")
    assert json.loads(downloads.handling(part)) == {"pause_s": 2.0}
    terms = json.loads(Parameters(downloads.project).region_of_page(part))["datasets"]
    days = {row["title"]: row["terms"].rpartition("Day: ")[2] for row in terms}
    assert days["prism"] == "24 hours from 12 UTC of the day."
    assert days["era5-daily-statistics"] == "00-24 of utc-12:00."
    alps = Parameters(load({"region": "alps-eobs"}, ROOT))
    era5 = json.loads(alps.region_of_page(part))["datasets"][0]
    assert "(tasmax, psl, uas, vas), 00-24 of utc-06:00 (pr)" in era5["terms"]


def test_a_template_keeps_the_wildcards_without_a_value():
    assert (
        paths.fill(paths.DRIVER, driver="{before}") == "<results>/{region}/drivers/{before}.zarr"
    )
    assert paths.fill(paths.TARGET, wildcards()) == f"{RESULTS}/target.zarr"
    job = wildcards(model="unet", driver="perfect", split="test")
    filled = paths.fill(paths.SCORES, job, model="bcsd")
    assert filled == f"{RESULTS}/perfect/scores/bcsd/perfect/test.csv"


def test_the_fixed_paths_are_what_other_programs_rely_on():
    assert paths.SCORES == "<results>/{region}/{trained_on}/scores/{model}/{driver}/{split}.csv"
    assert paths.PAGE == "<results>/{region}/report/{page}.html"


def test_no_two_templates_are_the_same():
    templates = [value for name, value in vars(paths).items() if name.isupper()]
    assert len(templates) == len(set(templates)) > 20


def test_functions_without_a_project():
    assert literal("{word}")(wildcards()) == "{word}"
    assert one_of(["a.b", "c"]) == r"a\.b|c"
    assert one_of([]) == "(?!)"
    assert pair_arguments("part", ["a", "b"], ["x", "y"]) == "--part a=x b=y"
    assert pair_arguments("part", [], []) == ""


def test_an_experiment_has_its_page_and_the_front_page(project):
    experiments = Experiments(project)
    front = f"{RESULTS}/report/index.html"
    assert experiments.pages("exp2") == [f"{RESULTS}/report/exp2.html", front]
    assert len(experiments.pages()) == 4


@pytest.mark.parametrize(
    ("targets", "existing", "shown"),
    [
        ({"front/index.html"}, [], ["exp1"]),
        ({"front/index.html"}, ["exp2"], ["before exp2"]),
        ({"exp1"}, ["exp2"], ["exp1", "before exp2"]),
        (set(), ["exp2"], ["exp1", "exp2", "exp3"]),
    ],
)
def test_a_front_page_computes_what_is_asked_for(project, tmp_path, targets, existing, shown):
    here = replace(project, results_dir=str(tmp_path))
    for name in existing:
        path = tmp_path / f"synthetic/report/summaries/{name}.json"
        path.parent.mkdir(parents=True)
        path.touch()
    page = FrontPage(here, SimpleNamespace(dag_settings=SimpleNamespace(targets=targets)))
    summaries = page.summaries(wildcards())
    flagged = [
        "before " * bool(getattr(path, "flags", {})) + Path(path).stem for path in summaries
    ]
    assert flagged == shown


def test_an_experiment_has_its_figures_twice_and_a_comparison_for_each_split(project):
    experiments = Experiments(project)
    view = project.view("exp1", "perfect")
    assert len(experiments.figures("exp1")) == 2 * len(view.figures)
    assert experiments.comparisons("exp1") == [
        f"{RESULTS}/perfect/comparison/exp1/perfect/{split}.csv" for split in view.splits
    ]
    assert len(experiments.comparisons("exp1", split_count=1)) == 1


def test_the_target_scores_asks_for_every_table_that_is_compared(project):
    experiments = Experiments(project)
    tables = experiments.score_tables()
    assert len(set(tables)) == len(tables)
    for name, template in (("exp1", paths.SCORES), ("exp2", paths.PHYSICS_TABLE)):
        job = wildcards(experiment=name, driver="perfect")
        assert set(experiments.of_each_model(template)(job)) <= set(tables)


def test_rules_of_models_that_build_on_each_other(project):
    """One job of the rule needs another: the dressed UNet, and constraints of other samples."""
    exp1 = replace(project, experiments={"exp1": project.experiments["exp1"]})
    assert chained_rules(exp1) == {"train_baselines"}
    assert {"train_generative", "sample_bayesian"} <= chained_rules(project)


def test_only_an_experiment_on_climate_models_has_a_driver_chain(project):
    chains = Experiments(project).driver_chains()
    assert chains == [f"{RESULTS}/perfect/driver-chain/exp3.csv"]


def test_files_of_each_model_are_in_the_order_of_the_experiment(project):
    experiments = Experiments(project)
    job = wildcards(experiment="exp1", driver="perfect")
    files = experiments.of_each_model(paths.SCORES)(job)
    models = project.view("exp1", "perfect").models
    assert files == [f"{RESULTS}/perfect/scores/{model}/perfect/test.csv" for model in models]
    arguments = experiments.model_arguments(files, job)
    assert arguments[0] == f"{models[0]}={files[0]}" and len(arguments) == len(models)


def test_physics_is_read_only_by_an_experiment_with_claims(project):
    experiments = Experiments(project)
    files = experiments.of_physics(lambda job: ["table.csv"])
    assert files(wildcards(experiment="exp1")) == []
    assert files(wildcards(experiment="exp2")) == ["table.csv"]
    assert experiments.physics_argument([], wildcards(experiment="exp1")) == ""


def test_the_chain_leads_from_the_training_driver_to_raw_and_corrected_runs(project):
    assert ClimateRuns(project).drivers("perfect") == [
        "perfect",
        "gcm-historical",
        "gcm-future",
        "gcm-historical-corrected",
        "gcm-future-corrected",
    ]


def test_a_synthetic_run_has_a_pseudo_reality_run(project):
    runs = ClimateRuns(project)
    assert runs.external == {"pseudo-reality-gcm": "pseudo-reality"}
    climates = runs.climates("exp3", "perfect")
    name = "pseudo-reality-gcm/pseudo-reality-gcm-future"
    assert climates[name] == f"{RESULTS}/pseudo-reality/climate/pseudo-reality-gcm-future.csv"
    assert runs.simulation(wildcards(pseudo_reality="pseudo-reality-gcm", period="future")) == (
        "gcm-future"
    )


def test_a_change_compares_two_climates_and_those_of_the_raw_run(project):
    runs = ClimateRuns(project)
    job = wildcards(model="unet", run="gcm-corrected")
    folder = f"{RESULTS}/perfect/climate"
    assert runs.fields("future")(job) == f"{folder}/unet/gcm-future-corrected.nc"
    assert runs.raw_fields("future")(job) == f"{folder}/bilinear/gcm-future.nc"
    external = wildcards(model="pseudo-reality-gcm", run="pseudo-reality-gcm")
    assert runs.fields("historical")(external) == (
        f"{RESULTS}/pseudo-reality/climate/pseudo-reality-gcm-historical.nc"
    )
    assert runs.raw_fields("historical")(external) == f"{folder}/bilinear/gcm-historical.nc"


def test_gathered_tables_have_names_in_the_same_order(project):
    runs = ClimateRuns(project)
    job = wildcards(experiment="exp3")
    files = runs.gathered(runs.changes)(job)
    arguments = runs.gathered_arguments("change", runs.changes)(
        job, InputFiles(fromdict={"change": files})
    )
    words = shlex.split(arguments)
    assert words[:2] == ["--change", f"bilinear/gcm={files[0]}"]
    assert len(words) == 1 + len(files)


def test_the_page_of_the_data_reads_all_series(project):
    """Stations are tracked by their digest: the day of their download makes nothing again."""
    page, job = DataPage(project), wildcards()
    inputs = {"drivers": page.drivers(job), "regional_models": page.regional_models(job),
              "stations": page.stations(job)}  # fmt: skip
    words = shlex.split(page.series_arguments(job, InputFiles(fromdict=inputs)))
    assert words[:2] == ["--drivers", f"perfect={inputs['drivers'][0]}"]
    stations = f"{RESULTS}/stations.nc"
    assert words[-4:] == ["--stations", stations, "--left-out", f"{RESULTS}/stations-left-out.csv"]
    assert page.station_sums(job) == [f"{stations}.digest"]
    assert f"{stations}.digest" in RegionData(project).prepared()
    assert "--regional-models" not in words


def test_no_run_of_the_future_has_station_scores(project):
    scores = StationScores(project)
    tables = scores.tables("exp3", "perfect")
    assert tables["unet/perfect"] == f"{RESULTS}/perfect/stations/unet/perfect/test.csv"
    assert tables["unet/gcm-historical"].endswith("/unet/gcm-historical/climate.csv")
    assert not any("future" in path for path in tables.values())
    assert scores.tables("exp1", "perfect") == {}
    assert len(scores.values("exp3", "perfect")) == len(tables)


def test_shared_weights_cost_one_training(project):
    sources = json.loads(
        Models(project).cost_sources(wildcards(experiment="exp2", trained_on="perfect"))
    )
    assert sources["corrdiff-guided"]["trainings"] == ["corrdiff", "unet"]
    assert sources["corrdiff"]["trainings"] == ["corrdiff", "unet"]


def test_a_model_that_shares_weights_is_not_trained_and_one_that_reuses_samples_not_sampled(
    project,
):
    models = Models(project)
    trained = {name for name in project.models if models.trains(wildcards(model=name))}
    sampled = {name for name in project.models if models.samples(wildcards(model=name))}
    assert {"unet", "corrdiff"} <= trained & sampled
    assert "corrdiff-guided" in sampled - trained
    assert not {"corrdiff-hard", "bilinear", "bcsd"} & (trained | sampled)
    assert (
        models.reused_samples(wildcards(model="corrdiff-hard", driver="perfect", split="test"))
        == f"{RESULTS}/perfect/ensembles/corrdiff/perfect/test.zarr"
    )
    assert models.reused_samples(wildcards(model="unet", driver="perfect", split="test")) == []


def test_a_climatology_has_a_sampling_budget_of_its_own(project):
    models = Models(project)
    test = json.loads(models.sampling(wildcards(model="unet", split="test")))
    climate = json.loads(models.sampling(wildcards(model="unet", split="climate")))
    assert "test_spells" in test and "years" in climate


def test_labels_and_titles_reach_no_numbers(project):
    job = wildcards(experiment="exp1")
    parameters = Parameters(project)
    assert not {"title", "labels", "figures"} & json.loads(parameters.experiment(job)).keys()
    assert "labels" in json.loads(parameters.labelled_experiment(job))
    assert "label" not in json.loads(Models(project).section(wildcards(model="unet")))


def test_tolerances_of_laws_reach_no_scores(project):
    parameters = Parameters(project)
    job = wildcards(experiment="exp2")
    assert "physics" not in json.loads(parameters.evaluation(job))
    assert "physics" in json.loads(parameters.evaluation_of_laws(job))
    assert "shift" in json.loads(parameters.evaluation_of_shift(job))
    assert parameters.evaluation_of_page(job) == parameters.evaluation_of_laws(job)
    assert parameters.evaluation_of_page(wildcards(experiment="exp1")) == "{}"


def test_corrected_and_free_running_drivers_change_neither_series_nor_training(project):
    data = RegionData(project)
    section, inputs = (json.loads(read(wildcards())) for read in (data.section, data.inputs))
    assert "splits" in section and "splits" not in inputs
    for keys in (section, inputs):
        assert not {"title", "corrections", "climate", "stations"} & keys.keys()
        assert set(keys["drivers"]) == {
            name for name, driver in project.region.drivers.items() if driver.type != "gcm"
        }
    run = json.loads(data.inputs_of_driver(wildcards(driver="gcm-future")))
    assert "gcm-future" in run["drivers"] and "gcm-historical" not in run["drivers"]


def test_models_depend_on_no_path_and_no_folder():
    def section(folder):
        return RegionData(load({"region": "rockies", "download_dir": folder}, ROOT)).section(None)

    assert section("/a") == section("/b") and len(section("/a")) < 5000
    region = Region.model_validate_json(section("/a"))
    assert region.drivers.keys() and ".nc" not in section("/a")


def test_a_correction_is_named_by_itself_or_by_its_driver(project):
    corrections = Corrections(project)
    assert corrections.name(wildcards(correction="qdm")) == "qdm"
    driver = wildcards(driver="gcm-future-corrected")
    assert corrections.name(driver) == "qdm" and corrections.group(driver) == "map-qdm"
    assert corrections.raw_series(driver) == f"{RESULTS}/drivers/gcm-future.zarr"
    assert corrections.fitted(driver) == f"{RESULTS}/corrections/qdm.nc"
    reference = corrections.series("reference")(wildcards(correction="qdm"))
    assert reference == f"{RESULTS}/drivers/perfect.zarr"


def test_every_attempt_asks_for_more(project):
    jobs = JobResources(project, cores=8)
    network, light = wildcards(model="unet"), wildcards(model="bcsd")
    memory = jobs.gigabytes(jobs.of_network(jobs.models.trains, 5, 2))
    assert [memory(network, 1), memory(network, 2), memory(light, 1)] == ["5GB", "10GB", "2GB"]
    assert [jobs.minutes(10)(light, attempt) for attempt in (1, 2)] == [10, 20]


def test_a_job_with_a_dask_cluster_waits_for_it(project):
    dask = project.dask.model_copy(update={"scheduler": "slurm", "minutes": 7})
    jobs = JobResources(replace(project, dask=dask), cores=8)
    assert jobs.minutes(10)(wildcards(), 2) == 27


@pytest.mark.parametrize(("gigabytes", "slots"), [(1, 1), (2, 1), (2.5, 2), (100, 4)])
def test_a_step_takes_a_slot_for_each_two_gigabytes(gigabytes, slots):
    assert JobResources.slots(gigabytes) == slots


def test_networks_share_the_cores(project):
    threads = JobResources(project, cores=8).half_of_cores_if(Models(project).trains)
    assert threads(wildcards(model="unet")) == 4
    assert threads(wildcards(model="bcsd")) == 1


def test_a_generative_ensemble_of_the_training_driver_gets_all_cores(project):
    threads = JobResources(project, cores=8).sampling_threads
    perfect = {"trained_on": "perfect", "driver": "perfect"}
    assert threads(wildcards(model="corrdiff", **perfect)) == 8
    assert threads(wildcards(model="corrdiff", **perfect | {"driver": "gcm-historical"})) == 4
    assert threads(wildcards(model="bnn-dropout", **perfect)) == 4
    assert threads(wildcards(model="bcsd", **perfect)) == 1


def test_several_training_processes_are_tasks_of_one_node(project):
    resources = project.budget.resources.model_copy(update={"training_processes": 4})
    budget = project.budget.model_copy(update={"resources": resources})
    jobs = JobResources(replace(project, budget=budget), cores=8)
    unet, copy = wildcards(model="unet"), wildcards(model="corrdiff-guided")
    assert (jobs.training_accelerators(unet), jobs.training_tasks(unet)) == (4, 4)
    assert (jobs.one_node(unet), jobs.task_launcher(unet)) == (1, "srun")
    assert (jobs.training_accelerators(copy), jobs.training_processes(copy)) == (0, 1)
    assert jobs.training_tasks(copy) is jobs.one_node(copy) is jobs.task_launcher(copy) is None


def test_a_light_model_is_one_group_and_a_network_several(project):
    groups = Groups(project)
    light, network = wildcards(model="bcsd"), wildcards(model="unet")
    training = groups.unless(Models(project).trains)
    assert [training(light), training(network)] == ["model-bcsd", None]
    assert [groups.scores(light), groups.scores(network)] == ["model-bcsd", "scores-unet"]
    assert [groups.climates(light), groups.climates(network)] == ["model-bcsd", "climate-unet"]
    assert [groups.stations(light), groups.stations(network)] == ["model-bcsd", "stations"]
    run = wildcards(pseudo_reality="pseudo-reality-gcm")
    assert groups.climates(run) == "run-pseudo-reality-gcm"


def test_densities_are_asked_for_where_they_are_known(project):
    networks = {"unet-dressed", "bnn-dropout", "bnn-dropout-phy"}
    densities = Densities(project)
    known = {name for name in project.models if densities.is_known(name)}
    assert known == networks | {"oracle", "oracle-sequence"}
    target = project.region.target.model_copy(update={"regimes": "none"})
    region = project.region.model_copy(update={"target": target})
    without = Densities(replace(project, region=region))
    assert {name for name in project.models if without.is_known(name)} == networks
    job = {"driver": "perfect", "split": "test"}
    assert densities.file(wildcards(model="corrdiff", **job)) == []
    path = f"{RESULTS}/perfect/densities/oracle/perfect/test.nc"
    assert densities.file(wildcards(model="oracle", **job)) == path
