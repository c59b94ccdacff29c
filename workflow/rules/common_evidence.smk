"""Evidence of figures and pages: paths by kind and key, see downbench.dag.evidence."""


def by_model(experiment, trained_on, ending):
    """Score files of an experiment's models, of the split that figures show: the first."""
    view = PROJECT.view(experiment, trained_on)
    folder = f"<results>/{PROJECT.region.name}/{trained_on}/scores"
    return {
        model: f"{folder}/{model}/{trained_on}/{view.splits[0]}{ending}" for model in view.models
    }


def comparison_of(experiment, trained_on):
    split = PROJECT.experiments[experiment].splits[0]
    folder = f"<results>/{PROJECT.region.name}/{trained_on}/comparison"
    return {trained_on: f"{folder}/{experiment}/{trained_on}/{split}.csv"}


def driver_chain_of(experiment, trained_on):
    if not transferred(experiment, trained_on):
        return {}
    folder = f"<results>/{PROJECT.region.name}/{trained_on}"
    return {trained_on: f"{folder}/transfer/{experiment}.csv"}


def netcdf_of(found, experiment, trained_on):
    """NetCDF file of each table of climate runs, by MODEL/DRIVER."""
    if not PROJECT.experiments[experiment].transferred:
        return {}
    paths = found(experiment, trained_on)
    return {name: str(Path(path).with_suffix(".nc")) for (_, name), path in paths.items()}


def station_values(figure, experiment, trained_on):
    """Values per station, for a figure that shows them, by PAIR/MODEL."""
    if "stations" not in needs(figure):
        return {}
    return {name: f"{path}.nc" for name, path in station_scores(experiment, trained_on).items()}


def figure_evidence(wildcards):
    name, trained_on = wildcards.experiment, wildcards.trained_on
    laws = PROJECT.experiments[name].claims
    return {
        "comparison": comparison_of(name, trained_on),
        "scores": by_model(name, trained_on, ".csv"),
        "maps": by_model(name, trained_on, "-maps.nc"),
        "physics": by_model(name, trained_on, "-physics.nc") if laws else {},
        "driver_chain": driver_chain_of(name, trained_on),
        "stations": station_values(wildcards.figure, name, trained_on),
        "climate": netcdf_of(climates, name, trained_on),
        "change": netcdf_of(changes, name, trained_on),
    }


def page_evidence(wildcards):
    """Evidence of a page: tables and figures of every training driver, and the rule graph."""
    name = PAGES[wildcards.page]
    drivers = PROJECT.region.trained_on
    folder = f"<results>/{PROJECT.region.name}/figures/{name}"
    picture = f"docs/{name}-dag.svg"
    return {
        "comparison": {d: path for d in drivers for path in comparison_of(name, d).values()},
        "figures": {
            f"{d}/{figure}": f"{folder}/{d}/{figure}.png"
            for _, d, view in views(name)
            for figure in view.figures
        },
        "physics": {
            d: next(iter(by_model(name, d, "-physics.nc").values()))
            for d in drivers
            if PROJECT.experiments[name].claims
        },
        "driver_chain": {d: path for d in drivers for path in driver_chain_of(name, d).values()},
        "rule_graph": {name: picture} if Path(picture).is_file() else {},
    }
