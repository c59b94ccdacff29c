"""Measure how much a diffusion sampler widens a Gaussian, by number of network evaluations.

    python bench/samplers.py

The denoiser of N(0, s²) is known in closed form, and the exact flow turns noise z into s z. One
number per solver is therefore its error in spread, without any network.
"""

import argparse

import torch

from downbench.labs.generative.processes import edm

STDS = (0.05, 0.2, 0.5, 1.0, 3.0)
LEVELS = (0.01, 80.0, 7.0)
EVALUATIONS = (11, 15, 19, 23, 35)


def widening(solver: str, steps: int, std: float) -> float:
    """Return the standard deviation of the samples over the exact one."""
    levels = edm.NoiseLevels(0.5, *LEVELS, P_mean=0.0, P_std=1.0)
    start = torch.full((1, 1, 1, 1), (1 + (std / LEVELS[1]) ** 2) ** 0.5, dtype=torch.float64)

    def denoiser(x: torch.Tensor, sigma: torch.Tensor) -> torch.Tensor:
        return x * std**2 / (std**2 + sigma[:, None, None, None] ** 2)

    sample = edm.SAMPLERS[solver](denoiser, start, levels.sample(steps), torch.ones(1, 1))
    return sample.item() / std


def main() -> None:
    """Print a Markdown table."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    print("| evaluations | solver |", " | ".join(f"s = {std}" for std in STDS), "|")
    print("|---|---|" + "---|" * len(STDS))
    for count in EVALUATIONS:
        for solver, steps in (("heun", (count + 1) // 2), ("dpmpp_2m", count)):
            row = " | ".join(f"{widening(solver, steps, std):.3f}" for std in STDS)
            print(f"| {count} | {solver} | {row} |")


if __name__ == "__main__":
    main()
