"""The front page of a region: scorecard and verdicts of all experiments with results."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from downbench.plots.style import look
from downbench.report import provenance_section
from downbench.report.criteria import CRITERIA
from downbench.report.page import MARKS, environment
from downbench.report.plain_sentence import sentence
from downbench.report.scorecard import scorecards
from downbench.report.summary import DriverSummary, ExperimentSummary


def render(
    summaries: Sequence[ExperimentSummary],
    region: Mapping[str, Any],
    run: Mapping[str, Any],
    sources: Mapping[str, str],
    unreadable: Sequence[str] = (),
) -> str:
    """Return the page as HTML text.

    Parameters
    ----------
    summaries
        Experiments with results.
    region
        Section of the region.
    run
        Compute budget, seed and further settings of the run.
    sources
        Experiment that a criterion comes from, by key.
    unreadable
        Names of experiments whose summaries cannot be read.
    """
    cards = scorecards(summaries, sources)
    context = {
        "region": {"title": "", "resolution_km": None} | dict(region),
        "run": run,
        "commands": provenance_section.commands(
            {"name": " ".join(summary.name for summary in summaries)}, region, run
        ),
        "data": provenance_section.data(region),
        "origin": provenance_section.origin(run),
        "cards": cards,
        "criteria": [c for c in CRITERIA if any(c in card.criteria for card in cards)],
        "several_drivers": len({card.driver for card in cards}) > 1,
        "sentences": [(card, text) for card in cards if (text := sentence(card))],
        "experiments": [(summary, _outcome(summary)) for summary in summaries],
        "unreadable": unreadable,
        "marks": MARKS,
        "trial": _trial_budget(summaries, run),
        "other_runs": list(_other_runs(summaries, run)),
        "late_falls": _late_falls(summaries),
        "colours": {name: look(name).colour for card in cards for name in card.labels},
    }
    return environment(region).get_template("front_page.html.j2").render(context)


def _trial_budget(summaries: Sequence[ExperimentSummary], run: Mapping[str, Any]) -> str:
    """Return the first compute budget that only tries the workflow; empty where none does."""
    budgets = [(run.get("budget"), run.get("trial"))]
    budgets += [(summary.budget, summary.trial) for summary in summaries]
    return next((name for name, trial in budgets if trial and name), "")


def _other_runs(summaries: Sequence[ExperimentSummary], run: Mapping[str, Any]) -> Iterator[str]:
    """Say which experiments are of another compute budget or seed than the page."""
    for summary in summaries:
        settings = {"budget": summary.budget, "seed": summary.seed}
        stated = {key: value for key, value in settings.items() if value is not None}
        if any(key in run and run[key] != value for key, value in stated.items()):
            words = ", ".join(f"{key} {value}" for key, value in stated.items())
            yield f"{summary.name} is of another run: {words}. Its numbers do not compare."


def _outcome(summary: ExperimentSummary) -> str:
    """Return how many claims ended how, the most frequent first, for each training driver."""
    parts = [part for part in summary.drivers if part.claims]
    several = len(summary.drivers) > 1
    return "; ".join(_count(part, f" with {part.name}" if several else "") for part in parts)


def _count(part: DriverSummary, place: str) -> str:
    claims = f"{len(part.claims)} claim{'s' if len(part.claims) > 1 else ''}"
    counts = Counter(claim.label for claim in part.claims).most_common()
    return f"{claims}{place}: {', '.join(f'{n} {label}' for label, n in counts)}"


def _late_falls(summaries: Sequence[ExperimentSummary]) -> dict[str, float]:
    """Return models whose loss was still falling, by label, with its late fall [percent].

    The label names the training driver where there are several.
    """
    several = len({part.name for summary in summaries for part in summary.drivers}) > 1
    return {
        part.labels[model] + (f" (trained on {part.name})" if several else ""): fall
        for summary in reversed(summaries)
        for part in summary.drivers
        for model, fall in part.late_falls.items()
    }
