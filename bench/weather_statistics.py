"""Print the Markdown table of docs/methods/judge.md that compares the region with weather.

    python bench/weather_statistics.py --radar FRAMES.nc --prism DAYS.nc --eobs DAYS.nc \
        --eobs-tasmax DAYS.nc

Without a file its column is left out.
"""

import argparse

import numpy as np
from scipy.stats import skew
from weather_samples import FACTOR, SIDE, Sample, add_observations, rain, temperature

from downbench.core.spatial.grids import block_mean, to_blocks, upsample_nearest
from downbench.scores.metrics.seams import index, steps
from downbench.scores.power_spectrum import detrend, hann, rapsd, rings

WET_BLOCK, WET_CELL, WET_SHARE = 1.0, 0.1, 0.25
LONGEST_CELLS, SHORTEST_CELLS = 16, 2


def main() -> None:
    """Print one row per statistic."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_observations(parser)
    files = parser.parse_args()
    samples = rain(files)
    columns = [statistics(sample) for sample in samples]
    of_temperature = {s.name: memory(s) for s in temperature(files)}
    print("| |", " | ".join(sample.name for sample in samples), "|")
    print("|---|" + "---|" * len(samples))
    for name in columns[0]:
        print(f"| {name} |", " | ".join(column[name] for column in columns), "|")
    cells = [number(of_temperature.get(sample.name, np.nan)) for sample in samples]
    print("| lag-1 correlation of the detail, tasmax |", " | ".join(cells), "|")


def number(value: float, decimals: int = 2) -> str:
    """Return text, empty where there is no value."""
    return f"{value:.{decimals}f}".replace("-", "−") if np.isfinite(value) else ""


def statistics(sample: Sample) -> dict[str, str]:
    """Return the statistics of rain as text."""
    fields = wet_days(sample.fields)
    logarithm = np.log(fields + WET_CELL)
    blocks = wet_blocks(fields)
    wet = blocks >= WET_CELL
    share = np.log((blocks / blocks.mean(axis=1, keepdims=True))[wet])
    return {
        "days or tiles": str(len(fields)),
        "spectral slope, rain": number(spectral_slope(fields), 1),
        "spectral slope, log rain": number(spectral_slope(logarithm), 1),
        "wet share of cells in wet blocks": number(wet.mean()),
        "sd of log share": number(share.std()),
        "skewness of log share": number(skew(share)),
        "median of block maximum over mean": number(
            np.median(blocks.max(axis=1) / blocks.mean(axis=1)), 1
        ),
        "steps at edges, rain": number(steps_at_edges(fields)),
        "steps at edges, log rain": number(steps_at_edges(logarithm)),
        "lag-1 correlation of the detail, rain": number(memory(sample)),
    }


def wet_days(fields: np.ndarray) -> np.ndarray:
    """Return the fields (n, y, x) on which a quarter of the blocks has 1 mm or more."""
    means = block_mean(fields, FACTOR)
    share = np.nansum(means >= WET_BLOCK, axis=(1, 2)) / np.isfinite(means).sum(axis=(1, 2))
    return fields[share >= WET_SHARE]


def wet_blocks(fields: np.ndarray) -> np.ndarray:
    """Return the complete blocks (block, 64) with 1 mm or more."""
    blocks = np.moveaxis(to_blocks(fields, FACTOR), -2, -3).reshape(-1, FACTOR**2)
    return blocks[blocks.mean(axis=1) >= WET_BLOCK]


def spectral_slope(fields: np.ndarray) -> float:
    """Return the exponent of mean power between wavelengths of 16 and 2 cells; NaN with holes."""
    if fields.shape[1:] != (SIDE, SIDE):
        return np.nan
    power = rapsd(detrend(fields), 1.0, 1.0, hann(SIDE, SIDE)).mean(axis=0)
    wavenumber = rings(SIDE, SIDE, 1.0, 1.0)[1]
    part = (wavenumber >= 1 / LONGEST_CELLS) & (wavenumber <= 1 / SHORTEST_CELLS)
    return np.polyfit(np.log(wavenumber[part]), np.log(power[part]), 1)[0]


def steps_at_edges(fields: np.ndarray) -> float:
    """Return mean steps of neighbours across edges of blocks over those inside."""
    valid = np.isfinite(fields)
    part = steps(np.where(valid, fields, 0)[:, None], valid.astype(float), FACTOR)
    return float(index(part.total.sum(axis=0) / part.weight.sum(axis=0)))


def memory(sample: Sample) -> float:
    """Return the lag-1 correlation of fields less block means, about means of cell and month."""
    if not len(sample.days):
        return np.nan
    detail = sample.fields - upsample_nearest(block_mean(sample.fields, FACTOR), FACTOR)
    month = sample.days.astype("datetime64[M]")
    for label in np.unique(month):
        detail[month == label] -= detail[month == label].mean(axis=0)
    follows = (np.diff(sample.days).astype(int) == 1) & (month[:-1] == month[1:])
    before, after = detail[:-1][follows], detail[1:][follows]
    products = (np.nansum(a * b) for a, b in ((before, after), (before, before), (after, after)))
    covariance, first, second = products
    return covariance / np.sqrt(first * second)


if __name__ == "__main__":
    main()
