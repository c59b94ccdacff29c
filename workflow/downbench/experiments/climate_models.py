"""Experiments on climate models: does a trained model generalise to the output of a GCM?"""

from collections.abc import Iterator
from itertools import product

import numpy as np

from downbench.core.stages import CORRECTED
from downbench.experiments.driver_evidence import DriverEvidence
from downbench.report.criteria import CLIMATE_MODEL
from downbench.report.page import Note
from downbench.report.page_table import PageTable
from downbench.report.score_cells import score_cell
from downbench.report.shift_tables import COLUMNS as SHIFT_COLUMNS
from downbench.report.shift_tables import shift_tables
from downbench.report.station_tables import COLUMNS as STATION_COLUMNS
from downbench.report.station_tables import station_tables
from downbench.report.summary import ScoreCell
from downbench.report.transfer_columns import COLUMNS as CLIMATE_COLUMNS
from downbench.report.transfer_columns import SINGLE_FIELD
from downbench.report.transfer_tables import transfer_tables
from downbench.scores.climate.driver_chain import BASELINE
from downbench.scores.verdicts import climate_models
from downbench.scores.verdicts.climate_evidence import ClimateEvidence
from downbench.scores.verdicts.verdict import Verdict

WARMING = (
    "Heavy rain over the warming from the historical to the future run, in per cent per kelvin: "
    "`snakemake warming` writes it for the models with claims about physical laws, to the folder "
    "warming of each training driver."
)


def applies(evidence: DriverEvidence) -> bool:
    """Return whether models were applied to a chain of drivers."""
    return evidence.trained_on in evidence.files["driver_chain"]


def verdicts(evidence: DriverEvidence) -> list[Verdict]:
    """Judge each claim from the table of the driver chain."""
    return climate_models.verdicts(evidence.driver_chain, evidence.experiment)


def tables(evidence: DriverEvidence) -> list[PageTable]:
    """Return predictor shift, climates and their change, and scores at stations."""
    chain, trained_on = evidence.driver_chain, evidence.trained_on
    return [
        *shift_tables(chain, trained_on),
        *transfer_tables(chain, evidence.experiment, trained_on),
        *station_tables(chain, evidence.experiment, trained_on),
    ]


def notes(evidence: DriverEvidence) -> Iterator[Note]:
    """Return where heavy rain over the warming is, and what the region says about stations."""
    yield Note("warming", WARMING)
    text = (evidence.region.get("stations") or {}).get("note")
    if text:
        yield Note("stations", f"Stations: {text}")


def score_cells(evidence: DriverEvidence) -> Iterator[ScoreCell]:
    """Yield the distance of the climate with corrected runs, over that expected without bias.

    Of several runs the largest counts.
    """
    climates = ClimateEvidence(evidence.driver_chain, evidence.experiment)
    name, trained_on = evidence.experiment["name"], evidence.trained_on
    largest: dict[tuple[str, str], list[float]] = {}
    for model, variable, run in product(
        evidence.experiment["transferred"], climates.variables, climates.runs
    ):
        corrected = climates.distance(model, variable, CORRECTED, run)
        baseline = climates.bias(model, variable, run, BASELINE)
        if corrected is None or baseline is None or not baseline.value > 0:
            continue
        if np.isfinite(corrected.value):
            ends = (corrected.value, corrected.lower, corrected.upper)
            values = [end / baseline.value for end in ends]
            key = model, variable
            largest[key] = max(largest.get(key, values), values)
    for (model, variable), values in largest.items():
        link = f"{name}.html#{trained_on}-climate-{variable}"
        yield score_cell(CLIMATE_MODEL, variable, model, values, link=link)


def glossary() -> list[tuple[str, str]]:
    """Return the columns of the tables by heading."""
    return [
        *{column.heading: column.meaning for column in CLIMATE_COLUMNS}.items(),
        ("†", SINGLE_FIELD),
        *{f"Input: {column.heading}": column.meaning for column in SHIFT_COLUMNS}.items(),
        *{f"Stations: {column.heading}": column.meaning for column in STATION_COLUMNS}.items(),
    ]
