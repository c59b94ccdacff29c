"""The page of an experiment in one region: one HTML file that needs nothing else."""

import base64
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from downbench.core.errors import UserError
from downbench.core.variables import title
from downbench.plots.style import look
from downbench.plots.timing import told
from downbench.report import provenance_section
from downbench.report.captions import caption, reading_order
from downbench.report.columns import COSTS, SCORES, WORDS
from downbench.report.law_tables import LAWS, PRICES, law_tables
from downbench.report.rule_graph import read
from downbench.report.rule_graph_svg import svg
from downbench.report.score_tables import Table, number, tables
from downbench.report.shift_tables import COLUMNS as OF_SHIFT
from downbench.report.shift_tables import shift_tables
from downbench.report.station_tables import COLUMNS as OF_STATIONS
from downbench.report.station_tables import station_tables
from downbench.report.terms import TERMS
from downbench.report.transfer_columns import COLUMNS as OF_TRANSFER
from downbench.report.transfer_columns import SINGLE_FIELD
from downbench.report.transfer_tables import transfer_tables
from downbench.scores.verdicts import climate_models
from downbench.scores.verdicts.physics_claims import verdicts
from downbench.scores.verdicts.skill import verdict
from downbench.scores.verdicts.verdict import Verdict

HERE = Path(__file__).parent
MARKS = {
    "supported": "✔",
    "not supported": "✘",
    "inconclusive": "≈",
    "not applicable": "–",
}
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Picture:
    """A figure as the page holds it."""

    name: str
    title: str
    caption: str
    png: str
    width: int
    height: int


@dataclass(frozen=True)
class Judged:
    """A verdict, and the rows of the table that shows what it rests on."""

    verdict: Verdict
    numbers: list[list[str]]


@dataclass(frozen=True)
class TrainingDriver:
    """What was found with one training driver."""

    name: str
    verdicts: list[Judged]
    tables: list[Table]
    figures: list[Picture]
    not_run: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """What the page is made of.

    `run` holds budget, seed and further settings of the run; `laws` the tolerances that an
    experiment with claims about physical laws is judged by, `not_run` per trained_on the laws that
    could not be run there, and for want of what.
    """

    experiment: Mapping[str, Any]
    region: Mapping[str, Any]
    comparisons: Mapping[str, pd.DataFrame]
    figures: Path
    dag: Path
    run: Mapping[str, Any] = field(default_factory=dict)
    laws: Mapping[str, Any] = field(default_factory=dict)
    transfers: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    not_run: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def render(source: Source) -> str:
    """The whole page as HTML text.

    Raises
    ------
    UserError
        When a figure or the rule graph is missing or unreadable.
    """
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["plain"] = lambda value: f"{value:g}"
    # No line may begin with a percent sign.
    environment.filters["told"] = lambda text: told(text, source.region).replace(" %", "\u00a0%")
    return environment.get_template("page.html.j2").render(_context(source))


def _context(source: Source) -> dict[str, Any]:
    experiment = {"labels": {}} | dict(source.experiment)
    region = {"title": "", "resolution_km": None, "target": None, "splits": None, "stations": None}
    region |= dict(source.region)
    return {
        "experiment": experiment,
        "region": region,
        "run": source.run,
        "training_drivers": [_training_driver(name, source) for name in source.comparisons],
        "marks": MARKS,
        "colours": {name: look(name).colour for name in experiment["models"]},
        "data": provenance_section.data(region),
        "drivers": provenance_section.drivers(region),
        "splits": provenance_section.splits(region),
        "commands": provenance_section.commands(experiment, region, source.run),
        "versions": provenance_section.versions(),
        "graph": Markup(svg(read(source.dag))),
        "configuration": _configuration(source),
        "glossary": _glossary(bool(experiment.get("claims")), bool(source.transfers)),
        "css": Markup((HERE / "page.css").read_text(encoding="utf-8")),
        "script": Markup((HERE / "page.js").read_text(encoding="utf-8")),
    }


def _training_driver(name: str, source: Source) -> TrainingDriver:
    comparison, experiment = source.comparisons[name], source.experiment
    if name in source.transfers:
        transfer = source.transfers[name]
        found = climate_models.verdicts(transfer, experiment)
        shown = [*shift_tables(transfer, name)]
        shown += transfer_tables(transfer, experiment, name)
        shown += station_tables(transfer, experiment, name)
    elif experiment.get("claims"):
        found = verdicts(comparison, experiment, source.laws)
        shown = law_tables(comparison, experiment, source.laws, name)
    else:
        found, shown = [verdict(comparison, experiment)], []
    return TrainingDriver(
        name,
        [_judged(one, experiment.get("labels", {})) for one in found],
        [*shown, *tables(comparison, experiment, name)],
        _pictures(source.figures / name),
        source.not_run.get(name, ()),
    )


def _judged(one: Verdict, labels: Mapping[str, str]) -> Judged:
    return Judged(one, [_number_row(row, labels) for row in one.numbers.to_dict("records")])


def _number_row(row: Mapping[str, Any], labels: Mapping[str, str]) -> list[str]:
    """One row of the comparison as the verdict shows it."""
    metric = row["metric"].replace("_", " ")
    scale = "" if pd.isna(row["scale"]) or row["scale"] == 1 else f", {row['scale']:g}× pooled"
    ends = [number(row[end], like=row["value"]) for end in ("lower", "upper")]
    return [
        title(row["variable"]),
        labels.get(row["model"], row["model"]),
        metric + scale,
        number(row["value"]),
        " … ".join(ends),
        f"{row['times']:.0f}",
    ]


def _pictures(folder: Path) -> list[Picture]:
    """All figures of one folder, in the order of reading, others after them by name."""
    position = {name: number for number, name in enumerate(reading_order())}
    paths = sorted(
        folder.glob("*.png"), key=lambda p: (position.get(p.stem, len(position)), p.stem)
    )
    if not paths:
        raise UserError(f"{folder}: no figures here; run `snakemake figures` first")
    return [_picture(path) for path in paths]


def _picture(path: Path) -> Picture:
    content = path.read_bytes()
    if not content.startswith(PNG_SIGNATURE):
        raise UserError(f"{path}: not a PNG file; delete it and run `snakemake figures`")
    width, height = struct.unpack(">II", content[16:24])
    return Picture(
        path.stem, *caption(path.stem), base64.b64encode(content).decode(), width, height
    )


def _configuration(source: Source) -> dict[str, str]:
    """Sections as indented JSON, without folders of this machine."""
    region = {key: value for key, value in source.region.items() if key != "data_dir"}
    run = {key: value for key, value in source.run.items() if not key.endswith("_dir")}
    sections = {"Region": region, "Experiment": source.experiment, "Run": run}
    return {
        name: json.dumps(section, indent=2, ensure_ascii=False)
        for name, section in sections.items()
        if section
    }


def _glossary(with_laws: bool, with_runs: bool) -> list[tuple[str, str]]:
    """Terms and columns by name."""
    columns = [(c.words(), f"{c.meaning} ({WORDS[c.best]})") for c in (*SCORES, *COSTS)]
    if with_laws:
        columns += [(c.heading, c.meaning) for c in LAWS]
        columns += [(f"Price: {c.heading}", c.meaning) for c in PRICES]
    if with_runs:
        columns += {c.heading: c.meaning for c in OF_TRANSFER}.items()
        columns.append(("†", SINGLE_FIELD))
        columns += {f"Input: {c.heading}": c.meaning for c in OF_SHIFT}.items()
        columns += {f"Stations: {c.heading}": c.meaning for c in OF_STATIONS}.items()
    return sorted([*TERMS.items(), *columns], key=lambda entry: entry[0].lower())
