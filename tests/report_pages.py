"""Pages of made-up results, their tags, and a browser that may not use the network."""

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

import fabricated_laws as laws
import fabricated_results as made
from downbench.dag import chart_library
from downbench.steps import summarise_experiment
from downbench.steps import write_front_page as write_front_page_of
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
RUN = {"budget": "demo", "seed": 1, "trial": True}
RULE_GRAPH = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'


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


def manifest(folder: Path, driver_types: tuple[str, ...] = ("perfect",)) -> dict[str, dict]:
    """Write a comparison and small figures; return the evidence of the page of experiment 1."""
    made.comparison(["pr", "tasmax"]).to_csv(folder / "comparison.csv", index=False)
    figures = {}
    for driver_type in driver_types:
        for name in made.EXPERIMENT["figures"]:
            figures[f"{driver_type}/{name}"] = str(small_figure(folder / driver_type, name))
    comparison = dict.fromkeys(driver_types, str(folder / "comparison.csv"))
    return {"comparison": comparison, "figures": figures}


def small_figure(folder: Path, name: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    figure, axes = plt.subplots(figsize=(2, 1))
    axes.plot([0, 1])
    figure.savefig(folder / f"{name}.png")
    (folder / f"{name}.pdf").touch()
    plt.close(figure)
    return folder / f"{name}.png"


def write(folder: Path, driver_types: tuple[str, ...] = ("perfect",), **region: object) -> Path:
    main([
        "--experiment", json.dumps(made.EXPERIMENT), "--region", json.dumps(made.REGION | region),
        "--run", json.dumps(RUN | {"data_dir": "/secret/folder"}),
        "--inputs", json.dumps(manifest(folder, driver_types)),
        "--chart-library", str(chart_library.folder()),
        "--report", str(folder / "exp1.html"),
    ])  # fmt: skip
    return folder / "exp1.html"


def write_front_page(folder: Path) -> Path:
    """Write the front page of made-up experiments 1 and 2 beside the page of the first."""
    laws.comparison().to_csv(folder / "laws.csv", index=False)
    inputs = {"exp1": folder / "comparison.csv", "exp2": folder / "laws.csv"}
    for section in (made.EXPERIMENT, laws.EXPERIMENT):
        name = section["name"]
        summarise_experiment.main([
            "--experiment", json.dumps(section), "--region", json.dumps(made.REGION),
            "--evaluation", json.dumps({"physics": laws.LAWS}),
            "--run", json.dumps(RUN),
            "--inputs", json.dumps({"comparison": {"perfect": str(inputs[name])}}),
            "--summary", str(folder / f"{name}.json"),
        ])  # fmt: skip
    write_front_page_of.main([
        "--region", json.dumps(made.REGION), "--run", json.dumps(RUN),
        "--sources", json.dumps({"violations": "exp2", "climate": "exp3"}),
        "--summaries", *(str(folder / f"{name}.json") for name in inputs),
        "--report", str(folder / "index.html"),
    ])  # fmt: skip
    return folder / "index.html"


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
    body = re.search(rf'<table class="scores[^"]*" id="{table}">.*?</table>', document, re.S)[0]
    return re.findall(r'<th scope="row"><i[^>]*></i>([^<]+)</th>', body)


def sorted_head(document: str, table: str) -> list[tuple[str, str]]:
    body = re.search(rf'<table class="scores" id="{table}">.*?</thead>', document, re.S)[0]
    heads = re.findall(r'data-column="([^"]+)" aria-sort="([^"]+)"', body)
    return [head for head in heads if head[1] != "none"]
