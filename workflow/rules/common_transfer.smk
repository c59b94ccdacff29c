"""What the rules about climate models share: chains of drivers, and the tables made of them."""

from downbench.core.chain import chain_of
from downbench.core.driver_types import constrained

INTERPOLATED = "bilinear"  # the run itself, on the fine grid: the raw signal
PSEUDO_REALITY = "pseudo-reality"


def run_pairs(trained_on):
    """Pairs of runs by name, raw and mapped, for the models of one training driver."""
    climate = PROJECT.region.climate
    return chain_of(climate, trained_on) if climate else {}


def climate_drivers(trained_on):
    """The training driver itself, then every run, raw and mapped, past and future."""
    runs = [name for pair in run_pairs(trained_on).values() for name in pair.drivers]
    return list(dict.fromkeys([trained_on, *runs]))


def raw_run(name):
    """A run's section by the name of its pair, raw or mapped."""
    return PROJECT.region.climate.runs[name.removesuffix("-corrected")]


def apart():
    """Folder by name of the runs that no model here has drawn: regional models, known truths."""
    whole = [name for name, rcm in PROJECT.region.rcms.items() if rcm.future]
    return {f"{PSEUDO_REALITY}-{name}": PSEUDO_REALITY for name in PROJECT.region.pseudo_reality_runs} | dict.fromkeys(whole, "rcm")


def transferred(experiment, trained_on):
    return PROJECT.view(experiment, trained_on).transferred


def climates(experiment, *trained_on):
    """Path of every climate table of an experiment, by (training driver, MODEL/DRIVER)."""
    folder = f"<results>/{PROJECT.region.name}"
    found = {}
    for name in trained_on or PROJECT.region.trained_on:
        for model in transferred(experiment, name):
            for driver in climate_drivers(name):
                path = f"{folder}/{name}/climate/{model}/{driver}.csv"
                found[name, f"{model}/{driver}"] = path
        for run, kind in apart().items():
            for period in PERIODS:
                path = f"{folder}/{kind}/climate/{run}-{period}.csv"
                found[name, f"{run}/{run}-{period}"] = path
    return found


def past_fields(experiment, *trained_on):
    """Path of every climate of the training driver and of past runs, in the same way."""
    found = {}
    for name in trained_on or PROJECT.region.trained_on:
        drivers = [name, *(pair.historical for pair in run_pairs(name).values())]
        for model in transferred(experiment, name):
            for driver in drivers:
                path = f"<results>/{PROJECT.region.name}/{name}/climate/{model}/{driver}.nc"
                found[name, f"{model}/{driver}"] = path
    return found


def bias_removed_percent(wildcards):
    """The tolerance that is formed from years drawn together, and so before the claims."""
    return PROJECT.view(wildcards.experiment, wildcards.trained_on).tolerances.bias_removed_percent


def changes(experiment, *trained_on):
    """Path of every table of change of an experiment, by (training driver, MODEL/RUN)."""
    folder = f"<results>/{PROJECT.region.name}"
    return {
        (name, f"{model}/{run}"): f"{folder}/{name}/change/{model}/{run}.csv"
        for name in trained_on or PROJECT.region.trained_on
        for model, run in [
            *((m, r) for m in transferred(experiment, name) for r in run_pairs(name)),
            *((run, run) for run in apart()),
        ]
    }


def tables_at_stations(experiment, *trained_on):
    """Path of every table of stations of an experiment, by (training driver, MODEL/DRIVER)."""
    found = {}
    for name in trained_on or PROJECT.region.trained_on:
        for path in station_tables(experiment, "csv", name):
            model, driver = Path(path).parts[-3:-1]
            if Path(path).parts[-4] == "stations":
                found[name, f"{model}/{driver}"] = path
            else:
                run = Path(path).stem
                found[name, f"{run.removesuffix('-historical')}/{run}"] = path
    return found


def shift_tables(experiment, *trained_on):
    """Path of every table of predictor shift of an experiment, by (training driver, driver/NAME)."""
    found = {}
    for name in trained_on or PROJECT.region.trained_on:
        for path in shifts(experiment, name):
            found[name, f"driver/{Path(path).stem}"] = path
    return found


def gathered_tables(found):
    """Input function: tables of one part, of one experiment and training driver."""
    return lambda wildcards: list(found(wildcards.experiment, wildcards.trained_on).values())


def gathered_option(part, found):
    """Parameter function: `--part MODEL/DRIVER=PATH …` for what `gathered_tables` names."""

    def option(wildcards, input):
        names = [name for _, name in found(wildcards.experiment, wildcards.trained_on)]
        pairs = [f"{name}={path}" for name, path in zip(names, input.get(part, []))]
        return f"--{part} {' '.join(pairs)}" if pairs else ""

    return option


def transfers(*experiments):
    """The gathered tables of these experiments, where they ask about climate models."""
    return [
        f"<results>/{PROJECT.region.name}/{trained_on}/transfer/{experiment}.csv"
        for experiment, trained_on, view in views(*experiments)
        if view.transferred
    ]


def transfer_of_figure(wildcards):
    """The gathered table, where the experiment asks about climate models."""
    if not transferred(wildcards.experiment, wildcards.trained_on):
        return []
    path = "<results>/{region}/{trained_on}/transfer/{experiment}.csv"
    return path.format(
        **{name: wildcards[name] for name in ("region", "trained_on", "experiment")}
    )


def transfer_option(path):
    return f"--transfer {path}" if path else ""


def fields_of(period):
    """Input function: the climate of one period of a pair of runs, of one model."""

    def path(wildcards):
        folder, name = f"<results>/{wildcards.region}", wildcards.run
        if name in apart():
            return f"{folder}/{apart()[name]}/climate/{name}-{period}.nc"
        driver = getattr(run_pairs(wildcards.trained_on)[name], period)
        return f"{folder}/{wildcards.trained_on}/climate/{wildcards.model}/{driver}.nc"

    return path


def raw_fields_of(period):
    """Input function: the same of the raw run; none for a regional model, which has another."""

    def path(wildcards):
        if apart().get(wildcards.run) == "rcm":
            return []
        driver = getattr(raw_run(wildcards.run.removeprefix(f"{PSEUDO_REALITY}-")), period)
        folder = f"<results>/{wildcards.region}/{wildcards.trained_on}/climate"
        return f"{folder}/{INTERPOLATED}/{driver}.nc"

    return path


def raw_option(wildcards, input):
    past, future = input.get("raw_historical"), input.get("raw_future")
    return f"--raw-historical {past} --raw-future {future}" if past else ""


def daily_of(split):
    """Input function: daily files of all models of an experiment on one split."""

    def paths(wildcards):
        folder = "<results>/{region}/{trained_on}/scores/{model}/{trained_on}/{split}-daily.nc"
        models = PROJECT.view(wildcards.experiment, wildcards.trained_on).models
        return [folder.format(model=model, split=split, **wildcards) for model in models]

    return paths


def simulation(wildcards):
    """The raw run whose weather a twin takes."""
    return getattr(raw_run(wildcards.pseudo_reality.removeprefix(f"{PSEUDO_REALITY}-")), wildcards.period)


def place_of_simulation(wildcards):
    """The region's section as JSON, with the run whose weather is taken."""
    return place_of(simulation(wildcards))


def free_to_run(model):
    """May it be driven by a run that is not the block mean of any truth?"""
    own = PROJECT.models[model]
    return not constrained(own) and own.requires.driver_type is None


def warmings():
    """Heavy rain over warming between each model's past and future run, where laws are asked."""
    found = set()
    for _, trained_on, view in views():
        folder = f"<results>/{PROJECT.region.name}/{trained_on}/warming"
        asked = view.models if view.claims and PROJECT.region.temperature else ()
        for model in filter(free_to_run, asked):
            for pair in run_pairs(trained_on).values():
                past = f"{folder}/{model}/{pair.historical}/{CLIMATE}"
                found.add(f"{past}/{pair.future}/{CLIMATE}.csv")
    return sorted(found)


def transfers_option(files):
    """TRAINED_ON=PATH arguments of the report, from paths of `transfers`."""
    pairs = [f"{Path(file).parents[1].name}={file}" for file in files]
    return f"--transfer {' '.join(pairs)}" if pairs else ""


def figure_fields(wildcards):
    """Path of every NetCDF that figures about climate runs are drawn from, PART/MODEL/DRIVER."""
    if not PROJECT.experiments[wildcards.experiment].transferred:
        return {}
    at = (wildcards.experiment, wildcards.trained_on)
    parts = {"climate": climates, "change": changes}
    return {
        f"{part}/{name}": str(Path(path).with_suffix(".nc"))
        for part, found in parts.items()
        for (_, name), path in found(*at).items()
    }


def fields_of_figure(wildcards):
    return list(figure_fields(wildcards).values())


def fields_option(wildcards, input):
    pairs = [f"{name}={path}" for name, path in zip(figure_fields(wildcards), input.fields)]
    return f"--fields {' '.join(pairs)}" if pairs else ""
