"""The page of an experiment in one region: a single self-contained HTML file."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from downbench.plots.style import look
from downbench.plots.timing import name_time_step
from downbench.report import provenance_section
from downbench.report.chart_library import ChartLibrary
from downbench.report.page_table import PageTable
from downbench.report.pictures import PageFigure
from downbench.report.private_paths import without_folders
from downbench.report.verdict_rows import ClaimVerdict
from downbench.scores.verdicts.verdict import CAVEAT

FOLDER = Path(__file__).parent
SCRIPTS = ("page.js", "tables.js", "chart.js")
MARKS = {
    "supported": "✔",
    "not supported": "✘",
    "equivalent": "≈",
    "inconclusive": "?",
    "not applicable": "–",
}


@dataclass(frozen=True)
class Note:
    """A remark under the tables, with a list if there are items."""

    name: str
    text: str
    items: Sequence[str] = ()


@dataclass(frozen=True)
class PageSection:
    """Results with one training driver."""

    name: str
    verdicts: list[ClaimVerdict]
    tables: list[PageTable]
    figures: list[PageFigure]
    notes: list[Note]


@dataclass(frozen=True)
class ExperimentPage:
    """Content of a page.

    experiment, region : their sections of the configuration
    run : compute budget, seed and further settings of the run
    sections : results of each training driver
    glossary : terms and their meanings
    rule_graph : SVG in base 64; None for an experiment without a committed picture
    chart : scores of the interactive chart, as `chart_data` gives them; none without any
    """

    experiment: Mapping[str, Any]
    region: Mapping[str, Any]
    run: Mapping[str, Any]
    sections: list[PageSection]
    glossary: list[tuple[str, str]]
    rule_graph: str | None
    chart: Mapping[str, Any] = field(default_factory=dict)


def render(page: ExperimentPage, library: ChartLibrary | None = None) -> str:
    """Return the page as HTML text; without the library its interactive chart is left out."""
    context = _context(page) | {"library": library}
    return environment(page.region).get_template("page.html.j2").render(context)


def environment(region: Mapping[str, Any]) -> Environment:
    """Return the templates of pages, with the styles and the script that all have."""
    templates = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["plain"] = lambda value: f"{value:g}"
    templates.filters["worded"] = lambda text: _worded(text, region)
    templates.globals["css"] = Markup((FOLDER / "page.css").read_text(encoding="utf-8"))
    scripts = [(FOLDER / name).read_text(encoding="utf-8") for name in SCRIPTS]
    templates.globals["script"] = Markup("\n".join(scripts))
    return templates


def _worded(text: str, region: Mapping[str, Any]) -> str:
    """Return text with the region's name of a time step; no line begins with a percent sign."""
    return name_time_step(text, region).replace(" %", "\u00a0%")


def _context(page: ExperimentPage) -> dict[str, Any]:
    experiment = {"labels": {}, "descriptions": {}} | dict(page.experiment)
    region = {"title": "", "resolution_km": None, "target": None, "splits": None}
    region |= dict(page.region)
    return {
        "experiment": experiment,
        "region": region,
        "run": page.run,
        "sections": page.sections,
        "groups": dict.fromkeys(
            group for part in page.sections for table in part.tables for group in table.groups
        ),
        "marks": MARKS,
        "caveat": CAVEAT,
        "colour": lambda row: _colour(row, experiment),
        "data": provenance_section.data(region),
        "drivers": provenance_section.drivers(region),
        "trial": page.run.get("budget", "") if page.run.get("trial") else "",
        "origin": provenance_section.origin(page.run),
        "splits": provenance_section.splits(region),
        "commands": provenance_section.commands(experiment, region, page.run),
        "versions": provenance_section.versions(),
        "rule_graph": page.rule_graph,
        "configuration": _configuration(page),
        "glossary": page.glossary,
        "chart": page.chart,
        "chart_json": Markup(_worded(htmlsafe_json_dumps(page.chart), region)),
    }


def _colour(row: str, experiment: Mapping[str, Any]) -> str:
    """Return the colour of a row's model; empty for a row that is of no model.

    Rows are named after models, by their labels, or by a label with a stage of the input after it.
    """
    labels = {name: experiment["labels"].get(name, name) for name in experiment["models"]}
    fits = [
        name
        for name, label in labels.items()
        if row == name or re.match(rf"{re.escape(label)}(,| †|$)", row)
    ]
    return look(max(fits, key=lambda name: len(labels[name]))).colour if fits else ""


def _configuration(page: ExperimentPage) -> dict[str, str]:
    """Return sections as indented JSON, without folders of this machine."""
    stated = {key: value for key, value in page.region.items() if key != "datasets"}
    region = without_folders(stated)
    run = {key: value for key, value in page.run.items() if not key.endswith("_dir")}
    sections = {"Region": region, "Experiment": page.experiment, "Run": run}
    return {
        name: json.dumps(section, indent=2, ensure_ascii=False)
        for name, section in sections.items()
        if section
    }
