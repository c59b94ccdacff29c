"""Provenance of a page: data, versions, and the commands that reproduce it."""

import os
import platform
import subprocess
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from downbench.report.private_paths import shown

PACKAGES = (
    "torch", "lightning", "numpy", "xarray", "zarr", "scipy", "pandas", "matplotlib",
    "snakemake", "pydantic", "downbench",
)  # fmt: skip
DRIVER_TYPES = {
    "perfect": "block means of the target: the input has no error",
    "reanalysis": "the same {day}s with errors: not the block means of the target",
    "gcm": "a free-running climate model: its weather differs from that observed, so only "
    "distributions can be compared",
}


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that numbers depend on."""
    packages = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            packages[name] = version(name)
        except PackageNotFoundError:
            continue
    return packages


def commit() -> str:
    """Return the commit of this clone, `-dirty` with changes; empty where there is none."""
    describe = ("describe", "--always", "--dirty", "--abbrev=12", "--exclude=*")
    command = ("git", "-C", str(Path(__file__).parent), *describe)
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def processor() -> str:
    """Return the name of the processor; its architecture where the system does not tell."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2] for line in lines if line.startswith("model name"))
    return " ".join(next(names, "").split()) or platform.processor() or platform.machine()


def origin(run: Mapping[str, Any]) -> str:
    """Return one line on when, with what and where a page was written, not its scores."""
    written_by = commit()
    parts = [
        f"page written {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
        + (f" by commit {written_by}" if written_by else ""),
        f"version {versions().get('downbench', 'unknown')}",
        f"on {processor()} with {os.cpu_count()} cores",
        *(f"{key} {run[key]}" for key in ("budget", "seed") if key in run),
    ]
    return " · ".join(parts)


def commands(
    experiment: Mapping[str, Any], region: Mapping[str, Any], run: Mapping[str, Any]
) -> str:
    """Return the shell commands that reproduce the page from the root of the project."""
    choices = [f"region={region['name']}"]
    choices += [f"{key}={run[key]}" for key in ("budget", "seed") if key in run]
    # The folder itself is private to the machine that wrote the page.
    choices += ["data_dir=FOLDER_OF_THE_DATA"] if _files(region) else []
    name = experiment.get("name", "exp1")
    return (
        f"git checkout {commit().removesuffix('-dirty') or 'COMMIT'}\n"
        "make install && . .venv/bin/activate\n"
        f"snakemake --profile profiles/local {name} --config {' '.join(choices)}"
    )


def drivers(region: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Name, driver_type and meaning of the drivers that models were trained with."""
    used = region.get("trained_on") or list(region.get("drivers", {}))
    driver_types = {
        name: region.get("drivers", {}).get(name, {}).get("type", name) for name in used
    }
    return [
        (name, driver_type, DRIVER_TYPES.get(driver_type, ""))
        for name, driver_type in driver_types.items()
    ]


def splits(region: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each split with its years or events, years in a row shortened to a range."""
    section = region.get("splits") or {}
    names = ("train", "validation", "test", "warm")
    return [(name, _ranges(section[name])) for name in names if section.get(name)]


def _ranges(labels: list[int | str]) -> str:
    runs: list[list[int | str]] = []
    for label in labels:
        follows = runs and isinstance(label, int) and runs[-1][-1] == label - 1
        runs[-1].append(label) if follows else runs.append([label])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def data(region: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return datasets with their terms and files with their origins, or the generator."""
    target = region.get("target") or {}
    datasets = [(row["title"], row["terms"]) for row in region.get("datasets") or ()]
    files = _files(region)
    if not files and not datasets:
        name, seed = target.get("source", "unknown"), target.get("seed", "as configured")
        return [(f"source '{name}'", f"generated on this machine, seed {seed}; no download")]
    origins = region.get("origins") or {}
    stated = [
        (shown(path), origins.get(path, "origin not stated in the region's file"))
        for path in files
    ]
    return datasets + stated


def _files(region: Mapping[str, Any]) -> list[str]:
    """Return the user's files of target and drivers, each once."""
    return list(dict.fromkeys(_paths([region.get("target"), region.get("drivers")])))


def _paths(section: object) -> Iterator[str]:
    """Every `path` anywhere below a section, but for those of downloads."""
    if isinstance(section, Mapping):
        path = section.get("path")
        if path and not section.get("download"):
            yield from [path] if isinstance(path, str) else path
        for value in section.values():
            yield from _paths(value)
    elif isinstance(section, list | tuple):
        for value in section:
            yield from _paths(value)
