"""Names of the series of a region, by which stores and the page of its data tell them apart."""

from collections.abc import Iterable

NOT_FOR_DRIVERS = ("target", "stations")


def problem_of_names(drivers: Iterable[str], rcm_runs: Iterable[tuple[str, str]]) -> str:
    """Return which driver has the name of another series, with its fix; empty if none has.

    Parameters
    ----------
    drivers
        Their names.
    rcm_runs
        Regional models and the periods that they have.
    """
    taken = {f"{rcm}-{period}": f"the {period} run of rcms.{rcm}" for rcm, period in rcm_runs}
    taken |= {name: f"the {name}" for name in NOT_FOR_DRIVERS}
    for name in drivers:
        if name in taken:
            return f"drivers.{name} has the name of {taken[name]}: rename the driver"
    return ""
