"""The page of a region's data: self-contained, complete, and written whatever is wrong."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from matplotlib.cm import ScalarMappable

import data_stores
from downbench.core.consistency import static_fields
from downbench.core.data_summary import region_summary, store_checks
from downbench.core.data_summary.series_summary import summary_of
from downbench.plots.data_figures import missing_days, seasonal_cycle, station_places
from downbench.report import data_pictures, data_tables
from downbench.report.data_remarks import remarks
from downbench.report.private_paths import folders_of, without_paths
from downbench.scores.stations import station_overview
from downbench.steps.write_data_page import main
from report_pages import Page, browse, needs_browser

DATASETS = {"analyses": {"version": "7", "licence": "free of charge", "citation": "A. B. (2020)",
                         "day": "06-06 UTC"}}  # fmt: skip

RUN = "regional-historical"
MORE = {
    "rcms": {
        "regional": {"driven_by": "a global model", "historical": {"pr": {"path": "rcm.nc"}}}
    },
    "stations": {"file": {"path": "gauges.nc"}, "note": "Gauges of hill farms."},
}


def write(folder: Path, paths: dict[str, Path], **region: object) -> Path:
    page = folder / "report/data.html"
    others = [f"{name}={path}" for name, path in paths.items() if name != "target"]
    runs = [pair for pair in others if pair.startswith("regional-")]
    files = folder / "stations.nc", folder / "stations-left-out.csv"
    stations = ["--stations", str(files[0]), "--left-out", str(files[1])]
    main([
        "--region", json.dumps(data_stores.REGION | region), "--datasets", json.dumps(DATASETS),
        "--target", str(paths["target"]), "--report", str(page),
        "--drivers", *(pair for pair in others if pair not in runs),
        "--regional-models", *runs, *(stations if "stations" in region else []),
    ])  # fmt: skip
    return page


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, fine = tmp_path_factory.mktemp("data"), data_stores.target()
    late = data_stores.driver(fine, "reanalysis", dataset="analyses", retrieved="2026-11-01")
    late = late.assign_coords(time=late.time + np.timedelta64(1, "D"))
    marks = {"preliminary_from": "2002-03-01", "missing_days": "2001-02-09"}
    late["pr"].attrs |= marks | {"provider_code": "earlier"}
    free = data_stores.driver(fine, "gcm").convert_calendar("noleap", use_cftime=True)
    run = data_stores.regional_model(fine)
    stores = data_stores.write(folder, fine, reanalysis=late, free=free, **{RUN: run})
    data_stores.write_stations(folder, data_stores.stations(fine))
    return write(folder, stores, **data_stores.downloaded(), **MORE)


def test_every_part_is_on_the_page(page: Path) -> None:
    text = page.read_text()
    found = Page(text)
    assert [s["id"] for s in found.all("section")] == [
        "checks", "figures", "numbers", "stations", "sources", "again"
    ]  # fmt: skip
    figures = {figure["id"] for figure in found.all("figure")}
    assert figures == {
        "climatology-pr", "climatology-tas", "driver-difference-pr", "driver-difference-tas",
        "altitude-and-land", "seasonal-cycle", "wet-values", "missing-days", "correlations",
        "predictors-psl", "station-places", "station-climatology",
    }  # fmt: skip
    assert 'class="omitted"' not in text
    assert "2 checks need attention" in text and "fits the target best when shifted" in text
    assert all(len(image["alt"]) > 20 for image in found.all("img") if image.get("src"))


def test_sources_come_from_stores_and_the_table_of_datasets(page: Path) -> None:
    text = page.read_text()
    for words in ("analyses 7", "free of charge", "A. B. (2020)", "2026-11-01", "06-06 UTC",
                  "measured on hills", "calendar noleap"):  # fmt: skip
        assert words in text


def test_each_series_has_a_row_of_what_was_read(page: Path) -> None:
    section = page.read_text().split('aria-label="Series"')[1].split("</table>")[0]
    for name, kind, gaps in (("target", "target", 1), (RUN, "regional model", 1),
                             ("stations", "stations", 1), ("free", "gcm", 1)):  # fmt: skip
        cells = re.search(rf"<tr><td>{name}</td>.*?</tr>", section)[0]
        words = re.findall(r"<td>(.*?)</td>", cells)
        assert (words[3], words[5], words[7], words[8]) == (kind, "2001-01-01", "180", str(gaps))


def rows_of(text: str, series: str) -> list[str]:
    """Rows of the table of checks of a series, as text without tags."""
    rows = re.findall(r"<tr><td>(.*?)</tr>", text.split('id="checks"')[1].split("</section>")[0])
    plain = (re.sub(r"<[^>]+>", " ", row) for row in rows)
    return [" ".join(row.split()) for row in plain if row.startswith(f"{series} ")]


def test_stations_have_their_checks_gaps_and_table(page: Path) -> None:
    text = page.read_text()
    rows = rows_of(text, "stations")
    for words in ("information read 5 stations, 180 days from 2001-01-01", "a gap between",
                  "stations left out 1: no cell with values within 10 km",
                  "missing days pr 21.11% of the values missing, longest gap 275 days at point 0",
                  "common days pr 4 of 5 stations", "pass size pr ratios from 1.00 (point",
                  "pass size tas differences from", "pass missing zeros pr",
                  "pass day tas"):  # fmt: skip
        assert any(words in row for row in rows), words
    section = text.split('id="stations"')[1].split("</section>")[0]
    assert "Gauges of hill farms." in section and "1 left out" in section
    assert "<td>point 4</td>" in section and "<td>at sea</td>" in section
    assert "gauges.nc" in text.split('id="sources"')[1]


def test_a_regional_model_is_checked_like_a_driver(page: Path) -> None:
    text = page.read_text()
    rows = rows_of(text, RUN)
    for words in ("pass data contract", "not compared day a free-running model",
                  "pass size tas", "difference +1.00 K", "coverage pr 0 of"):  # fmt: skip
        assert any(words in row for row in rows), words
    sources = text.split('id="sources"')[1]
    assert "rcm.nc" in sources and "regional model, driven by a global model" in sources


def test_licence_and_citation_of_every_dataset_of_a_series_are_listed() -> None:
    rows = {
        "sums": {"licence": "CC BY 4.0", "citation": "A (2020)", "version": "", "day": "00-24"},
        "means": {"licence": "own terms", "citation": "B (2021)", "version": "", "day": "00-24"},
    }
    series = SimpleNamespace(
        name="reanalysis", kind="reanalysis", variables={"pr": 0, "tas": 0}, calendar="standard",
        attributes={"": {}, "pr": {"dataset": "sums", "licence": "CC BY 4.0"},
                    "tas": {"dataset": "means"}},
    )  # fmt: skip
    source = data_tables.sources(SimpleNamespace(series=[series], stations=None), {}, rows)[0]
    assert source.dataset == "sums, means"
    assert source.licence == "CC BY 4.0; own terms" and source.citation == "A (2020); B (2021)"


def test_what_a_download_says_of_itself_is_on_the_page(page: Path) -> None:
    text = page.read_text()
    assert "pr: preliminary from 2002-03-01 on" in text
    assert "pr: days that the archive lacks: 2001-02-09" in text
    assert "pr: parts fetched by other code of tiny" in text


def test_page_is_one_private_file(page: Path) -> None:
    text = page.read_text()
    for tag, attributes in Page(text).attributes:
        for key in ("src", "href", "srcset", "data", "action", "poster"):
            value = attributes.get(key) or "#"
            assert value.startswith(("#", "data:")), (tag, key, value)
    assert not re.search(r"url\(|@import", re.sub(r"base64,[^\"]+", "", text))
    assert "fine.nc: measured on hills" in text
    assert "/secret/folder" not in text and str(page.parent) not in text
    assert len(text) < 6e6


def test_what_cannot_be_drawn_is_named_with_its_reason(tmp_path: Path, monkeypatch) -> None:
    def broken(data: object) -> None:
        raise RuntimeError("a <b>bug</b>")

    monkeypatch.setattr(seasonal_cycle, "draw", broken)
    fine = data_stores.target()
    frames = fine.isel(time=slice(0, 40)).assign_attrs(frequency="5min")
    frames = frames.assign_coords(time=xr.date_range("2001-01-01", periods=40, freq="5min"),
                                  event=("time", ["storm"] * 40))  # fmt: skip
    text = write(tmp_path, data_stores.write(tmp_path, frames)).read_text()
    assert "drawing it stopped (RuntimeError: a &lt;b&gt;bug" in text
    assert "patches at many places: they have no map" in text
    assert "no series has one value for each day" in text
    assert [figure["id"] for figure in Page(text).all("figure")] == ["wet-values"]


def test_a_page_without_readable_stores_says_so(tmp_path: Path) -> None:
    paths = {name: tmp_path / f"{name}.zarr" for name in ("target", "reanalysis")}
    text = write(tmp_path, paths).read_text()
    assert "2 checks need attention" in text and text.count("no such store") == 2
    assert str(tmp_path) not in text
    assert text.count('class="omitted"') == 5
    paths[RUN] = tmp_path / "run.zarr"
    text = write(tmp_path, paths, **MORE).read_text()
    assert "5 checks need attention" in text and "stations.nc: no such file" in text
    assert str(tmp_path) not in text and text.count('class="omitted"') == 7


def test_no_exception_shows_a_folder(tmp_path: Path, monkeypatch) -> None:
    """Wherever a part stops, its words are shown without the folder of a file."""

    def broken(*arguments: object, **options: object) -> None:
        raise RuntimeError("'/secret/my folder/a.nc' and /secret/deep/b.nc, see https://a.org/b/c")

    fine = data_stores.target().isel(time=slice(0, 90))
    stores = data_stores.write(tmp_path, fine, **{RUN: data_stores.regional_model(fine)})
    data_stores.write_stations(tmp_path, data_stores.stations(fine))
    monkeypatch.setattr(data_pictures, "modules_of", lambda package: (seasonal_cycle,))
    monkeypatch.setattr(seasonal_cycle, "draw", broken)
    monkeypatch.setattr(station_overview, "_summary", broken)
    monkeypatch.setattr(static_fields, "results", broken)
    monkeypatch.setattr(store_checks.contract, "check", broken)
    monkeypatch.setattr(region_summary, "coarse_run", broken)
    text = write(tmp_path, stores, **MORE).read_text()
    assert text.count("RuntimeError: &#39;a.nc&#39; and b.nc, see https://a.org/b/c") == 4
    assert "/secret" not in text and "my folder" not in text and str(tmp_path) not in text


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("/a/b/c.zarr: no such store", "c.zarr: no such store"),
        ("file:///home/me/a.nc is gone, C:\\Users\\me\\b.nc too", "a.nc is gone, b.nc too"),
        ("/my data/of me/x.nc: damaged", "x.nc: damaged"),
        ("error:/home/me/a.nc, nfs:/b/c/d.nc", "error:a.nc, nfs:d.nc"),
        ("/data/obs/a b/x.nc, file:///data/y.nc", "obs/a b/x.nc, y.nc"),
        ("path /home/John Doe/obs/x.nc and /home/John Doe/y.nc", "path x.nc and y.nc"),
        ("https://www.a.gov/data/daily/x and https://a.org:80/data/x", None),
        ("rain in kg/m2/s, a share of 1/24, iberia/fine.nc", None),
        ("https://a.org/b/c and s3://bucket/key/d", None),
    ],
)
def test_texts_without_paths(text: str, public: str | None, monkeypatch) -> None:
    monkeypatch.setenv("HOME", "/home/John Doe")
    assert without_paths(text, "/my data/of me", "/data") == (public or text)


def test_folders_of_a_region_are_known() -> None:
    """Of its data, and of the files of downloads."""
    files = {"pr": {"download": "a", "path": ["/my disk/a/x.nc", "/my disk/b/y.nc"]}}
    region = {"data_dir": "/data", "target": {"path": "z.nc"}, "drivers": {"d": files}}
    assert list(folders_of(region)) == ["/data", "/my disk/a", "/my disk/b"]


def test_the_code_of_a_download_is_that_of_its_variables() -> None:
    """The file of stations has it at its variables, not at the dataset."""
    region = {"downloads": {"a": {"provider": "tiny", "provider_code": "now"}}}
    stated = {"": {"stations_left_out": "X: cold"}, "pr": {"provider_code": "now"}}
    section = {"download": "a", "variables": {"pr": {}}}
    shown = remarks(stated, section, region)
    assert len(shown) == 1 and "X: cold" in shown[0]
    stated["pr"] = {"provider_code": "earlier"}
    assert any(
        "parts fetched by other code of tiny" in text for text in remarks(stated, section, region)
    )


def test_spans_of_stations_are_in_days() -> None:
    """A gap between parts of a file is one, too."""
    dates = np.array(["2001-01-01", "2001-01-02", "2001-01-05", "2001-01-06"], "M8[D]")
    valid = np.array([[1, 0, 1, 0], [1, 0, 1, 0], [0, 1, 1, 0], [1, 0, 1, 0]], bool)
    span = station_overview._span(valid, dates)
    assert span.first.tolist() == ["2001-01-01", "2001-01-05", "2001-01-01", ""]
    assert span.longest_gap.tolist() == [3, 0, 2, 0] and span.days.tolist() == [3, 1, 4, 0]


def test_stations_across_the_date_line_lie_on_their_map() -> None:
    figure, axes = plt.subplots()
    axes.set(xlim=(175, 185), ylim=(0, 1))
    places = pd.DataFrame({"lon": [179.0, -179.0], "lat": 0.5, "fed_product": 0})
    stations = SimpleNamespace(
        places=places, left_out=pd.DataFrame({"lon": [-176.0], "lat": [0.5]})
    )
    station_places._points(axes, stations, np.zeros(2), ScalarMappable())
    drawn = [c.get_offsets()[:, 0].tolist() for c in axes.collections if len(c.get_offsets())]
    plt.close(figure)
    assert drawn == [[179, 181], [184]]


def test_states_of_days() -> None:
    """All values, few missing, half missing, none, in the worst of the variables."""
    fine = data_stores.target()
    fine["tas"][1, 0, 2], fine["tas"][2, :4], fine["pr"][3] = np.nan, np.nan, np.nan
    states = missing_days._states(summary_of(fine, "target", "target"))
    assert states[:4].tolist() == [0, 0, 1, 2] and states[4:].max() == 0


@needs_browser
def test_browser_shows_all_pictures_and_says_nothing(page: Path, tmp_path: Path) -> None:
    document, console = browse(page, tmp_path / "profile")
    assert console == [] and 'data-ready="yes"' in document
    assert 'class="broken"' not in document.split("<script>")[0]
