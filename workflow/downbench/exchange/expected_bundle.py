"""Check that a bundle is the one that the workflow planned, and that its parts fit each other.

Bundles are folders, which a slip of the hand copies into the place of another: their scores would
stand under a wrong name.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from downbench.core.errors import UserError
from downbench.core.transforms import Transforms
from downbench.core.variables import TARGETS, VARIABLES


def refuse_other_bundle(
    folder: Path, manifest: Mapping[str, Any], expected: Mapping[str, Any]
) -> None:
    """Raise an error if `model.json` differs from what is expected.

    Parameters
    ----------
    manifest
        Content of `model.json`.
    expected
        Keys of `model.json` with the values that the workflow planned: `model` (its section,
        or a part of it), `training`, `trained_on`, `seed`, `region`, `fit_years`. A key that is
        absent is not checked.

    Raises
    ------
    UserError
        Listing everything that differs.
    """
    wrong = list(_differences(manifest, expected))
    if wrong:
        raise UserError(
            f"{folder}: not the bundle that is expected here: {'; '.join(wrong)}: was another one "
            "copied into its place? remove the folder and run the command again, or correct the "
            "configuration"
        )


def refuse_other_statistics(folder: Path, manifest: Mapping[str, Any], fitted: Transforms) -> None:
    """Raise an error if `transforms.json` has fit years, units or a region of its own (T9)."""
    further = [year for year in fitted.fit_years if year not in manifest["fit_years"]]
    wrong = [f"they were fitted on {further}, which the model was not"] * bool(further)
    wrong += _other_units(fitted)
    wrong += _other_order(fitted)
    if fitted.region != manifest["region"]:
        wrong.append(f"their region is {fitted.region}, that of the model {manifest['region']}")
    if wrong:
        raise UserError(
            f"{folder}: the statistics in transforms.json are not those of the model: "
            f"{'; '.join(wrong)}: copy the bundle again, or train the model again"
        )


def _other_units(fitted: Transforms) -> Iterator[str]:
    for name, statistics in {**fitted.predictors, **fitted.targets}.items():
        units = VARIABLES[name].units if name in VARIABLES else ""
        if statistics.units and units and statistics.units != units:
            yield f"the units of {name} are '{statistics.units}', not '{units}'"


def _other_order(fitted: Transforms) -> Iterator[str]:
    names = list(fitted.targets)
    if names != [name for name in TARGETS if name in names]:
        yield f"the targets are in the order {', '.join(names)}, not in that of the variables"
    if not names:
        yield "they have no target"


def _differences(
    stored: Mapping[str, Any], expected: Mapping[str, Any], prefix: str = ""
) -> Iterator[str]:
    """Report each expected key whose value is another one; sections key by key."""
    for key, value in expected.items():
        present = stored.get(key)
        if present == value:
            continue
        if isinstance(value, Mapping) and isinstance(present, Mapping) and value:
            yield from _differences(present, value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key} is {present}, not {value}"
