"""Figures that existing scores are enough for: `snakemake figures` trains and scores nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from snakemake.iocontainers import Wildcards

from downbench.core.config.loading import Project
from downbench.dag import paths
from downbench.dag.evidence import ExperimentEvidence
from downbench.dag.experiments import FIGURE_ENDINGS, Experiments


class FigureOfExperiment(NamedTuple):
    """One figure of an experiment with one training driver."""

    experiment: str
    trained_on: str
    figure: str


@dataclass(frozen=True)
class DrawableFigures:
    """Figures of a project, by whether the files that they show exist."""

    project: Project

    def files(self) -> list[str]:
        """PNG and PDF of every figure that can be drawn from existing scores."""
        return [
            paths.fill(paths.FIGURE, self._wildcards(figure), ending=ending)
            for figure in self._figures()
            if not self._absent(figure)
            for ending in FIGURE_ENDINGS
        ]

    def notes(self) -> list[str]:
        """One line for each experiment with figures that lack scores, and how to get these."""
        return [note for name in self.project.experiments for note in self._note(name)]

    def _note(self, name: str) -> Iterator[str]:
        figures = list(self._figures(name))
        absent = {figure.figure: files for figure in figures if (files := self._absent(figure))}
        if absent:
            lacking = len([figure for figure in figures if figure.figure in absent])
            which = "all figures" if lacking == len(figures) else ", ".join(absent)
            example = next(iter(absent.values()))[0]
            yield f"{name}: left out {which}, without {example}: `snakemake {name}` computes it"

    def _figures(self, *names: str) -> Iterator[FigureOfExperiment]:
        for name, trained_on, experiment in Experiments(self.project).views(*names):
            for figure in experiment.figures:
                yield FigureOfExperiment(name, trained_on, figure)

    def _absent(self, figure: FigureOfExperiment) -> list[str]:
        """Files that a figure shows and that do not exist."""
        kinds = ExperimentEvidence(self.project).figure(self._wildcards(figure))
        files = [path for kind in kinds.values() for path in kind.values()]
        paths_here = [path.replace("<results>", self.project.results_dir) for path in files]
        return [path for path in paths_here if not Path(path).is_file()]

    def _wildcards(self, figure: FigureOfExperiment) -> Wildcards:
        return Wildcards(fromdict={"region": self.project.region.name, **figure._asdict()})
