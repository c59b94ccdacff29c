rule enter_bundle:
    """Verify a bundle that was trained elsewhere, and copy it into its place."""
    input:
        source=ancient(models.source_bundle),
        sums_of_source=sums_of(models.source_bundle),
        target=ancient(paths.TARGET),
        sums=paths.sums(paths.TARGET),
    output:
        sums=paths.sums(paths.BUNDLE),
        bundle=directory(paths.BUNDLE),
    log:
        "<logs>/enter_bundle/{region}/{trained_on}/{model}.log",
    benchmark:
        "<benchmarks>/enter_bundle/{region}/{trained_on}/{model}.tsv"
    wildcard_constraints:
        model=models.entered,
    localrule: True
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        mem=jobs.gigabytes(2),
        runtime=jobs.minutes(10),
    params:
        region=data.section,
        expected=expected.bundle,
        source_sums=models.source_sums,
        code=models.code("downbench.steps.enter_bundle"),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.enter_bundle"
        " --region {params.region:q}"
        " --expected {params.expected:q}"
        " --source {input.source:q}"
        " --target {input.target:q}"
        " --bundle {output.bundle:q}"
        " > {log:q} 2>&1"


rule verify_bundle:
    """Check a bundle as another lab would: hashes, schema, and the golden outputs again."""
    input:
        bundle=ancient(paths.BUNDLE),
        sums=paths.sums(paths.BUNDLE),
    output:
        proof=paths.BUNDLE_CHECK,
    log:
        "<logs>/verify_bundle/{region}/{trained_on}/{model}.log",
    benchmark:
        "<benchmarks>/verify_bundle/{region}/{trained_on}/{model}.tsv"
    localrule: True
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        mem=jobs.gigabytes(2),
        runtime=jobs.minutes(10),
    params:
        code=models.code("downbench.steps.verify_bundle"),
        expected=expected.bundle,
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.verify_bundle {input.bundle:q}"
        " --expected {params.expected:q}"
        " --proof {output.proof:q} > {log:q} 2>&1"
