"""Targets by name; the default target `all` is in the Snakefile."""

for experiment in PROJECT.experiments:

    rule:
        """One experiment: its figures and its page."""
        name:
            experiment
        input:
            experiments.pages(experiment),
            experiments.figures(experiment),
            experiments.driver_chains(experiment),
        localrule: True


for experiment, absent in PROJECT.left_out.items():

    rule:
        """One experiment that the region cannot have: its target says what is absent."""
        name:
            experiment
        input:
            refusal(f"region '{PROJECT.region.name}' has no {absent}: add it, or take another"),
        localrule: True


rule prepare:
    """What experiments begin with, from downloads to regional models, and the page of the data."""
    input:
        data.prepared(),
        data_page.path,
    localrule: True


rule scores:
    """Score tables and comparisons of every experiment."""
    input:
        experiments.comparisons(),
        experiments.score_tables(),  # or a deleted one would not be missed
    localrule: True


if DRAWS_ONLY:
    run_messages.show(drawable_figures.notes())


rule figures:
    """Figures of all experiments that existing scores are enough for; nothing is computed."""
    input:
        lambda wildcards: drawable_figures.files(),
    localrule: True


rule warming:
    """Heavy rain per kelvin of warming between climate runs, for models with claims about laws."""
    input:
        climate_runs.warmings(),
    localrule: True


rule verify:
    """Hashes, schema and golden outputs of every trained bundle."""
    input:
        experiments.bundle_checks(),
    localrule: True
