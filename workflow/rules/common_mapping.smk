"""What the rules of quantile maps share: series and options by the name of map or driver."""


def map_name(wildcards):
    """The quantile map of a rule, by its own name or by that of a driver it makes."""
    return wildcards.get("mapping") or PROJECT.region.drivers[wildcards.driver].mapping


def mapping_options(wildcards):
    return canonical(PROJECT.region.mappings[map_name(wildcards)])


def series_of_map(key):
    """Input function: the series that the key of the map's section names."""

    def path(wildcards):
        name = getattr(PROJECT.region.mappings[wildcards.mapping], key)
        return f"<results>/{wildcards.region}/drivers/{name}.zarr"

    return path


def raw_series(wildcards):
    name = PROJECT.region.drivers[wildcards.driver].mapped_from
    return f"<results>/{wildcards.region}/drivers/{name}.zarr"


def fit_of_map(wildcards):
    return f"<results>/{wildcards.region}/mappings/{map_name(wildcards)}.nc"


def raw_name(wildcards):
    return PROJECT.region.drivers[wildcards.driver].mapped_from
