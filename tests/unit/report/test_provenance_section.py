"""How the page says where its numbers come from."""

import fabricated_results as made
from downbench.report import provenance_section
from downbench.report.captions import caption


def test_commands_name_region_budget_and_seed() -> None:
    text = provenance_section.commands(
        made.EXPERIMENT, {"name": "iberia"}, {"budget": "standard", "seed": 7}
    )
    assert "snakemake --profile profiles/local exp1" in text
    assert text.endswith("--config region=iberia budget=standard seed=7")


def test_the_commit_is_that_of_the_page_and_says_what_was_changed(monkeypatch) -> None:
    monkeypatch.setattr(provenance_section, "commit", lambda: "0123456789ab-dirty")
    assert " UTC by commit 0123456789ab-dirty · " in provenance_section.origin({})
    text = provenance_section.commands(made.EXPERIMENT, {"name": "iberia"}, {})
    assert text.startswith("git checkout 0123456789ab\n")


def test_files_are_listed_with_their_origin_once() -> None:
    region = {
        "target": {
            "source": "files",
            "variables": {"pr": {"path": "a.nc", "variable": "rr"}, "tas": {"path": "b.nc"}},
            "patches": {"files": [{"path": "c.nc"}]},
        },
        "drivers": {
            "reanalysis": {"variables": {"pr": {"path": "d.nc"}, "huss": {"path": "d.nc"}}}
        },
        "origins": {"a.nc": "an archive", "d.nc": "a radar"},
    }
    found = dict(provenance_section.data(region))
    assert list(found) == ["a.nc", "b.nc", "c.nc", "d.nc"]
    assert found["a.nc"] == "an archive" and "not stated" in found["b.nc"]


def test_downloads_are_listed_as_datasets_with_their_terms() -> None:
    files = {"path": ["downloads/alps/era5/pr_1980.nc"], "download": "era5"}
    region = {
        "target": {"source": "files", "variables": {"pr": {"path": ["a.nc", "b.nc"]}}},
        "drivers": {"reanalysis": {"variables": {"pr": files}}},
        "datasets": [{"title": "era5", "terms": "A paper. Licence: free."}],
    }
    assert list(provenance_section.data(region)) == [
        ("era5", "A paper. Licence: free."),
        ("a.nc", "origin not stated in the region's file"),
        ("b.nc", "origin not stated in the region's file"),
    ]


def test_years_in_a_row_become_a_range() -> None:
    splits = {"by": "year", "train": [1981, 1982, 1983, 1990], "test": [2000], "warm": []}
    assert provenance_section.splits({"splits": splits}) == [
        ("train", "1981–1983, 1990"),
        ("test", "2000"),
    ]


def test_events_are_named_one_by_one() -> None:
    splits = {"by": "event", "train": ["fmi-1", "mrms-2"], "validation": [], "test": ["swiss-3"]}
    assert provenance_section.splits({"splits": splits})[0] == ("train", "fmi-1, mrms-2")


def test_versions_hold_python_and_torch() -> None:
    assert {"python", "torch", "numpy"} <= set(provenance_section.versions())


def test_a_figure_without_caption_keeps_its_name() -> None:
    assert caption("my-own-figure") == ("My own figure", "")
