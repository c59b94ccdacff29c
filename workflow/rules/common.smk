"""The checked configuration, and what rules ask of it: see workflow/downbench/dag."""

import json
import shlex
import sys
from pathlib import Path

# Rules and steps use the package of this clone, whichever is installed where they run: a worktree,
# or a conda environment that clones share, must not run the code of another.
# (In the shell of each step, as Snakemake takes PYTHONPATH away from those with conda.)
PACKAGE = str(Path(workflow.basedir) / "workflow")
sys.path.insert(0, PACKAGE)
PYTHONPATH = f"{shlex.quote(PACKAGE)}${{{{PYTHONPATH:+:$PYTHONPATH}}}}"
shell.prefix(f"set -euo pipefail; export PYTHONPATH={PYTHONPATH}; ")

from downbench.core import figure_modules
from downbench.core.config.loading import load
from downbench.core.config.model import registry
from downbench.core.constants import PERFECT, SPLITS
from downbench.core.errors import UserError
from downbench.core.provenance import canonical, code_version
from downbench.dag import chart_library, environment, paths, remaining_time, run_messages
from downbench.dag.climate_runs import CLIMATE, PERIODS, ClimateRuns
from downbench.dag.corrections import Corrections
from downbench.dag.data_page import DataPage
from downbench.dag.densities import Densities
from downbench.dag.downloads import Downloads
from downbench.dag.drawable_figures import DrawableFigures
from downbench.dag.evidence import ExperimentEvidence, evidence_files, figure_code, manifest
from downbench.dag.expected import Expected
from downbench.dag.experiments import Experiments
from downbench.dag.front_page import FrontPage
from downbench.dag.functions import literal, one_of, refusal, sums_of
from downbench.dag.groups import Groups
from downbench.dag.models import Models
from downbench.dag.parameters import Parameters
from downbench.dag.redraws import Redraws
from downbench.dag.region_data import RegionData
from downbench.dag.resources import JobResources
from downbench.dag.stations import StationScores

try:
    PROJECT = load(config, root=Path(workflow.basedir))
    environment.prepare(workflow, PROJECT)
except UserError as error:
    sys.exit(f"error: {error}")

DRAWS_ONLY = environment.targets() == {"figures"}

# A second results folder has logs and benchmarks of its own: costs are read from the latter.
FOLDER = "" if PROJECT.results_dir == "results" else f"{PROJECT.results_dir}/"
LOGS, BENCHMARKS = f"{FOLDER}logs", f"{FOLDER}benchmarks"

data = RegionData(PROJECT)
data_page = DataPage(PROJECT)
downloads = Downloads(PROJECT)
downloads.limit(workflow)
corrections = Corrections(PROJECT)
models = Models(PROJECT)
expected = Expected(PROJECT)
redraws = Redraws(PROJECT)
densities = Densities(PROJECT)
experiments = Experiments(PROJECT)
drawable_figures = DrawableFigures(PROJECT)
evidence = ExperimentEvidence(PROJECT)
front_page = FrontPage(PROJECT, workflow)
climate_runs = ClimateRuns(PROJECT)
station_scores = StationScores(PROJECT)
parameters = Parameters(PROJECT)
groups = Groups(PROJECT)
LOCAL_CORES = environment.local_cores(workflow)
jobs = JobResources(PROJECT, environment.network_cores(workflow))
