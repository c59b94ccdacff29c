"""What training and sampling rules ask about a model."""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from snakemake.iocontainers import InputFiles, OutputFiles, Wildcards

from downbench.core.config.loading import Project
from downbench.core.config.model import external_ensemble
from downbench.core.config.model.catalogue import trainings
from downbench.core.config.model.model import NOT_NUMBERS
from downbench.core.config.model.options import GenerativeOptions, NetworkOptions
from downbench.core.io.file_digest import digest
from downbench.core.provenance import canonical, code_version
from downbench.dag import paths
from downbench.dag.climate_runs import CLIMATE
from downbench.dag.experiments import Experiments
from downbench.dag.functions import ParameterOf, arguments, one_of
from downbench.dag.paths import fill


def _state(path: Path) -> str:
    """Return a digest of name, bytes and time of change of a file, or of a Zarr store's files."""
    parts = sorted(part for part in (path, *path.rglob("*")) if part.is_file())
    states = [(str(p.relative_to(path)), p.stat().st_size, p.stat().st_mtime_ns) for p in parts]
    return hashlib.sha256(json.dumps(states).encode()).hexdigest()


def chained_rules(project: Project) -> set[str]:
    """Return rules of which one job needs another job's output: `train_LAB` and `sample_LAB`."""
    names = {name for experiment in project.experiments.values() for name in experiment.models}
    chained = set()
    for model in (project.models[name] for name in names):
        reused = project.reuses_samples_of(model.name)
        labs = {project.models[parent].lab for parent in model.parents.values()}
        chained |= {f"train_{lab}" for lab in labs & {model.lab}}
        chained |= {f"sample_{model.lab}"} if reused else set()
    return chained


@dataclass(frozen=True)
class Models:
    """Answers about the models of a project; methods take the wildcards of a job."""

    project: Project

    def is_network(self, wildcards: Wildcards) -> bool:
        """Whether a network is at work in this model."""
        return isinstance(self.project.models[wildcards.model].options, NetworkOptions)

    def is_generative(self, wildcards: Wildcards) -> bool:
        """Whether the model samples by a generative process, which takes many evaluations."""
        return isinstance(self.project.models[wildcards.model].options, GenerativeOptions)

    def trains(self, wildcards: Wildcards) -> bool:
        """Whether a network is trained; shared weights are copied within seconds."""
        model = self.project.models[wildcards.model]
        return self.is_network(wildcards) and model.shares_weights_with is None

    def samples(self, wildcards: Wildcards) -> bool:
        """Whether a network samples; a constraint of another model's samples takes seconds."""
        return self.is_network(wildcards) and (
            self.project.reuses_samples_of(wildcards.model) is None
        )

    def of_lab(self, lab: str) -> str:
        """Wildcard constraint: a model of this lab."""
        return one_of(name for name, model in self.project.models.items() if model.lab == lab)

    def trained_by(self, lab: str) -> str:
        """Wildcard constraint: a model that this lab trains here."""
        models = self.project.models.items()
        return one_of(n for n, model in models if model.lab == lab and model.bundle is None)

    @property
    def entered(self) -> str:
        """Wildcard constraint: a model whose bundle was trained elsewhere."""
        return one_of(n for n, model in self.project.models.items() if model.bundle is not None)

    def source_bundle(self, wildcards: Wildcards) -> str:
        """Input function: the bundle that is entered under the name of this model."""
        folder = fill(self.project.models[wildcards.model].bundle, wildcards)
        return os.path.expanduser(folder)

    def source_sums(self, wildcards: Wildcards) -> str:
        """Parameter function: digest of that bundle, as one that replaces it may be older."""
        (sums,) = paths.sums(self.source_bundle(wildcards))
        return digest(Path(sums)) if Path(sums).is_file() else ""

    @property
    def external(self) -> str:
        """Wildcard constraint: a model whose ensemble was made elsewhere."""
        return one_of(n for n, model in self.project.models.items() if model.ensemble is not None)

    def source_ensemble(self, wildcards: Wildcards) -> list[str]:
        """Input function: the files that are entered as the ensemble of this model."""
        path = self.project.models[wildcards.model].ensemble
        values = dict(wildcards.items())
        name = external_ensemble.filled(path, **values)
        return external_ensemble.files(path, **values) or [name]

    def state_of_source(self, wildcards: Wildcards) -> str:
        """Parameter function: the state of these files, which may be folders."""
        return json.dumps([_state(Path(name)) for name in self.source_ensemble(wildcards)])

    def external_options(self, wildcards: Wildcards) -> str:
        """Parameter function: what the entry says about its files, as JSON."""
        options = self.project.models[wildcards.model].options
        return canonical(options, exclude={"region", "drivers", "splits"})

    def section(self, wildcards: Wildcards) -> str:
        """Parameter function: the model's section as JSON, without what changes no number."""
        return canonical(self.project.models[wildcards.model], exclude=NOT_NUMBERS)

    def code(self, step: str) -> ParameterOf:
        """Parameter function: fingerprint of a step, of the model's family and of its process."""

        def fingerprint(wildcards: Wildcards) -> str:
            return code_version(step, *self.project.models[wildcards.model].modules)

        return fingerprint

    def base_bundles(self, wildcards: Wildcards) -> list[str]:
        """Input function: the bundles that this model builds on or takes its weights from."""
        parents = self.project.models[wildcards.model].parents
        return [fill(paths.BUNDLE, wildcards, model=name) for name in parents.values()]

    def reused_samples(self, wildcards: Wildcards) -> str | list[str]:
        """Input function: the ensemble of another model that this one only constrains."""
        model = self.project.reuses_samples_of(wildcards.model)
        return fill(paths.ENSEMBLE, wildcards, model=model) if model else []

    def cost_sources(self, wildcards: Wildcards) -> str:
        """Parameter function: models whose jobs the cost of each model consists of, as JSON.

        A model that takes the weights of another has no training of its own.
        """
        models, view = self.project.models, Experiments(self.project).view(wildcards)
        sources = {
            name: {
                "trainings": trainings(models[name].shares_weights_with or name, models),
                "samplings": [*filter(None, (name, self.project.reuses_samples_of(name)))],
                "elsewhere": [n for n, model in models.items() if model.bundle or model.ensemble],
            }
            for name in view.models
        }
        return json.dumps(sources)

    def sampling(self, wildcards: Wildcards) -> str:
        """Parameter function: how much is sampled, for scores or for a climatology."""
        budget = self.project.budget
        if wildcards.split == CLIMATE:
            return canonical(budget.climate)
        return canonical(budget.sampling, exclude={"sampler", "sampler_steps"})

    def sampler_argument(self, wildcards: Wildcards) -> str:
        """Parameter function: the argument with the sampler of a generative model."""
        model = self.project.models[wildcards.model]
        sampler = self.project.budget.sampling.sampler_of(model.options)
        return arguments("sampler", [canonical(sampler)] if sampler else [])

    def bases_argument(self, wildcards: Wildcards, input: InputFiles) -> str:
        """Parameter function: the argument that names the bundles of the base models."""
        roles = self.project.models[wildcards.model].parents
        pairs = zip(roles, input.bases, strict=True)
        return arguments("base", [f"{role}={path}" for role, path in pairs])

    @staticmethod
    def reused_samples_argument(wildcards: Wildcards, input: InputFiles) -> str:
        """Parameter function: the argument that names the ensemble that is constrained."""
        return arguments("reused", [input.reused] if input.reused else [])

    @staticmethod
    def state_folder(wildcards: Wildcards, output: OutputFiles) -> str:
        """Parameter function: where a training keeps its state.

        The folder is no output of any rule, so Snakemake keeps it and a killed training resumes.
        """
        return str(Path(output.bundle).parents[1] / "state" / wildcards.model)
