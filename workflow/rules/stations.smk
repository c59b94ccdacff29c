rule prepare_stations:
    """Read the stations of the region that lie in a valid cell of the target."""
    input:
        target=ancient(paths.TARGET),
        sums=paths.sums(paths.TARGET),
        files=data.station_files,
    output:
        sums=paths.sums(paths.STATIONS),
        stations=paths.STATIONS,
        left_out=paths.STATIONS_LEFT_OUT,
    log:
        "<logs>/prepare_stations/{region}.log",
    benchmark:
        "<benchmarks>/prepare_stations/{region}.tsv"
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        mem=jobs.gigabytes(1),
        runtime=jobs.minutes(10),
    params:
        region=data.inputs,
        stations=data.stations,
        code=code_version("downbench.steps.prepare_stations"),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.prepare_stations"
        " --region {params.region:q}"
        " --stations {params.stations:q}"
        " --target {input.target:q}"
        " --output {output.stations:q}"
        " --left-out {output.left_out:q}"
        " > {log:q} 2>&1"


rule prepare_rcm:
    """Bring one run of a regional climate model onto the fine grid, as an ensemble."""
    input:
        target=ancient(paths.TARGET),
        sums=paths.sums(paths.TARGET),
        files=data.rcm_files,
    output:
        sums=paths.sums(paths.RCM_RUN),
        run=directory(paths.RCM_RUN),
    log:
        "<logs>/prepare_rcm/{region}/{rcm}-{period}.log",
    benchmark:
        "<benchmarks>/prepare_rcm/{region}/{rcm}-{period}.tsv"
    group:
        groups.climates
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        slots=1,
        mem=jobs.gigabytes(2),
        runtime=jobs.minutes(10),
    params:
        region=data.inputs,
        rcm=data.rcm,
        code=code_version("downbench.steps.prepare_rcm"),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.prepare_rcm"
        " --region {params.region:q}"
        " --rcm {params.rcm:q}"
        " --name {wildcards.rcm:q}"
        " --period {wildcards.period:q}"
        " --target {input.target:q}"
        " --output {output.run:q}"
        " > {log:q} 2>&1"


rule score_stations:
    """Score one ensemble, and the gridded target, against station measurements."""
    input:
        ensemble=ancient(paths.ENSEMBLE),
        stations=ancient(paths.STATIONS),
        target=ancient(paths.TARGET),
        sums=paths.sums(paths.ENSEMBLE, paths.TARGET, paths.STATIONS),
    output:
        table=paths.STATION_TABLE,
        places=paths.STATION_VALUES,
    log:
        "<logs>/score_stations/{region}/{trained_on}/{model}/{driver}/{split}.log",
    benchmark:
        "<benchmarks>/score_stations/{region}/{trained_on}/{model}/{driver}/{split}.tsv"
    group:
        groups.stations
    conda:
        "../../envs/evaluate.yaml"
    threads: 1
    resources:
        slots=1,
        mem=jobs.gigabytes(2),
        runtime=jobs.minutes(10),
    params:
        region=data.section,
        evaluation=parameters.evaluation,
        code=code_version("downbench.steps.score_stations"),
        expected=expected.ensemble,
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.score_stations"
        " --region {params.region:q}"
        " --ensemble {input.ensemble:q}"
        " --expected {params.expected:q}"
        " --stations {input.stations:q}"
        " --target {input.target:q}"
        " --evaluation {params.evaluation:q}"
        " --table {output.table:q}"
        " --places {output.places:q}"
        " > {log:q} 2>&1"


use rule score_stations as score_stations_rcm with:
    input:
        ensemble=ancient(paths.RCM_RUN),
        stations=ancient(paths.STATIONS),
        target=ancient(paths.TARGET),
        sums=paths.sums(paths.RCM_RUN, paths.TARGET, paths.STATIONS),
    output:
        table=paths.RCM_STATION_TABLE,
        places=paths.RCM_STATION_VALUES,
    log:
        "<logs>/score_stations_rcm/{region}/{rcm}-{period}.log",
    benchmark:
        "<benchmarks>/score_stations_rcm/{region}/{rcm}-{period}.tsv"
    params:
        expected=expected.regional_model,


use rule score_climate as score_climate_rcm with:
    input:
        ensemble=ancient(paths.RCM_RUN),
        reference=ancient(paths.TARGET),
        sums=paths.sums(paths.RCM_RUN, paths.TARGET),
    output:
        scores=paths.fill(paths.EXTERNAL_TABLE, kind="rcm", run="{rcm}"),
        fields=paths.fill(paths.EXTERNAL_FIELDS, kind="rcm", run="{rcm}"),
    log:
        "<logs>/score_climate_rcm/{region}/{rcm}-{period}.log",
    benchmark:
        "<benchmarks>/score_climate_rcm/{region}/{rcm}-{period}.tsv"
    params:
        expected=expected.regional_model,
