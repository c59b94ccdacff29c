"""Small downloads from a Climate Data Store on loopback."""

from typing import Any

from downbench.core.config.downloads.download import Download
from downbench.core.config.downloads.registry import PROVIDERS
from servers.cds import Cds

BOUNDS = {"south": 45.6, "north": 46.3, "west": 7.1, "east": 7.9}


def request(
    provider: str, store: Cds, variables: list[str], years: list[int], **keys: Any
) -> Download:
    """Return a download of a few cells."""
    common = {"provider": provider, "dataset": provider, "url": store.api, "bounds": BOUNDS}
    section = PROVIDERS[provider]
    return section(**{**common, "variables": variables, "years": years, **keys})
