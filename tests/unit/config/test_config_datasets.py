"""config/datasets.csv, and sources that name a dataset."""

from pathlib import Path

import pytest
import yaml

from downbench.core.config.datasets import FILE, read_datasets
from downbench.core.config.region.input_files import require_files
from downbench.core.config.region.region import Region
from downbench.core.errors import UserError

ROOT = Path(__file__).parents[3]
HEAD = "dataset,version,provider,licence,citation,account,day,url,how_to_get\n"
CITED = "A, B. et al. (2020): On rain. Journal of Rain, 3, 4–5. https://doi.org/10.1/x"


def region(dataset: str) -> Region:
    """Iberia with a reanalysis from a listed dataset."""
    section = yaml.safe_load((ROOT / "config/regions/iberia.yaml").read_text())
    section["drivers"]["reanalysis"] |= {"source": "dataset", "dataset": dataset}
    section["origins"] = {}
    return Region.model_validate(section)


def written(folder: Path, rows: str) -> Path:
    (folder / FILE).parent.mkdir()
    (folder / FILE).write_text(rows)
    return folder


def test_the_committed_datasets_are_valid():
    assert {"e-obs", "ncep-ncar-reanalysis-1"} <= set(read_datasets(ROOT))


def test_an_absent_file_of_a_dataset_is_named_with_licence_and_origin():
    with pytest.raises(UserError) as error:
        require_files(region("ncep-ncar-reanalysis-1"), Path("iberia.yaml"), ROOT)
    message = str(error.value)
    line = next(row for row in message.splitlines() if "iberia/ncep_predictors_djf.nc" in row)
    for word in ("dataset ncep-ncar-reanalysis-1", "licence: public domain", "climate4R.datasets"):
        assert word in line


def test_a_dataset_is_read_as_files_are():
    listed = region("ncep-ncar-reanalysis-1")
    module = "downbench.sources.files.source"
    assert listed.module_of_driver("reanalysis") == listed.target.module == module


def test_an_unknown_dataset_is_named_with_the_nearest():
    with pytest.raises(UserError, match="'ncep-ncar-reanalysis' does not exist; did you mean"):
        require_files(region("ncep-ncar-reanalysis"), Path("iberia.yaml"), ROOT)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (f"{HEAD}a,1,,,,,,,by hand\n", "row 2.licence"),
        (f"{HEAD}a,1,,free,,,,ftp://x,by hand\n", "row 2.url"),
        (f"{HEAD}a,1,,free,A. B. (2020) On rain,,,,by hand\n", "row 2.citation"),
        (f"{HEAD}a,1,,free,,,,,\n", "how_to_get is empty: write it, or name a provider"),
        (f"{HEAD}a,1,,free,,,,,by hand\na,2,,free,,,,,by hand\n", "row 3: 'a' stands twice"),
        ("dataset,licence\na,free\n", "the columns are dataset, licence: write dataset,version"),
    ],
)
def test_a_wrong_row_is_named(tmp_path, rows, message):
    with pytest.raises(UserError, match=message):
        read_datasets(written(tmp_path, rows))


def test_a_citation_becomes_a_bibtex_entry(tmp_path):
    folder = written(tmp_path, f'{HEAD}a,1,cds,free,"{CITED}",,00-24 UTC,,\n')
    row = read_datasets(folder)["a"]
    assert row.terms == f"{CITED} Licence: free. Day: 00-24 UTC."
    assert row.bibtex.splitlines() == [
        "@article{a,",
        "  author = {A, B. and others},",
        "  year = {2020},",
        "  title = {On rain},",
        "  journal = {Journal of Rain},",
        "  volume = {3},",
        "  pages = {4–5},",
        "  doi = {10.1/x},",
        "}",
    ]


def test_what_is_no_article_is_published_somewhere(tmp_path):
    cited = "A & B_1 (2020): 50 % of #1. Archive. https://doi.org/10.1/x_y"
    folder = written(
        tmp_path, f'{HEAD}a,1,p,free,"{cited}",,,,\nb,2,p,free,,,,https://x.org/a_b,\n'
    )
    rows = read_datasets(folder)
    assert rows["a"].bibtex.splitlines() == [
        "@misc{a,",
        r"  author = {A \& B\_1},",
        "  year = {2020},",
        r"  title = {50 \% of \#1},",
        "  doi = {10.1/x_y},",
        "  howpublished = {Archive},",
        "}",
    ]
    assert r"  howpublished = {\url{https://x.org/a_b}}," in rows["b"].bibtex
