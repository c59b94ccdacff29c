"""The page of an experiment in one region: a single self-contained HTML file."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from downbench.plots.style import look
from downbench.plots.timing import name_time_step
from downbench.report import provenance_section
from downbench.report.pictures import PageFigure
from downbench.report.score_tables import PageTable
from downbench.report.verdict_rows import ClaimVerdict
from downbench.scores.verdicts.verdict import CAVEAT

FOLDER = Path(__file__).parent
MARKS = {
    "supported": "✔",
    "not supported": "✘",
    "equivalent": "≈",
    "inconclusive": "?",
    "not applicable": "–",
}

TRIAL_BUDGETS = frozenset({"tiny", "demo"})
"""Compute budgets that try the workflow: their networks have seen too few samples to be quoted."""


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
    """

    experiment: Mapping[str, Any]
    region: Mapping[str, Any]
    run: Mapping[str, Any]
    sections: list[PageSection]
    glossary: list[tuple[str, str]]
    rule_graph: str | None


def render(page: ExperimentPage) -> str:
    """Return the page as HTML text."""
    return environment(page.region).get_template("page.html.j2").render(_context(page))


def trial_budget(*budgets: str | None) -> str:
    """Return the first compute budget that only tries the workflow; empty where none does."""
    return next((budget for budget in budgets if budget in TRIAL_BUDGETS), "")


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
    templates.globals["script"] = Markup((FOLDER / "page.js").read_text(encoding="utf-8"))
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
        "marks": MARKS,
        "caveat": CAVEAT,
        "colours": {name: look(name).colour for name in experiment["models"]},
        "data": provenance_section.data(region),
        "drivers": provenance_section.drivers(region),
        "trial": trial_budget(page.run.get("budget")),
        "origin": provenance_section.origin(page.run),
        "splits": provenance_section.splits(region),
        "commands": provenance_section.commands(experiment, region, page.run),
        "versions": provenance_section.versions(),
        "rule_graph": page.rule_graph,
        "configuration": _configuration(page),
        "glossary": page.glossary,
    }


def _configuration(page: ExperimentPage) -> dict[str, str]:
    """Return sections as indented JSON, without folders of this machine."""
    hidden = ("data_dir", "datasets")
    region = {key: value for key, value in page.region.items() if key not in hidden}
    run = {key: value for key, value in page.run.items() if not key.endswith("_dir")}
    sections = {"Region": region, "Experiment": page.experiment, "Run": run}
    return {
        name: json.dumps(section, indent=2, ensure_ascii=False)
        for name, section in sections.items()
        if section
    }
