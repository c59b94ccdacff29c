"""Paths as pages show them: nothing of the folders of this machine."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any


def shown(path: str) -> str:
    """Return a path; of an absolute one its name alone."""
    return PurePath(path).name if PurePath(path).is_absolute() else path


def without_folders(section: Any, key: str = "") -> Any:
    """Return a section without the files of downloads, and with all paths as `shown`."""
    if isinstance(section, Mapping):
        hidden = {"path"} if section.get("download") else {"data_dir"}
        shown_key = shown if key == "origins" else str
        return {
            shown_key(name): without_folders(value, name)
            for name, value in section.items()
            if name not in hidden
        }
    if isinstance(section, list | tuple):
        return [without_folders(value, key) for value in section]
    return shown(section) if key == "path" and isinstance(section, str) else section
