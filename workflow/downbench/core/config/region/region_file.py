"""Reads the file of a region, and places its files and downloads."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from downbench.core.config import yamls
from downbench.core.config.datasets import Dataset, datasets_of
from downbench.core.config.downloads.resolution import resolved
from downbench.core.config.messages import checked, unknown
from downbench.core.config.region.input_files import reads_files, require_files
from downbench.core.config.region.region import Region
from downbench.core.config.run_settings import Settings
from downbench.core.errors import UserError

REGIONS = Path("config/regions")


def read_region(settings: Settings, root: Path, origin: Path) -> Region:
    """Return the region of a run, with its paths relative to the working directory.

    Raises
    ------
    UserError
        When there is no such region, its file is wrong, or a file that it names is absent and no
        download makes it.
    """
    file = _file(settings.region, root, origin)
    entry = yamls.read(root, file)
    region = checked(Region, entry, file)
    if region.name != settings.region:
        raise UserError(
            f"{file}: name = {region.name!r}: call it '{settings.region}', as its file"
        )
    if not region.trained_on:
        raise UserError(f"{file}: trained_on is missing: list at least one of the drivers")
    folder, data_dir = (
        from_here(name, root) for name in (settings.download_dir, settings.data_dir)
    )
    placed = _resolved(entry, region, folder, data_dir, file)
    named = region.model_copy(update={"data_dir": data_dir})
    if reads_files(named):
        require_files(named, file, root)
    return placed


def datasets_of_region(name: str, root: Path, origin: Path) -> tuple[Dataset, ...]:
    """Return the rows of config/datasets.csv for a region, whether its files are there or not.

    Raises
    ------
    UserError
        When there is no such region, its file is wrong, or a row is absent.
    """
    file = _file(name, root, origin)
    return listed_datasets(checked(Region, yamls.read(root, file), file), root)


def listed_datasets(region: Region, root: Path) -> tuple[Dataset, ...]:
    """Return the rows of config/datasets.csv that a region is made from.

    Raises
    ------
    UserError
        When a dataset has no row, or one of another provider than its download.
    """
    file = REGIONS / f"{region.name}.yaml"
    sources = (region.target, *region.drivers.values())
    names = [source.dataset_name for source in sources if source.dataset_name]
    names += [download.dataset for download in region.downloads.values()]
    rows = datasets_of(names, root, file)
    providers = {row.dataset: row.provider for row in rows}
    for name, download in region.downloads.items():
        if providers[download.dataset] != download.provider:
            raise UserError(
                f"{file}: downloads.{name}.dataset = '{download.dataset}' is of provider "
                f"'{providers[download.dataset]}', not of '{download.provider}': name another row "
                "of config/datasets.csv"
            )
    return rows


def from_here(folder: str, root: Path) -> str:
    """Return a folder below the project's root relative to the working directory."""
    path = Path(folder).expanduser()
    return str(path) if path.is_absolute() else os.path.relpath(root / path)


def _file(name: str, root: Path, origin: Path) -> Path:
    names = sorted(path.stem for path in (root / REGIONS).glob("*.yaml"))
    if name not in names:
        file = REGIONS / f"{name}.yaml"
        raise UserError(f"{origin}: {unknown('region', name, names)}, or add {file}")
    return REGIONS / f"{name}.yaml"


def _resolved(
    entry: Mapping[str, Any], region: Region, folder: str, data_dir: str, file: Path
) -> Region:
    """Return the region with the paths of its downloads, or with `data_dir` if it has none."""
    if not region.downloads:
        return region.model_copy(update={"data_dir": data_dir if reads_files(region) else ""})
    try:
        return checked(Region, resolved(entry, region.downloads, folder, data_dir), file)
    except UserError as error:
        raise UserError(f"{file}: {error}") from None
