"""Measure how smooth the rain fields of each event are.

    python bench/event_spectra.py TARGET.zarr

Mean slope of the radially averaged power spectrum between wavelengths of 16 and 4, and of 4 and 2
cells, per event of a region that is split by event.
"""

import argparse
from pathlib import Path

import numpy as np

from downbench.core.io import stores
from downbench.scores.power_spectrum import detrend, hann, rapsd

MOST_FIELDS = 200
CELLS = ((16, 4), (4, 2))


def slope(power: np.ndarray, size: int, long: int, short: int) -> float:
    """Return the exponent of power against wavenumber between two wavelengths [cells]."""
    first, last = size // long - 1, size // short - 1
    return float(np.log(power[last] / power[first]) / np.log(long / short))


def main() -> None:
    """Print one row per event."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("target", type=Path, help="Zarr store of the target")
    target = stores.read(parser.parse_args().target, "target")
    size = min(target.sizes["y"], target.sizes["x"])
    print("| event | fields |", " | ".join(f"{a} to {b} cells" for a, b in CELLS), "|")
    for event in np.unique(target["event"].values):
        fields = target["pr"].values[target["event"].values == event]
        fields = fields[np.isfinite(fields).all(axis=(1, 2))][
            :: max(1, len(fields) // MOST_FIELDS)
        ]
        taper = hann(*fields.shape[-2:])
        power = rapsd(detrend(fields), 1.0, 1.0, taper).mean(axis=0)
        cells = " | ".join(f"{slope(power, size, *pair):.1f}" for pair in CELLS)
        print(f"| {event} | {len(fields)} | {cells} |")


if __name__ == "__main__":
    main()
