"""Bundle formats: the manifest of an earlier one in the form that this version reads."""

from collections.abc import Mapping
from typing import Any

FORMAT = 2
"""The format that this version writes."""

DRIVER_TYPES = {"free-running": "gcm"}
DIFFUSION = "corrdiff"

Json = dict[str, Any]


def is_readable(version: int) -> bool:
    """Return whether this version reads a format."""
    return version in (1, FORMAT)


def upgrade(manifest: Json) -> Json:
    """Return a manifest, as its JSON holds it, in the present format.

    Raises
    ------
    KeyError, TypeError
        When the manifest is not of the format that it names.
    """
    return _from_first(manifest) if manifest["format"] == 1 else manifest


def driver_type(attributes: Mapping[str, Any]) -> str:
    """Return the driver type that golden outputs of any format name."""
    if "driver_type" in attributes:
        return attributes["driver_type"]
    return _driver_type(attributes["lane"])


def _from_first(manifest: Json) -> Json:
    """Format 1: one base, the sampler in the budget, drivers by lane, EDM not named."""
    model, training = dict(manifest["model"]), dict(manifest["training"])
    calibration = {
        "process": "edm",
        "calibration_sampler": training.pop("sampler"),
        "calibration_steps": training.pop("sampler_steps"),
    }
    if model["family"] == DIFFUSION:
        model["options"] = model["options"] | calibration
    base, requires = model.pop("base"), model["requires"]
    model["bases"] = {"mean": base} if base else {}
    model["shares_weights_with"] = model.pop("weights_of")
    model["requires"] = {
        "known_distribution": requires["source"] == "synthetic",
        "driver_type": _driver_type(requires["lane"]),
    }
    return manifest | {"format": FORMAT, "model": model, "training": training}


def _driver_type(lane: str | None) -> str | None:
    return DRIVER_TYPES.get(lane, lane)
