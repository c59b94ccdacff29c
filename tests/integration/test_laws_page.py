"""The page of the physics experiment as a reader meets it, beside that of the first experiment."""

import json
import re
from pathlib import Path

import pytest

import fabricated_laws as made
from downbench.steps.write_report import main
from report_pages import (
    Page,
    browse,
    needs_browser,
    order,
    small_figure,
    write,
    write_front_page,
)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Page `exp2.html`, written after `exp1.html` into the same folder."""
    folder = tmp_path_factory.mktemp("pages")
    write(folder)
    made.comparison().to_csv(folder / "laws.csv", index=False)
    laws = made.physics("unet").assign_attrs(not_run="saturation: no hurs; order: no tasmin")
    laws.to_netcdf(folder / "laws.nc")
    picture = small_figure(folder / "law-figures", "violations-sharpness")
    inputs = {
        "comparison": {"perfect": str(folder / "laws.csv")},
        "figures": {"perfect/violations-sharpness": str(picture)},
        "physics": {"perfect": str(folder / "laws.nc")},
    }
    main([
        "--experiment", json.dumps(made.EXPERIMENT), "--region", json.dumps(made.made.REGION),
        "--evaluation", json.dumps({"physics": made.LAWS}),
        "--inputs", json.dumps(inputs),
        "--report", str(folder / "exp2.html"),
    ])  # fmt: skip
    return folder / "exp2.html"


def test_each_claim_has_its_own_verdict(page: Path) -> None:
    text = page.read_text()
    assert len(re.findall(r'<article class="verdict supported"', text)) == 3
    assert re.findall(r"<span>Claim (\d)</span>", text) == ["1", "2", "3"]
    assert "is by construction" in text and "bilinear interpolation 41.0\u00a0%" in text


def test_laws_stand_before_scores(page: Path) -> None:
    tables = [t["id"] for t in Page(page.read_text()).all("table") if t.get("class") == "scores"]
    assert tables[:3] == [
        "perfect-laws",
        "perfect-pr-constraint-cost",
        "perfect-tasmax-constraint-cost",
    ]
    assert tables[3:] == ["perfect-pr", "perfect-tasmax", "perfect-cost"]


def test_laws_that_could_not_be_run_are_named(page: Path) -> None:
    text = page.read_text()
    assert '<ul class="not-run"><li>saturation: no hurs</li><li>order: no tasmin</li></ul>' in text
    assert "not-run" not in (page.parent / "exp1.html").read_text()


def test_the_page_asks_for_nothing_but_its_sibling(page: Path) -> None:
    first = page.parent / "exp1.html"
    for shown, sibling in ((page, first), (first, page)):
        found = Page(shown.read_text())
        pdfs = {f"../figures/{shown.stem}/{figure['id'].replace('-', '/', 1)}.pdf"
                for figure in found.all("figure")}  # fmt: skip
        links = {a["href"] for a in found.all("a") if not a["href"].startswith("#")}
        table = f"../perfect/comparison/{shown.stem}/perfect/test.csv"
        docs = "../../../docs/read-the-results.md"
        assert pdfs and links == {sibling.name, table, docs, *pdfs}


def test_columns_of_laws_are_in_the_glossary_of_their_page_alone(page: Path) -> None:
    words = "Rain beyond the budget"
    assert f"<dt>{words}</dt>" in page.read_text()
    assert words not in (page.parent / "exp1.html").read_text()


def test_the_front_page_leads_to_existing_places(page: Path) -> None:
    front = Page(write_front_page(page.parent).read_text())
    links = {a["href"] for a in front.all("a") if "#" in a["href"]}
    assert len(links) > 4
    for name in ("exp1.html", "exp2.html"):
        tags = Page((page.parent / name).read_text()).attributes
        places = {f"{name}#{tag['id']}" for _, tag in tags if "id" in tag}
        assert {link for link in links if link.startswith(name)} <= places


@needs_browser
def test_browser_shows_it_and_says_nothing(page: Path, tmp_path: Path) -> None:
    document, console = browse(page, tmp_path / "profile")
    assert console == []
    assert 'data-ready="yes"' in document
    floors = ["reference", "coarse input", "interpolation"]
    assert order(document, "perfect-laws") == [*floors, *made.LABELS.values()]
