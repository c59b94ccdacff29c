"""What a model costs, from the benchmark files that Snakemake writes beside each rule."""

from pathlib import Path

import numpy as np
import pandas as pd

from downbench.core.errors import UserError
from downbench.scores.paired.paired_metrics import SAMPLING_S_PER_MEMBER_DAY, TRAINING_S
from downbench.scores.table import COLUMNS

SECONDS = "s"
PLACES = 6


def cost_rows(scores_path: Path, scores: pd.DataFrame, benchmarks: Path) -> pd.DataFrame:
    """Rows `training_s` and `sampling_s_per_member_day` of one model; NaN where not measured.

    The model's own training is counted, not that of the model it is based on.

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
    # Scores that lie elsewhere were made by hand: their costs are not known.
    parts = ("",) * PLACES + scores_path.with_suffix("").parts
    region, trained_on, _, model, driver, split = parts[-PLACES:]
    place = Path(region, trained_on)
    training = _seconds(benchmarks, "train_*", place / f"{model}.tsv")
    sampling = _seconds(benchmarks, "sample_*", place / model / driver / f"{split}.tsv")
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


def _seconds(benchmarks: Path, rule: str, place: Path) -> float:
    """Mean wall time of the runs that the benchmark file lists [s]."""
    found = sorted(benchmarks.glob(f"{rule}/{place.as_posix()}"))
    if not found:
        return np.nan
    listed = pd.read_csv(found[-1], sep="\t")
    if SECONDS not in listed:
        raise UserError(
            f"{found[-1]}: benchmark file without a column '{SECONDS}': delete it and run the "
            "rule again"
        )

    return float(pd.to_numeric(listed[SECONDS], errors="coerce").mean())
