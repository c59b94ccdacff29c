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


rule enter_ensemble:
    """Check an ensemble that was made elsewhere, and write the scored days as a store."""
    input:
        source=ancient(models.source_ensemble),
        target=ancient(paths.TARGET),
        driver=ancient(paths.DRIVER),
        sums=paths.sums(paths.TARGET, paths.DRIVER),
    output:
        sums=paths.sums(paths.ENSEMBLE),
        ensemble=directory(paths.ENSEMBLE),
    log:
        "<logs>/enter_ensemble/{region}/{trained_on}/{model}/{driver}/{split}.log",
    benchmark:
        "<benchmarks>/enter_ensemble/{region}/{trained_on}/{model}/{driver}/{split}.tsv"
    wildcard_constraints:
        model=models.external,
    group:
        groups.scores
    conda:
        "../../envs/train.yaml"
    threads: 1
    resources:
        slots=jobs.slots(jobs.budget.scoring_memory_gb),
        mem=jobs.gigabytes(jobs.budget.scoring_memory_gb),
        runtime=jobs.minutes(jobs.budget.scoring_minutes),
    params:
        region=data.section,
        options=models.external_options,
        sampling=models.sampling,
        seed=PROJECT.seed,
        state=models.state_of_source,
        code=code_version("downbench.steps.enter_ensemble"),
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.enter_ensemble"
        " --region {params.region:q}"
        " --options {params.options:q}"
        " --sampling {params.sampling:q}"
        " --seed {params.seed}"
        " --source {input.source:q}"
        " --model-name {wildcards.model:q}"
        " --trained-on {wildcards.trained_on:q}"
        " --target {input.target:q}"
        " --driver {input.driver:q}"
        " --driver-name {wildcards.driver:q}"
        " --split {wildcards.split:q}"
        " --ensemble {output.ensemble:q}"
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
