"""Tables of scores at stations: test days of the training driver, and climates of the past.

The first line is the gridded target used as a forecast, the best that a gridded model can reach.
Only bilinear values with the altitude correction are shown; the score tables have the others.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from downbench.core.stages import TRAINING, label_of
from downbench.core.variables import VARIABLES
from downbench.report.page_table import Heading, PageTable
from downbench.report.transfer_columns import ClimateColumn
from downbench.report.transfer_tables import cell, line_name, rows_of

EXTRACTION = "bilinear"
TARGET = "target"
GROUPS = {
    "independent": "stations not used for the gridded target",
    "fed": "stations used for the gridded target",
}
_AT = "Weighted mean over stations; neighbouring stations share their weight."
DAYS = (
    ClimateColumn("crps", "CRPS", "{unit}", f"Fair CRPS at stations on test days. {_AT}"),
    ClimateColumn("mae_mean", "MAE", "{unit}", f"Mean absolute error of the ensemble mean. {_AT}"),
    ClimateColumn("bias", "Bias", "{unit}", f"Ensemble mean minus measurement. {_AT}"),
    ClimateColumn(
        "spread_skill",
        "Spread–skill",
        "1",
        "Spread over error: 1 would be right if stations were cells; what a point has more "
        "than its cell counts as error.",
    ),
    ClimateColumn(
        "wet_day_frequency", "Wet days", "%", f"Share of wet days, to compare. {_AT}", factor=100
    ),
    ClimateColumn(
        "wet_day_frequency_reference",
        "measured",
        "%",
        f"Share of wet days that was measured. {_AT}",
        factor=100,
    ),
)
CLIMATES = (
    ClimateColumn(
        "mean_bias", "Mean, bias", "{unit}", f"Run minus measurement over the past. {_AT}"
    ),
    ClimateColumn(
        "quantile_bias",
        "P99, bias",
        "{unit}",
        "99th percentile of all stations together, run minus measurement.",
        99.0,
    ),
    ClimateColumn(
        "wasserstein",
        "Distance",
        "{unit}",
        f"Wasserstein distance between the distributions of run and measurement. {_AT}",
    ),
    ClimateColumn(
        "wet_day_frequency_bias", "Wet days, bias", "%", f"Share of wet days. {_AT}", factor=100
    ),
    ClimateColumn("rx1day_bias", "Rx1day, bias", "mm day⁻¹", f"Wettest day of a year. {_AT}"),
    ClimateColumn("txx_bias", "Warmest, bias", "K", f"Warmest day of a year. {_AT}"),
    ClimateColumn("txn_bias", "Coldest, bias", "K", f"Coldest day of a year. {_AT}"),
)
COLUMNS = (*DAYS, *CLIMATES)


def station_tables(
    table: pd.DataFrame, experiment: Mapping[str, Any], trained_on: str
) -> Iterator[PageTable]:
    """Test days, then climates, of each variable; none where no stations were scored."""
    scores = table[(table["part"] == "stations") & (table["season"] == "all")]
    present = set(scores["variable"])
    for variable, row in ((n, r) for n, r in VARIABLES.items() if n in present):
        values = _shown(scores[scores["variable"] == variable])
        for words, columns, days in (("test days", DAYS, True), ("past climate", CLIMATES, False)):
            for group, meaning in GROUPS.items():
                rows = values[
                    ((values["stage"] == TRAINING) == days) & (values["stations"] == group)
                ]
                if len(rows):
                    title = f"At {rows['count'].max():.0f} {meaning}, {words}: {row.title}"
                    key = f"{trained_on}-stations-{group}-{words.replace(' ', '-')}-{variable}"
                    lines = _lines(rows, columns, experiment.get("labels", {}))
                    yield PageTable(key, title, _headings(rows, columns, row.unit_symbol), lines)


def _shown(rows: pd.DataFrame) -> pd.DataFrame:
    """Bilinear rows; of temperature those that are corrected for altitude."""
    corrected = rows["lapse_k_per_km"] != 0
    return rows[(rows["extraction"] == EXTRACTION) & (corrected | ~corrected.any())]


def _filled(rows: pd.DataFrame, columns: tuple[ClimateColumn, ...]) -> list[ClimateColumn]:
    return [column for column in columns if len(rows_of(rows, column))]


def _headings(rows: pd.DataFrame, columns: tuple[ClimateColumn, ...], unit: str) -> list[Heading]:
    return [
        Heading(c.metric, c.heading, c.unit.format(unit=unit), c.meaning, "for information")
        for c in _filled(rows, columns)
    ]


def _lines(
    rows: pd.DataFrame, columns: tuple[ClimateColumn, ...], labels: Mapping[str, str]
) -> list[tuple[str, list]]:
    """The gridded target, which is the same for every model, then the models."""
    shown = _filled(rows, columns)
    places = rows[["run", "stage", "model"]].fillna("").drop_duplicates()
    target = rows[rows["forecast"] == TARGET]
    lines = [("Gridded target", [cell(rows_of(target, column), column) for column in shown])]
    for run, stage, model in places.itertuples(index=False, name=None):
        values = rows[(rows["forecast"] != TARGET) & (rows["model"] == model)]
        values = values[(values["run"].fillna("") == run) & (values["stage"] == stage)]
        label = label_of(model, stage, labels)
        name = line_name(label, run, stage, stage == TRAINING)
        lines.append((name, [cell(rows_of(values, column), column) for column in shown]))
    return lines
