"""Metrics of two models on the same days, and what a model costs to compute."""

from downbench.scores.metric import Metric

CRPS_SKILL_CLIMATOLOGY = Metric(
    name="crps_skill_climatology",
    unit="1",
    best="high",
    meaning="Share of the climatology's CRPS that the model removes: 1 is perfect, 0 no better. "
    "The interval comes from the same resampled {day}s for both models.",
    definition="1 − CRPS / CRPS of `climatology_model`, per pooling factor `scale`.",
    heading="Skill against {climatology}",
    position=20,
    headline=True,
    seasonal=True,
)
CRPS_SKILL_DRESSED = Metric(
    name="crps_skill_dressed",
    unit="1",
    best="high",
    meaning="The same against the deterministic UNet dressed with a fitted spread. A generative "
    "model whose interval reaches down to 0 has shown nothing.",
    definition="Against `reference_model`.",
    heading="Skill against {reference}",
    position=30,
    headline=True,
    seasonal=True,
)
CRPS_RATIO_ORACLE = Metric(
    name="crps_ratio_oracle",
    unit="1",
    best="low",
    meaning="CRPS over that of the oracle, which samples from the true distribution; 1 is the "
    "best possible. Known on the synthetic region alone. An interval below 1 means dependent "
    "members or leakage, never skill.",
    definition="Over `crps_reference` where there are redraws; without them over the CRPS of the "
    "oracle's ensemble.",
    lower_bound=0,
    heading="CRPS / oracle",
    position=40,
    headline=True,
    seasonal=True,
)
LOG_SCORE_MINUS_REFERENCE_MODEL = Metric(
    name="log_score_minus_reference_model",
    unit="nat",
    best="high",
    meaning="Exact log score less that of the other model, on the same {day}s; above 0 the model "
    "gives the reference more density.",
    definition="Against `reference_model`, where both have an exact density.",
    heading="Log score less that of {reference}",
    position=196,
)
LOG_SCORE_MINUS_ORACLE = Metric(
    name="log_score_minus_oracle",
    unit="nat",
    best="high",
    meaning="Exact log score less that of the oracle, on the same {day}s: the information that "
    "the model lacks. An interval above 0 means leakage, never skill.",
    definition="Temperature on the synthetic region, where the oracle has a density of cells.",
    heading="Log score less that of the oracle",
    position=197,
)
ENERGY_SCORE_PATCH_RATIO = Metric(
    name="energy_score_patch_ratio",
    unit="1",
    best="low",
    meaning="Energy score of patches of cells over the best possible one, with the interval of "
    "the ratio. Known on the synthetic region alone.",
    definition="`energy_score_patch` over its `_reference`, per side `scale` of the patch.",
    lower_bound=0,
    heading="Patches / best possible",
    position=133,
)
CRPS_BLOCK_MAXIMUM_RATIO = Metric(
    name="crps_block_maximum_ratio",
    unit="1",
    best="low",
    meaning="CRPS of the largest value in each coarse cell over the best possible one, with the "
    "interval of the ratio. Known on the synthetic region alone.",
    definition="`crps_block_maximum` over its `_reference`.",
    lower_bound=0,
    heading="Block maximum / best possible",
    position=131,
)
P99_RATIO = Metric(
    name="p99_ratio",
    unit="1",
    best="one",
    meaning="99th percentile over that of the reference, with the interval of the ratio.",
    definition="`p99` over `p99_reference`, of precipitation.",
    lower_bound=0,
    heading="P99 / reference",
    position=170,
)
RATIOS = (ENERGY_SCORE_PATCH_RATIO, CRPS_BLOCK_MAXIMUM_RATIO, P99_RATIO)
SKILLS = (CRPS_SKILL_CLIMATOLOGY, CRPS_SKILL_DRESSED, CRPS_RATIO_ORACLE)
LOG_SCORE_DIFFERENCES = (LOG_SCORE_MINUS_REFERENCE_MODEL, LOG_SCORE_MINUS_ORACLE)

SPECTRAL_POWER_DETAIL = Metric(
    name="spectral_power_detail",
    unit="dB",
    best="none",
    meaning="Change of the power of waves shorter than two coarse cells. Below zero: smoother.",
    heading="Power of detail",
)
LOG_SPECTRAL_DISTANCE = Metric(
    name="log_spectral_distance",
    unit="dB",
    best="none",
    meaning="Change of the distance to the reference spectrum. Above zero: farther.",
    heading="Spectral distance",
)
P99 = Metric(
    name="p99",
    unit="%",
    best="none",
    meaning="Change of the 99th percentile over all cells and times.",
    heading="P99",
    factor=100,
)
CRPS_SKILL = Metric(
    name="crps_skill",
    unit="%",
    best="none",
    meaning="Change of the CRPS. Above zero: worse.",
    heading="Fair CRPS",
    factor=-100,
)
SPREAD_SKILL = Metric(
    name="spread_skill",
    unit="1",
    best="none",
    meaning="Change of spread over error.",
    heading="Spread / error",
)
WET_DAY_FREQUENCY = Metric(
    name="wet_day_frequency",
    unit="%",
    best="none",
    meaning="Change of the share of wet cells, times.",
    heading="Wet-{day} frequency",
    factor=100,
)
LOG_SPECTRAL_DISTANCE_BAND = Metric(
    name="log_spectral_distance_band",
    unit="dB",
    best="none",
    meaning="Change of the distance to the reference spectrum in one octave `scale` [km].",
)
SPECTRAL_POWER_BAND = Metric(
    name="spectral_power_band",
    unit="dB",
    best="none",
    meaning="Change of the power in one octave `scale` [km].",
)
CHANGES = (
    SPECTRAL_POWER_DETAIL, LOG_SPECTRAL_DISTANCE, P99, CRPS_SKILL, SPREAD_SKILL,
    WET_DAY_FREQUENCY, LOG_SPECTRAL_DISTANCE_BAND, SPECTRAL_POWER_BAND,
)  # fmt: skip
"""Changes from one model to another, in the order of the page; rows have `versus(other)` names."""

TRAINING_CPU_S = Metric(
    name="training_cpu_s",
    unit="core s",
    best="none",
    meaning="Time of processor cores that training took, with the models that it builds on. "
    "Waiting beside other jobs does not count.",
    definition="Column `cpu_time` of the workflow's benchmark files, which is read every half "
    "minute and can miss the last one.",
    heading="Training",
)
TRAINING_ACCELERATOR_S = Metric(
    name="training_accelerator_s",
    unit="s",
    best="none",
    meaning="Wall time of training multiplied by its accelerators, with the models that it builds "
    "on; none on processor cores.",
    heading="Training on accelerators",
)
TRAINING_SAMPLES = Metric(
    name="training_samples",
    unit="1",
    best="none",
    meaning="Samples that training saw, repeats counted, with the models that it builds on.",
    heading="Training samples",
)
TRAINING_TFLOP = Metric(
    name="training_tflop",
    unit="10¹² FLOP",
    best="none",
    meaning="Floating-point operations of training, with the models that it builds on.",
    definition="FLOP of one step (convolutions and matrix products) times the steps; validation "
    "is not counted.",
    heading="Training operations",
)
TRAINING_LATE_FALL = Metric(
    name="training_late_fall",
    unit="%",
    best="none",
    meaning="Fall of the validation loss over the last quarter of training, as share of its whole "
    "fall: above 1 the loss is still falling, and longer training would help. The largest of its "
    "trainings.",
    definition="Difference of the means over the last two quarters, over first less lowest loss.",
    heading="Still falling",
)
VALIDATION_LOSS = Metric(
    name="validation_loss",
    unit="1",
    best="low",
    meaning="Loss on the validation years during a training, in the units of its family.",
    definition="`scale`: samples seen until then, repeats counted.",
    curve=True,
)
PARAMETERS = Metric(
    name="parameters",
    unit="1",
    best="none",
    meaning="Parameters of the network, with those of the network that it builds on.",
    heading="Parameters",
)
SAMPLING_CPU_S = Metric(
    name="sampling_cpu_s_per_member_day",
    unit="core s per member and {day}",
    best="none",
    meaning="Time of processor cores that sampling took, over members and {day}s.",
    heading="Sampling",
)
SAMPLING_GFLOP = Metric(
    name="sampling_gflop_per_member_day",
    unit="10⁹ FLOP per member and {day}",
    best="none",
    meaning="Floating-point operations of one member of one {day}.",
    definition="Counted once, with the sampler of the calibration.",
    heading="Sampling operations",
)
COSTS = (
    PARAMETERS, TRAINING_SAMPLES, TRAINING_TFLOP, TRAINING_CPU_S, TRAINING_ACCELERATOR_S,
    TRAINING_LATE_FALL, SAMPLING_GFLOP, SAMPLING_CPU_S,
)  # fmt: skip
