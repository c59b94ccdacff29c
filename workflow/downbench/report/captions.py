"""Titles and captions of the figures, as their modules give them."""

from downbench.core import figure_modules


def reading_order() -> list[str]:
    """Names of all figures in the order of the page."""
    names = figure_modules.known()
    return sorted(names, key=lambda name: (figure_modules.describe(name).position, name))


def is_expert(name: str) -> bool:
    """Whether a figure is a diagnostic for experts, which the page shows on request."""
    return name in figure_modules.known() and figure_modules.describe(name).expert


def caption(name: str) -> tuple[str, str]:
    """Title and caption of a figure; a picture without a module gets its name and none."""
    if name not in figure_modules.known():
        return name.replace("-", " ").capitalize(), ""
    description = figure_modules.describe(name)
    return description.title, description.caption
