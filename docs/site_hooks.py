"""Hooks of mkdocs: files outside of docs/ that pages link to are part of the site."""

import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from pymdownx.slugs import slugify

ROOT = Path(__file__).parents[1]
OUTSIDE = "repository/"
"""Folder of the site for what is outside of docs/."""
LINK = re.compile(r"(?<=\]\()(?!\w+:|#)([^)\s#]+)")
LANGUAGES = {".py": "python", ".yaml": "yaml"}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Give headings the anchors that they have on a forge."""
    config.mdx_configs["toc"]["slugify"] = slugify(case="lower")
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add a page for each file outside of docs/ that a page links to, and so on."""
    pages = [f"docs/{file.src_uri}" for file in files.documentation_pages()]
    for page in pages:
        for path in sorted(linked(page) - set(pages)):
            if not path.startswith("docs/"):
                files.append(File.generated(config, uri(path), content=content(path)))
                pages.append(path)
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Lead links to the pages of the site."""
    here = page.file.src_uri
    path = here.removeprefix(OUTSIDE) if here.startswith(OUTSIDE) else f"docs/{here}"
    folder = posixpath.dirname(here)
    return LINK.sub(lambda match: posixpath.relpath(uri(target(path, match[1])), folder), markdown)


def linked(page: str) -> set[str]:
    """Return the files that a page links to, all relative to the repository."""
    if not page.endswith(".md"):
        return set()
    return {target(page, link) for link in LINK.findall((ROOT / page).read_text(encoding="utf-8"))}


def target(page: str, link: str) -> str:
    """Return the file that a relative link leads to."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), link))


def uri(path: str) -> str:
    """Return the place in the site of a file of the repository."""
    if path.startswith("docs/"):
        return path.removeprefix("docs/")
    return f"{OUTSIDE}{path}" if path.endswith(".md") else f"{OUTSIDE}{path}.md"


def content(path: str) -> str:
    """Return the page of a file: Markdown as it is, anything else as a listing."""
    text = (ROOT / path).read_text(encoding="utf-8")
    if path.endswith(".md"):
        return text
    return f"# {path}\n\n```` {LANGUAGES.get(Path(path).suffix, 'text')}\n{text}````\n"
