rule prepare_stations:
    """Stations of the region for which a cell of the truth stands."""
    input:
        target="<results>/{region}/target.zarr",
        files=files_of_stations,
    output:
        stations="<results>/{region}/stations.nc",
    log:
        "<logs>/prepare_stations/{region}.log",
    benchmark:
        "<benchmarks>/prepare_stations/{region}.tsv"
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        mem=gigabytes(1),
        runtime=minutes(10),
    params:
        region=PLACE,
        stations=verbatim(stations_options()),
        code=code_version("downbench.steps.prepare_stations"),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.prepare_stations"
        " --region {params.region:q}"
        " --stations {params.stations:q}"
        " --target {input.target}"
        " --output {output.stations}"
        " > {log} 2>&1"


rule prepare_rcm:
    """One run of a regional climate model on the fine grid, in the form of an ensemble."""
    input:
        target="<results>/{region}/target.zarr",
        files=files_of_rcm,
    output:
        run=directory("<results>/{region}/rcm/{rcm}-{period}.zarr"),
    log:
        "<logs>/prepare_rcm/{region}/{rcm}-{period}.log",
    benchmark:
        "<benchmarks>/prepare_rcm/{region}/{rcm}-{period}.tsv"
    group:
        with_its_climates
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        abreast=1,
        mem=gigabytes(2),
        runtime=minutes(10),
    params:
        region=PLACE,
        rcm=rcm_options,
        code=code_version("downbench.steps.prepare_rcm"),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.prepare_rcm"
        " --region {params.region:q}"
        " --rcm {params.rcm:q}"
        " --name {wildcards.rcm}"
        " --period {wildcards.period}"
        " --target {input.target}"
        " --output {output.run}"
        " > {log} 2>&1"


rule score_stations:
    """One ensemble, and the gridded truth, against the measurements at stations."""
    input:
        ensemble="<results>/{region}/{trained_on}/ensembles/{model}/{driver}/{split}.zarr",
        stations="<results>/{region}/stations.nc",
        target="<results>/{region}/target.zarr",
    output:
        table="<results>/{region}/{trained_on}/stations/{model}/{driver}/{split}.csv",
        places="<results>/{region}/{trained_on}/stations/{model}/{driver}/{split}.nc",
    log:
        "<logs>/score_stations/{region}/{trained_on}/{model}/{driver}/{split}.log",
    benchmark:
        "<benchmarks>/score_stations/{region}/{trained_on}/{model}/{driver}/{split}.tsv"
    group:
        with_other_stations
    conda:
        "../../envs/evaluate.yaml"
    threads: 1
    resources:
        abreast=1,
        mem=gigabytes(2),
        runtime=minutes(10),
    params:
        region=REGION,
        evaluation=EVALUATION,
        code=code_version("downbench.steps.score_stations"),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.score_stations"
        " --region {params.region:q}"
        " --ensemble {input.ensemble}"
        " --stations {input.stations}"
        " --target {input.target}"
        " --evaluation {params.evaluation:q}"
        " --table {output.table}"
        " --places {output.places}"
        " > {log} 2>&1"


use rule score_stations as score_stations_rcm with:
    input:
        ensemble="<results>/{region}/rcm/{rcm}-{period}.zarr",
        stations="<results>/{region}/stations.nc",
        target="<results>/{region}/target.zarr",
    output:
        table="<results>/{region}/rcm/stations/{rcm}-{period}.csv",
        places="<results>/{region}/rcm/stations/{rcm}-{period}.nc",
    log:
        "<logs>/score_stations_rcm/{region}/{rcm}-{period}.log",
    benchmark:
        "<benchmarks>/score_stations_rcm/{region}/{rcm}-{period}.tsv"


use rule score_climate as score_climate_rcm with:
    input:
        ensemble="<results>/{region}/rcm/{rcm}-{period}.zarr",
        reference="<results>/{region}/target.zarr",
    output:
        scores="<results>/{region}/rcm/climate/{rcm}-{period}.csv",
        fields="<results>/{region}/rcm/climate/{rcm}-{period}.nc",
    log:
        "<logs>/score_climate_rcm/{region}/{rcm}-{period}.log",
    benchmark:
        "<benchmarks>/score_climate_rcm/{region}/{rcm}-{period}.tsv"
