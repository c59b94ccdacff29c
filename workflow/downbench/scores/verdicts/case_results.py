"""Results of the cases of a claim, and one sentence about all of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from downbench.scores.verdicts.decisions import Candidate, Label


@dataclass(frozen=True)
class CaseNumber:
    """The number of a case that the sentence about all cases gives.

    subject : what the case is about, the same for all models
    value : NaN where there is none
    form, unit : how the number is printed
    """

    subject: str
    value: float = np.nan
    form: str = ".3g"
    unit: str = ""


@dataclass(frozen=True)
class CaseResult:
    """Result of one case: its decision, the sentence with its numbers, and the main number."""

    candidate: Candidate
    sentence: str
    number: CaseNumber


def summary(results: Sequence[CaseResult], labels: Sequence[Label], words: str) -> str:
    """Return one sentence: for each subject the range over models and runs, and the decisions.

    Parameters
    ----------
    results, labels
        Cases and their decisions, corrected for their number.
    words
        What the numbers are.
    """
    subjects = dict.fromkeys(result.number.subject for result in results)
    cases = list(zip((result.number for result in results), labels, strict=True))
    parts = (_part([case for case in cases if case[0].subject == name]) for name in subjects)
    return f"{words}: {'; '.join(parts)}." if cases else "No evidence available."


def _part(cases: Sequence[tuple[CaseNumber, Label]]) -> str:
    """Return the range of the numbers of one subject, and how many cases have which label."""
    counts = Counter(label for _, label in cases).most_common()
    decisions = ", ".join(f"{count} {label}" for label, count in counts)
    first = cases[0][0]
    values = [number.value for number, _ in cases if np.isfinite(number.value)]
    ends = (min(values), max(values)) if values else ()
    texts = dict.fromkeys(f"{end:{first.form}}".replace("-", "−") for end in ends)
    span = f"{' to '.join(texts)} {first.unit}".strip() if values else "no number"
    return f"{first.subject} {span} ({decisions})"
