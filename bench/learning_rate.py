"""Validation losses of learning rates, batches and sizes of the network, on validation years.

Trains the regression UNet once per choice with the samples of its budget, or with `--samples`; the
test years are not used. Needs the region's data and transforms (`make exp1`, or the rules up to
`fit_transforms`).

    python bench/learning_rate.py RESULTS/synthetic 0.0005 0.001 --channels 24,48,64 --batch 8
"""

import argparse
from pathlib import Path

import pandas as pd
import static_map

from downbench.core.config.loading import load
from downbench.labs.base import family
from downbench.nets.checkpointing import CURVE, MONITOR

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Print one row per learning rate: the losses of all validations."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results", type=Path, help="results folder of the region")
    parser.add_argument("rates", nargs="+", type=float, help="peak learning rates")
    parser.add_argument("--channels", help="feature channels of each level, such as 24,48,64")
    parser.add_argument("--batch", type=int, help="samples of a step; default: the budget's")
    parser.add_argument("--samples", type=int, help="train_samples; default: the budget's")
    parser.add_argument("--model", default="unet")
    parser.add_argument("--budget", default="demo")
    parser.add_argument("--work", type=Path, default=ROOT / "results-learning-rate")
    arguments = parser.parse_args()
    region = arguments.results.name
    project = load({"region": region, "budget": arguments.budget}, ROOT)
    pairs = static_map.read(project, arguments.results)
    model = project.models[arguments.model]
    training = project.budget.training
    channels = arguments.channels and tuple(map(int, arguments.channels.split(",")))
    choice = {
        "channels": channels or training.channels,
        "batch_size": arguments.batch or training.batch_size,
        "train_samples": arguments.samples or training.train_samples,
    }
    for rate in arguments.rates:
        training = training.model_copy(update=choice | {"learning_rate": rate})
        name = "-".join(map(str, [arguments.model, *choice.values(), rate]))
        state = arguments.work / name.replace(" ", "")
        family(model).fit(pairs, model, training, static_map.SEED, state)
        losses = pd.read_csv(state / CURVE)[MONITOR]
        print(f"| {rate:g} | {choice} |", " | ".join(f"{x:.4f}" for x in losses), "|")


if __name__ == "__main__":
    main()
