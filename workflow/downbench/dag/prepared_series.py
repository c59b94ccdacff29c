"""The section of a region for steps that read its prepared stores, not its files."""

from typing import Any

OF_A_FILE = {"path", "download", "variable", "units", "group", "level_hpa"}
PREPARED = {"path": "prepared", "variable": "prepared"}
"""In place of a file: a variable needs both keys."""


def without_files(section: Any) -> Any:
    """Return JSON content in which no variable names its file, and no folder is left."""
    if isinstance(section, list):
        return [without_files(part) for part in section]
    if not isinstance(section, dict):
        return section
    kept = {key: without_files(value) for key, value in section.items()}
    if "data_dir" in kept:
        kept["data_dir"] = ""
    if kept.keys() >= OF_A_FILE:
        kept = {key: value for key, value in kept.items() if key not in OF_A_FILE} | PREPARED
    return kept
