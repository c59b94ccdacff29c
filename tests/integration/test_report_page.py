"""The page as a reader meets it: rendered by a browser that may not use the network."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

import fabricated_results as made
from downbench.core.errors import UserError
from downbench.steps.write_report import main

BROWSER = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome")
     if (found := shutil.which(name))),
    None,
)  # fmt: skip
needs_browser = pytest.mark.skipif(
    BROWSER is None, reason="no chromium, chromium-browser or google-chrome on this machine"
)
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync "
    "--enable-logging=stderr --virtual-time-budget=5000"
).split()
DAG = "flowchart TB\n\tid0[exp1]\n\tid1[write_report]\n\tid1 --> id0\n"


class Page(HTMLParser):
    """Sorted tables, links and sources of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.attributes: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for found, attributes in self.attributes if found == tag]


def write(folder: Path, lanes: tuple[str, ...] = ("perfect",), **region: object) -> Path:
    made.comparison(["pr", "tasmax"]).to_csv(folder / "comparison.csv", index=False)
    (folder / "dag.mmd").write_text(DAG)
    for lane in lanes:
        (folder / "figures" / lane).mkdir(parents=True)
        for name in made.EXPERIMENT["figures"]:
            figure, axes = plt.subplots(figsize=(2, 1))
            axes.plot([0, 1])
            figure.savefig(folder / "figures" / lane / f"{name}.png")
            plt.close(figure)
    main([
        "--experiment", json.dumps(made.EXPERIMENT), "--region", json.dumps(made.REGION | region),
        "--run", json.dumps({"budget": "demo", "seed": 1, "data_dir": "/secret/folder"}),
        "--comparison", *(f"{lane}={folder / 'comparison.csv'}" for lane in lanes),
        "--figures", str(folder / "figures"), "--dag", str(folder / "dag.mmd"),
        "--report", str(folder / "index.html"),
    ])  # fmt: skip
    return folder / "index.html"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("page"), ("perfect", "reanalysis"))


def browse(page: Path, profile: Path, *more: str, address: str = "") -> tuple[str, list[str]]:
    """The document after its scripts ran, and what the browser's console said."""
    done = subprocess.run(
        [BROWSER, *FLAGS, f"--user-data-dir={profile}", *more, "--dump-dom",
         page.as_uri() + address],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    console = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    return done.stdout, console


def order(document: str, table: str) -> list[str]:
    """Models of one table from top to bottom."""
    body = re.search(rf'<table class="scores" id="{table}">.*?</table>', document, re.S)[0]
    return re.findall(r'<th scope="row"><i[^>]*></i>([^<]+)</th>', body)


def sorted_head(document: str, table: str) -> list[tuple[str, str]]:
    body = re.search(rf'<table class="scores" id="{table}">.*?</thead>', document, re.S)[0]
    heads = re.findall(r'data-column="([^"]+)" aria-sort="([^"]+)"', body)
    return [head for head in heads if head[1] != "none"]


def test_a_region_finer_than_daily_has_no_days(tmp_path: Path) -> None:
    radar = {"frequency": "5min", "accumulation_window": "5 min"}
    text = write(tmp_path, files=radar).read_text()
    shown = re.sub(r"<(style|script|pre)\b.*?</\1>|<[^>]*>", " ", text, flags=re.DOTALL)
    assert "Wet-time frequency" in shown and "s per member and time" in shown
    assert not re.search(r"\{on\}|\{day|(?<!mm )\bdays?\b(?!⁻¹)", shown)


def test_page_asks_for_nothing_from_outside(page: Path) -> None:
    text = page.read_text()
    found = Page(text)
    for tag, attributes in found.attributes:
        for key in ("src", "href", "srcset", "data", "action", "poster"):
            value = attributes.get(key) or "#"
            assert value.startswith(("#", "data:")), (tag, key, value)
    assert not re.search(r"url\(|@import|https?://", re.sub(r"base64,[^\"]+", "", text))


def test_page_holds_no_folder_of_this_machine(page: Path) -> None:
    text = page.read_text()
    assert "/secret/folder" not in text and str(page.parent) not in text


def test_page_shows_every_part_for_every_driver(page: Path) -> None:
    text = page.read_text()
    found = Page(text)
    assert [s["id"] for s in found.all("section")] == [
        "verdict", "scores", "figures", "data", "again", "glossary"
    ]  # fmt: skip
    tables = [t["id"] for t in found.all("table") if t.get("class") == "scores"]
    kinds = ("pr", "tasmax", "cost")
    assert tables == [f"{lane}-{kind}" for lane in ("perfect", "reanalysis") for kind in kinds]
    assert len(found.all("figure")) == 4
    assert made.EXPERIMENT["hypothesis"] in text
    assert "budget=demo seed=1" in text
    assert len(re.findall(r'<article class="verdict (?:not-)?\w+"', text)) == 2


def test_every_picture_has_words(page: Path) -> None:
    pictures = Page(page.read_text()).all("figure") and Page(page.read_text()).all("img")
    inside = [picture for picture in pictures if picture.get("src")]
    assert len(inside) == 4
    assert all(len(picture["alt"]) > 20 for picture in inside)


def test_text_from_the_configuration_is_escaped(tmp_path: Path) -> None:
    text = write(tmp_path, title="<script>alert(1)</script>").read_text()
    assert "<script>alert(1)" not in text and "&lt;script&gt;alert(1)" in text


def test_missing_figures_are_told(tmp_path: Path) -> None:
    write(tmp_path)
    shutil.rmtree(tmp_path / "figures" / "perfect")
    with pytest.raises(UserError, match="snakemake figures"):
        main([
            "--experiment", json.dumps(made.EXPERIMENT), "--region", json.dumps(made.REGION),
            "--comparison", f"perfect={tmp_path / 'comparison.csv'}",
            "--figures", str(tmp_path / "figures"), "--dag", str(tmp_path / "dag.mmd"),
            "--report", str(tmp_path / "index.html"),
        ])  # fmt: skip


@needs_browser
def test_browser_shows_all_pictures_and_says_nothing(page: Path, tmp_path: Path) -> None:
    document, console = browse(page, tmp_path / "profile")
    assert console == []
    assert 'data-ready="yes"' in document
    assert 'class="broken"' not in document.split("<script>")[0]
    assert order(document, "perfect-pr") == list(made.LABELS.values())


@needs_browser
def test_a_picture_that_cannot_be_shown_is_told(page: Path, tmp_path: Path) -> None:
    spoilt = tmp_path / "spoilt.html"
    spoilt.write_text(re.sub(r"base64,[A-Za-z0-9+/=]{60}", "base64,", page.read_text(), count=1))
    document, _ = browse(spoilt, tmp_path / "profile")
    assert document.split("<script>")[0].count('class="broken"') == 1


@needs_browser
def test_a_link_keeps_the_order(page: Path, tmp_path: Path) -> None:
    address = "#sort=perfect-pr.crps.ascending"
    document, _ = browse(page, tmp_path / "profile", address=address)
    by_skill = sorted(made.SKILL, key=made.SKILL.get, reverse=True)
    assert order(document, "perfect-pr") == [made.LABELS[name] for name in by_skill]
    assert sorted_head(document, "perfect-pr") == [("crps", "ascending")]
    assert order(document, "reanalysis-pr") == list(made.LABELS.values())


@needs_browser
def test_clicking_a_heading_twice_sorts_downwards_and_numberless_rows_stay_last(
    page: Path, tmp_path: Path
) -> None:
    clicked = tmp_path / "clicked.html"
    path = "#perfect-pr [data-column=log_likelihood_kde] button"
    click = f"const b = document.querySelector('{path}'); b.click(); b.click();"
    end = "document.body.dataset.address = location.hash;</script></body>"
    script = f"<script>{click}{end}"
    clicked.write_text(page.read_text().replace("</body>", script))
    document, console = browse(clicked, tmp_path / "profile")
    assert console == []
    assert sorted_head(document, "perfect-pr") == [("log_likelihood_kde", "descending")]
    models = order(document, "perfect-pr")
    single = {made.LABELS[name] for name in made.SINGLE}
    assert models[0] == "Oracle" and set(models[-3:]) == single
    assert 'data-address="#sort=perfect-pr.log_likelihood_kde.descending"' in document


@needs_browser
@pytest.mark.parametrize("width", [1280, 400])
def test_only_boxes_scroll_sideways_never_the_page(page: Path, tmp_path: Path, width: int) -> None:
    frame = tmp_path / "frame.html"
    inner = page.read_text().replace("&", "&amp;").replace('"', "&quot;")
    measure = (
        "addEventListener('load', () => { const d = document.querySelector('iframe')"
        ".contentDocument.documentElement;"
        "document.body.dataset.widths = [d.scrollWidth, d.clientWidth].join(); });"
    )
    frame.write_text(
        f'<body><script>{measure}</script><iframe style="width:{width}px;height:900px;border:0" '
        f'srcdoc="{inner}"></iframe></body>'
    )
    document, _ = browse(frame, tmp_path / "profile")
    inside, shown = re.search(r'data-widths="(\d+),(\d+)"', document).groups()
    assert int(shown) > width - 30
    assert int(inside) <= int(shown)
