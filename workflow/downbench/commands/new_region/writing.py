"""Writes the file of a new region, and checks that it loads."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from downbench.commands.new_region import drivers, targets
from downbench.commands.new_region.years import Years, written
from downbench.core.config.downloads.bounds import Bounds
from downbench.core.config.loading import Project, load
from downbench.core.config.messages import checked, unknown
from downbench.core.config.region.region_file import REGIONS
from downbench.core.errors import UserError
from downbench.core.io.atomic import remove, replacing

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
KM_PER_DEGREE = 111.2
ERA5_CELL, GCM_MARGIN = 0.25, 3.0
"""Degrees of a cell of ERA5, and of the margin in which a climate model has a cell."""


@dataclass(frozen=True)
class Choices:
    """What a user chooses of a new region.

    bounds : south, north, west, east [degrees]
    """

    name: str
    bounds: tuple[float, float, float, float]
    target: str
    driver: str
    gcm: str | None
    scenario: str
    factor: int


def write(choices: Choices, years: Years) -> tuple[Path, Project]:
    """Write config/regions/NAME.yaml; return its path and the project with this region.

    Raises
    ------
    UserError
        When the name is taken, a choice is none of those offered, the box is too small or outside
        of the target, or years are absent. Nothing is written then.
    """
    path = _new_file(choices.name)
    text = _text(choices, years)
    with replacing(path) as partial:
        partial.write_text(text, encoding="utf-8")
    try:
        return path, load({"region": choices.name}, Path())
    except UserError:
        remove(path)
        raise


def _new_file(name: str) -> Path:
    if not NAME.fullmatch(name) or yaml.safe_load(name) != name:
        raise UserError(
            f"{name!r} is no name of a region: use small letters, digits and single -, but no "
            "number, nor a word that YAML reads as a value (no, on, null)"
        )
    path = REGIONS / f"{name}.yaml"
    if path.exists():
        raise UserError(f"{path} exists: choose another name, or delete it first")
    return path


def _text(choices: Choices, years: Years) -> str:
    for option, name, table in (
        ("--target", choices.target, targets.TARGETS),
        ("--driver", choices.driver, drivers.DRIVERS),
    ):
        if name not in table:
            raise UserError(f"{option}: {unknown('the dataset', name, sorted(table))}")
    target, box = targets.TARGETS[choices.target], _box(choices.bounds)
    _require_years(target, years)
    provider, dataset = drivers.DRIVERS[choices.driver]
    _require_days(choices, target, provider)
    grid = target.grid(box, choices.factor)
    gcm = None
    if choices.gcm:
        gcm = drivers.climate_model(choices.gcm, choices.scenario, years.mixed)
    rain = f"{choices.driver}-rain" if target.rain_keys else choices.driver
    context = {
        "name": choices.name,
        "title": f"{choices.name.replace('-', ' ').title()} ({target.title} from ERA5)",
        "factor": choices.factor,
        "grid": grid,
        "target": target,
        "target_name": choices.target,
        "driver": choices.driver,
        "driver_provider": provider,
        "driver_dataset": dataset,
        "rain": rain,
        "driver_margin": choices.factor * grid.spacing_km / KM_PER_DEGREE + 2 * ERA5_CELL,
        "gcm": gcm,
        "gcm_margin": GCM_MARGIN,
        "future": f"{drivers.FUTURE[0]}-{drivers.FUTURE[1]}",
        "predictors": gcm.predictors if gcm else drivers.PREDICTORS,
        "series_of_drivers": _series(choices, rain, gcm),
        "years": years,
        "written": written,
        "bounds": lambda margin: _widened(box, margin),
    }
    return _template().render(context)


def _series(
    choices: Choices, rain: str, gcm: drivers.ClimateModel | None
) -> list[tuple[str, str, str, str]]:
    """Return name, download, download of rain, and type of the drivers that are read."""
    runs = [f"{gcm.name}-{run}" for run in ("historical", gcm.scenario)] if gcm else []
    reanalysis = ("reanalysis", choices.driver, rain, "reanalysis")
    return [reanalysis, *((run, run, run, "gcm") for run in runs)]


def _box(bounds: tuple[float, float, float, float]) -> Bounds:
    edges: dict[str, Any] = dict(zip(("south", "north", "west", "east"), bounds, strict=True))
    return checked(Bounds, edges, Path("--bounds"), "SOUTH NORTH WEST EAST")


def _widened(box: Bounds, degrees: float) -> str:
    """Return a box with a margin, as YAML."""
    edges = {
        "south": max(-90.0, box.south - degrees),
        "north": min(90.0, box.north + degrees),
        "west": max(-180.0, box.west - 1.5 * degrees),
        "east": min(360.0, box.east + 1.5 * degrees),
    }
    return "{" + ", ".join(f"{name}: {round(edge, 2):g}" for name, edge in edges.items()) + "}"


def _require_years(target: targets.FineDataset, years: Years) -> None:
    first, last = target.first_year, target.last_year
    if years.every[0] < first or (last and years.every[-1] > last):
        span = f"{first} to {last}" if last else f"{first} on"
        raise UserError(f"--years, --warm: {target.title} has the years {span}: take these")


def _require_days(choices: Choices, target: targets.FineDataset, provider: str) -> None:
    """Refuse a driver whose days cannot be those of the target."""
    if (target.driver_keys or target.rain_keys) and provider != drivers.WITH_TIME_ZONE:
        raise UserError(
            f"--driver: {choices.driver} has days of 00-24 UTC, but {target.title} others "
            f"({target.window}): use --driver era5, which is fetched for these days"
        )


def _template() -> Any:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("region.yaml.j2")
