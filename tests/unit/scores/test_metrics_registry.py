"""Metrics and laws are found in their folders; what a file forgets is an error, never silence."""

from pathlib import Path
from types import ModuleType

import pytest

from downbench.core.errors import UserError
from downbench.laws import law_registry
from downbench.laws.law_registry import law_metrics, laws
from downbench.report.columns import SCORES
from downbench.report.documentation import PAGES, with_tables
from downbench.scores.metric import DailyStatistic, Metric, Series
from downbench.scores.metric_registry import all_metrics, families, families_of
from downbench.scores.statistics import Means

ROOT = Path(__file__).parents[3]
CRPS_FIRST = [
    "crps", "spread_skill", "distribution", "tails", "ranks", "dependence", "reliability",
    "spectra", "robust_spectra", "multivariate", "blocks", "patches", "time_windows",
    "fractions", "sal", "log_score", "likelihood", "conservation", "seams", "extremes",
    "persistence",
]  # fmt: skip


def metric(name: str = "toy", **options) -> Metric:
    return Metric(name=name, unit="1", best="low", meaning="A toy.", **options)


def module(**members) -> ModuleType:
    made = ModuleType("downbench.scores.metrics.toy")
    made.__file__ = "toy.py"
    vars(made).update(members)
    return made


def test_families_keep_the_order_of_the_tables():
    assert [family.name for family in families()] == CRPS_FIRST


def test_names_are_unique():
    names = [metric.name for metric in all_metrics()]
    assert len(set(names)) == len(names)


def test_every_reference_has_its_metric():
    names = {metric.name for metric in all_metrics()}
    references = [name for name in names if name.endswith("_reference")]
    assert references and all(name.removesuffix("_reference") in names for name in references)
    nearest = [m.name for m in all_metrics() if m.best == "reference" and m.heading]
    assert all(f"{name}_reference" in names for name in nearest)


def test_columns_follow_their_positions():
    assert [column.key for column in SCORES][:4] == [
        "crps", "crps_skill_climatology", "crps_skill_dressed", "crps_ratio_oracle"
    ]  # fmt: skip
    assert [column.key for column in SCORES if column.metric == "twcrps"] == [
        "twcrps-95", "twcrps-99"
    ]  # fmt: skip


def test_a_bound_cuts_an_interval_and_the_ideal_follows():
    bounded = metric(lower_bound=0)
    assert bounded.ideal == 0 and bounded.row(1.0).lower_bound == 0
    assert metric(lower_bound=0).row(1.0, lower_bound=-2).lower_bound == -2


@pytest.mark.parametrize(
    "members, message",
    [
        ({"TOY": metric()}, "lacks daily, rows"),
        ({"daily": print, "rows": print}, "lacks a Metric"),
        ({"SERIES": Series, "TOY": metric(seasonal=True)}, "collected from a series"),
        (
            {"SERIES": Series, "TOY": metric(pairs=DailyStatistic("toy"))},
            "collected from a series",
        ),
    ],
)
def test_an_incomplete_file_is_an_error(members, message):
    with pytest.raises(UserError, match=f"toy.py.*{message}"):
        families_of((module(**members),))


def test_two_files_must_not_share_a_name():
    modules = (module(daily=print, rows=print, TOY=metric()), module(SERIES=Series, TOY=metric()))
    modules[1].__name__ = "downbench.scores.metrics.other"
    with pytest.raises(UserError, match="'toy' is declared in toy.py, too"):
        families_of(modules)


def test_a_row_that_is_not_declared_is_an_error():
    forgetful = module(daily=print, rows=lambda means, context: [metric("b").row(1.0)], A=metric())
    family = families_of((forgetful,))[0]
    with pytest.raises(UserError, match="a row of 'b', which the file does not declare"):
        list(family.rows(Means({}, 1), None))


def test_a_meaning_is_a_sentence():
    with pytest.raises(ValueError, match="write its meaning as a sentence"):
        Metric(name="toy", unit="1", best="low", meaning="a toy")


def test_laws_keep_the_order_of_the_tables():
    assert [law.__name__ for law in laws()] == [
        "MassConservation", "RainNotNegative", "NoSupersaturation", "TemperatureOrder",
        "MoistureBudget", "TemperatureScaling",
    ]  # fmt: skip


def test_shares_are_bounded_and_rates_of_growth_are_not():
    free = {metric.name for _, metric in law_metrics() if metric.upper_bound != 1}
    assert free == {"budget_residual_quantile", "cc_rate", "cc_rate_binned"}


def test_a_file_without_law_is_an_error(monkeypatch):
    monkeypatch.setattr(law_registry, "modules_of", lambda folder: (module(),))
    with pytest.raises(UserError, match="toy.py: write LAW = the subclass of Law"):
        law_registry.laws.__wrapped__()


@pytest.mark.parametrize("name", PAGES)
def test_tables_of_the_docs_are_up_to_date(name):
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert with_tables(page) == page, "run `make docs-tables`"
