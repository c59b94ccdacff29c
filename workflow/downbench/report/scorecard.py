"""Scorecard of a region: models by criteria, one per variable and training driver."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from downbench.core.variables import VARIABLES
from downbench.report.best_model_unit import in_shared_unit
from downbench.report.criteria import CRITERIA, Criterion
from downbench.report.summary import DriverSummary, ExperimentSummary, ScoreCell

SHARED, SOLE = "=", "★"
"""Marks of the best: several that pairs do not separate, or one that is better than all others."""
Place = tuple[str, str]
"""Model and key of a criterion."""


@dataclass(frozen=True)
class CardCell:
    """One number of the scorecard; `missing` says why there is none.

    The others are as in `ScoreCell`; `mark` is that of the best.
    """

    level: str
    text: str = "–"
    interval: str = ""
    scores: str = ""
    mark: str = ""
    link: str = ""
    order: float = 0.0
    missing: str = ""

    @property
    def hint(self) -> str:
        """The interval, and the scores behind a ratio."""
        return "; ".join(filter(None, (self.interval, self.scores)))


@dataclass(frozen=True)
class Scorecard:
    """All models by all criteria for one variable and training driver.

    cells : of the models that have any, by model and key of the criterion
    labels : name for readers by model, the most accurate first
    main, source : models and name of the first experiment
    competing, ensembles : see `DriverSummary`
    grain : power of the shortest waves over that of the reference [dB], by model
    """

    driver: str
    variable: str
    criteria: Sequence[Criterion]
    cells: Mapping[Place, ScoreCell]
    labels: Mapping[str, str]
    main: Sequence[str]
    source: str
    competing: Sequence[str]
    ensembles: Sequence[str]
    grain: Mapping[str, float]
    sources: Mapping[str, str]

    @property
    def title(self) -> str:
        """Name of the variable."""
        return VARIABLES[self.variable].title

    @property
    def scope(self) -> str:
        """Words for the models among which the best is marked; empty where they are all."""
        return "" if set(self.labels) <= set(self.main) else f" of the models of {self.source}"

    @property
    def groups(self) -> list[tuple[str, int]]:
        """Headings over several columns, and how many."""
        names = groupby(criterion.group for criterion in self.criteria)
        return [(name, len(list(columns))) for name, columns in names]

    @property
    def reasons(self) -> list[str]:
        """Reasons of missing numbers, each once."""
        cells = (cell for _, _, cells in self.rows for cell in cells)
        return list(dict.fromkeys(cell.missing for cell in cells if cell.missing))

    def unit(self, criterion: Criterion) -> str:
        """Return the unit of a column."""
        units = (cell.unit for (_, key), cell in self.cells.items() if key == criterion.key)
        return next(units, criterion.unit)

    @property
    def rows(self) -> Iterator[tuple[str, str, list[CardCell]]]:
        """Model, label and cells of each row."""
        best = {criterion.key: self.best(criterion) for criterion in self.criteria}
        for model, label in self.labels.items():
            yield model, label, [self._cell(model, c, best[c.key]) for c in self.criteria]

    def best(self, criterion: Criterion) -> list[str]:
        """Return the best models that pairs do not separate; none without pairs.

        Only models of the first experiment are paired with each other.
        """
        cells = {m: self.cells[m, criterion.key] for m in self.competing
                 if m in self.main and (m, criterion.key) in self.cells}  # fmt: skip
        if not cells:
            return []
        first = min(cells, key=lambda model: cells[model].order)
        if cells[first].ties is None:
            return []
        tied = cells[first].ties or ()
        return [m for m in cells if m == first or m in tied or first in (cells[m].ties or ())]

    def level(self, model: str, criterion: Criterion) -> str | None:
        """Return how good a model is by a criterion; None where it has no number."""
        cell = self.cells.get((model, criterion.key))
        return None if cell is None else criterion.level(cell.distance)

    def _cell(self, model: str, criterion: Criterion, best: Sequence[str]) -> CardCell:
        cell = self.cells.get((model, criterion.key))
        if cell is None:
            return CardCell("missing", missing=self._reason(criterion))
        mark = (SOLE if len(best) == 1 else SHARED) if model in best else ""
        level = criterion.level(cell.distance)
        return CardCell(level, cell.text, cell.interval, cell.scores, mark, cell.link, cell.order)

    def _reason(self, criterion: Criterion) -> str:
        """Return why a model has no number: the experiment did not run, or leaves it out."""
        if any(key == criterion.key for _, key in self.cells):
            return criterion.lacking
        source = self.sources.get(criterion.key)
        return f"{source} not run" if source else criterion.lacking


def scorecards(
    summaries: Sequence[ExperimentSummary], sources: Mapping[str, str]
) -> list[Scorecard]:
    """Return the scorecards of all variables and training drivers.

    Parameters
    ----------
    summaries
        Experiments with results; of a number that several have the first counts.
    sources
        Experiment that a criterion comes from, by key, whether it ran or not.
    """
    drivers: dict[str, dict[str, DriverSummary]] = {}
    for summary in summaries:
        for part in summary.drivers:
            drivers.setdefault(part.name, {})[summary.name] = part
    return [
        _scorecard(name, variable, parts, sources)
        for name, parts in drivers.items()
        for variable in dict.fromkeys(c.variable for part in parts.values() for c in part.cells)
    ]


def _scorecard(
    driver: str,
    variable: str,
    by_experiment: Mapping[str, DriverSummary],
    sources: Mapping[str, str],
) -> Scorecard:
    parts = list(by_experiment.values())
    competing = list(dict.fromkeys(name for part in parts for name in part.competing))
    cells = {
        (cell.model, cell.criterion): cell
        for part in reversed(parts)
        for cell in part.cells
        if cell.variable == variable
    }
    cells = in_shared_unit(cells, competing)
    present = {key for _, key in cells} | sources.keys()
    labels = {name: label for part in parts for name, label in part.labels.items()}
    accuracy = {m: cell.order for (m, key), cell in cells.items() if key == CRITERIA[0].key}
    order = sorted(labels, key=lambda model: accuracy.get(model, float("inf")))
    return Scorecard(
        driver,
        variable,
        criteria=[criterion for criterion in CRITERIA if criterion.key in present],
        cells=cells,
        labels={name: labels[name] for name in order if any(m == name for m, _ in cells)},
        main=list(parts[0].labels),
        source=next(iter(by_experiment)),
        competing=competing,
        ensembles=list(dict.fromkeys(name for part in parts for name in part.ensembles)),
        grain={
            model: power
            for part in reversed(parts)
            for model, power in part.grain.get(variable, {}).items()
        },
        sources=sources,
    )
