"""The choices of a run: a results folder is one that Snakemake and a shell take as it is."""

from pathlib import Path

import pytest

from downbench.core.config.loading import load
from downbench.core.config.region.source import OtherTarget
from downbench.core.errors import UserError

ROOT = Path(__file__).parents[3]


def results_dir(folder):
    return load({"results_dir": folder}, ROOT).results_dir


@pytest.mark.parametrize(
    ("folder", "path"),
    [
        ("results/", "results"),
        ("2024_01/", "2024_01"),
        ("./it's (a) run & more", "it's (a) run & more"),
        ("../Übung", "../Übung"),
        ("/scratch/me", "/scratch/me"),
        ("Ru\u0308ckblick", "Ru\u0308ckblick"),
    ],
)
def test_a_results_folder_has_one_name(folder, path):
    assert results_dir(folder) == path


def test_a_tilde_is_the_home_folder(monkeypatch):
    monkeypatch.setenv("HOME", "/home/me")
    assert results_dir("~/x") == "/home/me/x"


@pytest.mark.parametrize(
    "folder", ["", ".", "/", "..", "workflow", "config/x", "a$(touch X)", "a`b`", "{x}", "#x",
               "a*b", "-x", "./-x", ".git", " x", "a\nb", "s3://x",
               "a;b", "a|b", "<results>", '"x"'],
)  # fmt: skip
def test_a_folder_that_would_be_read_otherwise_is_refused(folder):
    with pytest.raises(UserError, match="results_dir = "):
        results_dir(folder)


def test_numbers_that_no_section_declares_are_finite_too():
    assert OtherTarget(source="other", scale=2.0).model_extra == {"scale": 2.0}
    with pytest.raises(ValueError, match="not finite"):
        OtherTarget(source="other", scale=[1.0, float("inf")])
