rule train_baselines:
    """Fit one baseline; the labs' training rules are variants of this one."""
    input:
        target="<results>/{region}/target.zarr",
        driver="<results>/{region}/drivers/{trained_on}.zarr",
        transforms="<results>/{region}/{trained_on}/transforms.json",
        bases=base_bundles,
    output:
        bundle=directory("<results>/{region}/{trained_on}/models/{model}"),
    log:
        "<logs>/train_baselines/{region}/{trained_on}/{model}.log",
    benchmark:
        "<benchmarks>/train_baselines/{region}/{trained_on}/{model}.tsv"
    wildcard_constraints:
        model=of_lab("baselines"),
    priority: 1  # the longest jobs first, and others wait for a base model
    group:
        with_its_model(is_trained)
    conda:
        "../../envs/train.yaml"
    threads: half_if(is_trained)
    resources:
        gpu=training_accelerators,
        processes=training_processes,
        nodes=one_node,
        tasks_per_node=training_tasks,
        mpi=own_launcher,
        mem=gigabytes(network_or(is_trained, NEEDS.training_memory_gb, 2)),
        runtime=minutes(network_or(is_trained, NEEDS.training_minutes, 20)),
    params:
        region=REGION,
        model=model_options,
        training=TRAINING,
        seed=PROJECT.seed,
        code=model_code("downbench.steps.train"),
        bases=bases_option,
        state=state_folder,
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.train"
        " --region {params.region:q}"
        " --model {params.model:q}"
        " --training {params.training:q}"
        " --seed {params.seed}"
        " --target {input.target}"
        " --driver {input.driver}"
        " --transforms {input.transforms}"
        " {params.bases}"
        " --processes {resources.processes}"
        " --state-dir {params.state}"
        " --bundle {output.bundle}"
        " > {log} 2>&1"


rule sample_baselines:
    """Draw one baseline's ensemble; the labs' sampling rules are variants of this one."""
    input:
        bundle="<results>/{region}/{trained_on}/models/{model}",
        target="<results>/{region}/target.zarr",
        driver="<results>/{region}/drivers/{driver}.zarr",
        drawn=drawn_ensemble,
    output:
        ensemble=directory(
            "<results>/{region}/{trained_on}/ensembles/{model}/{driver}/{split}.zarr"
        ),
    log:
        "<logs>/sample_baselines/{region}/{trained_on}/{model}/{driver}/{split}.log",
    benchmark:
        "<benchmarks>/sample_baselines/{region}/{trained_on}/{model}/{driver}/{split}.tsv"
    wildcard_constraints:
        model=of_lab("baselines"),
    group:
        with_its_model(is_drawing)
    conda:
        "../../envs/train.yaml"
    threads: half_if(is_drawing)
    resources:
        abreast=1,
        gpu=accelerators,
        mem=gigabytes(network_or(is_drawing, NEEDS.sampling_memory_gb, 2)),
        runtime=minutes(network_or(is_drawing, NEEDS.sampling_minutes, 20)),
    params:
        region=REGION,
        sampling=sampling_options,
        sampler=sampler_option,
        seed=PROJECT.seed,
        code=model_code("downbench.steps.sample"),
        drawn=drawn_option,
    shell:
        "OMP_NUM_THREADS={threads} python -m downbench.steps.sample"
        " --region {params.region:q}"
        " --sampling {params.sampling:q}"
        " {params.sampler}"
        " --seed {params.seed}"
        " --bundle {input.bundle}"
        " --target {input.target}"
        " --driver {input.driver}"
        " --driver-name {wildcards.driver}"
        " --split {wildcards.split}"
        " {params.drawn}"
        " --ensemble {output.ensemble}"
        " > {log} 2>&1"
