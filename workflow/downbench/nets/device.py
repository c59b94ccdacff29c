"""Where networks run, and a word where that is not where they were meant to."""

import os

import torch

VISIBLE = "CUDA_VISIBLE_DEVICES"
NONE = ("", "-1", "NoDevFiles")
"""What it holds where there is none."""


def device() -> torch.device:
    """The accelerator if there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def warn_unused_accelerators() -> None:
    """Warn where accelerators were granted that torch cannot use: all takes far longer then."""
    granted = os.environ.get(VISIBLE, "")
    if granted not in NONE and not torch.cuda.is_available():
        built = f"built for CUDA {torch.version.cuda}" if torch.version.cuda else "without CUDA"
        print(
            f"warning: accelerators are granted ({VISIBLE}={granted}), but this torch "
            f"{torch.__version__} ({built}) finds none: working on the processor. "
            "See 'Accelerators' in docs/cluster.md"
        )
