"""The page as a reader meets it: rendered by a browser that may not use the network."""

import csv
import html
import json
import re
from pathlib import Path

import pytest

import data_stores
import fabricated_results as made
from downbench.core.errors import UserError
from downbench.report.captions import caption
from downbench.steps.write_report import main
from report_pages import (
    RULE_GRAPH,
    Page,
    browse,
    manifest,
    needs_browser,
    order,
    sorted_head,
    write,
    write_front_page,
)

ROOT = Path(__file__).parents[2]
DOCS = "../../../"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("page"), ("perfect", "reanalysis"))


def test_a_region_finer_than_daily_has_no_days(tmp_path: Path) -> None:
    radar = {"frequency": "5min", "accumulation_window": "5 min"}
    text = write(tmp_path, target=radar).read_text()
    shown = re.sub(r"<(style|script|pre)\b.*?</\1>|<[^>]*>", " ", text, flags=re.DOTALL)
    assert "Wet-time frequency" in shown and "s per member and time" in shown
    assert not re.search(r"\{on\}|\{day|(?<!mm )\bdays?\b(?!⁻¹)", shown)


def test_page_asks_for_nothing_from_outside(page: Path) -> None:
    text = page.read_text()
    found, pdfs = Page(text), set()
    for tag, attributes in found.attributes:
        for key in ("src", "href", "srcset", "data", "action", "poster"):
            value = attributes.get(key) or "#"
            if tag == "a" and re.fullmatch(r"\.\./figures/exp1/\w+/[\w-]+\.pdf", value):
                pdfs.add(value)
                continue
            if re.fullmatch(r"\.\./(\w+)/comparison/exp1/\1/test\.csv", value):
                continue
            if value.startswith(DOCS):
                assert (ROOT / value.removeprefix(DOCS)).is_file()
                continue
            assert value.startswith(("#", "data:")), (tag, key, value)
    assert len(pdfs) == len(found.all("figure"))
    assert not re.search(r"url\(|@import|https?://", re.sub(r"base64,[^\"]+", "", text))


def test_page_holds_no_folder_of_this_machine(tmp_path: Path) -> None:
    text = write(tmp_path, **data_stores.downloaded()).read_text()
    assert "<td>fine.nc</td><td>measured on hills</td>" in text and "tiny" in text
    assert "/secret/folder" not in text and str(tmp_path) not in text


def test_page_shows_every_part_for_every_driver(page: Path) -> None:
    text = page.read_text()
    found = Page(text)
    assert [s["id"] for s in found.all("section")] == [
        "verdict", "scores", "explore", "figures", "data", "again", "glossary"
    ]  # fmt: skip
    tables = [t["id"] for t in found.all("table") if t.get("class") == "scores"]
    kinds = ("pr", "tasmax", "cost")
    assert tables == [
        f"{driver_type}-{kind}" for driver_type in ("perfect", "reanalysis") for kind in kinds
    ]
    assert len(found.all("figure")) == 4
    assert made.EXPERIMENT["hypothesis"] in text
    assert "budget=demo seed=1" in text
    assert len(re.findall(r'<article class="verdict (?:not-)?\w+"', text)) == 6
    assert text.count('<table class="tests">') == 6 and text.count("with one seed") == 1


def test_every_picture_has_words(page: Path) -> None:
    pictures = Page(page.read_text()).all("figure") and Page(page.read_text()).all("img")
    inside = [picture for picture in pictures if picture.get("src")]
    assert len(inside) == 4
    assert all(len(picture["alt"]) > 20 for picture in inside)


def test_text_from_the_configuration_is_escaped(tmp_path: Path) -> None:
    text = write(tmp_path, title="<script>alert(1)</script>").read_text()
    assert "<script>alert(1)" not in text and "&lt;script&gt;alert(1)" in text


@pytest.mark.parametrize("missing", ["listed", "file"])
def test_missing_figures_are_reported(tmp_path: Path, missing: str) -> None:
    inputs = manifest(tmp_path)
    if missing == "listed":
        inputs["figures"] = {}
    else:
        Path(inputs["figures"]["perfect/rapsd"]).unlink()
    with pytest.raises(UserError, match="figures"):
        main([
            "--experiment", json.dumps(made.EXPERIMENT), "--region", json.dumps(made.REGION),
            "--inputs", json.dumps(inputs), "--report", str(tmp_path / "exp1.html"),
        ])  # fmt: skip


def test_a_rule_graph_is_embedded_if_there_is_one(page: Path, tmp_path: Path) -> None:
    assert '<img class="rule-graph"' not in page.read_text()
    (tmp_path / "dag.svg").write_text(RULE_GRAPH)
    inputs = manifest(tmp_path) | {"rule_graph": {"exp1": str(tmp_path / "dag.svg")}}
    main([
        "--experiment", json.dumps(made.EXPERIMENT), "--region", json.dumps(made.REGION),
        "--inputs", json.dumps(inputs), "--report", str(tmp_path / "exp1.html"),
    ])  # fmt: skip
    text = (tmp_path / "exp1.html").read_text()
    assert 'alt="Rule graph of exp1' in text and "data:image/svg+xml;base64," in text


@needs_browser
def test_browser_shows_all_pictures_and_says_nothing(page: Path, tmp_path: Path) -> None:
    document, console = browse(page, tmp_path / "profile")
    assert console == []
    assert 'data-ready="yes"' in document
    assert 'class="broken"' not in document.split("<script>")[0]
    assert order(document, "perfect-pr") == list(made.LABELS.values())


@needs_browser
def test_a_picture_that_cannot_be_shown_is_reported(page: Path, tmp_path: Path) -> None:
    spoilt = tmp_path / "spoilt.html"
    spoilt.write_text(re.sub(r"base64,[A-Za-z0-9+/=]{60}", "base64,", page.read_text(), count=1))
    document, _ = browse(spoilt, tmp_path / "profile")
    assert document.split("<script>")[0].count('class="broken"') == 1


@needs_browser
def test_a_link_keeps_the_order(page: Path, tmp_path: Path) -> None:
    address = "#sort=perfect-pr.crps.ascending"
    document, _ = browse(page, tmp_path / "profile", address=address)
    by_skill = sorted(made.SKILL, key=made.SKILL.get, reverse=True)
    assert order(document, "perfect-pr") == [made.LABELS[name] for name in by_skill]
    assert sorted_head(document, "perfect-pr") == [("crps", "ascending")]
    assert order(document, "reanalysis-pr") == list(made.LABELS.values())


@needs_browser
def test_clicking_a_heading_twice_sorts_downwards_and_numberless_rows_stay_last(
    page: Path, tmp_path: Path
) -> None:
    clicked = tmp_path / "clicked.html"
    path = "#perfect-pr [data-column=log_likelihood_kde] button"
    click = f"const b = document.querySelector('{path}'); b.click(); b.click();"
    click += "document.querySelector('.zoom').click();"
    click += "document.querySelector('[data-step=\"1\"]').click();"
    click += "const more = getComputedStyle(document.querySelector('#perfect-pr td.more'));"
    click += "const choice = document.querySelector('.columns .shown');"
    click += "const count = () => [...document.querySelectorAll('#perfect-pr thead th')]"
    click += ".filter((th) => getComputedStyle(th).display !== 'none').length;"
    click += "Object.assign(document.body.dataset, {more: more.display, columns: count()});"
    click += "choice.value = 'Extremes'; document.body.dataset.extremes = count();"
    click += "choice.value = 'all'; document.body.dataset.all = count();"
    click += "document.body.dataset.meaning = document.querySelector('.meaning').textContent;"
    click += "const find = document.getElementById('filter'); find.value = 'COST dropout';"
    click += "find.dispatchEvent(new Event('input'));"
    click += "document.body.dataset.rows = [...document.querySelectorAll('.scores tbody tr')]"
    click += ".filter((row) => row.getClientRects().length).length;"
    click += "Object.assign(document.body.dataset, {large: "
    click += "document.querySelector('#large img').alt, table: "
    click += "exported(document.querySelector('#perfect-pr'), 'csv')});"
    end = "document.body.dataset.address = location.hash;</script></body>"
    script = f"<script>{click}{end}"
    clicked.write_text(page.read_text().replace("</body>", script))
    document, console = browse(clicked, tmp_path / "profile")
    assert console == []
    assert sorted_head(document, "perfect-pr") == [("log_likelihood_kde", "descending")]
    models = order(document, "perfect-pr")
    single = {made.LABELS[name] for name in made.SINGLE}
    assert models[0] == "Oracle" and set(models[-3:]) == single
    counts = {key: int(count) for key, count in re.findall(r'data-(\w+)="(\d+)"', document)}
    keys = ("columns", "extremes", "all", "rows")
    assert [counts[key] for key in keys] == [6, 4, 13, 2]
    assert re.search(r'data-meaning="Log-likelihood, kernel estimate: [^"]{30}', document)
    assert 'data-more="none"' in document and f'data-large="{caption("rapsd")[0]}' in document
    table = html.unescape(re.search(r'data-table="([^"]+)"', document)[1])
    cells = next(line for line in csv.DictReader(table.splitlines()) if line["Model"] == "Oracle")
    head = next(head for head in cells if head.endswith(" lower")).removesuffix(" lower")
    ends = [float(cells[f"{head}{end}"]) for end in ("", " lower", " upper")]
    assert ends[1] < ends[0] < ends[2] and not {"★", "…"} & set(table)
    assert 'data-address="#sort=perfect-pr.log_likelihood_kde.descending"' in document


@needs_browser
def test_browser_draws_the_chart_of_a_chosen_score(page: Path, tmp_path: Path) -> None:
    script = """
    explorer.querySelector("[value='7']").checked = false;
    const chart = document.getElementById("chart");
    new MutationObserver((_, observer) => {
      if (!explorer.dataset.drawn) return;
      observer.disconnect();
      const list = explorer.querySelector("[name=metric]");
      const choose = (name) => {
        list.value = name;
        list.dispatchEvent(new Event("change", { bubbles: true }));
      };
      const embed = vegaEmbed;
      vegaEmbed = () => Promise.reject(new Error("no room"));
      choose("p99");
      drawings.then(() => {
        chart.dataset.failure = explorer.querySelector(".broken").textContent;
        let calls = 0;
        vegaEmbed = (...words) => { chart.dataset.calls = ++calls; return embed(...words); };
        choose("crps");
        choose("p99");
      });
    }).observe(explorer, { attributes: true });
    explorer.scrollIntoView();
    // Virtual time does not wait for streams: this takes real time.
    setInterval(() => {
      let sum = 0;
      for (let i = 0; i < 1e7; i++) sum += i;
      chart.dataset.sum = sum;
    }, 100);
    """
    chart = tmp_path / "chart.html"
    chart.write_text(page.read_text().replace("</body>", f"<script>{script}</script></body>"))
    document, console = browse(chart, tmp_path / "profile", "--window-size=1400,4000")
    assert console == []
    section = re.search(r'<section id="explore".*?</section>', document, re.DOTALL)[0]
    assert 'data-drawn="P99"' in section and "<svg" in section
    assert 'data-failure="The chart could not be drawn: no room.' in section
    assert 'data-calls="1"' in section  # the first of two quick changes is not drawn
    assert re.search(r'<p class="state" role="status" hidden=""></p>', section)
    lines = re.findall(r"<tr><td>(.*?)</td><td>(.*?)</td><td>(.*?)</td></tr>", section)
    assert [model for model, *_ in lines] == [m for m in made.LABELS.values() if m != "CorrDiff"]
    value = 30 + 20 * made.SKILL["oracle"]
    assert lines[-1] == (
        "Oracle",
        f"{value:.4g} mm day⁻¹",
        f"{value * 0.95:.4g} … {value * 1.05:.4g}",
    )


@needs_browser
def test_browser_sorts_the_scorecard(page: Path, tmp_path: Path) -> None:
    address = "#sort=card-perfect-pr.spectrum.ascending"
    front = write_front_page(page.parent)
    document, console = browse(front, tmp_path / "profile", address=address)
    assert console == []
    by_skill = sorted(made.SKILL, key=made.SKILL.get, reverse=True)
    labels = [label for label in order(document, "card-perfect-pr") if "," not in label]
    assert labels[:9] == [made.LABELS[name] for name in by_skill]


@needs_browser
@pytest.mark.parametrize("name", ["exp1", "index"])
@pytest.mark.parametrize("width", [1400, 400])
def test_only_boxes_scroll_sideways_never_the_page(
    page: Path, tmp_path: Path, width: int, name: str
) -> None:
    frame = tmp_path / "frame.html"
    if name == "index":
        page = write_front_page(page.parent)
    inner = page.read_text().replace("&", "&amp;").replace('"', "&quot;")
    measure = (
        "addEventListener('load', () => { const d = document.querySelector('iframe')"
        ".contentDocument.documentElement;"
        "document.body.dataset.widths = [d.scrollWidth, d.clientWidth].join(); });"
    )
    frame.write_text(
        f'<body><script>{measure}</script><iframe style="width:{width}px;height:9000px;border:0" '
        f'srcdoc="{inner}"></iframe></body>'
    )
    document, _ = browse(frame, tmp_path / "profile")
    inside, shown = re.search(r'data-widths="(\d+),(\d+)"', document).groups()
    assert int(shown) > width - 30
    assert int(inside) <= int(shown)
