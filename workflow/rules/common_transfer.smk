"""What the rules about climate models share: chains of drivers, and the tables made of them."""


def run_pairs(trained_on):
    """Pairs of runs by name, raw and mapped, for the models of one training driver."""
    climate = PROJECT.region.climate
    return climate.chain(trained_on) if climate else {}


def climate_drivers(trained_on):
    """The training driver itself, then every run, raw and mapped, past and future."""
    runs = [name for pair in run_pairs(trained_on).values() for name in pair.drivers]
    return [trained_on, *runs]


def climates(experiment, ending, *trained_on):
    """Climate tables (`csv`) or fields (`nc`) of an experiment's transferred models."""
    return [
        f"<results>/{PROJECT.region.name}/{name}/climate/{model}/{driver}.{ending}"
        for name in trained_on or PROJECT.region.trained_on
        for model in PROJECT.view(experiment, name).transferred
        for driver in climate_drivers(name)
    ]
