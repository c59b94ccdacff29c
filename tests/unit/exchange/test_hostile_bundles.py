"""A bundle is hostile input: refused in one message, nothing executed, nothing waited for."""

import re
import shutil
import time
import tracemalloc

import pytest

import hostile_bundles
from downbench.core.errors import UserError
from downbench.exchange import bundle
from hostile_bundles import CASES, MARK, sound_bundle

MOST_SECONDS = 10
"""Of a processor core; far above what a refusal takes."""
MOST_BYTES = {"largest grid": 2**29}
"""Of memory for Python and NumPy, where a network asks for more than 64 MiB."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    return sound_bundle(tmp_path_factory.mktemp("sound") / "unet")


def test_the_sound_bundle_is_accepted(sound):
    assert bundle.verify(sound) <= 1e-3


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused(sound, tmp_path, name):
    change, message = CASES[name]
    folder = shutil.copytree(sound, tmp_path / "unet")
    try:
        change(folder)
    except PermissionError:
        pytest.skip("only root makes devices")
    begin = time.process_time()
    tracemalloc.start()
    try:
        with pytest.raises(UserError) as refusal:
            bundle.verify(folder)
        assert tracemalloc.get_traced_memory()[1] < MOST_BYTES.get(name, 2**26)
    finally:
        tracemalloc.stop()
    assert time.process_time() - begin < MOST_SECONDS
    assert re.search(message, str(refusal.value)), refusal.value
    assert str(folder) in str(refusal.value)
    assert len(str(refusal.value)) < 2500
    assert not (tmp_path / MARK).exists()


def test_an_unpickled_case_would_be_noticed(tmp_path):
    import pickle

    pickle.loads(pickle.dumps(hostile_bundles._Touch(tmp_path / MARK)))
    assert (tmp_path / MARK).exists()
