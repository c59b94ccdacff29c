"""Groups of columns of the score tables, which a reader may show one at a time."""

from downbench.scores.metric_registry import families

OF_FAMILY = {
    "crps": "Accuracy",
    "log_score": "Accuracy",
    "likelihood": "Accuracy",
    "spread_skill": "Calibration",
    "dependence": "Calibration",
    "ranks": "Calibration",
    "reliability": "Calibration",
    "spectra": "Space",
    "robust_spectra": "Space",
    "seams": "Space",
    "multivariate": "Space",
    "patches": "Space",
    "blocks": "Space",
    "fractions": "Space",
    "sal": "Space",
    "time_windows": "Time",
    "persistence": "Time",
    "distribution": "Distribution",
    "tails": "Extremes",
    "extremes": "Extremes",
}
"""By the file of a metric."""
OF_METRIC = {
    "bias": "Distribution",
    "crps_block_maximum": "Extremes",
    "crps_block_maximum_ratio": "Extremes",
    "energy_score_patch_ratio": "Space",
    "p99": "Extremes",
    "p99_ratio": "Extremes",
}
"""Metrics of another group than their file's, and ratios of them, which are in no file."""
PAIRED, OTHER = "Accuracy", "Other"


def group_of(metric: str) -> str:
    """Return the group of a metric; those of two models, which no file declares, are accuracy."""
    names = {member.name: family.name for family in families() for member in family.metrics}
    if metric in OF_METRIC:
        return OF_METRIC[metric]
    return OF_FAMILY.get(names[metric], OTHER) if metric in names else PAIRED
