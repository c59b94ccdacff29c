"""Faults of a file are refused by name; faults of the program are not blamed on the file."""

import struct
from pathlib import Path

import pytest

from downbench.core.errors import UserError
from downbench.exchange import untrusted

PATH = Path("folder/bundle")


@pytest.mark.parametrize("error", [struct.error("short"), KeyError("pr"), MemoryError()])
def test_any_error_of_content_is_refused(error):
    with (
        pytest.raises(UserError, match="folder/bundle: broken"),
        untrusted.refusing(PATH, "broken"),
    ):
        raise error


@pytest.mark.parametrize("error", [NameError("x"), ModuleNotFoundError("torch")])
def test_faults_of_the_program_keep_their_trace(error):
    with pytest.raises(type(error)), untrusted.refusing(PATH, "broken"):
        raise error
