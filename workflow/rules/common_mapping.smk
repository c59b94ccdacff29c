"""What the rules of quantile maps share: series and options by the name of map or driver."""


def correction_name(wildcards):
    """The quantile map of a rule, by its own name or by that of a driver it makes."""
    return wildcards.get("correction") or PROJECT.region.drivers[wildcards.driver].correction


def correction_options(wildcards):
    return canonical(PROJECT.region.corrections[correction_name(wildcards)])


def series_of_correction(key):
    """Input function: the series that the key of the map's section names."""

    def path(wildcards):
        name = getattr(PROJECT.region.corrections[wildcards.correction], key)
        return f"<results>/{wildcards.region}/drivers/{name}.zarr"

    return path


def raw_series(wildcards):
    name = PROJECT.region.drivers[wildcards.driver].corrected_from
    return f"<results>/{wildcards.region}/drivers/{name}.zarr"


def fit_of_correction(wildcards):
    return f"<results>/{wildcards.region}/corrections/{correction_name(wildcards)}.nc"


def raw_name(wildcards):
    return PROJECT.region.drivers[wildcards.driver].corrected_from
