"""Inputs of figures: tables and maps of an experiment, no ensembles or checkpoints."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from downbench.core.io.evidence import Evidence, EvidenceFiles
from downbench.core.variables import VARIABLES
from downbench.plots.empty_figures import require_values


@dataclass(frozen=True)
class FigureInputs:
    """An experiment in one region with one training driver, and its evidence.

    Attributes
    ----------
    experiment
        Section of the experiment: `models` in the order to show them, `labels`.
    region
        Section of the region: `temperature` names the temperature variable or is null.
    evidence
        Files by kind and key: `inputs["scores"]["unet"]` is read when it is first used.

        =============  =====================  ==================================================
        kind           key                    content
        =============  =====================  ==================================================
        comparison     training driver        comparison table of all models
        scores         model                  score table
        maps           model                  maps `<variable>_{reference,coarse,mean,…}`
        physics        model                  violation rates on (Y, X), residuals in bins
        driver_chain   training driver        table of all drivers that models were applied to
        climate        model/driver           maps and yearly values of a climate
        change         model/run              maps of climate change
        stations       pair/model             values per station; pair: a training driver, a GCM
                                              run (raw, or with `-corrected`), or `rcm`
        =============  =====================  ==================================================
    """

    experiment: Mapping[str, Any]
    region: Mapping[str, Any]
    evidence: Evidence

    def __getitem__(self, kind: str) -> EvidenceFiles:
        """Return the files of one kind by key, empty if there are none."""
        return self.evidence[kind]

    @property
    def comparison(self) -> pd.DataFrame:
        """Comparison table of all models, columns `model` and those of a score table."""
        return next(iter(self["comparison"].values()))

    @property
    def driver_chain(self) -> pd.DataFrame | None:
        """Table of all drivers that models were applied to; None without climate models."""
        return next(iter(self["driver_chain"].values()), None)

    @property
    def models(self) -> list[str]:
        """Models that were scored, in the order of the experiment."""
        return [name for name in self.experiment["models"] if name in self["scores"]]

    @property
    def ensembles(self) -> list[str]:
        """Models that have more than one member."""
        return [name for name in self.models if self["scores"][name]["members"].max() > 1]

    @property
    def variables(self) -> list[str]:
        """Scored variables, rain first."""
        tables = self["scores"].values()
        scored = {name for table in tables for name in table["variable"].dropna()}
        return [name for name in VARIABLES if name in scored]

    @property
    def families(self) -> dict[str, list[str]]:
        """Scored constrained models by their unconstrained model, in the order listed."""
        families: dict[str, list[str]] = {}
        for pair in self.experiment.get("constrained_models", ()):
            if {pair["unconstrained"], pair["model"]} <= set(self.models):
                families.setdefault(pair["unconstrained"], []).append(pair["model"])
        return families

    def strength(self, model: str) -> int:
        """Rank of a model among those with its unconstrained model and constraint method.

        The experiment lists them by rising strength. A model without any like it has rank 1, the
        middle of a sweep 0, 1, 2.
        """
        pairs = self.experiment.get("constrained_models", ())
        methods = {pair["model"]: (pair["unconstrained"], pair["method"]) for pair in pairs}
        sweep = [name for name, method in methods.items() if method == methods.get(model)]
        return sweep.index(model) if len(sweep) > 1 else 1

    @property
    def labels(self) -> Mapping[str, str]:
        """Names of models for readers, of those that have one."""
        return self.experiment.get("labels", {})

    def label(self, model: str) -> str:
        """The name of a model for readers."""
        return self.labels.get(model, model)

    def curve(self, model: str, variable: str, metric: str, **keys: float) -> pd.DataFrame:
        """All-season rows of one metric of one model, by rising scale and threshold."""
        return select(self["scores"][model], variable, metric, **keys)

    def compared(self, model: str, variable: str, metric: str) -> pd.DataFrame:
        """All-season rows of the comparison table for one model, on the full grid."""
        table = self.comparison[self.comparison["model"] == model]
        rows = select(table, variable, metric)
        return rows[rows["scale"].isna() | (rows["scale"] == 1)]

    def having(self, variable: str, metric: str, models: list[str]) -> list[str]:
        """Those of `models` whose scores hold a finite value of this metric."""
        return [m for m in models if self.curve(m, variable, metric)["value"].notna().any()]

    def require(self, models: list[str], *metrics: str) -> None:
        """Raise `NothingToDraw` unless a model has a value of a metric, for some variable.

        Metrics of the comparison table count like those of the score tables.
        """
        tables = [self["scores"][model] for model in models]
        if self["comparison"]:
            tables.append(self.comparison[self.comparison["model"].isin(models)])
        rows = [table.loc[table["metric"].isin(metrics), "value"] for table in tables]
        require_values(*rows)


def select(table: pd.DataFrame, variable: str, metric: str, **keys: float) -> pd.DataFrame:
    """Rows of all seasons of one metric, by rising scale and threshold."""
    mask = (table["variable"] == variable) & (table["metric"] == metric)
    mask &= table["season"].isna() | (table["season"] == "all")
    for column, value in keys.items():
        mask &= table[column] == value
    return table[mask].sort_values(["scale", "threshold"])
