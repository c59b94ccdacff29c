"""Computing time of a model, from the benchmark files that Snakemake writes for each job."""

from pathlib import Path

import numpy as np
import pandas as pd

from downbench.core.errors import UserError
from downbench.scores.paired.paired_metrics import SAMPLING_S_PER_MEMBER_DAY, TRAINING_S
from downbench.scores.table import COLUMNS

SECONDS = "s"
PATH_PARTS = 6


def cost_rows(scores_path: Path, scores: pd.DataFrame, benchmarks: Path) -> pd.DataFrame:
    """Return rows `training_s` and `sampling_s_per_member_day`; NaN where not measured.

    The training of the model itself is counted, not that of its base model.

    Parameters
    ----------
    scores_path
        `…/{region}/{trained_on}/scores/{model}/{driver}/{split}.csv`: says which files to read.
    scores
        Its table: members and times of the ensemble.
    benchmarks
        Folder with `train_<lab>/{region}/{trained_on}/{model}.tsv` and
        `sample_<lab>/{region}/{trained_on}/{model}/{driver}/{split}.tsv`.
    """
    # Scores outside the results folder have no benchmark files: their costs are NaN.
    parts = ("",) * PATH_PARTS + scores_path.with_suffix("").parts
    region, trained_on, _, model, driver, split = parts[-PATH_PARTS:]
    folder = Path(region, trained_on)
    training = _seconds(benchmarks, "train_*", folder / f"{model}.tsv")
    sampling = _seconds(benchmarks, "sample_*", folder / model / driver / f"{split}.tsv")
    members, times = int(scores["members"].max()), int(scores["times"].max())
    values = {
        TRAINING_S.name: training,
        SAMPLING_S_PER_MEMBER_DAY.name: sampling / max(members * times, 1),
    }
    rows = [
        {"metric": name, "season": "all", "value": value, "members": members, "times": times}
        for name, value in values.items()
    ]

    return pd.DataFrame(rows).reindex(columns=list(COLUMNS))


def _seconds(benchmarks: Path, rule: str, path: Path) -> float:
    """Return the mean wall time of the runs that the benchmark file lists [s]."""
    files = sorted(benchmarks.glob(f"{rule}/{path.as_posix()}"))
    if not files:
        return np.nan
    runs = pd.read_csv(files[-1], sep="\t")
    if SECONDS not in runs:
        raise UserError(
            f"{files[-1]}: benchmark file without a column '{SECONDS}': delete it and run the "
            "rule again"
        )

    return float(pd.to_numeric(runs[SECONDS], errors="coerce").mean())
