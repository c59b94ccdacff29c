use rule train_baselines as train_bayesian with:
    log:
        "<logs>/train_bayesian/{region}/{trained_on}/{model}.log",
    benchmark:
        "<benchmarks>/train_bayesian/{region}/{trained_on}/{model}.tsv"
    wildcard_constraints:
        model=models.of_lab("bayesian"),


use rule sample_baselines as sample_bayesian with:
    log:
        "<logs>/sample_bayesian/{region}/{trained_on}/{model}/{driver}/{split}.log",
    benchmark:
        "<benchmarks>/sample_bayesian/{region}/{trained_on}/{model}/{driver}/{split}.tsv"
    wildcard_constraints:
        model=models.of_lab("bayesian"),
