"""Remarks on downloads on the page of a region's data: preliminary, missing, of other code."""

from collections.abc import Iterator, Mapping
from typing import Any

from downbench.core.constants import PROVIDER_CODE


def remarks(
    attributes: Mapping[str, Mapping[str, object]],
    section: Mapping[str, Any],
    region: Mapping[str, Any],
) -> list[str]:
    """Return remarks on a series, each once, with the variables that it holds for.

    Parameters
    ----------
    attributes
        Of the series and of its variables by name, which keep what their files say.
    section, region
        Section of the series and of its region.
    """
    downloads = region.get("downloads") or {}
    entries = section.get("variables") or {}
    holders: dict[str, list[str]] = {}
    for name, stated in attributes.items():
        source = (entries.get(name) or {}).get("download") or section.get("download")
        download = downloads.get(source, {}) if name else {}  # its code is kept by variables
        for text in _of_variable(stated, download):
            holders.setdefault(text, []).append(name)
    return [f"{', '.join(names)}: {text}" for text, names in holders.items()]


def _of_variable(stated: Mapping[str, object], download: Mapping[str, Any]) -> Iterator[str]:
    if stated.get("preliminary_from"):
        yield f"preliminary from {stated['preliminary_from']} on"
    if stated.get("release"):
        date = f" ({stated['release_date']})" if stated.get("release_date") else ""
        yield f"release {stated['release']}{date}"
    if stated.get("missing_days"):
        yield f"days that the archive lacks: {stated['missing_days']}"
    if stated.get("stations_left_out"):
        yield f"stations that the download leaves out: {stated['stations_left_out']}"
    current = download.get(PROVIDER_CODE)
    if current and set(str(stated.get(PROVIDER_CODE, "unknown")).split("; ")) != {current}:
        provider = download.get("provider")
        yield f"parts fetched by other code of {provider}: delete them to fetch them again"
