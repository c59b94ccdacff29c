"""Visible texts of a figure: which collide, and which lie outside of the page."""

from itertools import combinations

from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.text import Text


def texts(figure: Figure) -> list[Text]:
    """Return every visible text; ticks beyond the ends of an axis are not visible."""
    figure.canvas.draw()
    axes = [panel for panel in figure.axes if panel.get_visible()]
    axises = [axis for panel in figure.axes for axis in (panel.xaxis, panel.yaxis)]
    ticks = {id(text) for axis in axises for text in axis.findobj(Text)}
    free = [text for text in figure.findobj(Text) if id(text) not in ticks]
    free = [text for text in free if text.axes is None or text.axes.get_visible()]
    free += [axis.label for panel in axes for axis in (panel.xaxis, panel.yaxis)]
    for panel in axes:
        free += painted(panel.xaxis, 0) + painted(panel.yaxis, 1)
    return [text for text in free if text.get_text().strip() and text.get_visible()]


def painted(axis: Axis, side: int) -> list[Text]:
    low, high = sorted(axis.get_view_interval())
    labels = axis.get_ticklabels() + axis.get_ticklabels(minor=True)
    return [text for text in labels if low <= text.get_position()[side] <= high]


def collisions(figure: Figure) -> list[tuple[str, str]]:
    boxes = [(t.get_text(), t.get_window_extent()) for t in texts(figure)]
    return [
        (a, b)
        for (a, first), (b, second) in combinations(boxes, 2)
        if min(first.x1, second.x1) - max(first.x0, second.x0) > 1
        and min(first.y1, second.y1) - max(first.y0, second.y0) > 1
    ]


def beyond_the_page(figure: Figure) -> list[str]:
    """Return the texts that end outside of the figure."""
    width, height = figure.get_size_inches() * figure.dpi
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts(figure)]
    return [
        words
        for words, box in boxes
        if min(box.x0, box.y0) < -1 or box.x1 > width + 1 or box.y1 > height + 1
    ]
