"""Which files of a region are absent, told before anything runs."""

from pathlib import Path

from downbench.core.config.files import Files
from downbench.core.config.regions import Region
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
    absent = [path for path in _paths(region.files) if not (folder / path).exists()]
    if absent:
        listed = "".join(f"\n  {path}{_origin(region.files, path)}" for path in absent)
        raise UserError(
            f"{file}: region '{region.name}' reads files that are not in data_dir = "
            f"'{region.data_dir}':{listed}\nPut them there, or name their folder with "
            "--config data_dir=FOLDER"
        )


def _paths(files: Files) -> list[str]:
    """Every path of the section, each once, in the order of the YAML."""
    variables = [*files.target.values(), *files.static.values()]
    variables += [v for driver in files.drivers.values() for v in driver.values()]
    variables += files.patches.files if files.patches else []
    return list(dict.fromkeys(variable.path for variable in variables))


def _origin(files: Files, path: str) -> str:
    return f" (from {files.origins[path]})" if path in files.origins else ""
