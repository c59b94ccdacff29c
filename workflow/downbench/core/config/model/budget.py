"""Compute budget: how much a model may train and sample, the same for all models."""

import math
from typing import Annotated, Self

from pydantic import (
    Field,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    field_validator,
    model_validator,
)

from downbench.core.config.model import registry
from downbench.core.config.model.options import FamilyOptions, GenerativeOptions, Sampler
from downbench.core.config.section import Section

ROUNDING = 1e-9
"""A share such as 0.1 is no exact number, and must not cost a validation."""


class Training(Section):
    """Size of the network and length of its training."""

    channels: Annotated[tuple[PositiveInt, ...], Field(min_length=1)] = Field(
        description="feature channels of the backbone, finest level first [1]"
    )
    blocks_per_level: PositiveInt = Field(
        description="residual blocks at each level of the backbone [1]"
    )
    position_channels: NonNegativeInt = Field(
        description="learned maps of whatever is particular to a location [1]"
    )
    batch_size: PositiveInt = Field(description="samples (days or patches) in a training step [1]")
    train_samples: PositiveInt = Field(
        description="samples that a model and its bases see in training at most, repeats counted "
        "[1]; `samples_share` of the models divides them"
    )
    validation_samples: PositiveInt = Field(
        description="samples of the validation split in one validation [1]"
    )
    validate_every_samples: PositiveInt = Field(
        description="training samples between two validations [1]"
    )
    patience_validations: PositiveInt = Field(
        description="validations without improvement after which training stops [1]; fewer than "
        "the validations of the shortest training"
    )
    learning_rate: PositiveFloat = Field(description="peak learning rate of the optimiser [1]")
    ema_halflife_samples: PositiveInt = Field(
        description="half-life of the moving average of the weights, in training samples [1]"
    )

    @property
    def steps_per_validation(self) -> int:
        """Steps of the optimiser between two validations."""
        return max(1, self.validate_every_samples // self.batch_size)

    def validations(self, share: float = 1.0) -> int:
        """Return the number of validations of a training on this share of the samples at most."""
        samples = self.steps_per_validation * self.batch_size
        return max(1, math.floor(share * self.train_samples / samples + ROUNDING))

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        """Refuse lengths that would train on more samples than `train_samples`."""
        for part, total in (
            ("validate_every_samples", "train_samples"),
            ("batch_size", "validate_every_samples"),
        ):
            if getattr(self, part) > getattr(self, total):
                raise ValueError(
                    f"{part} = {getattr(self, part)} is more than {total} = "
                    f"{getattr(self, total)}: lower the first or raise the second"
                )
        return self


class SampledDays(Section):
    """Days of a split that are sampled, and members of each."""

    members: int = Field(ge=2, description="ensemble members of each day [1]")
    test_spells: PositiveInt = Field(
        description="spells of consecutive days scored in a split, spread evenly over it [1]"
    )
    spell_days: PositiveInt | None = Field(
        description="length of a spell [days, or time steps]; null scores the whole split"
    )


class Sampling(SampledDays):
    """Ensembles sampled from a trained model."""

    sampler: str = Field(
        description="solver of generative models: `heun` (2 n - 1 evaluations of the network for "
        "n steps) or `dpmpp_2m` (n evaluations, truer spread when n is small); a model whose "
        "process does not have it takes its own `calibration_sampler`"
    )
    sampler_steps: PositiveInt = Field(description="steps of that solver [1]")

    @field_validator("sampler")
    @classmethod
    def _offered_by_a_process(cls, sampler: str) -> str:
        solvers = {name for options in registry.processes().values() for name in options.samplers}
        if sampler not in solvers:
            raise ValueError(f"choose one of {', '.join(sorted(solvers))}")
        return sampler

    def sampler_of(self, options: FamilyOptions) -> Sampler | None:
        """Return the sampler of a model with these options; None for one without a process."""
        if not isinstance(options, GenerativeOptions):
            return None
        is_offered = self.sampler in options.samplers
        solver = self.sampler if is_offered else options.calibration_sampler
        return Sampler(solver=solver, steps=self.sampler_steps)


class ClimateSampling(Section):
    """Days and members of a climatology: whole months of whole years."""

    members: PositiveInt = Field(description="ensemble members of each day [1]")
    years: PositiveInt | None = Field(
        description="years sampled, spread evenly over a run [1]; null takes all"
    )
    months: PositiveInt | None = Field(
        description="months sampled of each of these years, spread evenly over it [1]; null takes "
        "all, and so does a series that has no more"
    )


class Budget(Section):
    """One budget for all learned models, so that a comparison compares methods."""

    training: Training = Field(description="size of the network and length of its training")
    sampling: Sampling = Field(description="ensembles sampled from a trained model")
    climate: ClimateSampling = Field(
        description="days and members sampled of a climate model's run, which are not paired"
    )
