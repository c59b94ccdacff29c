use rule train_baselines as train_generative with:
    log:
        "<logs>/train_generative/{region}/{trained_on}/{model}.log",
    benchmark:
        "<benchmarks>/train_generative/{region}/{trained_on}/{model}.tsv"
    wildcard_constraints:
        model=models.of_lab("generative"),


use rule sample_baselines as sample_generative with:
    log:
        "<logs>/sample_generative/{region}/{trained_on}/{model}/{driver}/{split}.log",
    benchmark:
        "<benchmarks>/sample_generative/{region}/{trained_on}/{model}/{driver}/{split}.tsv"
    wildcard_constraints:
        model=models.of_lab("generative"),
