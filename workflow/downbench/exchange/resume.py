"""A training state is gone on with only by the very training that left it."""

import hashlib
import shutil
from pathlib import Path

from downbench.core.atomic import replacing
from downbench.exchange.bundle import Manifest, digest
from downbench.labs.base import Pairs

FINGERPRINT = "fingerprint.txt"


def prepare(state: Path, manifest: Manifest, pairs: Pairs) -> None:
    """Empty the state folder unless it belongs to the same model, data, seed and code."""
    wanted = _fingerprint(manifest, pairs)
    mark = state / FINGERPRINT
    if not (mark.is_file() and mark.read_text() == wanted):
        shutil.rmtree(state, ignore_errors=True)
        with replacing(mark) as beside:
            beside.write_text(wanted)


def _fingerprint(manifest: Manifest, pairs: Pairs) -> str:
    parts = [
        manifest.model_dump_json(),
        pairs.region.model_dump_json(),
        pairs.transforms.model_dump_json(),
        "" if pairs.base is None else digest(pairs.base / "SHA256SUMS"),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
