"""Vega-Lite for the interactive charts of pages, as Snakemake brings it for its reports."""

from pathlib import Path

from snakemake import assets


def folder() -> Path:
    """Return the folder with `vega/`, `vega-lite/` and `vega-embed/`, whether it exists or not."""
    return Path(assets.__file__).parent / "data"
