"""Experiments on climate models: does a trained model generalise to the output of a GCM?"""

from collections.abc import Iterator

from downbench.experiments.driver_evidence import DriverEvidence
from downbench.report.page import Note
from downbench.report.score_tables import PageTable
from downbench.report.shift_tables import COLUMNS as SHIFT_COLUMNS
from downbench.report.shift_tables import shift_tables
from downbench.report.station_tables import COLUMNS as STATION_COLUMNS
from downbench.report.station_tables import station_tables
from downbench.report.transfer_columns import COLUMNS as CLIMATE_COLUMNS
from downbench.report.transfer_columns import SINGLE_FIELD
from downbench.report.transfer_tables import transfer_tables
from downbench.scores.verdicts import climate_models
from downbench.scores.verdicts.verdict import Verdict


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
    """Return what the region says about its stations."""
    text = (evidence.region.get("stations") or {}).get("note")
    if text:
        yield Note("stations", f"Stations: {text}")


def glossary() -> list[tuple[str, str]]:
    """Return the columns of the tables by heading."""
    return [
        *{column.heading: column.meaning for column in CLIMATE_COLUMNS}.items(),
        ("†", SINGLE_FIELD),
        *{f"Input: {column.heading}": column.meaning for column in SHIFT_COLUMNS}.items(),
        *{f"Stations: {column.heading}": column.meaning for column in STATION_COLUMNS}.items(),
    ]
