"""What every figure is drawn from: small tables and maps, never ensembles or checkpoints."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr

from downbench.core.errors import UserError
from downbench.core.variables import VARIABLES

COLUMNS = frozenset(
    "variable metric scale threshold season value lower upper members times".split()
)


@dataclass(frozen=True)
class FigureInputs:
    """Everything a figure may look at.

    Attributes
    ----------
    experiment
        Section of the experiment: `models` in the order to show them, `labels`.
    region
        Section of the region: `temperature` names the temperature variable or is null.
    comparison
        Comparison table of all models, columns `model` and those of a score table.
    scores
        Tidy score table of each model.
    maps
        Maps of each model, variables `<variable>_{truth,coarse,mean,spread,members}`.
    physics
        What `check_physics` found of each model: shares on (Y, X), residuals in bins.
    transfer
        What is known of runs of climate models, columns of `scores.transfer`; else None.
    stations
        Values per station of each PAIR/MODEL: a training driver, a climate model's runs
        (raw, or ending in `-corrected`), or `rcm` for a regional model.
    fields
        Maps and yearly values about climate runs, by `PART/MODEL/DRIVER`.
    """

    experiment: Mapping[str, Any]
    region: Mapping[str, Any]
    comparison: pd.DataFrame
    scores: Mapping[str, pd.DataFrame]
    maps: Mapping[str, xr.Dataset] = field(default_factory=dict)
    physics: Mapping[str, xr.Dataset] = field(default_factory=dict)
    transfer: pd.DataFrame | None = None
    stations: Mapping[str, xr.Dataset] = field(default_factory=dict)
    fields: Mapping[str, xr.Dataset] = field(default_factory=dict)

    @property
    def models(self) -> list[str]:
        """Models that were scored, in the order of the experiment."""
        return [name for name in self.experiment["models"] if name in self.scores]

    @property
    def ensembles(self) -> list[str]:
        """Models that have more than one member."""
        return [name for name in self.models if self.scores[name]["members"].max() > 1]

    @property
    def variables(self) -> list[str]:
        """Scored variables, rain first."""
        found = {name for table in self.scores.values() for name in table["variable"].dropna()}
        return [name for name in VARIABLES if name in found]

    @property
    def families(self) -> dict[str, list[str]]:
        """Constrained models that were scored, by their unconstrained model, in the order listed."""
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

    def curve(self, model: str, variable: str, metric: str, **where: float) -> pd.DataFrame:
        """All-season rows of one metric of one model, by rising scale and threshold."""
        return select(self.scores[model], variable, metric, **where)

    def compared(self, model: str, variable: str, metric: str) -> pd.DataFrame:
        """All-season rows of the comparison table for one model, on the full grid."""
        table = self.comparison[self.comparison["model"] == model]
        rows = select(table, variable, metric)
        return rows[rows["scale"].isna() | (rows["scale"] == 1)]

    def having(self, variable: str, metric: str, models: list[str]) -> list[str]:
        """Those of `models` whose scores hold a finite value of this metric."""
        return [m for m in models if self.curve(m, variable, metric)["value"].notna().any()]


def select(table: pd.DataFrame, variable: str, metric: str, **where: float) -> pd.DataFrame:
    """Rows of all seasons of one metric, by rising scale and threshold."""
    wanted = (table["variable"] == variable) & (table["metric"] == metric)
    wanted &= table["season"].isna() | (table["season"] == "all")
    for column, value in where.items():
        wanted &= table[column] == value
    return table[wanted].sort_values(["scale", "threshold"])


def read_table(path: Path, needed: frozenset[str] = COLUMNS) -> pd.DataFrame:
    """Read a score or comparison table.

    Raises
    ------
    UserError
        When the file is missing, is no table, or lacks columns.
    """
    try:
        table = pd.read_csv(path)
    except FileNotFoundError:
        raise UserError(f"{path}: no such score table; run `snakemake scores` first") from None
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise UserError(f"{path}: not a score table ({error}); delete it and run again") from None
    missing = sorted(needed - set(table.columns))
    if missing:
        raise UserError(f"{path}: score table without columns {missing}; evaluate again")
    return table
