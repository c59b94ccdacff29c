from downbench.dag import evidence


rule draw_figure:
    """Draw one figure from score tables and maps."""
    input:
        unpack(evidence.files(figure_evidence)),
    output:
        png="<results>/{region}/figures/{experiment}/{trained_on}/{figure}.png",
        pdf="<results>/{region}/figures/{experiment}/{trained_on}/{figure}.pdf",
    log:
        "<logs>/draw_figure/{region}/{experiment}/{trained_on}/{figure}.log",
    benchmark:
        "<benchmarks>/draw_figure/{region}/{experiment}/{trained_on}/{figure}.tsv"
    localrule: True
    conda:
        "../../envs/evaluate.yaml"
    threads: 1
    resources:
        mem=gigabytes(1),
        runtime=minutes(10),
    params:
        experiment=experiment_labels,
        region=REGION,
        code=figure_code,
        inputs=evidence.manifest(figure_evidence),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.draw_figure"
        " --figure {wildcards.figure}"
        " --experiment {params.experiment:q}"
        " --region {params.region:q}"
        " --inputs {params.inputs:q}"
        " --png {output.png}"
        " --pdf {output.pdf}"
        " > {log} 2>&1"


rule write_report:
    """Write one self-contained page of an experiment: verdicts, scores, figures, provenance."""
    input:
        unpack(evidence.files(page_evidence)),
    output:
        report="<results>/{region}/report/{page}.html",
    log:
        "<logs>/write_report/{region}/{page}.log",
    benchmark:
        "<benchmarks>/write_report/{region}/{page}.tsv"
    wildcard_constraints:
        page=one_of(PAGES),
    localrule: True
    conda:
        "../../envs/evaluate.yaml"
    threads: 1
    resources:
        mem=gigabytes(1),
        runtime=minutes(10),
    params:
        experiment=whole_experiment,
        region=verbatim(canonical(PROJECT.region)),
        run=RUN,
        evaluation=evaluation_of_page,
        code=code_version("downbench.steps.write_report"),
        inputs=evidence.manifest(page_evidence),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.write_report"
        " --experiment {params.experiment:q}"
        " --region {params.region:q}"
        " --run {params.run:q}"
        " --evaluation {params.evaluation:q}"
        " --inputs {params.inputs:q}"
        " --report {output.report}"
        " > {log} 2>&1"
