"""Compare two results folders: which scores, ensembles and models are equal, and which differ.

    python bench/same_results.py BEFORE AFTER [--renames FILE] [--rtol 1e-6]

Files are paired by their path below the folder. CSV tables, NetCDF files, Zarr stores and bundles
are compared value by value; each pair is `identical` (the same bytes), `equal` (the same values
and labels), `close` (within the tolerance), or `different`. Figures and pages are not compared.
The renames file holds one `OLD -> NEW` per line; OLD is a regular expression, which is replaced in
paths, column names, labels and variable names of BEFORE. Exits with 1 if anything differs.
"""

import argparse
import re
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr
from safetensors.numpy import load_file

SKIPPED = {"figures", "report", "state", "verified"}
GRADES = ("identical", "equal", "close", "different", "missing", "new")
Rename = Callable[[str], str]
# Seconds, which no two runs share.
MEASURED = r"^(?:training|sampling)_(?:[a-z]+_)?s(?:_per_member_day)?$"


@dataclass(frozen=True)
class Difference:
    """The grade of one pair of files, and the largest relative difference of its values."""

    path: str
    grade: str
    largest: float = 0.0
    detail: str = ""


def main() -> None:
    """Print the grade of every file, then their counts."""
    warnings.filterwarnings("ignore", message="Object at .snakemake_timestamp")
    arguments = parse()
    rename = renaming(arguments.renames)
    differences = list(compare(arguments.before, arguments.after, rename, arguments.rtol))
    for difference in differences:
        if arguments.verbose or difference.grade not in ("identical", "equal"):
            print(f"{difference.grade:9} {difference.path} {difference.detail}")
    counts = Counter(difference.grade for difference in differences)
    print(", ".join(f"{counts[grade]} {grade}" for grade in GRADES))
    sys.exit(any(counts[grade] for grade in ("different", "missing", "new")))


def parse() -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--renames", type=Path, help="file of OLD -> NEW lines")
    parser.add_argument("--rtol", type=float, default=1e-6, help="tolerance of `close`")
    parser.add_argument("--verbose", action="store_true", help="list equal files too")
    return parser.parse_args()


def renaming(file: Path | None) -> Rename:
    """Return the function that applies every line of the renames file in turn."""
    lines = file.read_text().splitlines() if file else []
    pairs = [line.split(" -> ") for line in lines if " -> " in line and not line.startswith("#")]

    def rename(text: str) -> str:
        for old, new in pairs:
            text = re.sub(old.strip(), new.strip(), text)
        return text

    return rename


def compare(before: Path, after: Path, rename: Rename, rtol: float) -> Iterator[Difference]:
    """Pair the files of both folders and grade each pair."""
    old = {rename(name): path for name, path in files(before).items()}
    new = files(after)
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            yield Difference(name, "missing")
        elif name not in old:
            yield Difference(name, "new")
        else:
            yield grade(name, old[name], new[name], rename, rtol)


def files(folder: Path) -> dict[str, Path]:
    """Return every table, NetCDF file, weights file and Zarr store by its relative path."""
    paths = (p for p in folder.rglob("*") if p.suffix in (".csv", ".nc", ".zarr", ".safetensors"))
    named = {str(path.relative_to(folder)): path for path in paths}
    return {
        name: path
        for name, path in named.items()
        if not SKIPPED & set(Path(name).parts) and ".zarr/" not in name
    }


def grade(name: str, old: Path, new: Path, rename: Rename, rtol: float) -> Difference:
    """Grade one pair of files."""
    if old.is_file() and old.read_bytes() == new.read_bytes():
        return Difference(name, "identical")
    try:
        values = {"csv": tables, "safetensors": weights}.get(name.rsplit(".", 1)[-1], arrays)
        first, second = values(old, rename), values(new, lambda text: text)
    except (OSError, ValueError, KeyError) as error:
        return Difference(name, "different", np.inf, f"cannot be read: {error}")
    lacking = sorted(first.keys() ^ second.keys())
    if lacking:
        return Difference(name, "different", np.inf, f"only in one: {', '.join(lacking)[:300]}")
    distances = {key: distance(first[key], second[key]) for key in first}
    worst = max(distances, key=distances.get, default="")
    largest = distances.get(worst, 0.0)
    label = "equal" if largest == 0 else "close" if largest <= rtol else "different"
    return Difference(name, label, largest, f"{worst}: {largest:.3g}" if largest else "")


def tables(path: Path, rename: Rename) -> dict[str, np.ndarray]:
    """Return the columns of a CSV table; rows of measured seconds are left out."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    if "metric" in table:
        table = table[~table["metric"].str.contains(MEASURED)]
    return {rename(name): column(table[name].map(rename)) for name in table}


def column(texts: pd.Series) -> np.ndarray:
    """Return a column as numbers where all of it is, else as text."""
    numbers = pd.to_numeric(texts.replace("", "nan"), errors="coerce")
    textual = numbers.isna() & ~texts.isin(["", "nan", "NaN"])
    return texts.to_numpy(dtype=str) if textual.any() else numbers.to_numpy(dtype=float)


def arrays(path: Path, rename: Rename) -> dict[str, np.ndarray]:
    """Return the variables and coordinates of a NetCDF file or a Zarr store."""
    engine = {"engine": "zarr", "consolidated": False} if path.suffix == ".zarr" else {}
    with xr.open_dataset(path, **engine, decode_timedelta=False) as dataset:
        return {
            rename(str(name)): relabelled(variable.values, rename)
            for name, variable in dataset.variables.items()
        }


def relabelled(values: np.ndarray, rename: Rename) -> np.ndarray:
    """Rename the texts of an array of texts."""
    if values.dtype.kind not in "OUS":
        return values
    return np.array([rename(str(value)) for value in values.ravel()]).reshape(values.shape)


def weights(path: Path, rename: Rename) -> dict[str, np.ndarray]:
    """Return the tensors of a bundle."""
    return {rename(name): values for name, values in load_file(path).items()}


def distance(first: np.ndarray, second: np.ndarray) -> float:
    """Return the largest difference relative to the largest value, infinite for other labels."""
    if first.shape != second.shape:
        return np.inf
    if first.dtype.kind not in "fiub" or second.dtype.kind not in "fiub":
        return 0.0 if np.array_equal(first, second) else np.inf
    first, second = first.astype(float), second.astype(float)
    if not np.array_equal(np.isnan(first), np.isnan(second)):
        return np.inf
    scale = np.nanmax(np.abs(second), initial=0.0) or 1.0
    return float(np.nanmax(np.abs(first - second), initial=0.0) / scale)


if __name__ == "__main__":
    main()
