"""One safetensors file with the arrays of a baseline and a JSON note of its settings."""

import json
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
        When the file is absent, broken or has no settings.
    """
    path = Path(folder) / NAME
    if not path.is_file():
        raise UserError(f"{path}: no such file: train the model again to make its bundle")
    try:
        with safe_open(path, framework="numpy") as file:
            note = (file.metadata() or {}).get(NOTE)
            arrays = {name: file.get_tensor(name) for name in file.keys()}
    except SafetensorError as error:
        raise UserError(f"{path}: not readable ({error}): train the model again") from error
    if note is None:
        raise UserError(f"{path}: not written by a baseline: train the model again")
    infinite = [n for n, a in arrays.items() if a.dtype.kind == "f" and np.isinf(a).any()]
    if infinite:
        raise UserError(f"{path}: {', '.join(infinite[:5])} are infinite: train the model again")
    return arrays, bounded_json.check(note.encode(), f"{path}: {NOTE}")
