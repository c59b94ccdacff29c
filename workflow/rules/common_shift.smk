"""What the rules about predictor shift share."""


def shifts(experiment, *trained_on):
    """Tables of how far the drivers of an experiment's chain are from the training driver."""
    if not PROJECT.experiments[experiment].transferred:
        return []
    return [
        f"<results>/{PROJECT.region.name}/shift/{name}/{driver}.csv"
        for name in trained_on or PROJECT.region.trained_on
        for driver in climate_drivers(name)
    ]
