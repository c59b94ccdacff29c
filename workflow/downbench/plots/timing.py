"""What one time stamp is called: a day, or a time where the region is finer than daily."""

from collections.abc import Mapping
from typing import Any


def is_daily(region: Mapping[str, Any]) -> bool:
    """Regions that are read from files say what a time stamp stands for; others are daily."""
    return (region.get("target") or {}).get("frequency", "day") == "day"


def told(text: str, region: Mapping[str, Any]) -> str:
    """`text` with `{on}` and `{day}` in the region's words: "on a day", or "at a time"."""
    on, day = ("on", "day") if is_daily(region) else ("at", "time")
    return text.replace("{on}", on).replace("{day}", day)
