"""Reading what figures are drawn from."""

import json
from pathlib import Path

import pandas as pd

import fabricated_results as made
from downbench.plots import style
from downbench.plots.inputs import select
from downbench.plots.intervals import whiskers
from downbench.steps.draw_figure import main


def test_select_keeps_all_seasons_rows_in_order() -> None:
    rows = [
        made.row("pr", "rapsd", 3.0, scale=20.0),
        made.row("pr", "rapsd", 2.0, scale=10.0),
        made.row("pr", "rapsd", 9.0, scale=10.0) | {"season": "DJF"},
        made.row("tas", "rapsd", 8.0, scale=10.0),
    ]
    assert list(select(pd.DataFrame(rows), "pr", "rapsd")["value"]) == [2.0, 3.0]


def test_whiskers_are_distances_and_never_negative() -> None:
    rows = pd.DataFrame({"value": [1.0, 2.0], "lower": [0.5, 2.2], "upper": [1.25, 2.5]})
    assert whiskers(rows).tolist() == [[0.5, 0.0], [0.25, 0.5]]


def test_no_whiskers_where_no_interval_is_known() -> None:
    assert whiskers(pd.DataFrame([made.row("pr", "crps", 1.0, width=float("nan"))])) is None


def test_known_models_never_share_colour_or_marker() -> None:
    assert len({look.colour for look in style.LOOKS.values()}) == len(style.LOOKS)
    assert len({look.marker for look in style.LOOKS.values()}) == len(style.LOOKS)
    assert style.look("somebody-s-model") == style.look("somebody-s-model")


def test_step_writes_both_files_from_cached_tables(tmp_path: Path) -> None:
    folder = made.write(tmp_path / "cache", ["pr"])
    png, pdf = tmp_path / "out" / "cost-skill.png", tmp_path / "out" / "cost-skill.pdf"
    manifest = {
        "comparison": {"perfect": str(folder / "comparison.csv")},
        "scores": {name: str(folder / f"{name}.csv") for name in made.LABELS},
        "maps": {name: str(folder / f"{name}-maps.nc") for name in made.LABELS},
    }
    main([
        "--figure", "cost-skill", "--experiment", json.dumps(made.EXPERIMENT),
        "--region", json.dumps(made.REGION), "--inputs", json.dumps(manifest),
        "--png", str(png), "--pdf", str(pdf),
    ])  # fmt: skip
    assert png.read_bytes().startswith(b"\x89PNG")
    assert pdf.read_bytes().startswith(b"%PDF")
    assert sorted(path.name for path in png.parent.iterdir()) == [pdf.name, png.name]
