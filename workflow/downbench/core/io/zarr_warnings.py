"""Warnings of Zarr that say nothing of the data."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

NO_ARRAY = "Object at .* is not recognized"


@contextmanager
def no_warning_of_other_files() -> Iterator[None]:
    """Open a store silently though it has checksums, or Snakemake's time stamp, beside arrays."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", NO_ARRAY)
        yield
