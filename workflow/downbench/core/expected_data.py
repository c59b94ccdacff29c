"""Check that a data set is the one that the workflow planned, by what it says of itself."""

from collections.abc import Mapping
from typing import Any

import xarray as xr

from downbench.core.errors import UserError

VARIABLES = "variables"
OF_TARGET = ("region", VARIABLES)
"""What a target can say of itself; an ensemble has all expected attributes."""


def refuse_other_dataset(
    dataset: xr.Dataset, expected: Mapping[str, Any], label: str, kind: str = "ensemble"
) -> None:
    """Raise an error if attributes or variables differ from what is expected.

    Parameters
    ----------
    dataset
        A store, or a file that was computed from one and has its attributes.
    expected
        Attributes by name, such as `model`, `trained_on`, `driver`, `split`, `seed`, `region`, and
        the list `variables`. What is absent is not checked.
    label
        Path that the message starts with.
    kind
        `target`, `driver` or `ensemble`.

    Raises
    ------
    UserError
        Listing everything that differs.
    """
    names = [key for key in expected if kind == "ensemble" or key in OF_TARGET]
    wrong = [
        f"{key} is {dataset.attrs.get(key, 'absent')}, not {expected[key]}"
        for key in names
        if key != VARIABLES and str(dataset.attrs.get(key)) != str(expected[key])
    ]
    absent = [name for name in expected.get(VARIABLES, ()) if name not in dataset.data_vars]
    wrong += [f"variable {name} is missing" for name in absent]
    if wrong:
        raise UserError(
            f"{label}: not the {kind} that is expected here: {'; '.join(wrong)}: was another one "
            "copied into its place? remove it and make it again"
        )
