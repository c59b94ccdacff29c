# Each lab has rules of its own, so that a change of one lab re-runs no other.
for lab in registry.labs():

    rule:
        """Fit one model of a lab."""
        name:
            f"train_{lab}"
        input:
            target=ancient(paths.TARGET),
            driver=ancient(paths.TRAINING_DRIVER),
            transforms=paths.TRANSFORMS,
            bases=ancient(models.base_bundles),
            sums=paths.sums(paths.TARGET, paths.TRAINING_DRIVER),
            sums_of_bases=sums_of(models.base_bundles),
        output:
            sums=paths.sums(paths.BUNDLE),
            bundle=directory(paths.BUNDLE),
        log:
            paths.fill("<logs>/train_{lab}/{region}/{trained_on}/{model}.log", lab=lab),
        benchmark:
            paths.fill("<benchmarks>/train_{lab}/{region}/{trained_on}/{model}.tsv", lab=lab)
        wildcard_constraints:
            model=models.trained_by(lab),
        priority: 1  # the longest jobs first, and others wait for a base model
        group:
            groups.unless(models.trains)
        conda:
            "../../envs/train.yaml"
        threads: jobs.half_of_cores_if(models.trains)
        resources:
            gpu=jobs.training_accelerators,
            processes=jobs.training_processes,
            nodes=jobs.one_node,
            tasks_per_node=jobs.training_tasks,
            mpi=jobs.task_launcher,
            mem=jobs.gigabytes(jobs.of_network(models.trains, jobs.budget.training_memory_gb, 2)),
            runtime=jobs.minutes(jobs.of_network(models.trains, jobs.budget.training_minutes, 20)),
        params:
            region=data.section,
            model=models.section,
            training=parameters.training,
            seed=PROJECT.seed,
            code=models.code("downbench.steps.train"),
            bases=models.bases_argument,
            expected_bases=expected.bases,
            state=models.state_folder,
        shell:
            "OMP_NUM_THREADS={threads} python -m downbench.steps.train"
            " --region {params.region:q}"
            " --model {params.model:q}"
            " --training {params.training:q}"
            " --seed {params.seed}"
            " --target {input.target:q}"
            " --driver {input.driver:q}"
            " --transforms {input.transforms:q}"
            " {params.bases}"
            " --expected-bases {params.expected_bases:q}"
            " --processes {resources.processes}"
            " --state-dir {params.state:q}"
            " --bundle {output.bundle:q}"
            " > {log:q} 2>&1"

    rule:
        """Sample the ensemble of one model of a lab."""
        name:
            f"sample_{lab}"
        input:
            bundle=ancient(paths.BUNDLE),
            target=ancient(paths.TARGET),
            driver=ancient(paths.DRIVER),
            reused=ancient(models.reused_samples),
            sums=paths.sums(paths.BUNDLE, paths.TARGET, paths.DRIVER),
            sums_of_reused=sums_of(models.reused_samples),
        output:
            sums=paths.sums(paths.ENSEMBLE),
            ensemble=directory(paths.ENSEMBLE),
        log:
            paths.fill(
                "<logs>/sample_{lab}/{region}/{trained_on}/{model}/{driver}/{split}.log", lab=lab
            ),
        benchmark:
            paths.fill(
                "<benchmarks>/sample_{lab}/{region}/{trained_on}/{model}/{driver}/{split}.tsv",
                lab=lab,
            )
        wildcard_constraints:
            model=models.of_lab(lab),
        group:
            groups.unless(models.samples)
        conda:
            "../../envs/train.yaml"
        threads: jobs.sampling_threads
        resources:
            slots=1,
            gpu=jobs.sampling_accelerators,
            mem=jobs.gigabytes(jobs.of_network(models.samples, jobs.budget.sampling_memory_gb, 2)),
            runtime=jobs.minutes(jobs.of_network(models.samples, jobs.budget.sampling_minutes, 20)),
        params:
            region=data.section,
            sampling=models.sampling,
            sampler=models.sampler_argument,
            seed=PROJECT.seed,
            code=models.code("downbench.steps.sample"),
            expected=expected.bundle,
            expected_reused=expected.reused_samples,
            reused=models.reused_samples_argument,
        shell:
            "OMP_NUM_THREADS={threads} python -m downbench.steps.sample"
            " --region {params.region:q}"
            " --sampling {params.sampling:q}"
            " {params.sampler}"
            " --seed {params.seed}"
            " --bundle {input.bundle:q}"
            " --model-name {wildcards.model:q}"
            " --expected {params.expected:q}"
            " --target {input.target:q}"
            " --driver {input.driver:q}"
            " --driver-name {wildcards.driver:q}"
            " --split {wildcards.split:q}"
            " {params.reused}"
            " --expected-reused {params.expected_reused:q}"
            " --ensemble {output.ensemble:q}"
            " > {log:q} 2>&1"
