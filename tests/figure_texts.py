"""The words of a figure, as they are painted: do they collide, do they leave the page?"""

from itertools import combinations

from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.text import Text


def texts(figure: Figure) -> list[Text]:
    """Every text that is painted; ticks beyond the ends of an axis are not."""
    figure.canvas.draw()
    axes = [one for one in figure.axes if one.get_visible()]
    axises = [axis for one in figure.axes for axis in (one.xaxis, one.yaxis)]
    ticks = {id(text) for axis in axises for text in axis.findobj(Text)}
    free = [text for text in figure.findobj(Text) if id(text) not in ticks]
    free = [text for text in free if text.axes is None or text.axes.get_visible()]
    free += [axis.label for one in axes for axis in (one.xaxis, one.yaxis)]
    free += [text for one in axes for text in painted(one.xaxis, 0) + painted(one.yaxis, 1)]
    return [text for text in free if text.get_text().strip() and text.get_visible()]


def painted(axis: Axis, side: int) -> list[Text]:
    low, high = sorted(axis.get_view_interval())
    labels = axis.get_ticklabels() + axis.get_ticklabels(minor=True)
    return [text for text in labels if low <= text.get_position()[side] <= high]


def collisions(figure: Figure) -> list[tuple[str, str]]:
    boxes = [(t.get_text(), t.get_window_extent()) for t in texts(figure)]
    return [
        (a, b)
        for (a, one), (b, other) in combinations(boxes, 2)
        if min(one.x1, other.x1) - max(one.x0, other.x0) > 1
        and min(one.y1, other.y1) - max(one.y0, other.y0) > 1
    ]


def beyond_the_page(figure: Figure) -> list[str]:
    """Texts that end outside of the figure."""
    width, height = figure.get_size_inches() * figure.dpi
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts(figure)]
    return [
        words
        for words, box in boxes
        if min(box.x0, box.y0) < -1 or box.x1 > width + 1 or box.y1 > height + 1
    ]
