"""Replaces `download: NAME` of the variables of a region by the paths that the download makes."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from downbench.core.config.downloads.download import Download
from downbench.core.config.messages import unknown
from downbench.core.errors import UserError
from downbench.core.variables import VARIABLES

FROM_FILES = ("path", "variable", "units", "group", "level_hpa")
"""Keys of a variable that a download determines."""
READERS = ("target", "drivers", "rcms", "stations")


def path_of(folder: str, region: str, name: str, part: str) -> str:
    """Return the file of one part of a download."""
    return f"{folder}/{region}/{name}/{part}.nc"


def resolved(
    region: Mapping[str, Any], downloads: Mapping[str, Download], folder: str, data_dir: str
) -> dict[str, Any]:
    """Return a region's YAML with paths, all relative to the working directory.

    Parameters
    ----------
    region
        Content of the YAML.
    downloads
        Its section `downloads`, checked.
    folder
        Folder of the downloads, relative to the working directory or absolute.
    data_dir
        The same for the user's files.

    Raises
    ------
    UserError
        When a variable names no download, one that lacks it, or keys of a file as well.
    """
    files = _Files(str(region.get("name")), downloads, folder, data_dir)
    sections = {key: files.of(region[key], key, key) for key in READERS if key in region}
    origins = region.get("origins") or {}
    placed = {files.here(path): text for path, text in origins.items()}
    return {**region, **sections, "origins": placed}


class _Files:
    """Files of a region, which a section names by `path` or `download`."""

    def __init__(
        self, region: str, downloads: Mapping[str, Download], folder: str, data_dir: str
    ) -> None:
        self.region, self.downloads, self.folder = region, downloads, folder
        self.data_dir = data_dir

    def of(self, value: Any, name: str, key: str) -> Any:
        """Return a value of the YAML; `name` is its own key, `key` all keys on the way to it."""
        if isinstance(value, list):
            return [self.of(part, name, key) for part in value]
        if not isinstance(value, Mapping):
            return value
        if "download" in value and "variables" in value:
            return self._stations(value, key)
        if "download" in value:
            return self._downloaded(value, name, key)
        return {
            part: self.here(v) if part == "path" else self.of(v, str(part), f"{key}.{part}")
            for part, v in value.items()
        }

    def here(self, path: Any) -> Any:
        """Return paths of the user's files relative to the working directory."""
        if isinstance(path, list):
            return [self.here(part) for part in path]
        return str(Path(self.data_dir) / path) if isinstance(path, str) else path

    def _downloaded(self, entry: Mapping[str, Any], variable: str, key: str) -> dict[str, Any]:
        for superfluous in (word for word in FROM_FILES if word in entry):
            raise UserError(f"{key}.{superfluous}: `download` says this: remove one of them")
        paths = self._paths(str(entry["download"]), [variable], key)
        return {**entry, "path": paths, "variable": variable, "units": VARIABLES[variable].units}

    def _stations(self, entry: Mapping[str, Any], key: str) -> dict[str, Any]:
        """Return a file of stations, whose variables the download calls as this project does."""
        if "path" in entry:
            raise UserError(f"{key}.path: `download` says this: remove one of them")
        return {**entry, "path": self._paths(str(entry["download"]), entry["variables"], key)}

    def _paths(self, name: str, variables: Iterable[str], key: str) -> list[str]:
        """Return the files of some variables of a download."""
        if name not in self.downloads:
            what = f"{key}.download: {unknown('the download', name, sorted(self.downloads))}"
            raise UserError(what)
        download = self.downloads[name]
        for variable in (v for v in variables if v not in download.variables):
            raise UserError(
                f"{key}.download: downloads.{name}.variables lacks {variable}: add it there"
            )
        parts = dict.fromkeys(part for v in variables for part in download.parts_of(v))
        return [path_of(self.folder, self.region, name, part) for part in parts]
