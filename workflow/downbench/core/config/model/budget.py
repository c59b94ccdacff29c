"""How much a learned model may train and sample; the same for all of them."""

from typing import Annotated, Literal

from pydantic import Field, NonNegativeInt, PositiveFloat, PositiveInt

from downbench.core.config.section import Section


class Training(Section):
    """Size of the network and length of its training."""

    channels: Annotated[tuple[PositiveInt, ...], Field(min_length=1)] = Field(
        description="feature channels of the backbone, finest level first [1]"
    )
    blocks_per_level: PositiveInt = Field(
        description="residual blocks at each level of the backbone [1]"
    )
    position_channels: NonNegativeInt = Field(
        description="learned maps that stand for what is particular to a place [1]"
    )
    batch_size: PositiveInt = Field(description="samples (days or patches) in a training step [1]")
    train_samples: PositiveInt = Field(
        description="samples seen in training at most, repeats counted [1]"
    )
    validation_samples: PositiveInt = Field(
        description="samples of the validation split in one validation [1]"
    )
    validate_every_samples: PositiveInt = Field(
        description="training samples between two validations [1]"
    )
    patience_validations: PositiveInt = Field(
        description="validations without improvement after which training stops [1]"
    )
    learning_rate: PositiveFloat = Field(description="peak learning rate of the optimiser [1]")
    ema_halflife_samples: PositiveInt = Field(
        description="half-life of the moving average of the weights, in training samples [1]"
    )
    sampler: Literal["heun", "dpmpp_2m"] = Field(
        description="solver of the diffusion: Heun (2 n - 1 evaluations of the network for n "
        "noise levels) or multistep DPM-Solver++ (n evaluations, truer spread when n is small)"
    )
    sampler_steps: PositiveInt = Field(
        description="noise levels of the diffusion sampler: part of what a bundle promises [1]"
    )


class Sampling(Section):
    """Ensembles drawn from a trained model."""

    members: int = Field(ge=2, description="ensemble members drawn for each day [1]")
    test_spells: PositiveInt = Field(
        description="spells of consecutive days scored in a split, spread evenly over it [1]"
    )
    spell_days: PositiveInt | None = Field(
        description="length of a spell [days, or time steps]; null scores the whole split"
    )


class ClimateSampling(Section):
    """Days and members drawn for a climatology: whole months of whole years."""

    members: PositiveInt = Field(description="ensemble members drawn for each day [1]")
    years: PositiveInt | None = Field(
        description="years drawn, spread evenly over a run [1]; null takes all"
    )
    months: PositiveInt | None = Field(
        description="months drawn of each of these years, spread evenly over it [1]; null takes "
        "all, and so does a series that has no more"
    )


class Budget(Section):
    """One budget for all learned models, so that a comparison compares methods."""

    training: Training = Field(description="size of the network and length of its training")
    sampling: Sampling = Field(description="ensembles drawn from a trained model")
    climate: ClimateSampling = Field(
        description="days and members drawn of a climate model's run, which are not paired"
    )
