rule draw_figure:
    """Draw one figure from score tables and maps."""
    input:
        unpack(evidence_files(evidence.figure)),
    output:
        png=report(
            paths.fill(paths.FIGURE, ending="png"),
            category="{experiment}",
            subcategory="{trained_on}",
            labels={"figure": "{figure}"},
        ),
        pdf=paths.fill(paths.FIGURE, ending="pdf"),
    log:
        "<logs>/draw_figure/{region}/{experiment}/{trained_on}/{figure}.log",
    benchmark:
        "<benchmarks>/draw_figure/{region}/{experiment}/{trained_on}/{figure}.tsv"
    localrule: True
    conda:
        "../../envs/evaluate.yaml"
    threads: 1
    resources:
        mem=jobs.gigabytes(1),
        runtime=jobs.minutes(10),
    params:
        experiment=parameters.labelled_experiment,
        region=data.section,
        code=figure_code,
        inputs=manifest(evidence.figure),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.draw_figure"
        " --figure {wildcards.figure:q}"
        " --experiment {params.experiment:q}"
        " --region {params.region:q}"
        " --inputs {params.inputs:q}"
        " --png {output.png:q}"
        " --pdf {output.pdf:q}"
        " > {log:q} 2>&1"


rule write_report:
    """Write one self-contained page of an experiment: verdicts, scores, figures, provenance."""
    input:
        unpack(evidence_files(evidence.page)),
    output:
        report=report(
            paths.fill(paths.PAGE, page="{experiment}"),
            category="Pages",
            labels={"page": "{experiment}"},
        ),
    log:
        "<logs>/write_report/{region}/{experiment}.log",
    benchmark:
        "<benchmarks>/write_report/{region}/{experiment}.tsv"
    localrule: True
    conda:
        "../../envs/evaluate.yaml"
    threads: 1
    resources:
        mem=jobs.gigabytes(1),
        charts=str(chart_library.folder()),  # no parameter: another environment writes no page anew
        runtime=jobs.minutes(10),
    params:
        experiment=parameters.experiment_of_page,
        region=parameters.region_of_page,
        run=parameters.run,
        evaluation=parameters.evaluation_of_page,
        code=evidence.page_code,
        inputs=manifest(evidence.page),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.write_report"
        " --experiment {params.experiment:q}"
        " --region {params.region:q}"
        " --run {params.run:q}"
        " --evaluation {params.evaluation:q}"
        " --inputs {params.inputs:q}"
        " --chart-library {resources.charts:q}"
        " --report {output.report:q}"
        " > {log:q} 2>&1"


rule summarise_experiment:
    """Gather what the front page shows of an experiment: verdicts and the scorecard's cells."""
    input:
        unpack(evidence_files(evidence.summary)),
    output:
        summary=paths.SUMMARY,
    log:
        "<logs>/summarise_experiment/{region}/{experiment}.log",
    benchmark:
        "<benchmarks>/summarise_experiment/{region}/{experiment}.tsv"
    localrule: True
    conda:
        "../../envs/evaluate.yaml"
    threads: 1
    resources:
        mem=jobs.gigabytes(1),
        runtime=jobs.minutes(10),
    params:
        experiment=parameters.experiment_of_page,
        region=literal(canonical(PROJECT.region)),
        run=parameters.run,
        evaluation=parameters.evaluation_of_page,
        code=evidence.summary_code,
        inputs=manifest(evidence.summary),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.summarise_experiment"
        " --experiment {params.experiment:q}"
        " --region {params.region:q}"
        " --run {params.run:q}"
        " --evaluation {params.evaluation:q}"
        " --inputs {params.inputs:q}"
        " --summary {output.summary:q}"
        " > {log:q} 2>&1"


rule write_front_page:
    """Write the front page of a region: scorecard and verdicts of all its experiments."""
    input:
        summaries=front_page.summaries,
    output:
        report=report(paths.FRONT_PAGE, category="Pages", labels={"page": "index"}),
    log:
        "<logs>/write_front_page/{region}.log",
    benchmark:
        "<benchmarks>/write_front_page/{region}.tsv"
    localrule: True
    conda:
        "../../envs/evaluate.yaml"
    threads: 1
    resources:
        mem=jobs.gigabytes(1),
        runtime=jobs.minutes(10),
    params:
        region=parameters.region_of_page,
        run=parameters.run,
        sources=literal(json.dumps(front_page.sources)),
        code=code_version("downbench.steps.write_front_page", wording=True),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.write_front_page"
        " --region {params.region:q}"
        " --run {params.run:q}"
        " --sources {params.sources:q}"
        " --summaries {input.summaries:q}"
        " --report {output.report:q}"
        " > {log:q} 2>&1"
