"""What a model takes, from the records of its trainings and Snakemake's benchmark files.

The trainings of a model are its own and those of all models that it builds on; each counts in
full. Time is that of processor cores: wall time of jobs that run side by side measures how many
they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from downbench.core.errors import UserError
from downbench.core.training_record import TrainingRecord
from downbench.scores.metric import Metric
from downbench.scores.paired import paired_metrics as metrics
from downbench.scores.table import COLUMNS

CORE_SECONDS, SECONDS = "cpu_time", "s"
PATH_PARTS = 6


@dataclass(frozen=True)
class CostSources:
    """Models whose jobs a model's cost consists of.

    trainings
        The model, or the one whose weights it takes, then the models that it builds on.
    samplings
        With the model whose samples it constrains.
    elsewhere
        Models that were not trained here; benchmarks of an earlier training are not theirs.
    """

    trainings: Sequence[str]
    samplings: Sequence[str]
    elsewhere: Sequence[str] = ()


def cost_rows(
    scores_path: Path, scores: pd.DataFrame, benchmarks: Path, sources: CostSources | None = None
) -> pd.DataFrame:
    """Return one row per cost; NaN where it was not measured.

    Parameters
    ----------
    scores_path
        `…/{region}/{trained_on}/scores/{model}/{driver}/{split}.csv`: says which files to read.
    scores
        Its table: members and times of the ensemble.
    benchmarks
        Folder with `train_<lab>/{region}/{trained_on}/{model}.tsv` and
        `sample_<lab>/{region}/{trained_on}/{model}/{driver}/{split}.tsv`.
    sources
        Models that the cost consists of; the model alone by default.
    """
    # Scores outside the results folder have no benchmark files: their costs are NaN.
    parts = ("",) * PATH_PARTS + scores_path.with_suffix("").parts
    region, trained_on, _, model, driver, split = parts[-PATH_PARTS:]
    sources = sources or CostSources([model], [model])
    folder = Path(region, trained_on)
    trainings = [
        (np.nan, np.nan)
        if name in sources.elsewhere
        else _seconds(benchmarks, "train_*", folder / f"{name}.tsv")
        for name in sources.trainings
    ]
    samplings = [
        _seconds(benchmarks, "sample_*", folder / name / driver / f"{split}.tsv")
        for name in sources.samplings
    ]
    records = [
        TrainingRecord.read(scores_path.parents[3] / "models" / name) for name in sources.trainings
    ]
    members, times = int(scores["members"].max()), int(scores["times"].max())
    values = {
        metrics.TRAINING_CPU_S: sum(core for core, _ in trainings),
        metrics.SAMPLING_CPU_S: sum(core for core, _ in samplings) / max(members * times, 1),
        metrics.TRAINING_ACCELERATOR_S: _accelerator_seconds(trainings, records),
        **_recorded(records),
    }
    return pd.DataFrame([_row(m, v, members, times) for m, v in values.items()])


def _row(metric: Metric, value: float, members: int, times: int) -> dict[str, object]:
    cells = {"metric": metric.name, "season": "all", "value": value}
    return dict.fromkeys(COLUMNS, np.nan) | cells | {"members": members, "times": times}


def _recorded(records: Sequence[TrainingRecord | None]) -> dict[Metric, float]:
    """Return the costs that records hold: of all trainings, size and end of the first with one."""
    present = [record for record in records if record is not None]
    if not present:
        return {}
    falls = [record.late_fall for record in present if record.late_fall is not None]
    return {
        metrics.PARAMETERS: present[0].parameters,
        metrics.TRAINING_SAMPLES: sum(record.samples for record in present),
        metrics.TRAINING_TFLOP: sum(record.flop for record in present) / 1e12,
        metrics.SAMPLING_GFLOP: present[0].sampling_flop / 1e9,
        metrics.TRAINING_LATE_FALL: 100 * max(falls, default=np.nan),
    }


def _accelerator_seconds(
    trainings: Sequence[tuple[float, float]], records: Sequence[TrainingRecord | None]
) -> float:
    """Return wall times multiplied by accelerators; NaN for trainings on processor cores alone."""
    spent = [
        wall * record.accelerators
        for (_, wall), record in zip(trainings, records, strict=True)
        if record is not None and record.accelerators
    ]
    return sum(spent) if spent else np.nan


def _seconds(benchmarks: Path, rule: str, path: Path) -> tuple[float, float]:
    """Return mean core time and mean wall time of the runs of a benchmark file [s]."""
    files = sorted(benchmarks.glob(f"{rule}/{path.as_posix()}"))
    if not files:
        return np.nan, np.nan
    runs = pd.read_csv(files[-1], sep="\t")
    absent = [column for column in (CORE_SECONDS, SECONDS) if column not in runs]
    if absent:
        raise UserError(
            f"{files[-1]}: benchmark file without a column '{absent[0]}': delete it and run the "
            "rule again"
        )
    core, wall = (
        float(pd.to_numeric(runs[column], errors="coerce").mean())
        for column in (CORE_SECONDS, SECONDS)
    )
    return core, wall
