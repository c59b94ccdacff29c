"""What the rules of stations and regional models share: which tables an experiment has."""

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


def rcm_runs(folder, ending, *periods):
    """Files of the regional models' runs in a folder of `rcm/`; all periods, or those named."""
    return [
        f"<results>/{PROJECT.region.name}/rcm/{folder}{name}-{period}.{ending}"
        for name, rcm in PROJECT.region.rcms.items()
        for period in periods or PERIODS
        if getattr(rcm, period)
    ]


def rcm_climates(experiment, ending):
    """Climate tables (`csv`) or fields (`nc`) of regional models, where runs are asked about."""
    asked = PROJECT.experiments[experiment].transferred
    return rcm_runs("climate/", ending) if asked else []


def station_tables(experiment, ending, *trained_on):
    """Station scores (`csv`), or values per station (`nc`), of an experiment about runs.

    Of its transferred models with the training driver's test days and every historical run, raw
    and mapped, and of the regional models. For a future run there are no measurements.
    """
    asked = PROJECT.region.stations and PROJECT.experiments[experiment].transferred
    own = [
        f"<results>/{PROJECT.region.name}/{name}/stations/{model}/{driver}.{ending}"
        for name in trained_on or PROJECT.region.trained_on
        for model in PROJECT.view(experiment, name).transferred
        for driver in station_drivers(name)
    ]
    return [*own, *rcm_runs("stations/", ending, "historical")] if asked else []


def station_drivers(trained_on):
    """DRIVER/SPLIT of what stations can judge: test days, and climates of the past."""
    runs = [f"{pair.historical}/{CLIMATE}" for pair in run_pairs(trained_on).values()]
    return [f"{trained_on}/test", *runs]
