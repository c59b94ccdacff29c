"""Resume a checkpoint only if model, data, seed, code and library versions match."""

import hashlib
import shutil
from importlib.metadata import version
from pathlib import Path

from downbench.core.io import data_hash
from downbench.core.io.atomic import replacing
from downbench.core.io.file_digest import digest
from downbench.exchange.bundle import Manifest
from downbench.labs.base import Pairs

FINGERPRINT = "fingerprint.txt"
LIBRARIES = ("torch", "lightning")


def prepare(state: Path, manifest: Manifest, pairs: Pairs) -> None:
    """Empty the state folder unless it belongs to the same model, data, seed and code.

    Data are both series on the days of training and validation, with the static fields: a
    checkpoint holds its own copy of those and would overwrite the new ones. Code is
    that of the family, and the versions of the libraries that wrote the state.
    """
    fingerprint = _fingerprint(manifest, pairs)
    mark = state / FINGERPRINT
    if not (mark.is_file() and mark.read_text() == fingerprint):
        shutil.rmtree(state, ignore_errors=True)
        with replacing(mark) as partial:
            partial.write_text(fingerprint)


def _fingerprint(manifest: Manifest, pairs: Pairs) -> str:
    parts = [
        manifest.model_dump_json(),
        pairs.region.model_dump_json(),
        pairs.transforms.model_dump_json(),
        *(f"{role} {digest(base / 'SHA256SUMS')}" for role, base in sorted(pairs.bases.items())),
        _data(pairs),
        *(version(library) for library in LIBRARIES),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _data(pairs: Pairs) -> str:
    """Return the hash of the training data; static fields are part of every target."""
    return data_hash.fingerprint(
        pairs.train_target, pairs.train_driver, pairs.validation_target, pairs.validation_driver
    )
