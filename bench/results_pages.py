"""Renew the tables of docs/results from the results of a region.

    python bench/results_pages.py results/synthetic

For every experiment with a summary and a page docs/results/EXPERIMENT.md, this writes its tables
(between `<!-- table: NAME -->` and `<!-- end of table -->`) and beside it all scores with their
intervals (EXPERIMENT.csv) and the tests of its claims (EXPERIMENT-claims.csv). What a page says
beside its tables has to be read again.
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from downbench.core.config.loading import load
from downbench.core.io.tables import read_table
from downbench.report.columns import COSTS as COST_COLUMNS
from downbench.report.columns import SCORES
from downbench.report.criteria import COSTS, CRITERIA, Criterion
from downbench.report.documentation import SECTION
from downbench.report.law_tables import LAWS
from downbench.report.summary import DriverSummary, ExperimentSummary
from downbench.report.transfer_columns import COLUMNS as CLIMATE
from downbench.scores.verdicts import skill

REPORTED = {
    column.metric for columns in (SCORES, COST_COLUMNS, LAWS, CLIMATE) for column in columns
}
REPORTED |= {name for c in CRITERIA for name in (*c.metrics, c.reference, c.ratio)}
POSITION = ["part", "run", "stage", "period"]
SCORE = ["variable", "model", "metric", "scale", "threshold", "value", "lower", "upper"]


def main() -> None:
    """Renew every page that has a summary."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results", type=Path, help="folder of a region: results/synthetic")
    parser.add_argument("--trained-on", default="perfect", help="training driver")
    parser.add_argument("--pages", type=Path, default=Path("docs/results"))
    arguments = parser.parse_args()
    folder = arguments.results / "report/summaries"
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise SystemExit(f"{folder} has no summary: run an experiment first")
    for path in paths:
        page = arguments.pages / f"{path.stem}.md"
        if page.exists():
            drivers = ExperimentSummary.read(path).drivers
            driver = next(part for part in drivers if part.name == arguments.trained_on)
            renew(page, driver)
            write_tables(page, arguments.results / driver.name, driver.name)
            print(page, *(f"{claim.label}: {claim.claim}" for claim in driver.claims), sep="\n  ")


def renew(page: Path, driver: DriverSummary) -> None:
    """Write the tables of a page again."""
    tables = {"claims": claims(driver)}
    variables = list(dict.fromkeys(cell.variable for cell in driver.cells))
    for variable in variables:
        criteria = [c for c in CRITERIA if variable == variables[0] or c not in COSTS]
        tables[f"scores-{variable}"] = scores(driver, variable, criteria)
    text = page.read_text(encoding="utf-8")
    text = SECTION.sub(lambda match: f"{match[1]}{tables[match['name']]}{match[4]}", text)
    page.write_text(text, encoding="utf-8")


def claims(driver: DriverSummary) -> str:
    """Return the table of claims with their verdicts."""
    rows = [(claim.claim, f"**{claim.label}**", claim.sentence) for claim in driver.claims]
    return markdown(["claim", "verdict", "result"], rows)


def scores(driver: DriverSummary, variable: str, criteria: Sequence[Criterion]) -> str:
    """Return the scorecard of a variable, the most accurate model first."""
    cells = {(c.model, c.criterion): c for c in driver.cells if c.variable == variable}
    models = [model for model in driver.labels if (model, "crps") in cells]
    criteria = [c for c in criteria if any(key == c.key for _, key in cells)]
    headings = [f"{c.heading} [{c.unit}]" if c.unit else c.heading for c in criteria]
    models.sort(key=lambda model: cells[model, "crps"].order)
    rows = []
    for model in models:
        texts = (cells[model, c.key].text if (model, c.key) in cells else "–" for c in criteria)
        rows.append([driver.labels[model], *texts])
    return markdown([variable, *headings], rows)


def markdown(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table."""
    lines = [headings, ["---"] * len(headings), *rows]
    escaped = (
        [cell.replace("|", "\\|").replace("{day}", "day") for cell in line] for line in lines
    )
    return "".join(f"| {' | '.join(line)} |\n" for line in escaped)


def write_tables(page: Path, results: Path, driver: str) -> None:
    """Write all scores of an experiment, and the tests of its claims if it has any."""
    experiment = load({}, Path(".")).view(page.stem, driver).model_dump(mode="json")
    comparison = read_table(results / "comparison" / page.stem / driver / "test.csv")
    parts = [reported(comparison)]
    chain = results / "driver-chain" / f"{page.stem}.csv"
    if chain.exists():
        gathered = read_table(chain)  # its scores at stations would double the file
        parts.append(reported(gathered[gathered["part"] != "stations"]))
    table = pd.concat(parts, ignore_index=True)
    columns = [name for name in (*POSITION, *SCORE) if name in table]
    table[columns].to_csv(page.with_suffix(".csv"), index=False, float_format="%.4g")
    if experiment.get("paired_claims"):
        path = page.with_name(f"{page.stem}-claims.csv")
        tests(comparison, experiment).to_csv(path, index=False, float_format="%.4g")


def reported(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that pages show, over all seasons."""
    return table[table["metric"].isin(REPORTED) & (table["season"].fillna("all") == "all")]


def tests(comparison: pd.DataFrame, experiment: Mapping) -> pd.DataFrame:
    """Return one row per test: how much better the favoured model is, margin and label."""
    rows = [
        {
            "claim": verdict.claim,
            "variable": test.variable,
            "score": test.heading.replace("{day}", "day"),
            "unit": test.unit,
            "advantage": test.estimate.value,
            "lower": test.estimate.lower,
            "upper": test.estimate.upper,
            "margin": test.margin,
            "verdict": test.label,
        }
        for verdict in skill.verdicts(comparison, experiment)
        for test in verdict.tests
    ]
    return pd.DataFrame(rows)


if __name__ == "__main__":
    main()
