"""What the rules of stations and regional models share: which tables an experiment has."""

from downbench.core.figure_modules import needs

PERIODS = ("historical", "future")


def stations_options():
    """Section `stations` as JSON, without what is only told."""
    stations = PROJECT.region.stations
    return canonical(stations, exclude={"note"}) if stations else "{}"


def files_of_stations(wildcards):
    return station_files(PROJECT.region)


def files_of_rcm(wildcards):
    return rcm_files(PROJECT.region, wildcards.rcm, wildcards.period)


def rcm_options(wildcards):
    """The regional model as JSON, without its label."""
    return canonical(PROJECT.region.rcms[wildcards.rcm], exclude={"label"})


def station_scores(experiment, trained_on):
    """Paths without ending of an experiment's station scores, by PAIR/MODEL.

    Of its transferred models with the training driver's test days and every historical run, raw
    and mapped, and of the regional models. For a future run there are no measurements.
    """
    models = PROJECT.view(experiment, trained_on).transferred
    if PROJECT.region.stations is None or not models:
        return {}
    folder = f"<results>/{PROJECT.region.name}"
    runs = {name: f"{pair.historical}/{CLIMATE}" for name, pair in run_pairs(trained_on).items()}
    own = {
        f"{pair}/{model}": f"{folder}/{trained_on}/stations/{model}/{driver}"
        for pair, driver in {trained_on: f"{trained_on}/test", **runs}.items()
        for model in models
    }
    return own | {
        f"rcm/{name}": f"{folder}/rcm/stations/{name}-historical" for name in PROJECT.region.rcms
    }


def station_tables(experiment, ending, *trained_on):
    """Station scores (`csv`), or values per station (`nc`), for these training drivers or all."""
    paths = [
        f"{path}.{ending}"
        for driver in trained_on or PROJECT.region.trained_on
        for path in station_scores(experiment, driver).values()
    ]
    return list(dict.fromkeys(paths))


def places_of_figure(wildcards):
    """Input function: values per station, for a figure that shows them."""
    found = station_scores(wildcards.experiment, wildcards.trained_on)
    shown = found.values() if "stations" in needs(wildcards.figure) else ()
    return [f"{path}.nc" for path in shown]


def places_option(wildcards, input):
    """Parameter function: `--stations PAIR/MODEL=PATH …` for what `places_of_figure` names."""
    names = station_scores(wildcards.experiment, wildcards.trained_on)
    pairs = [f"{name}={path}" for name, path in zip(names, input.stations)]
    return f"--stations {' '.join(pairs)}" if pairs else ""
