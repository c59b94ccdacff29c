"""Generated tables of the documentation: metrics and laws as their files describe them.

A page holds a table between two comments, `<!-- table: NAME -->` and `<!-- end of table -->`.
"""

import re
from collections.abc import Callable, Iterable

from downbench.core.errors import UserError
from downbench.laws.law_registry import law_metrics
from downbench.scores.metric import BEST, Metric
from downbench.scores.metric_registry import families
from downbench.scores.paired.losses import LOSSES
from downbench.scores.paired.paired_metrics import (
    CHANGES,
    COSTS,
    LOG_SCORE_DIFFERENCES,
    RATIOS,
    SKILLS,
)

HEAD = "| metric | unit | best | meaning and definition | file |\n|---|---|---|---|---|\n"
SECTION = re.compile(
    r"(<!-- table: (?P<name>[a-z-]+) -->\n)(?P<table>.*?)(<!-- end of table -->)", re.DOTALL
)


def metrics_table() -> str:
    """Return the table of the metrics of an ensemble."""
    rows = [
        (metric, f"metrics/{family.name}.py") for family in families() for metric in family.metrics
    ]
    return _table(rows)


def paired_metrics_table() -> str:
    """Return the table of comparisons in pairs and of costs."""
    rows = [(metric, "paired/comparison.py") for metric in SKILLS]
    rows += [(metric, "paired/reference_ratios.py") for metric in RATIOS]
    rows += [(metric, "paired/log_scores.py") for metric in LOG_SCORE_DIFFERENCES]
    changes = (metric.versus("{other}") for metric in CHANGES)
    rows += [(metric, "paired/constrained_pairs.py") for metric in changes]
    losses = (loss.metric.versus("{other}") for loss in LOSSES.values())
    rows += [(metric, "paired/losses.py") for metric in losses]
    return _table([*rows, *((metric, "paired/compute_costs.py") for metric in COSTS)])


def laws_table() -> str:
    """Return the table of the metrics of physical laws."""
    return _table([(metric, f"checks/{file}.py") for file, metric in law_metrics()])


TABLES: dict[str, Callable[[], str]] = {
    "metrics": metrics_table,
    "paired-metrics": paired_metrics_table,
    "laws": laws_table,
}
PAGES = ("methods/scores.md", "methods/physics.md")


def with_tables(page: str) -> str:
    """Return the text of a page with its tables as the code describes them.

    Raises
    ------
    UserError
        When a table has a name that is not in `TABLES`.
    """
    for match in SECTION.finditer(page):
        if match["name"] not in TABLES:
            raise UserError(f"table '{match['name']}': use one of {', '.join(TABLES)}")
    return SECTION.sub(lambda match: f"{match[1]}{TABLES[match['name']]()}{match[4]}", page)


def _table(rows: Iterable[tuple[Metric, str]]) -> str:
    return HEAD + "".join(f"{_row(metric, file)}\n" for metric, file in rows)


def _row(metric: Metric, file: str) -> str:
    season = " ◦" if metric.seasonal else ""
    words = f"{metric.meaning} {metric.definition}".strip()
    for placeholder, text in (
        ("{day}", "day"),
        ("{threshold}th percentile", "`threshold` percentile"),
    ):
        words = words.replace(placeholder, text)
    unit = metric.unit.replace("{unit}", "u").replace("{day}", "day")
    cells = (f"`{metric.name}`{season}", unit, BEST[metric.best], words, f"`{file}`")
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
