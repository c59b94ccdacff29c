"""Bundles that are changed and keep right hashes, as a careful forger would have them."""

from collections.abc import Callable
from pathlib import Path

import xarray as xr

from downbench.core.io.file_digest import digest
from downbench.exchange import bundle, bundle_files, golden_file


def change_golden(folder: Path, change: Callable[[xr.Dataset], xr.Dataset]) -> None:
    """Replace the golden outputs of a bundle by `change` of them."""
    golden_file.write(change(golden_file.read(folder / bundle.GOLDEN)), folder / bundle.GOLDEN)
    sum_again(folder)


def sum_again(folder: Path) -> None:
    """Write the hashes of the files as they are."""
    files = sorted(p for p in folder.iterdir() if p.name != bundle_files.SUMS)
    (folder / bundle_files.SUMS).write_text("".join(f"{digest(p)}  {p.name}\n" for p in files))
