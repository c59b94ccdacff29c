"""Settings of the scores from a command line, or the project's own."""

import json
from pathlib import Path

import downbench
from downbench.core.config import yamls
from downbench.core.config.evaluation import Evaluation
from downbench.core.config.messages import checked
from downbench.core.errors import UserError

DEFAULTS = Path("config/default.yaml")


def evaluation_settings(text: str | None) -> Evaluation:
    """Section `evaluation` from JSON; without it, the one of the project's `default.yaml`.

    Raises
    ------
    UserError
        Naming the key, its value and the fix.
    """
    if text is None:
        root = Path(downbench.__path__[0]).parents[1]
        section = yamls.read(root, DEFAULTS).get("evaluation", {})
        return checked(Evaluation, section, DEFAULTS, "evaluation")
    try:
        section = json.loads(text)
    except ValueError as error:
        raise UserError(f"--evaluation is no JSON ({error}): give one object") from None

    return checked(Evaluation, section, Path("--evaluation"))
