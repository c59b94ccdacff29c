"""Check that a data set is the one that the workflow planned, by what it says of itself."""

from collections.abc import Mapping
from typing import Any

import xarray as xr

from downbench.core.errors import UserError

VARIABLES = "variables"
OF_SERIES = {"target": ("region",), "driver": ("region", "driver")}
"""Attributes that a series may have; an ensemble has all that are expected of it."""


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
        `target`, `driver` or `ensemble`, or the word for a file with attributes of one.

    Raises
    ------
    UserError
        Listing everything that differs.
    """
    names = expected.keys() - {VARIABLES}
    if kind in OF_SERIES:
        names &= dataset.attrs.keys() & set(OF_SERIES[kind])
    wrong = [
        f"{key} is {dataset.attrs.get(key, 'absent')}, not {expected[key]}"
        for key in expected
        if key in names and str(dataset.attrs.get(key)) != str(expected[key])
    ]
    absent = [name for name in expected.get(VARIABLES, ()) if name not in dataset.data_vars]
    wrong += [f"variable {name} is missing" for name in absent]
    if wrong:
        raise UserError(
            f"{label}: not the {kind} that is expected here: {'; '.join(wrong)}: was another one "
            "copied into its place? run the rule that writes it again"
        )
