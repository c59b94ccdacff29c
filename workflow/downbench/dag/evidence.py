"""Evidence of a step that gathers many files: its input files, and the manifest that lists them.

Evidence is `{kind: {key: path}}`. The rule declares the paths as inputs, one name for each kind,
and passes them to the step as one JSON object. A new kind is one more entry.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from downbench.core.errors import UserError

PathsByKind = Mapping[str, Mapping[str, str]]
"""Paths by kind of evidence and key."""
EvidenceOf = Callable[[Any], PathsByKind]
"""From the wildcards of a job to its evidence."""
LONGEST_BYTES = 120_000
"""Linux takes 128 KiB for one argument, the command of a job among them."""


def files(evidence: EvidenceOf) -> Callable[[Any], dict[str, list[str]]]:
    """Return an input function for `unpack`: the paths of each kind that has any."""

    def paths(wildcards: Any) -> dict[str, list[str]]:
        return {kind: list(keys.values()) for kind, keys in evidence(wildcards).items() if keys}

    return paths


def manifest(evidence: EvidenceOf) -> Callable[[Any, Any], str]:
    """Return a parameter function: keys and paths of all input files of a job as JSON.

    Keys keep their order, which figures and tables follow. The paths are those of the job, so
    that path variables such as `<results>` are filled in.
    """

    def text(wildcards: Any, input: Any) -> str:
        kinds = {kind: keys for kind, keys in evidence(wildcards).items() if keys}
        paths = {kind: dict(zip(keys, input[kind], strict=True)) for kind, keys in kinds.items()}
        return _checked(json.dumps(paths, separators=(",", ":")))

    return text


def _checked(text: str) -> str:
    size = len(text.encode())
    if size > LONGEST_BYTES:
        raise UserError(
            f"the files of one step take {size} bytes to list, more than {LONGEST_BYTES}: "
            "split the experiment into several in config/experiments.yaml"
        )
    return text
