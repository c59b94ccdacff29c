"""One safetensors file with the arrays of a baseline and a JSON note of its settings."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from downbench.core.errors import UserError
from downbench.core.io import bounded_json

NAME = "weights.safetensors"
NOTE = "settings"
PIECE = 2**20
"""Values that are compared at once, because masks of large arrays are large too."""


def save(folder: Path, arrays: Mapping[str, np.ndarray], settings: Mapping[str, Any]) -> None:
    """Write arrays of any shape and settings that JSON can hold to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    contiguous = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    save_file(contiguous, folder / NAME, metadata={NOTE: json.dumps(settings, sort_keys=True)})


def load(folder: Path) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Read back what `save` wrote.

    Raises
    ------
    UserError
        When the file is absent, broken or has no settings, or when its arrays do not fit into
        the memory of this machine.
    """
    path = Path(folder) / NAME
    if not path.is_file():
        raise UserError(f"{path}: no such file: train the model again to make its bundle")
    size, memory = path.stat().st_size, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if size > memory:
        raise UserError(
            f"{path}: {size} bytes of arrays, this machine has {memory} bytes of memory: take a "
            "larger one, or train with fewer `library_days`"
        )
    try:
        with safe_open(path, framework="numpy") as file:
            note = (file.metadata() or {}).get(NOTE)
            arrays = {name: file.get_tensor(name) for name in file.keys()}
    except SafetensorError as error:
        raise UserError(f"{path}: not readable ({error}): train the model again") from error
    if note is None:
        raise UserError(f"{path}: not written by a baseline: train the model again")
    infinite = [name for name, array in arrays.items() if _has_infinite(array)]
    if infinite:
        raise UserError(f"{path}: {', '.join(infinite[:5])} are infinite: train the model again")
    return arrays, bounded_json.check(note.encode(), f"{path}: {NOTE}")


def _has_infinite(array: np.ndarray) -> bool:
    flat = array.reshape(-1)
    pieces = (flat[first : first + PIECE] for first in range(0, flat.size, PIECE))
    return array.dtype.kind == "f" and any(bool(np.isinf(piece).any()) for piece in pieces)
