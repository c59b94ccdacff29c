"""Kinds of experiment: each has its verdicts, tables and notes."""

from importlib import import_module
from pathlib import Path

import pytest

import fabricated_climates
import fabricated_laws
import fabricated_results
from downbench.core.io.evidence import Evidence
from downbench.experiments import climate_models, physics, skill
from downbench.experiments.driver_evidence import DriverEvidence
from downbench.experiments.page_sections import KINDS, kind_of, page_of
from report_pages import small_figure

REGION = fabricated_results.REGION | {"stations": {"note": "from the archive"}}


def of_skill() -> DriverEvidence:
    files = {"comparison": {"perfect": fabricated_results.comparison(["pr"])}}
    return DriverEvidence(fabricated_results.EXPERIMENT, REGION, "perfect", Evidence(files))


def of_physics(skipped: str = "") -> DriverEvidence:
    checks = fabricated_laws.physics("unet").assign_attrs(not_run=skipped)
    files = {
        "comparison": {"perfect": fabricated_laws.comparison()},
        "physics": {"perfect": checks},
    }
    return DriverEvidence(
        fabricated_laws.EXPERIMENT, REGION, "perfect", Evidence(files), fabricated_laws.LAWS
    )


def of_climate_models() -> DriverEvidence:
    evidence = fabricated_climates.inputs().evidence
    return DriverEvidence(fabricated_climates.EXPERIMENT, REGION, "perfect", evidence)


@pytest.mark.parametrize(
    ("evidence", "kind", "claims"),
    [(of_skill, skill, 3), (of_physics, physics, 3), (of_climate_models, climate_models, 4)],
)
def test_an_experiment_is_judged_by_its_kind(evidence, kind, claims) -> None:
    assert kind_of(evidence()) is kind
    assert len(kind.verdicts(evidence())) == claims
    assert kind.glossary()
    assert bool(kind.tables(evidence())) == (kind is not skill)


def test_every_kind_has_the_same_functions() -> None:
    for kind in (import_module(f"downbench.experiments.{name}") for name in KINDS):
        for name in ("applies", "verdicts", "tables", "notes", "score_cells", "glossary"):
            assert callable(getattr(kind, name))


def test_skipped_checks_are_named() -> None:
    (note,) = physics.notes(of_physics("saturation: no hurs; order: no tasmin"))
    assert note.items == ["saturation: no hurs", "order: no tasmin"]
    assert not list(physics.notes(of_physics()))


def test_the_note_on_stations_is_that_of_the_region() -> None:
    warming, note = climate_models.notes(of_climate_models())
    assert "`snakemake warming`" in warming.text
    assert note.text == "Stations: from the archive"


def test_claims_about_a_model_that_is_better_than_the_oracle_are_void(tmp_path: Path) -> None:
    table = fabricated_results.comparison(["pr"])
    ratio = (table["metric"] == "crps_ratio_oracle") & (table["model"] == "corrdiff")
    table.loc[ratio, ["value", "lower", "upper"]] = (0.94, 0.93, 0.95)
    figures = {"perfect/rapsd": small_figure(tmp_path, "rapsd")}
    files = Evidence({"comparison": {"perfect": table}, "figures": figures, "rule_graph": {}})
    (section,) = page_of(fabricated_results.EXPERIMENT, REGION, files, {}, {}).sections
    assert [claim.verdict.label for claim in section.verdicts] == ["not applicable"] * 3
    assert not any(claim.tests for claim in section.verdicts)
    (note,) = section.notes
    assert note.text.startswith("CorrDiff: dependent members or leakage: CRPS below")
