"""Checks of keys that stand in different files, or in different sections of one."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from downbench.core.config.evaluation import Evaluation
from downbench.core.config.experiment.experiment import Experiment
from downbench.core.config.messages import Mistakes
from downbench.core.config.model.budget import Sampling
from downbench.core.config.model.model import Model
from downbench.core.config.model.options import NetworkOptions
from downbench.core.config.model.resources import BudgetWithResources
from downbench.core.config.region.region import Region
from downbench.core.config.run_settings import Settings
from downbench.core.errors import UserError
from downbench.core.metric_names import WINDOW_SCALES

LONGEST_YEAR = 366


def check_budgets(settings: Settings, models: Mapping[str, Model] | None, origin: Path) -> None:
    """Refuse budgets of which a part can never take effect.

    Raises
    ------
    UserError
        For a patience that no training is long enough for, and for spells with fewer days than an
        ensemble needs to be scored.
    """
    mistakes = Mistakes()
    for name, budget in settings.budgets.items():
        key = f"{origin}: budgets.{name}"
        if models is not None:
            mistakes.of(_check_patience, budget, models, key)
        mistakes.of(_check_spells, budget.sampling, settings.evaluation, key)
    mistakes.report()


def check_claims(
    experiments: Mapping[str, Experiment], evaluation: Evaluation, file: Path
) -> None:
    """Refuse claims about a scale or threshold at which nothing is scored.

    Raises
    ------
    UserError
        With each of them: its score would be left out of the verdict.
    """
    thresholds = (*evaluation.tail_percentiles, *evaluation.reliability_thresholds_mm_day)
    scores = [
        (f"{file}: {name}.paired_claims: score '{score.score}'", score)
        for name, experiment in experiments.items()
        for claim in experiment.paired_claims
        for score in claim.scores
    ]
    problems = [
        f"{key} has the {what} {value:g}, but evaluation of config/default.yaml has "
        f"{', '.join(f'{v:g}' for v in offered)}: use one of them, or add it there"
        for key, score in scores
        if score.score not in WINDOW_SCALES
        for what, value, offered in (
            ("scale", score.scale, evaluation.pooling_factors),
            ("threshold", score.threshold, thresholds),
        )
        if value is not None and value not in offered
    ]
    problems += [
        f"{key} has the scale {score.scale}, but {WINDOW_SCALES[score.score]} alone: write that, "
        "or leave it out"
        for key, score in scores
        if score.scale not in (None, WINDOW_SCALES.get(score.score, score.scale))
    ]
    if problems:
        raise UserError("\n".join(problems))


def check_region(
    region: Region, budget: BudgetWithResources, models: Mapping[str, Model] | None, origin: Path
) -> None:
    """Refuse a batch of more days than there are, and regional models that are named as others.

    Raises
    ------
    UserError
        With every contradiction.
    """
    problems = [*_of_batch(region, budget, origin), *_of_names(region, models or {})]
    if problems:
        raise UserError("\n".join(problems))


def _check_patience(budget: BudgetWithResources, models: Mapping[str, Model], key: str) -> None:
    options = (model.options for model in models.values())
    shares = [part.samples_share for part in options if isinstance(part, NetworkOptions)]
    shortest = min(shares, default=1.0)
    training, validations = budget.training, budget.training.validations(shortest)
    if training.patience_validations >= validations:
        less = f"take {validations - 1} or less, or " if validations > 1 else ""
        raise UserError(
            f"{key}.training.patience_validations = {training.patience_validations} can never "
            f"stop a training of {validations} validations (samples_share {shortest:g}): {less}"
            f"validate more often (validate_every_samples = {training.validate_every_samples})"
        )


def _check_spells(sampling: Sampling, evaluation: Evaluation, key: str) -> None:
    least = evaluation.least_common_days
    days = sampling.test_spells * (sampling.spell_days or least)
    if days < least:
        raise UserError(
            f"{key}.sampling: test_spells = {sampling.test_spells} of spell_days = "
            f"{sampling.spell_days} are {days} days, and evaluation.least_common_days = {least} "
            "are needed to be scored: sample more, or lower that"
        )


def _of_batch(region: Region, budget: BudgetWithResources, origin: Path) -> Iterator[str]:
    if region.splits.by != "year" or not region.target.daily:
        return
    days, batch = LONGEST_YEAR * len(region.splits.train), budget.training.batch_size
    if batch > days:
        yield (
            f"{origin}: training.batch_size = {batch}, but splits.train of region "
            f"'{region.name}' has {days} days at most: lower it"
        )


def _of_names(region: Region, models: Mapping[str, Model]) -> Iterator[str]:
    """Yield regional models with the name of another row of the same tables."""
    runs = region.climate.runs if region.climate else {}
    for name in region.rcms.keys() & {*models, *runs, *region.drivers}:
        yield (
            f"config/regions/{region.name}.yaml: rcms.{name}: a model, run or driver has this "
            "name, and tables would mix them up: choose another one"
        )
