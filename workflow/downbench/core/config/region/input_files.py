"""Which files a region is made of, and which of them are absent, told before anything runs."""

from collections.abc import Iterable
from pathlib import Path

from downbench.core.config.region.files import Files, FileVariable
from downbench.core.config.region.region import Region
from downbench.core.errors import UserError


def require_files(region: Region, file: Path) -> None:
    """Make sure that every file named in the region's YAML `file` exists.

    Raises
    ------
    UserError
        Naming every absent file, where it comes from, and what to do.
    """
    if region.files is None:
        return
    folder = Path(region.data_dir)
    absent = [path for path in _all(region) if not (folder / path).exists()]
    if absent:
        listed = "".join(f"\n  {path}{_origin(region.files, path)}" for path in absent)
        raise UserError(
            f"{file}: region '{region.name}' reads files that are not in data_dir = "
            f"'{region.data_dir}':{listed}\nPut them there, or name their folder with "
            "--config data_dir=FOLDER"
        )


def target_files(region: Region) -> list[str]:
    """What the target, its static fields or its patches are read from; none where it is made."""
    return _in_folder(region, _of_target(region.files)) if region.files else []


def driver_files(region: Region, driver: str) -> list[str]:
    """What a driver is read from; none where it is made, or is the target's block means."""
    if region.files is None or region.drivers[driver].type == "perfect":
        return []
    return _in_folder(region, region.files.drivers.get(driver, {}).values())


def station_files(region: Region) -> list[str]:
    """The file that stations are read from; none where there are none, or where they are made."""
    return [str(Path(region.data_dir) / path) for path in _of_stations(region)]


def rcm_files(region: Region, name: str, period: str) -> list[str]:
    """What a regional model's run (`historical` or `future`) is read from."""
    return _in_folder(region, getattr(region.rcms[name], period).values())


def _in_folder(region: Region, variables: Iterable[FileVariable]) -> list[str]:
    return [str(Path(region.data_dir) / path) for path in _paths(variables)]


def _all(region: Region) -> list[str]:
    files = region.files
    of_drivers = (v for driver in files.drivers.values() for v in driver.values())
    runs = (run for rcm in region.rcms.values() for run in (rcm.historical, rcm.future))
    of_rcms = (v for run in runs for v in run.values())
    return _paths([*_of_target(files), *of_drivers, *of_rcms]) + _of_stations(region)


def _of_stations(region: Region) -> list[str]:
    return [region.stations.file.path] if region.stations and region.stations.file else []


def _of_target(files: Files) -> list[FileVariable]:
    patches = files.patches.files if files.patches else ()
    return [*files.target.values(), *files.static.values(), *patches]


def _paths(variables: Iterable[FileVariable]) -> list[str]:
    """Each path once, in the order of the YAML."""
    return list(dict.fromkeys(variable.path for variable in variables))


def _origin(files: Files, path: str) -> str:
    return f" (from {files.origins[path]})" if path in files.origins else ""
