"""The page's table of predictor shift: a line per driver, with its place in the chain."""

import numpy as np
import pandas as pd

from downbench.report.shift_tables import shift_tables
from downbench.scores.climate.driver_chain import CHAIN_COLUMNS

CHAIN = (
    ("perfect", "", "training", "present"),
    ("gcm-historical", "gcm", "raw", "present"),
    ("gcm-future-corrected", "gcm", "corrected", "future"),
)


def transfer(part: str = "shift") -> pd.DataFrame:
    rows = []
    for place, (driver, run, stage, period) in enumerate(CHAIN):
        about = {"part": part, "run": run, "stage": stage, "period": period, "driver": driver}
        for variable, metric, value in (
            ("all", "two_sample_auc", 0.5 + place / 10),
            ("all", "out_of_distribution_share", 0.05),
            ("tas", "wasserstein_normalised", 0.2),
        ):
            for season in ("all", "DJF"):
                seen = {"variable": variable, "metric": metric, "season": season, "value": value}
                ends = {"lower": value - 0.01, "upper": value + 0.01}
                rows.append(dict.fromkeys(CHAIN_COLUMNS, np.nan) | about | seen | ends)
    return pd.DataFrame(rows)


def test_a_line_per_driver_and_a_column_per_predictor() -> None:
    (table,) = shift_tables(transfer(), "perfect")
    assert [name for name, _ in table.rows] == [
        "training driver, years not used for training",
        "gcm, raw",
        "gcm, corrected, future",
    ]
    auc, null, share, tas = table.rows[1][1]
    assert (auc.text, null.text, tas.text) == ("0.600", "–", "0.200")
    assert share.text.startswith("5") and table.headings[-1].words.endswith("tas")


def test_without_a_measured_shift_there_is_no_table() -> None:
    assert not list(shift_tables(transfer("climate"), "perfect"))
