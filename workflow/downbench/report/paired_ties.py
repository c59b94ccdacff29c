"""Models that a paired interval does not separate."""

import pandas as pd


def ties_of(
    comparison: pd.DataFrame, variable: str, paired: str, model: str, scale: float | None = None
) -> tuple[str, ...] | None:
    """Return models that no paired interval separates from a model.

    An interval that is not known separates nothing.

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
    None where the model is in no pair with an interval.
    """
    if not paired:
        return None
    start = f"{paired}_versus_"
    rows = comparison[comparison["metric"].str.startswith(start) & (comparison["season"] == "all")]
    rows = rows[rows["variable"] == variable]
    rows = rows if scale is None else rows[rows["scale"] == scale]
    partners = rows["metric"].str.removeprefix(start)
    partners = partners.where(
        rows["model"] == model, rows["model"].where(partners == model)
    ).dropna()
    pairs = rows.loc[partners.index]
    if pairs[["lower", "upper"]].isna().all(axis=None):
        return None
    tied = pairs["value"].notna() & ~((pairs["lower"] > 0) | (pairs["upper"] < 0))
    return tuple(dict.fromkeys(partners[tied]))
