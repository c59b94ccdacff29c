"""Validation losses of a training, as rows of a comparison: `training_curve.csv` of a bundle."""

from pathlib import Path

import numpy as np
import pandas as pd

from downbench.core.errors import UserError
from downbench.core.training_record import TrainingRecord
from downbench.scores.paired.paired_metrics import VALIDATION_LOSS
from downbench.scores.table import COLUMNS

FILE = "training_curve.csv"


def curve_rows(bundle: Path, members: int, times: int) -> pd.DataFrame:
    """Return one row per validation, `scale` in samples; none for a model without a curve.

    Parameters
    ----------
    bundle
        Folder of a model that was trained here.
    members, times
        Of its ensemble.

    Raises
    ------
    UserError
        When the curve cannot be read.
    """
    record = TrainingRecord.read(bundle)
    if record is None or not (bundle / FILE).exists():
        return pd.DataFrame(columns=COLUMNS)
    try:
        curve = pd.read_csv(bundle / FILE, usecols=["step", "validation_loss"], dtype=float)
    except ValueError as error:
        message = f"{bundle / FILE}: not a training curve: {error}; train it again"
        raise UserError(message) from None
    samples = curve["step"] * record.samples / curve["step"].max()
    rows = pd.DataFrame({"scale": samples, "value": curve["validation_loss"]})
    constants = dict.fromkeys(COLUMNS, np.nan) | {
        "metric": VALIDATION_LOSS.name, "season": "all", "members": members, "times": times
    }  # fmt: skip
    return pd.DataFrame(constants, index=rows.index).assign(**rows)[list(COLUMNS)]
