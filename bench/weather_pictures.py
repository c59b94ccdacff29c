"""Draw days of the embedded region beside frames of radar and days of E-OBS.

    python bench/weather_pictures.py PICTURE.png --radar FRAMES.nc --prism DAYS.nc \
        --eobs DAYS.nc --eobs-tasmax DAYS.nc

Rows are samples, columns fields: rain in logarithmic classes, on the days whose block means are
nearest to those quantiles of the wet ones, then temperature less its mean over the field.
"""

import argparse
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm
from matplotlib.figure import Figure
from weather_samples import Sample, add_observations, rain, temperature
from weather_statistics import wet_days

COLUMNS = 5
RAIN_CLASSES = (0.1, 0.3, 1, 2, 5, 10, 20, 50, 100)
KELVIN = 8.0


def main() -> None:
    """Write the picture."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("picture", type=Path)
    add_observations(parser)
    files = parser.parse_args()
    draw(rain(files), temperature(files)).savefig(files.picture, dpi=130)


def draw(of_rain: list[Sample], of_temperature: list[Sample]) -> Figure:
    """Return a figure with one row per sample."""
    rows = [(s, True) for s in of_rain] + [(s, False) for s in of_temperature]
    figure = Figure((2 * COLUMNS, 2 * len(rows)), layout="constrained")
    grid = figure.subplots(len(rows), COLUMNS, squeeze=False)
    for axes, (sample, is_rain) in zip(grid, rows, strict=True):
        fields = wet_days(sample.fields) if is_rain else sample.fields
        for number, panel in enumerate(axes):
            panel.set_axis_off()
            if number < len(fields):
                image = draw_field(panel, spread_out(fields, is_rain)[number], is_rain)
        axes[0].set_title(f"{sample.name}, {'rain' if is_rain else 'tasmax'}", loc="left")
        figure.colorbar(image, ax=list(axes), label="mm day⁻¹" if is_rain else "K")
    return figure


def spread_out(fields: np.ndarray, is_rain: bool) -> np.ndarray:
    """Return fields at even quantiles of their mean rain, or evenly spread over the days."""
    order = np.nanmean(fields, axis=(1, 2)).argsort() if is_rain else np.arange(len(fields))
    count = min(COLUMNS, len(fields))
    return fields[order[((np.arange(count) + 0.5) / count * len(fields)).astype(int)]]


def draw_field(axes: Axes, field: np.ndarray, is_rain: bool) -> mpl.cm.ScalarMappable:
    """Draw rain in classes, or temperature about the mean of the field."""
    if is_rain:
        colours = mpl.colormaps["viridis_r"].with_extremes(under="white", bad="lightgrey")
        norm = BoundaryNorm(RAIN_CLASSES, colours.N, extend="max")
        return axes.imshow(field, cmap=colours, norm=norm, origin="lower")
    colours = mpl.colormaps["RdBu_r"].with_extremes(bad="lightgrey")
    anomaly = field - np.nanmean(field)
    return axes.imshow(anomaly, cmap=colours, vmin=-KELVIN, vmax=KELVIN, origin="lower")


if __name__ == "__main__":
    main()
