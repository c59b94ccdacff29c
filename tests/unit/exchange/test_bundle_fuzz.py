"""Every mutation of a bundle is refused in one message, or its golden outputs come out again.

`BUNDLE_MUTATIONS=100000 pytest tests/unit/exchange/test_bundle_fuzz.py` tries more of them;
`bench/hostile_bundles.py` counts them.
"""

import os
import shutil
from pathlib import Path

import pytest

from bundle_mutations import Mutation, mutations
from changed_bundles import sum_again
from downbench.core.errors import UserError
from downbench.exchange import bundle, bundle_files
from hostile_bundles import sound_bundle

COUNT = int(os.environ.get("BUNDLE_MUTATIONS", "3000"))
WITH_RIGHT_HASHES = COUNT // 20
"""These are parsed, and some are sampled."""


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
    accepted = [m.number for m in mutations(folder, COUNT) if not refused(folder, m)]
    assert not accepted


def test_a_change_with_right_hashes_is_refused_or_gives_the_same_outputs(folder):
    planned = bundle.read_manifest(folder).model_dump(mode="json")
    planned = {k: v for k, v in planned.items() if k not in ("format", "code_version", "licence")}
    shutil.copytree(folder, folder.with_name("sound"))
    results = {
        mutation.number: refused(folder, mutation, planned, right_hashes=True)
        for mutation in mutations(folder, WITH_RIGHT_HASHES, seed=1)
        if mutation.name != bundle_files.SUMS
    }
    assert sum(results.values()) > len(results) / 2
