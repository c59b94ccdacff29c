"""The glossary of a page: general terms, columns of the score tables, terms of the experiment."""

from collections.abc import Iterable

from downbench.report.columns import COSTS, SCORES, WORDS
from downbench.report.terms import TERMS


def entries(terms: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return terms and meanings by name: those of every page, and these of its experiment."""
    scores = [(c.words(), f"{c.meaning} ({WORDS[c.best]})") for c in (*SCORES, *COSTS)]
    return sorted([*TERMS.items(), *scores, *terms], key=lambda entry: entry[0].lower())
