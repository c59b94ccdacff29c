"""Keys and values of the configuration that were renamed, for messages about old files."""

KEYS = {
    "lane": "`type` (perfect | reanalysis | gcm)",
    "temperature": "one of the list `targets`, such as `targets: [pr, tasmax]`",
    "source": "a key of `target` and of each driver (synthetic | files | dataset), and in "
    "`requires` of a model `known_distribution: true`",
    "files": "`target: {source: files, …}` and `drivers.NAME: {source: files, variables: …}`",
    "synthetic": "`target: {source: synthetic, …}`",
    "simulations": "`simulation` of each driver with `source: synthetic`",
    "rain_law": "`rain_distribution`",
    "temperature_law": "`temperature_distribution`",
    "drawn": "`synthetic`",
    "mapped_from": "`corrected_from`",
    "mapping": "`correction`",
    "mapped": "`corrected`",
    "mappings": "`corrections`",
    "arms": "`constrained_models`",
    "of": "`unconstrained`",
    "by": "`method`",
    "little": "`tolerated_degradation`",
    "weights_of": "`shares_weights_with`",
    "base": "`bases`, such as `bases: {mean: unet}`",
    "needs": "`resources`",
    "kept_percent": "`signal_deviation_percent`",
}
"""What became of a key, as the sentence "`key` is now …" goes on."""

VALUES = {"free-running": "gcm"}
"""Values by their old name."""


def renamed_key(key: str) -> str:
    """Return the sentence about a renamed key; empty for any other."""
    return f"`{key}` is now {KEYS[key]}" if key in KEYS else ""


def renamed_value(value: object) -> str:
    """Return the sentence about a renamed value; empty for any other."""
    is_renamed = isinstance(value, str) and value in VALUES
    return f"'{value}' is now `{VALUES[value]}`" if is_renamed else ""
