"""General terms in the glossary of every page."""

TERMS = {
    "Ensemble": "Several equally likely fields for the same {day}: the members.",
    "Driver": "The coarse series that is downscaled.",
    "Driver type": "How a driver relates to the target: perfect (block means of the target), "
    "reanalysis (the same {day}s with errors) or free-running GCM (different weather, so only "
    "distributions can be compared).",
    "Interval": "Range in small print under a value: block bootstrap over {day}s, as configured.",
    "Verdict": "Supported if the evidence lies where the claim says, not supported if it lies "
    "elsewhere, equivalent if a difference is proven to be smaller than the margin, inconclusive "
    "if this sample is too small to decide. All tests of a claim are corrected together for their "
    "number. Not applicable: the question is not posed, or cannot be answered with these data.",
    "Single field": "A model that gives one field instead of an ensemble, so that scores of "
    "spread and likelihood are not defined.",
    "Dressed UNet": "The mean of the deterministic UNet with a fitted spread: the simplest "
    "probabilistic model, which a generative one must beat.",
    "Oracle": "Samples from the known conditional distribution of the synthetic region: the best "
    "that any model can do. It does not compete and gets no star. A ratio to it below 1 means "
    "dependent members or leakage.",
    "Rank histogram": "How often the reference falls between which two members. Flat means "
    "calibrated, a U overconfident, a hump too wide, a slope biased.",
    "Reliability": "Of all cases with a forecast probability of 30 %, the event should occur in "
    "30 %.",
    "Power spectrum (RAPSD)": "Variance of a field by wavelength, averaged over directions.",
}
