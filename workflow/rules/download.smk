rule download:
    """Fetch one part of a download: daily values of a variable, in our units, checked."""
    output:
        file=paths.DOWNLOAD,
    log:
        "<logs>/download/{region}/{download}/{part}.log",
    benchmark:
        "<benchmarks>/download/{region}/{download}/{part}.tsv"
    wildcard_constraints:
        download=one_of(PROJECT.region.downloads),
        part="[^/]+",
    localrule: True
    conda:
        "../../envs/data.yaml"
    threads: 1
    resources:
        **downloads.resources,
        handling=downloads.handling,
        mem=jobs.gigabytes(2),
        runtime=jobs.minutes(1440),
    params:
        request=downloads.request,
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.download"
        " --request {params.request:q}"
        " --handling {resources.handling:q}"
        " --part {wildcards.part:q}"
        " --output {output.file:q}"
        " 2>&1 | tee {log:q}"
