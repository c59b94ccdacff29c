"""Trap T14: what is dry and what is wet, everywhere alike: value ≥ threshold is wet."""

import ast
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
import yaml

from downbench.bias import wet_days
from downbench.nets import target_space

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "workflow/downbench"
WET_DAY, DRY = 1.0, 0.1
NAMES = ("threshold", "trace")

# Every scalar [mm day-1] among the constants of modules, by what it is for.
CONSTANTS = {
    "core/contract_values.py WET_MM_DAY": WET_DAY,
    "core/contract_values.py RAIN_MM_DAY": DRY,
    "core/rain_magnitude.py WET_MM_DAY": WET_DAY,
    "nets/target_space.py DRY_MM_DAY": DRY,
    "plots/figures/chain_quantiles.py LEAST_MM_DAY": DRY,
    "plots/figures/quantile_quantile.py LEAST_MM_DAY": DRY,
    "scores/metrics/likelihood.py SMALLEST_WET_MM_DAY": DRY,
    "scores/rain_objects.py LEAST_MM_DAY": DRY,
    # Nothing is called wet by these: ends of logarithms or histograms, guards, widths.
    "scores/metrics/spectra.py RAIN_OFFSET_MM_DAY": 0.1,
    "scores/plausibility.py RAINY_MM_DAY": 0.5,
    "sources/files/rain_size.py FLOOD_MEDIAN_MM_DAY": 100.0,
    "physics/residual_bins.py SMALLEST_MM_DAY": 0.01,
    "physics/residual_bins.py LARGEST_MM_DAY": 1000.0,
    "physics/constraints.py DRY_BLOCK_MM_DAY": 1e-6,
    "labs/baselines/unet_dressed.py RAIN_FLOOR_MM_DAY": 0.001,
    "nets/heads.py SMALLEST_EXCESS_MM_DAY": 0.001,
    "nets/losses.py RAIN_FLOOR_MM_DAY": 0.5,
    "nets/mean.py RAIN_DISPERSION_MM_DAY": 10.0,
    "plots/figures/budget_residual.py NARROWEST_MM_DAY": 0.1,
}

# Every key of config/ that says from when on it rains.
KEYS = {
    "default.yaml evaluation.wet_day_mm_day": WET_DAY,
    "default.yaml evaluation.physics.clausius_clapeyron.wet_mm_day": DRY,
    "models.yaml bcsd.trace_mm_day": DRY,
    "regions/synthetic.yaml target.rain_distribution.dry_mm_day": DRY,
    "regions/synthetic.yaml corrections.qdm.rain.trace_mm_day": DRY,
    "regions/iberia.yaml corrections.qdm-perfect.rain.trace_mm_day": DRY,
    # The reanalysis that this map leads to rains less than that on one day in six.
    "regions/iberia.yaml corrections.qdm.rain.trace_mm_day": 0.01,
    "regions/alps.yaml corrections.qdm.rain.trace_mm_day": 0.01,
    "regions/alps.yaml corrections.qdm-perfect.rain.trace_mm_day": DRY,
    "regions/alps-eobs.yaml corrections.qdm.rain.trace_mm_day": 0.01,
    "regions/alps-eobs.yaml corrections.qdm-perfect.rain.trace_mm_day": DRY,
    "regions/rockies.yaml corrections.qdm.rain.trace_mm_day": 0.01,
    "regions/rockies.yaml corrections.qdm-perfect.rain.trace_mm_day": DRY,
    # The generator's coarse weather, which its distribution then refines.
    "regions/synthetic.yaml target.weather.rain_wet_mm_day": 0.15,
    # Frames of five minutes: 0.1 mm h-1.
    "regions/alps-radar.yaml target.patches.wet_mm_day": 2.4,
}
# Guards a division: not what is wet.
OTHER_SIDE = {"physics/constraints.py: share > DRY_BLOCK_MM_DAY"}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text())


def constants(tree: ast.Module) -> Iterator[tuple[str, float]]:
    """Scalars named …MM_DAY that a module sets, alone or in a row."""
    for node in (n for n in tree.body if isinstance(n, ast.Assign)):
        pairs = [(node.targets[0], node.value)]
        if isinstance(node.targets[0], ast.Tuple):
            pairs = zip(node.targets[0].elts, node.value.elts, strict=True)
        for name, value in pairs:
            if getattr(name, "id", "").endswith("MM_DAY") and isinstance(value, ast.Constant):
                yield name.id, value.value


def test_every_constant_is_declared_with_its_purpose() -> None:
    found = {
        f"{path} {name}": value for path, tree in modules() for name, value in constants(tree)
    }
    assert found == CONSTANTS


def keys(section: object, at: str = "") -> Iterator[tuple[str, float]]:
    if isinstance(section, dict):
        for name, value in section.items():
            yield from keys(value, f"{at}.{name}" if at else str(name))
    elif at.endswith(("wet_day_mm_day", "wet_mm_day", "dry_mm_day", "trace_mm_day")):
        yield at, section


def test_every_key_is_declared_with_its_purpose() -> None:
    files = [ROOT / f"config/{name}.yaml" for name in ("default", "models")]
    files += sorted((ROOT / "config/regions").glob("*.yaml"))
    found = {
        f"{path.relative_to(ROOT / 'config').as_posix()} {at}": value
        for path in files
        for at, value in keys(yaml.safe_load(path.read_text()))
        if not at.endswith(("residual_wet_mm_day", "features.wet_mm_day"))
    }
    assert found == KEYS


def is_threshold(node: ast.expr) -> bool:
    name = getattr(node, "attr", getattr(node, "id", ""))
    return name.lower().endswith("mm_day") or name in NAMES


def test_every_comparison_counts_the_threshold_itself_as_wet() -> None:
    """`>=` for wet and `<` for dry: `>` or `<=` would move what lies on it to the other side."""
    sides: dict[type, set[str]] = {}
    for path, tree in modules():
        for node in (n for n in ast.walk(tree) if isinstance(n, ast.Compare)):
            if any(is_threshold(one) for one in node.comparators):
                sides.setdefault(type(node.ops[0]), set()).add(f"{path}: {ast.unparse(node)}")
    assert len(sides[ast.GtE]) > 15 and len(sides[ast.Lt]) > 5
    assert sides.get(ast.Gt, set()) | sides.get(ast.LtE, set()) == OTHER_SIDE


@pytest.mark.parametrize("threshold", [DRY, 0.01, WET_DAY])
def test_what_lies_on_the_trace_stays(threshold: float) -> None:
    rain = np.array([0.0, np.nextafter(np.float32(threshold), np.float32(0)), threshold], "f4")
    dropped = wet_days.drop_trace(rain, threshold)
    np.testing.assert_array_equal(dropped, [0, 0, rain[2]])
    lifted = wet_days.lift_dry(rain, threshold, np.array(0.5))
    np.testing.assert_array_equal(lifted[:2], np.float32([threshold / 2] * 2))
    assert lifted[2] == rain[2]


def test_what_lies_on_the_drizzle_threshold_stays() -> None:
    rain = torch.tensor([0.0, 0.0999, DRY])
    assert target_space.drop_drizzle(rain).tolist() == [0, 0, rain[2].item()]
