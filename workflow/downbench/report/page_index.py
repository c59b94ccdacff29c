"""Links between the pages of one folder: each lists all of them."""

import re
from html import escape
from pathlib import Path

from downbench.core.io.atomic import replacing
from downbench.core.io.folder_lock import locked

LIST = re.compile(r"(<!--pages-->).*?(<!--/pages-->)", re.DOTALL)
HEADING = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)


def write(path: Path, text: str) -> None:
    """Write a page, and link it with the others in its folder.

    The folder is held: two pages that are written at once must not lose each other's link.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with locked(path.parent):
        with replacing(path) as partial:
            partial.write_text(text, encoding="utf-8")
        link(path.parent)


def link(folder: Path) -> None:
    """Write the list of pages anew into every page of `folder` whose list has changed.

    A single page has an empty list. Files without a list are left alone.
    """
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.html"))}
    pages = {path: text for path, text in texts.items() if LIST.search(text)}
    order = sorted(pages, key=lambda path: (path.stem != "index", path.stem))
    for path, text in pages.items():
        listed = _listed(order, pages, path) if len(pages) > 1 else ""
        linked = LIST.sub(lambda match, new=listed: f"{match[1]}{new}{match[2]}", text, count=1)
        if linked != text:
            with replacing(path) as partial:
                partial.write_text(linked, encoding="utf-8")


def _listed(order: list[Path], pages: dict[Path, str], here: Path) -> str:
    """Links to the other pages, the front page first."""
    titles = {path: HEADING.search(pages[path]) for path in order if path != here}
    items = "".join(
        f'<li><a href="{escape(path.name)}">{match[1] if match else escape(path.stem)}</a></li>'
        for path, match in titles.items()
    )
    return f'<nav class="pages" aria-label="Other pages"><ul>{items}</ul></nav>'
