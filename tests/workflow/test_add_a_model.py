"""A model is a few files: those of docs/add-a-model.md, in a copy of the project."""

from pathlib import Path

import pytest

import copies
import guides

PAGE = "add-a-model.md"
OPTIONS = "workflow/downbench/core/config/model/families/noisy_driver.py"
NAMES = ["corrdiff-slow", "bnn-dropout-soft", "noisy-driver"]
USE = """
import sys
from pathlib import Path

import numpy as np

import tiny_learned
from downbench.core.config.loading import load
from downbench.core.config.model.options import NetworkOptions
from downbench.exchange import bundle
from downbench.labs.base import family
from downbench.steps import verify_bundle

folder = Path(sys.argv[1])
model = load({}, Path.cwd()).models["noisy-driver"]
assert isinstance(model.options, NetworkOptions)
tiny_learned.MODELS["noisy-driver"] = model
pairs = tiny_learned.pairs()
path = tiny_learned.make_bundle("noisy-driver", pairs, folder)
manifest, trained = bundle.read(path)
driver = pairs.validation_driver.isel(time=slice(0, 20)).load()
samples = trained.sample(driver, pairs.static, 4, seed=1)
alone = trained.sample(driver.isel(time=[7]), pairs.static, 4, seed=1)
np.testing.assert_allclose(samples.tas.values[7], alone.tas.values[0], rtol=1e-5)
assert 0 < float(samples.tas.std("member").mean()) < 20
assert bundle.verify(path) <= 1
verify_bundle.main([str(path)])
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with everything that the page adds, but for the options."""
    project = copies.copy_project(tmp_path_factory.mktemp("model") / "project")
    guides.follow(PAGE, project, without=OPTIONS)
    copies.edit(project / "config/experiments.yaml", lambda e: e["exp1"]["models"].extend(NAMES))
    return project


def test_a_family_of_one_file_is_planned(project: Path) -> None:
    shown = copies.snakemake(project, "--profile", "profiles/local", "exp1", "-n")
    assert shown.returncode == 0, shown.stderr[-3000:]
    for name in NAMES:
        assert f"models/{name}" in shown.stdout + shown.stderr, name


def test_it_trains_samples_and_verifies(project: Path, tmp_path: Path) -> None:
    guides.python(project, USE, str(tmp_path))


def test_its_options_are_found(project: Path) -> None:
    (project / OPTIONS).write_text(dict(guides.files(PAGE))[OPTIONS])
    largest = guides.python(
        project,
        "from pathlib import Path; from downbench.core.config.loading import load;"
        "print(load({}, Path.cwd()).models['noisy-driver'].options.largest_std)",
    )
    assert float(largest) == 3.0
    guides.python(project, "from downbench.steps import export_schema; export_schema.main([])")
    assert "`largest_std`" in (project / "config/README.md").read_text()
