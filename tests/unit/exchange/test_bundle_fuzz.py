"""Every mutation of a bundle is refused in one message, or its golden outputs come out again.

`BUNDLE_MUTATIONS=100000 pytest tests/unit/exchange/test_bundle_fuzz.py` tries more of them;
`bench/hostile_bundles.py` counts them.
"""

import os
from pathlib import Path

import pytest

from bundle_mutations import Mutation, mutations
from changed_bundles import sum_again
from downbench.core import transforms
from downbench.core.errors import UserError
from downbench.core.io import bounded_json
from downbench.core.training_record import TrainingRecord
from downbench.exchange import bundle, bundle_files, golden, tensor_header
from downbench.nets import architecture
from hostile_bundles import SOUND, sound_bundle

COUNT = int(os.environ.get("BUNDLE_MUTATIONS", "3000"))
WITH_STALE_HASHES = COUNT // 10
WITH_RIGHT_HASHES = COUNT // 20
"""Some of these are sampled; all `COUNT` are parsed."""

PARSERS = {
    "SHA256SUMS": lambda path: bundle_files.check_hashes(path.parent),
    "architecture.json": lambda path: architecture.read(path.parent),
    "golden.nc": lambda path: golden.read(path, FITTED),
    "model.json": lambda path: bundle.read_manifest(path.parent),
    "training.json": lambda path: TrainingRecord.read(path.parent),
    "transforms.json": transforms.read,
    "weights.safetensors": tensor_header.check,
}
FITTED = transforms.read(SOUND / "transforms.json")


@pytest.fixture
def folder(tmp_path):
    return sound_bundle(tmp_path / "unet")


def refused(folder: Path, mutation: Mutation, expected=None, right_hashes: bool = False) -> bool:
    """Return whether a mutation is refused; the bundle is sound again afterwards."""
    path = folder / mutation.name
    sound = {name: (folder / name).read_bytes() for name in {mutation.name, bundle_files.SUMS}}
    path.write_bytes(mutation.content)
    if right_hashes:
        sum_again(folder)
    try:
        assert bundle.verify(folder, expected) <= 1
    except UserError as error:
        assert str(folder) in str(error)
        return True
    finally:
        for name, content in sound.items():
            (folder / name).write_bytes(content)
    return False


def test_each_change_of_a_file_is_refused(folder):
    changes = mutations(folder, WITH_STALE_HASHES)
    assert not [m.number for m in changes if not refused(folder, m)]


def parsed(path: Path, mutation: Mutation) -> bool:
    """Return whether the parsers of a file accept its mutation, which no hash stops."""
    path.write_bytes(mutation.content)
    try:
        if path.suffix == ".json":
            bounded_json.check(mutation.content, str(path))
        PARSERS[path.name](path)
    except UserError as error:
        assert str(path.parent) in str(error)
        return False
    return True


def test_each_change_is_parsed_or_refused(folder):
    sound = {path.name: path.read_bytes() for path in folder.iterdir()}
    results = []
    for mutation in mutations(folder, COUNT, seed=2):
        if mutation.name in PARSERS:
            results.append(parsed(folder / mutation.name, mutation))
            (folder / mutation.name).write_bytes(sound[mutation.name])
    assert len(results) > COUNT / 2
    assert 0 < sum(results) < len(results) / 2


def test_a_change_with_right_hashes_is_refused_or_gives_the_same_outputs(folder):
    planned = bundle.read_manifest(folder).model_dump(mode="json")
    planned = {k: v for k, v in planned.items() if k not in ("format", "code_version", "licence")}
    results = {
        mutation.number: refused(folder, mutation, planned, right_hashes=True)
        for mutation in mutations(folder, WITH_RIGHT_HASHES, seed=1)
        if mutation.name != bundle_files.SUMS
    }
    assert sum(results.values()) > len(results) / 2
