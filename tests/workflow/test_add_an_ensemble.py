"""An ensemble made elsewhere: the commands and the entry of docs/add-an-ensemble.md, in a copy."""

import re
import shlex

import pytest
import yaml

import copies
import guides
from downbench.core.io import stores

PAGE = "add-an-ensemble.md"
MAKE = """
import sys
from pathlib import Path

import numpy as np

from downbench.core.config.loading import load
from downbench.sources.synthetic import source
from downbench.steps import add_ensemble

fine = source.target(load({}, Path.cwd()).region).sel(time="1984")[["pr", "tasmax"]]
noise = np.random.default_rng(1)
mine = fine.expand_dims(realization=3).copy(deep=True)
mine["pr"] *= noise.gamma(9, 1 / 9, mine["pr"].shape)
mine["tasmax"] += noise.normal(0, 1, mine["tasmax"].shape)
mine.to_netcdf("mine.nc")
for line in sys.argv[1:]:
    add_ensemble.main(line.split()[3:])
"""


@pytest.fixture(scope="module")
def page() -> str:
    """The page, with the region and the years of the copy."""
    text = (copies.ROOT / "docs" / PAGE).read_text(encoding="utf-8")
    return text.replace("--region synthetic", "--region tiny").replace("1981-2003", "1981-1982")


def test_commands_and_entry_lead_to_a_store(tmp_path, page) -> None:
    project = copies.copy_project(tmp_path / "project")
    copies.shrink(project)
    commands = re.findall(r"^python -m downbench\.steps\.add_ensemble .*$", page, re.MULTILINE)
    assert ["--write" in shlex.split(line) for line in commands] == [False, True]
    printed = guides.python(project, MAKE, *commands)
    assert "test: " in printed and "3 members, 32 × 32 cells of tiny" in printed
    models, experiments = project / "config/models.yaml", project / "config/experiments.yaml"
    assert yaml.safe_load(models.read_text())["mine"]["ensemble"] == "mine.nc"
    assert "mine" in yaml.safe_load(experiments.read_text())["exp1"]["models"]

    (entry,) = re.findall(r"^`config/models.yaml`:\n\n```yaml\n(.*?)^```$", page, re.S | re.M)
    copies.edit(models, lambda content: content.update(yaml.safe_load(entry)))
    (tmp_path / "mine").mkdir()
    (project / "mine.nc").rename(tmp_path / "mine/tiny-test.nc")
    store = "results/tiny/perfect/ensembles/mine/perfect/test.zarr"
    done = copies.snakemake(project, store, "--cores", "2")
    assert done.returncode == 0, done.stderr[-3000:]
    ensemble = stores.read(project / store, "ensemble", {"model": "mine", "split": "test"})
    assert ensemble.sizes["member"] == 3 and ensemble.attrs["fit_years"] == "[1981, 1982]"
    log = project / "logs/enter_ensemble/tiny/perfect/mine/perfect/test.log"
    assert "pr" in log.read_text()
    again = copies.snakemake(project, store, "-n")
    assert "Nothing to be done" in again.stdout + again.stderr
