rule prepare_driver:
    """Bring one coarse input series onto the region's coarse grid."""
    input:
        target="<results>/{region}/target.zarr",
        files=files_of_driver,
    output:
        driver=directory("<results>/{region}/drivers/{driver}.zarr"),
    log:
        "<logs>/prepare_driver/{region}/{driver}.log",
    benchmark:
        "<benchmarks>/prepare_driver/{region}/{driver}.tsv"
    wildcard_constraints:
        driver=one_of(RAW),
    conda:
        "../../envs/data.yaml"
    threads: 2
    resources:
        mem=gigabytes(3),
        runtime=minutes(10),
    params:
        region=place_of_driver,
        code=code_of_driver,
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.prepare_driver"
        " --region {params.region:q}"
        " --driver {wildcards.driver}"
        " --target {input.target}"
        " --output {output.driver}"
        " > {log} 2>&1"


rule fit_transforms:
    """Fit the statistics of the normalised space on the training years."""
    input:
        target="<results>/{region}/target.zarr",
        driver="<results>/{region}/drivers/{trained_on}.zarr",
    output:
        transforms="<results>/{region}/{trained_on}/transforms.json",
    log:
        "<logs>/fit_transforms/{region}/{trained_on}.log",
    benchmark:
        "<benchmarks>/fit_transforms/{region}/{trained_on}.tsv"
    localrule: True
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        mem=gigabytes(2),
        runtime=minutes(10),
    params:
        region=REGION,
        code=code_version("downbench.steps.fit_transforms"),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.fit_transforms"
        " --region {params.region:q}"
        " --target {input.target}"
        " --driver {input.driver}"
        " --transforms {output.transforms}"
        " > {log} 2>&1"
