"""What the rules of figures and pages share."""

from downbench.core.provenance import canonical
from downbench.dag.functions import pair_arguments

verbatim = literal
REGION, RUN = data.section, parameters.run
gigabytes, minutes = jobs.gigabytes, jobs.minutes
views, figures = experiments.views, experiments.figures
transfers, per_model, with_laws = (
    experiments.driver_chains,
    experiments.of_each_model,
    experiments.of_physics,
)
named = experiments.model_arguments
whole_experiment = parameters.experiment_of_page
experiment_labels = parameters.labelled_experiment
evaluation_of_page = parameters.evaluation_of_page
PAGES = experiments.pages_by_name


def comparisons(*names, most=None):
    return experiments.comparisons(*names, split_count=most)


def by_driver(files):
    """DRIVER=PATH arguments of the report, from paths of `comparisons`."""
    return [f"{Path(file).parent.name}={file}" for file in files]


def figure_folder(wildcards, input):
    return str(Path(input.figures[0]).parents[1])


def figure_code(wildcards):
    """Fingerprint of the one figure's module and of the step that calls it."""
    plot = figure_modules.describe(wildcards.figure).module
    return code_version("downbench.steps.draw_figure", f"downbench.plots.figures.{plot}")


def shown(path):
    """Input function: the file of the split that figures show, the experiment's first."""

    def file(wildcards):
        return path.format(split=PROJECT.experiments[wildcards.experiment].splits[0], **wildcards)

    return file


def laws_of_page(wildcards):
    """What was checked of one model per training driver, where the page asks about laws."""
    name = PAGES[wildcards.page]
    found = []
    for _, trained_on, view in views(name) if PROJECT.experiments[name].claims else []:
        scores = f"<results>/{PROJECT.region.name}/{trained_on}/scores/{view.models[0]}"
        found.append(f"{scores}/{trained_on}/{view.splits[0]}-physics.nc")
    return found


def law_option(pairs):
    """NAME=PATH arguments of what was checked, or nothing."""
    return f"--physics {' '.join(pairs)}" if pairs else ""


def transfer_of_figure(wildcards):
    """The gathered table, where the experiment asks about climate models."""
    if not climate_runs.models(wildcards.experiment, wildcards.trained_on):
        return []
    return paths.fill(paths.DRIVER_CHAIN, wildcards)


def transfer_option(path):
    return f"--transfer {path}" if path else ""


def transfers_option(files):
    """TRAINED_ON=PATH arguments of the report, from paths of `transfers`."""
    pairs = [f"{Path(file).parents[1].name}={file}" for file in files]
    return f"--transfer {' '.join(pairs)}" if pairs else ""


def station_values(wildcards):
    """Path of the values per station by PAIR/MODEL, for a figure that shows them."""
    if "stations" not in figure_modules.needs(wildcards.figure):
        return {}
    return station_scores.values(wildcards.experiment, wildcards.trained_on)


def places_of_figure(wildcards):
    return list(station_values(wildcards).values())


def places_option(wildcards, input):
    return pair_arguments("stations", station_values(wildcards), input.stations)


def figure_fields(wildcards):
    """Path of every NetCDF that figures about climate runs are drawn from, PART/MODEL/DRIVER."""
    if not PROJECT.experiments[wildcards.experiment].transferred:
        return {}
    parts = {"climate": climate_runs.climates, "change": climate_runs.changes}
    return {
        f"{part}/{name}": str(Path(path).with_suffix(".nc"))
        for part, tables in parts.items()
        for name, path in tables(wildcards.experiment, wildcards.trained_on).items()
    }


def fields_of_figure(wildcards):
    return list(figure_fields(wildcards).values())


def fields_option(wildcards, input):
    return pair_arguments("fields", figure_fields(wildcards), input.fields)
