"""Models that a paired interval does not separate."""

import pandas as pd


def ties_of(
    comparison: pd.DataFrame, variable: str, paired: str, model: str, scale: float | None = None
) -> tuple[str, ...] | None:
    """Return models whose paired difference from a model has an interval with zero.

    Parameters
    ----------
    comparison
        Columns `model` and those of a score table.
    variable, model
        Of the rows; a pair may stand at either of its models.
    paired
        Beginning of the metric, before `_versus_MODEL`; nothing is paired if it is empty.
    scale
        Which of several rows.

    Returns
    -------
    None where the model is in no pair.
    """
    if not paired:
        return None
    start = f"{paired}_versus_"
    rows = comparison[comparison["metric"].str.startswith(start) & (comparison["season"] == "all")]
    rows = rows[rows["variable"] == variable]
    rows = rows if scale is None else rows[rows["scale"] == scale]
    others = rows["metric"].str.removeprefix(start)
    others = others.where(rows["model"] == model, rows["model"].where(others == model)).dropna()
    tied = (rows["lower"] <= 0) & (rows["upper"] >= 0)
    return tuple(dict.fromkeys(others[tied[others.index]])) if len(others) else None
