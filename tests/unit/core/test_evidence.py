"""Evidence by kind and key: read when it is first used, of kinds that nobody registered too."""

import json
from pathlib import Path

import pytest
import xarray as xr

import fabricated_results as made
from downbench.core.errors import UserError
from downbench.core.io.evidence import KINDS, POSITION_COLUMNS, Evidence, read_manifest
from downbench.scores.climate import driver_chain


def manifest(**kinds: dict[str, Path]) -> str:
    return json.dumps({k: {n: str(p) for n, p in files.items()} for k, files in kinds.items()})


def test_files_are_read_when_they_are_used(tmp_path: Path) -> None:
    made.comparison(["pr"]).to_csv(tmp_path / "comparison.csv", index=False)
    evidence = read_manifest(
        manifest(comparison={"perfect": tmp_path / "comparison.csv", "other": tmp_path / "none"})
    )
    assert list(evidence["comparison"]) == ["perfect", "other"]
    assert set(evidence["comparison"]["perfect"]["model"]) == set(made.LABELS)
    assert evidence["comparison"]["perfect"] is evidence["comparison"]["perfect"]


def test_a_new_kind_is_read_by_the_ending_of_its_files(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("day,flow\n1,2.5\n")
    xr.Dataset({"flow": ("day", [2.5])}).to_netcdf(tmp_path / "a.nc")
    evidence = read_manifest(
        manifest(hydrology={"table": tmp_path / "a.csv", "series": tmp_path / "a.nc"})
    )
    assert evidence["hydrology"]["table"]["flow"].item() == 2.5
    assert float(evidence["hydrology"]["series"]["flow"][0]) == 2.5


def test_a_kind_without_files_is_empty() -> None:
    assert len(Evidence({})["maps"]) == 0


def test_the_manifest_can_be_a_file(tmp_path: Path) -> None:
    (tmp_path / "inputs.json").write_text('{"figures": {"perfect/rapsd": "rapsd.png"}}')
    evidence = read_manifest(str(tmp_path / "inputs.json"))
    assert evidence["figures"]["perfect/rapsd"] == Path("rapsd.png")


@pytest.mark.parametrize(
    "text", ['{"scores": ["a.csv"]}', '{"scores": {"a": 1}}', "{", "none.json"]
)
def test_what_is_no_manifest_is_reported(text: str) -> None:
    with pytest.raises(UserError, match="--inputs"):
        read_manifest(text)


def test_a_table_of_a_known_kind_has_its_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    evidence = read_manifest(manifest(scores={"unet": tmp_path / "a.csv"}))
    with pytest.raises(UserError, match="without columns.*rule evaluate"):
        evidence["scores"]["unet"]


def test_an_absent_file_names_the_rule_that_makes_it(tmp_path: Path) -> None:
    for kind, ending in (("scores", "csv"), ("physics", "nc")):
        evidence = read_manifest(manifest(**{kind: {"unet": tmp_path / f"none.{ending}"}}))
        with pytest.raises(UserError, match=f"none.{ending}.*{KINDS[kind].rule}"):
            evidence[kind]["unet"]


def test_columns_of_the_driver_chain_are_those_it_is_written_with() -> None:
    assert set(driver_chain.POSITION_COLUMNS) == POSITION_COLUMNS
    assert set(driver_chain.CHAIN_COLUMNS) == KINDS["driver_chain"].columns
