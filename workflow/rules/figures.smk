rule draw_figure:
    """Draw one figure from score tables and maps."""
    input:
        comparison=shown(
            "<results>/{region}/{trained_on}/comparison/{experiment}/{trained_on}/{split}.csv"
        ),
        scores=per_model("<results>/{region}/{trained_on}/scores/{model}/{trained_on}/{split}.csv"),
        maps=per_model(
            "<results>/{region}/{trained_on}/scores/{model}/{trained_on}/{split}-maps.nc"
        ),
        physics=with_laws(
            per_model(
                "<results>/{region}/{trained_on}/scores/{model}/{trained_on}/{split}-physics.nc"
            )
        ),
        transfer=transfer_of_figure,
        stations=places_of_figure,
        fields=fields_of_figure,
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
        scores=lambda wildcards, input: named(input.scores, wildcards),
        maps=lambda wildcards, input: named(input.maps, wildcards),
        physics=lambda wildcards, input: law_option(named(input.physics, wildcards)),
        transfer=lambda wildcards, input: transfer_option(input.transfer),
        stations=places_option,
        fields=lambda wildcards, input: fields_option(wildcards, input),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.draw_figure"
        " --figure {wildcards.figure}"
        " --experiment {params.experiment:q}"
        " --region {params.region:q}"
        " --comparison {input.comparison}"
        " --scores {params.scores}"
        " --maps {params.maps}"
        " {params.physics}"
        " {params.transfer}"
        " {params.stations}"
        " {params.fields}"
        " --png {output.png}"
        " --pdf {output.pdf}"
        " > {log} 2>&1"


rule write_report:
    """One self-contained page of an experiment: verdict, score table, figures, how to make it."""
    input:
        comparisons=lambda wildcards: comparisons(PAGES[wildcards.page], most=1),
        figures=lambda wildcards: figures(PAGES[wildcards.page]),
        dag=lambda wildcards: f"docs/{PAGES[wildcards.page]}-dag.mmd",
        physics=laws_of_page,
        transfer=lambda wildcards: transfers(PAGES[wildcards.page]),
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
        comparisons=lambda wildcards, input: by_driver(input.comparisons),
        figures=figure_folder,
        physics=lambda wildcards, input: law_option(by_driver(input.physics)),
        transfer=lambda wildcards, input: transfers_option(input.transfer),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.write_report"
        " --experiment {params.experiment:q}"
        " --region {params.region:q}"
        " --run {params.run:q}"
        " --evaluation {params.evaluation:q}"
        " --comparison {params.comparisons}"
        " --figures {params.figures}"
        " --dag {input.dag}"
        " {params.physics}"
        " {params.transfer}"
        " --report {output.report}"
        " > {log} 2>&1"
