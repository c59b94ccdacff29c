"""What the rules share: the checked configuration, paths of targets, and parameters."""

import json
import os
import re
import shlex
import sys
from pathlib import Path

# Rules and steps use the package of this clone, whichever is installed where they run: a worktree,
# or a conda environment that clones share, must not run the code of another.
# (In the shell of each step, as Snakemake takes PYTHONPATH away from those with conda.)
PACKAGE = str(Path(workflow.basedir) / "workflow")
sys.path.insert(0, PACKAGE)
FOUND = f"{shlex.quote(PACKAGE)}${{{{PYTHONPATH:+:$PYTHONPATH}}}}"
shell.prefix(f"set -euo pipefail; export PYTHONPATH={FOUND}; ")

from downbench.core import execution, leftovers
from downbench.core import figure_modules
from downbench.core.config.model.families import Learned
from downbench.core.config.loading import load
from downbench.core.config.region.region import Place, Region
from downbench.core.config.region.splits import NAMES as SPLITS
from downbench.core.config.region.input_files import (
    driver_files,
    rcm_files,
    station_files,
    target_files,
)
from downbench.core.errors import UserError
from downbench.core.provenance import canonical, code_version

try:
    PROJECT = load(config, root=Path(workflow.basedir))
except UserError as error:
    sys.exit(f"error: {error}")

# Plain `snakemake TARGET` means all cores, like profiles/local; a cluster has --jobs instead.
if workflow.resource_settings.cores is None and workflow.resource_settings.nodes is None:
    workflow.resource_settings.cores = os.cpu_count()
    workflow.global_resources["_cores"] = os.cpu_count()

# glibc gives arrays of megabytes back at once, to be fetched anew a moment later: an eighth of the
# time of sampling. Inherited by every job; where the user has set them, they stay.
os.environ.setdefault("MALLOC_MMAP_THRESHOLD_", str(2**26))
os.environ.setdefault("MALLOC_TRIM_THRESHOLD_", str(2**29))
# Threads that wait for each other by spinning make a job five times slower where others want the
# cores; asleep they lose nothing where they have them to themselves.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

# On a cluster the jobs of a killed run live on, and its lock is for the user to remove.
if workflow.is_main_process:
    on_cluster = workflow.resource_settings.nodes is not None
    jobs = execution.CLUSTER if on_cluster else execution.HERE
    os.environ.update({execution.JOBS: jobs})
    if not leftovers.only_looks(sys.argv[1:]):
        leftovers.hold(Path.cwd(), jobs)

# A second results folder keeps logs and benchmarks of its own: costs are read from the latter.
OWN = "" if PROJECT.results_dir == "results" else f"{PROJECT.results_dir}/"
LOGS, BENCHMARKS = f"{OWN}logs", f"{OWN}benchmarks"


CLUSTER_THREADS = 8

# No result depends on where array work is done, so no rule has it in its parameters.
execution.tell(PROJECT.dask)


def verbatim(text):
    """A parameter as it is: in a plain string Snakemake would take `{word}` for a wildcard."""
    return lambda wildcards: text


# A quantile map and the drivers that it makes touch neither the other series nor any training.
RAW = [name for name in PROJECT.region.drivers if name not in PROJECT.region.corrected_drivers]


def untracked(*others):
    """Keys of the region that change no number of a series, where `others` are no matter."""
    left_out = dict.fromkeys((*PROJECT.region.corrected_drivers, *others), True)
    return {
        "title": True,
        "trained_on": True,
        "files": {"origins": True, "drivers": dict.fromkeys(others, True)},
        "corrections": True,
        "climate": True,
        "stations": True,
        "rcms": True,
        "drivers": dict.fromkeys(RAW, {"corrected_from", "correction"}) | left_out,
    }


# Nor does a free run that is read from files, whose section is its own.
FREE = PROJECT.region.free_runs_from_files
REGION = verbatim(canonical(PROJECT.region, exclude=untracked(*FREE)))
BEYOND_PLACE = dict.fromkeys(Region.model_fields.keys() - Place.model_fields.keys(), True)
PLACE = verbatim(canonical(PROJECT.region, exclude=untracked(*FREE) | BEYOND_PLACE))
TRAINING = verbatim(canonical(PROJECT.budget.training))
CLIMATE = "climate"
EVALUATION = verbatim(canonical(PROJECT.evaluation, exclude={"physics", "shift"}))
RUN = verbatim(json.dumps({"budget": PROJECT.budget_name, "seed": PROJECT.seed}))


def files_of_target(wildcards):
    """The user's files that the target is read from: replaced, they make it again."""
    return target_files(PROJECT.region)


def place_of_driver(wildcards):
    """The region's section as JSON, for a free run from files with that driver alone."""
    if wildcards.driver not in FREE:
        return PLACE(wildcards)
    others = [name for name in RAW if name != wildcards.driver]
    return canonical(PROJECT.region, exclude=untracked(*others) | BEYOND_PLACE)


def files_of_driver(wildcards):
    return driver_files(PROJECT.region, wildcards.driver)


def one_of(names):
    """Wildcard constraint: exactly one of these names."""
    return "|".join(map(re.escape, names)) or "(?!)"


def of_lab(lab):
    """Wildcard constraint: a model that this lab trains."""
    return one_of(name for name, model in PROJECT.models.items() if model.lab == lab)


def views(*experiments):
    """(experiment, trained_on, view) of these experiments, or of all."""
    return [
        (experiment, trained_on, PROJECT.view(experiment, trained_on))
        for experiment in experiments or PROJECT.experiments
        for trained_on in PROJECT.region.trained_on
    ]


def figures(*experiments):
    return [
        f"<results>/{PROJECT.region.name}/figures/{experiment}/{trained_on}/{figure}.{ending}"
        for experiment, trained_on, view in views(*experiments)
        for figure in view.figures
        for ending in ("png", "pdf")
    ]


def comparisons(*experiments, most=None):
    """Comparisons of these experiments, or of all, for at most so many of their splits."""
    return [
        f"<results>/{PROJECT.region.name}/{trained_on}/comparison/{experiment}/{trained_on}/{split}.csv"
        for experiment, trained_on, view in views(*experiments)
        for split in view.splits[:most]
    ]


# The first experiment keeps the front page; every further one has a page beside it.
PAGES = dict(zip(["index", *list(PROJECT.experiments)[1:]], PROJECT.experiments))


def pages(*experiments):
    """The pages of these experiments, or of all."""
    return [
        f"<results>/{PROJECT.region.name}/report/{page}.html"
        for page, experiment in PAGES.items()
        if experiment in (experiments or PROJECT.experiments)
    ]


def by_driver(files):
    """DRIVER=PATH arguments of the report, from paths of `comparisons`."""
    return [f"{Path(file).parent.name}={file}" for file in files]


def verified():
    return sorted(
        {
            f"<results>/{PROJECT.region.name}/{trained_on}/verified/{model}.txt"
            for _, trained_on, view in views()
            for model in view.models
        }
    )


def sampling_options(wildcards):
    """How much is drawn: of days that are scored, or for a climatology."""
    budget = PROJECT.budget
    return canonical(budget.climate if wildcards.split == CLIMATE else budget.sampling)


def model_options(wildcards):
    """The model's section as JSON, without what changes no number."""
    return canonical(PROJECT.models[wildcards.model], exclude={"label", "requires"})


def model_code(step):
    """Fingerprint of a step together with the one family that it finds through the config."""

    def fingerprint(wildcards):
        model = PROJECT.models[wildcards.model]
        return code_version(step, f"downbench.labs.{model.lab}.{model.family}")

    return fingerprint


def base_bundle(wildcards):
    """The bundle of the model that this one builds on or takes its weights of, if any."""
    base = PROJECT.models[wildcards.model].needs
    return f"<results>/{wildcards.region}/{wildcards.trained_on}/models/{base}" if base else []


def base_option(wildcards, input):
    return f"--base {input.base}" if input.base else ""


def drawn_ensemble(wildcards):
    """The ensemble that this model only constrains, where there is one."""
    other = PROJECT.reuses_samples_of(wildcards.model)
    path = "<results>/{region}/{trained_on}/ensembles/{other}/{driver}/{split}.zarr"
    return path.format(other=other, **wildcards) if other else []


def drawn_option(wildcards, input):
    return f"--drawn {input.drawn}" if input.drawn else ""


def state_folder(wildcards, output):
    """Beside the bundles and declared nowhere: Snakemake leaves it alone, so training resumes."""
    return str(Path(output.bundle).parents[1] / "state" / wildcards.model)


def figure_folder(wildcards, input):
    return str(Path(input.figures[0]).parents[1])


def is_learned(wildcards):
    return isinstance(PROJECT.models[wildcards.model].options, Learned)


def is_trained(wildcards):
    """A network whose weights are its own: what takes another's is copied within seconds."""
    return is_learned(wildcards) and PROJECT.models[wildcards.model].shares_weights_with is None


def on_cluster():
    """Are threads asked of a cluster? A job judges them once more, and has to come out the same."""
    return workflow.resource_settings.nodes is not None or not workflow.is_main_process


def cores():
    return CLUSTER_THREADS if on_cluster() else workflow.cores


def half_if(is_heavy):
    """Thread function: half of the cores for a network at work, one for anything else.

    Two networks side by side are faster than one after the other, on all cores.
    """
    return lambda wildcards: max(1, cores() // 2) if is_heavy(wildcards) else 1


def is_drawing(wildcards):
    """A network that draws its samples itself, and does not constrain another's."""
    return is_learned(wildcards) and PROJECT.reuses_samples_of(wildcards.model) is None


def accelerators(wildcards):
    return 1 if is_drawing(wildcards) else 0


def training_accelerators(wildcards):
    return NEEDS.training_processes if is_trained(wildcards) else 0


OF_TRANSFER = ("transferred", "tolerances")


def experiment_numbers(wildcards):
    """The experiment as JSON, without what is only shown."""
    view = PROJECT.view(wildcards.experiment, wildcards.trained_on)
    left_out = {"title", "hypothesis", "figures", "labels", "claims", *OF_TRANSFER}
    return canonical(view, exclude=left_out)


def experiment_labels(wildcards):
    """The experiment as JSON with its labels, but the same for every figure."""
    view = PROJECT.view(wildcards.experiment, wildcards.trained_on)
    return canonical(view, exclude={"hypothesis", "figures", "claims", *OF_TRANSFER})


def whole_experiment(wildcards):
    """The experiment of a page as JSON, with the models of all training drivers."""
    return canonical(PROJECT.view(PAGES[wildcards.page], *PROJECT.region.trained_on))


def figure_code(wildcards):
    """Fingerprint of the one figure's module and of the step that calls it."""
    plot = figure_modules.describe(wildcards.figure).module
    return code_version("downbench.steps.draw_figure", f"downbench.plots.figures.{plot}")


def shown(path):
    """Input function: the file of the split that figures show, the experiment's first."""

    def file(wildcards):
        return path.format(split=PROJECT.experiments[wildcards.experiment].splits[0], **wildcards)

    return file


def per_model(folder):
    """Input function: one score file per model; of the first split, where no wildcard names one."""

    def paths(wildcards):
        view = PROJECT.view(wildcards.experiment, wildcards.trained_on)
        known = {"split": view.splits[0], **wildcards}
        return [folder.format(model=model, **known) for model in view.models]

    return paths


def evaluation_of_page(wildcards):
    """Section `evaluation` with the tolerances of laws, where the page judges claims by them."""
    judged = PROJECT.experiments[PAGES[wildcards.page]].claims
    return canonical(PROJECT.evaluation, exclude={"shift"}) if judged else "{}"


def with_laws(files):
    """Input function: these files, where the experiment asks about physical laws."""

    def paths(wildcards):
        return files(wildcards) if PROJECT.experiments[wildcards.experiment].claims else []

    return paths


def laws_of_page(wildcards):
    """What was checked of one model per training driver, where the page asks about laws."""
    name = PAGES[wildcards.page]
    found = []
    for _, trained_on, view in views(name) if PROJECT.experiments[name].claims else []:
        scores = f"<results>/{PROJECT.region.name}/{trained_on}/scores/{view.models[0]}"
        found.append(f"{scores}/{trained_on}/{view.splits[0]}-physics.nc")
    return found


def named(files, wildcards):
    """MODEL=PATH arguments, in the order of the experiment's models."""
    models = PROJECT.view(wildcards.experiment, wildcards.trained_on).models
    return [f"{model}={path}" for model, path in zip(models, files)]


def law_option(pairs):
    """NAME=PATH arguments of what was checked, or nothing."""
    return f"--physics {' '.join(pairs)}" if pairs else ""
