"""The name of a time step: a day, or a time in a region that is finer than daily."""

from collections.abc import Mapping
from typing import Any


def is_daily(region: Mapping[str, Any]) -> bool:
    """Return whether the time step is a day; regions read from files state their frequency."""
    return (region.get("target") or {}).get("frequency", "day") == "day"


def name_time_step(text: str, region: Mapping[str, Any]) -> str:
    """Return text with `{on}` and `{day}` replaced: "on … day", or "at … time"."""
    on, day = ("on", "day") if is_daily(region) else ("at", "time")
    return text.replace("{on}", on).replace("{day}", day)
