"""Stages of the chain from training driver to climate model, and what its rows are called."""

from collections.abc import Mapping

TRAINING, RAW, CORRECTED, DYNAMICAL = "training", "raw", "corrected", "dynamical"
PSEUDO_REALITY = "pseudo-reality-"
"""Before the name of a run: the truth that belongs to it, where the region is synthetic."""


def is_truth(model: str) -> bool:
    """Is it the truth of a synthetic run, which no model made?"""
    return model.startswith(PSEUDO_REALITY)


def label_of(model: str, stage: str, labels: Mapping[str, str]) -> str:
    """What a row is called: regional models and the truth of a run are in no catalogue."""
    if stage != DYNAMICAL:
        return labels.get(model, model)
    return "truth of the run" if is_truth(model) else model.upper()
