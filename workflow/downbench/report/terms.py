"""Terms of the page, as its glossary explains them."""

TERMS = {
    "Ensemble": "Several equally likely fields for the same {day}: the members.",
    "Driver": "The coarse series that is downscaled.",
    "Driver type": "What a driver allows: perfect (block means of truth), reanalysis (the same {day}s "
    "seen with error) or free-running (other weather, so only distributions can be compared).",
    "Interval": "Range in small print under a value: block bootstrap over {day}s, as configured.",
    "Verdict": "Supported when every interval that it rests on lies where the claim says, not "
    "supported when at least one lies wholly elsewhere, inconclusive otherwise. Each interval is "
    "of 95 %, and nothing is corrected for their number: of four, at least one lies on the wrong "
    "side by chance in up to 10 % of samples. Cannot be told here: what was asked, or measured, "
    "does not allow a verdict.",
    "Single field": "A model that gives one field instead of an ensemble, so questions about "
    "spread and likelihood do not apply.",
    "Dressed UNet": "The deterministic UNet's mean with a fitted spread around it: the simplest "
    "probabilistic model that a generative one must beat.",
    "Oracle": "Draws from the true law of the synthetic region: the best that any model can do. "
    "It is no competitor and gets no star.",
    "Rank histogram": "How often truth falls between which two members. Flat is calibrated, "
    "a U is overconfident, a hump too wide, a slope biased.",
    "Reliability": "Among all cases with a stated chance of 30 %, the event should come in 30 %.",
    "Power spectrum (RAPSD)": "Variance of a field by length scale, averaged over directions.",
}
