"""Evidence of an experiment: result files by kind and key, each read when it is first used.

A manifest is a JSON object `{kind: {key: path}}`, such as `{"scores": {"unet": "…/test.csv"}}`.
The ending of a path decides how it is read, so that a new kind of evidence needs no reader.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xarray as xr

from downbench.core.errors import UserError
from downbench.core.io.netcdf import ENGINE
from downbench.core.io.tables import read_table

SCORE_COLUMNS = frozenset(
    "variable metric scale threshold season value lower upper members times".split()
)
POSITION_COLUMNS = frozenset("part run stage period model driver".split())


@dataclass(frozen=True)
class EvidenceKind:
    """What is known of a kind before any file is read.

    rule : the rule that writes its files, for messages
    columns : columns that its tables must have
    """

    rule: str
    columns: frozenset[str] = frozenset()


KINDS = {
    "comparison": EvidenceKind("compare", SCORE_COLUMNS | {"model"}),
    "scores": EvidenceKind("evaluate", SCORE_COLUMNS),
    "maps": EvidenceKind("evaluate"),
    "physics": EvidenceKind("check_physics"),
    "driver_chain": EvidenceKind("gather_driver_chain", SCORE_COLUMNS | POSITION_COLUMNS),
    "climate": EvidenceKind("score_climate"),
    "change": EvidenceKind("measure_change"),
    "stations": EvidenceKind("score_stations"),
    "figures": EvidenceKind("draw_figure"),
}


class EvidenceFiles(Mapping[str, Any]):
    """Files of one kind by key; a value is read when it is first asked for.

    Parameters
    ----------
    kind
        Name of the kind.
    files
        Path of each key; anything but a path is its own content.
    """

    def __init__(self, kind: str, files: Mapping[str, Any]) -> None:
        self.kind = KINDS.get(kind, EvidenceKind(kind))
        self.contents = dict(files)

    def __getitem__(self, key: str) -> Any:
        """Return the content of the file: a table, a dataset, or the path of anything else."""
        if isinstance(self.contents[key], Path):
            self.contents[key] = _read(self.contents[key], self.kind)
        return self.contents[key]

    def __iter__(self) -> Iterator[str]:
        """Iterate over keys in the order of the manifest."""
        return iter(self.contents)

    def __len__(self) -> int:
        """Return the number of files."""
        return len(self.contents)


class Evidence:
    """All files of a manifest, `evidence[kind][key]`; a kind without files is empty."""

    def __init__(self, manifest: Mapping[str, Mapping[str, Any]]) -> None:
        self.kinds = {kind: EvidenceFiles(kind, files) for kind, files in manifest.items()}

    def __getitem__(self, kind: str) -> EvidenceFiles:
        """Return the files of one kind."""
        return self.kinds.get(kind, EvidenceFiles(kind, {}))


def read_manifest(text: str) -> Evidence:
    """Return the evidence that a manifest lists.

    Parameters
    ----------
    text
        The JSON object, or the path of a file that holds it.

    Raises
    ------
    UserError
        When it is not JSON, or not of the form `{kind: {key: path}}`.
    """
    source = text if text.lstrip().startswith("{") else _file_content(Path(text))
    try:
        manifest = json.loads(source)
        return Evidence({kind: _paths(files) for kind, files in manifest.items()})
    except (json.JSONDecodeError, AttributeError, TypeError) as error:
        raise UserError(
            f"--inputs {text[:80]!r}: not a manifest ({error}); "
            "give JSON of the form {kind: {key: path}}, or a file that holds it"
        ) from None


def _file_content(path: Path) -> str:
    try:
        return path.read_text()
    except OSError as error:
        raise UserError(f"--inputs {path}: {error.strerror}; give a manifest in JSON") from None


def _paths(files: Mapping[str, str]) -> dict[str, Path]:
    return {key: Path(path) for key, path in files.items()}


def _read(path: Path, kind: EvidenceKind) -> Any:
    if path.suffix == ".csv":
        return read_table(path, kind.columns, rule=kind.rule)
    return _open(path, kind.rule) if path.suffix == ".nc" else path


def _open(path: Path, rule: str) -> xr.Dataset:
    """Open a NetCDF file; its variables are read when they are used."""
    try:
        return xr.open_dataset(path, engine=ENGINE)
    except (OSError, ValueError) as error:
        raise UserError(
            f"{path}: not a readable NetCDF file ({error}); run the rule {rule}"
        ) from None
