"""What a training took beside time, which depends on the machine: `training.json` of a bundle."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeFloat,
    NonNegativeInt,
    ValidationError,
)

from downbench.core.errors import UserError
from downbench.core.io.atomic import replacing

FILE = "training.json"
LATE_SHARE = 0.25
"""The last part of a training, against the part of the same length before it."""
STILL_FALLING = 0.01
"""Late fall above which longer training would help."""


class TrainingRecord(BaseModel):
    """Size and length of one training, without those of its bases.

    Parameters
    ----------
        Of the whole network, frozen ones of its bases as well [1].
    samples, flop
        Seen in training, repeats counted [1]; floating-point operations of all steps [1].
    sampling_flop
        Of one member and time, with the sampler of the calibration [1].
    accelerators
        That trained together; 0 on processor cores.
    late_fall
        Fall of the validation loss over the last quarter of the training, as share of its whole
        fall [1]; None with fewer than four validations.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    parameters: NonNegativeInt
    samples: NonNegativeInt
    flop: NonNegativeFloat
    sampling_flop: NonNegativeFloat
    accelerators: NonNegativeInt
    late_fall: Annotated[float, Field(ge=-1, le=1)] | None

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """Return the record of a bundle; None where it has none."""
        path = folder / FILE
        if not path.exists():
            return None
        try:
            return cls.model_validate_json(path.read_bytes())
        except ValidationError as error:
            raise UserError(f"{path}: not a usable record: {error}; train it again") from error

    def write(self, folder: Path) -> None:
        """Write `training.json`."""
        with replacing(folder / FILE) as path:
            path.write_text(self.model_dump_json(indent=1) + "\n")


def late_fall(losses: Sequence[float]) -> float | None:
    """Return the fall between the means of the last two quarters, over the whole fall.

    Parameters
    ----------
    losses
        Validation losses in the order of the training.

    Returns
    -------
    Within ±1: 0 or less for a training that has levelled out.
    """
    count = int(len(losses) * LATE_SHARE)
    total = losses[0] - min(losses) if losses else 0.0
    if count == 0:
        return None
    if total == 0:
        return 0.0
    before, last = losses[-2 * count : -count], losses[-count:]
    fall = (sum(before) - sum(last)) / count / total
    return max(-1.0, min(1.0, fall))
