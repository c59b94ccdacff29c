"""Paths as pages show them: nothing of the folders of this machine."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from pathlib import Path, PurePath
from typing import Any, TypeVar

QUOTED = re.compile(r"""(?<=(["'`]))(?:file://)?(?:~|[A-Za-z]:)?[/\\][^"'`\n]*(?=\1)""")
START = r"(?:\bfile://|(?<![\w./~\\-]))"
"""Before a path; the folders of an address on the web stand behind its host."""
BARE = re.compile(START + r"""(?:~|[A-Za-z]:)?(?:[/\\][^\s/\\"'`<>|,;:()\[\]{}]+){2,}[/\\]?""")

Dataclass = TypeVar("Dataclass")


def shown(path: str) -> str:
    """Return a path; of an absolute one its name alone."""
    return PurePath(path).name if PurePath(path).is_absolute() else path


def without_paths(text: str, *folders: str) -> str:
    """Return a text, such as that of an exception, without the folders of absolute paths.

    Parameters
    ----------
    text
        Paths without quotes end at a space. Addresses on the web stay as they are.
    folders
        Known folders, which may have spaces; the current one and that of the user are always
        known.
    """
    words = dict.fromkeys((*folders, str(Path.cwd())), "") | {str(Path.home()): "/home/~/"}
    for folder in sorted(words, key=len, reverse=True):  # a folder before those that hold it
        if len(Path(folder).parts) > 1 and Path(folder).is_absolute():
            text = re.sub(rf"{START}{re.escape(str(Path(folder)))}[/\\]", words[folder], text)
    return BARE.sub(_name, QUOTED.sub(_name, text))


def folders_of(section: Any, key: str = "") -> Iterator[str]:
    """Yield `data_dir` of a section, and the folders of all its absolute paths."""
    if isinstance(section, Mapping):
        for name, value in section.items():
            yield from folders_of(value, name)
    elif isinstance(section, list | tuple):
        for value in section:
            yield from folders_of(value, key)
    elif key == "data_dir" and section:
        yield section
    elif key == "path" and PurePath(str(section)).is_absolute():
        yield str(PurePath(section).parent)


def without_paths_in(texts: Dataclass, *folders: str) -> Dataclass:
    """Return a dataclass in whose texts, and tuples of texts, paths are as in `without_paths`."""
    changed = {}
    for field in fields(texts):
        value = getattr(texts, field.name)
        if isinstance(value, str):
            changed[field.name] = without_paths(value, *folders)
        elif isinstance(value, tuple):
            changed[field.name] = tuple(without_paths(text, *folders) for text in value)
    return replace(texts, **changed)


def _name(path: re.Match[str]) -> str:
    return re.split(r"[/\\]", path[0].rstrip("/\\"))[-1]


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
