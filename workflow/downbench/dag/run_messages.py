"""What a run prints: trainings at its start; verdicts and pages, or failed steps, at its end."""

import json
import sys
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from downbench.dag.job_costs import expected
from downbench.dag.planned_jobs import planned

Job = Any
"""A job of Snakemake, or a group of jobs."""

ERROR = "error: "
"""How a message for the user begins in the log of a step (`core.cli.run`)."""
SHOWN_FAILURES = 3
LINES_OF_MESSAGE = 4
WIDTH = 300
SECONDS_PER_MINUTE = 60


def show(lines: Iterable[str]) -> None:
    """Print lines beside the messages of Snakemake.

    An error in them is a line of its own: it must not stop a run that these lines only describe.
    """
    try:
        for line in lines:
            print(line, file=sys.stderr)
    except Exception as error:
        print(f"further messages are left out: {error!r}", file=sys.stderr)


def trainings(jobs: Iterable[Job]) -> Iterator[str]:
    """Yield one line for each training of a network: its log, and how long it took before."""
    for job in jobs:
        if job.rule.name.startswith("train_") and job.resources.get("gpu", 0):
            cost, _ = expected(planned(job))
            minutes = cost and max(1, round(cost.wall_s / SECONDS_PER_MINUTE))
            before = f" ({minutes} min in earlier runs)" if minutes else ""
            yield f"training {job.wildcards_dict['model']}{before}: tail -f {job.log[0]}"


def results(jobs: Iterable[Job]) -> Iterator[str]:
    """Yield one line with the verdict of each experiment, then the addresses of the pages."""
    files = [path for job in jobs for path in map(Path, job.output) if path.is_file()]
    yield from (verdict(path) for path in files if path.parent.name == "summaries")
    pages = [path for path in files if path.suffix == ".html"]
    front = [path for path in pages if path.stem == "index"]
    yield from (f"page: {path.resolve().as_uri()}" for path in front or pages)


def verdict(summary: Path) -> str:
    """Return one line about an experiment: its claims by their verdict."""
    try:
        claims = _claims(json.loads(summary.read_text(encoding="utf-8")))
    except (AttributeError, KeyError, TypeError, ValueError):
        return f"{summary.stem}: {summary} has another form, its page has the verdicts"
    parts = (f"{label}: {' '.join(group)}" for label, group in claims.items())
    return textwrap.shorten(f"{summary.stem}: {' | '.join(parts)}", WIDTH, placeholder=" …")


def _claims(summary: dict[str, Any]) -> dict[str, dict[str, None]]:
    """Return the claims of a summary by their verdict, each of them once."""
    claims = defaultdict(dict)
    for driver in summary["drivers"]:
        for claim in driver["claims"]:
            claims[claim["label"]][claim["claim"] or claim["sentence"]] = None
    return claims


def failures(jobs: Iterable[Job]) -> Iterator[str]:
    """Yield the failed steps, with the last message and the address of their logs."""
    steps = [step for job in jobs for step in _failed_steps(job)]
    for step in steps[:SHOWN_FAILURES]:
        yield from _failure(step)
    if len(steps) > SHOWN_FAILURES:
        names = {step.rule.name for step in steps[SHOWN_FAILURES:]}
        yield f"… and {len(steps) - SHOWN_FAILURES} more: {', '.join(sorted(names))}"


def pages_after_failure(jobs: Iterable[Job], unfinished: Iterable[Job]) -> Iterator[str]:
    """Yield the addresses of the pages that exist, and which of them an earlier run wrote."""
    before = list(unfinished)
    for job in jobs:
        for path in map(Path, job.output):
            if path.suffix == ".html" and path.is_file():
                age = " of an earlier run" if job in before else ""
                yield f"page{age}: {path.resolve().as_uri()}"


def _failed_steps(job: Job) -> list[Job]:
    """Return the job; of a group those of its jobs that have begun and lack an output."""
    steps = getattr(job, "jobs", None)
    if steps is None:
        return [job]
    begun = [step for step in steps if any(Path(path).exists() for path in step.log)]
    return [step for step in begun if not all(Path(path).exists() for path in step.output)]


def _failure(step: Job) -> Iterator[str]:
    wildcards = " ".join(dict.fromkeys(map(str, step.wildcards_dict.values())))
    yield f"failed: {step.rule.name} {wildcards}".rstrip()
    for path in map(Path, step.log):
        yield from (f"  {line}" for line in last_message(path))
        yield f"  log: {path}"


def last_message(log: Path) -> list[str]:
    """Return the last `error: …` of a log, or its last line; nothing if there is no log."""
    text = log.read_text(encoding="utf-8", errors="replace") if log.is_file() else ""
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    errors = [number for number, line in enumerate(lines) if line.startswith(ERROR)]
    message = lines[errors[-1] if errors else -1 :][:LINES_OF_MESSAGE]
    return [textwrap.shorten(line, WIDTH, placeholder=" …") for line in message]
