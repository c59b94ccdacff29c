"""Files that a region is made from, and one early message about those that are absent."""

from pathlib import Path

from downbench.core.config import originals
from downbench.core.config.datasets import datasets_of
from downbench.core.config.region.region import Region
from downbench.core.config.region.source import DataSource
from downbench.core.config.sources.file_variable import matching, paths, paths_of
from downbench.core.errors import UserError


def require_files(region: Region, file: Path, root: Path) -> None:
    """Check that every file named in the region's YAML `file` under `root` exists.

    Its paths are those of the YAML, relative to `data_dir`; files of downloads have none yet.

    Raises
    ------
    UserError
        Naming every absent file, its dataset and licence or its origin, and what to do.
    """
    origins = _origins(region, file, root)
    absent = [path for path in _all(region) if not matching(path, region.data_dir)]
    if absent:
        rows = "".join(f"\n  {path}{_note(origins.get(path))}" for path in absent)
        raise UserError(
            f"{file}: region '{region.name}' reads files that are not in data_dir = "
            f"'{region.data_dir}':{rows}\n"
            f"{_fetching(region, root)}Put them there, or name their folder with "
            "--config data_dir=FOLDER"
        )


def reads_files(region: Region) -> bool:
    """Return whether anything of the region is read from files."""
    return bool(_all(region))


def target_files(region: Region) -> list[str]:
    """Return what the target, its static fields or its patches are read from."""
    return _in_folder(region, region.target.files())


def driver_files(region: Region, driver: str) -> list[str]:
    """Return what a driver is read from; nothing if it is generated or derived."""
    return _in_folder(region, region.drivers[driver].files())


def station_files(region: Region) -> list[str]:
    """Return the file that stations are read from, if there is one."""
    return _in_folder(region, _of_stations(region))


def rcm_files(region: Region, name: str, period: str) -> list[str]:
    """Return what a regional model's run (`historical` or `future`) is read from."""
    return _in_folder(region, paths(getattr(region.rcms[name], period).values()))


def _sources(region: Region) -> list[DataSource]:
    return [region.target, *region.drivers.values()]


def _in_folder(region: Region, files: list[str]) -> list[str]:
    """Return the files; a pattern that matches none stands for itself, to be named as absent."""
    folder = Path(region.data_dir)
    named = (matching(path, region.data_dir) or [path] for path in files)
    return list(dict.fromkeys(str(folder / name) for names in named for name in names))


def _all(region: Region) -> list[str]:
    runs = (run for rcm in region.rcms.values() for run in (rcm.historical, rcm.future))
    files = [path for source in _sources(region) for path in source.files()]
    files += [path for run in runs for path in paths(run.values())]
    return list(dict.fromkeys(files + _of_stations(region)))


def _of_stations(region: Region) -> list[str]:
    file = region.stations.file if region.stations else None
    return paths_of(file.path) if file else []


def _origins(region: Region, file: Path, root: Path) -> dict[str, str]:
    """Return the origin by path: as the region's file states it, else as datasets.csv does."""
    listed = [source for source in _sources(region) if source.dataset_name]
    rows = datasets_of((source.dataset_name for source in listed), root, file)
    datasets = {row.dataset: row for row in rows}
    origins = {}
    for source in listed:
        origins |= dict.fromkeys(source.files(), datasets[source.dataset_name].origin)
    return origins | {path: f"from {origin}" for path, origin in region.origins.items()}


def _fetching(region: Region, root: Path) -> str:
    if region.name not in originals.regions(root):
        return ""
    return f"`downbench fetch {region.name} --data-dir FOLDER` makes them from public files. "


def _note(origin: str | None) -> str:
    return f" ({origin})" if origin else ""
