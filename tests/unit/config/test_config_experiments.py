"""Experiments: mistakes are reported, and a region has the figures that its data allow."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from downbench.core import figure_modules
from downbench.core.config.loading import Project, load
from downbench.core.errors import UserError
from downbench.core.provenance import canonical

ROOT = Path(__file__).parents[3]


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    (tmp_path / "config/regions").mkdir(parents=True)
    for file in ("default", "models", "experiments", "regions/synthetic", "regions/iberia"):
        text = (ROOT / f"config/{file}.yaml").read_text()
        (tmp_path / f"config/{file}.yaml").write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda e: e["constrained_models"].append(
                {"model": "corrdif", "unconstrained": "unet", "method": "loss"}
            ),
            "corrdif",
        ),
        (
            lambda e: e["constrained_models"][0].update(method="guidance"),
            "'unet-phy-w01' has no physics.guidance",
        ),
        (lambda e: e["constrained_models"][0].update(method="law"), "method = 'law'"),
        (lambda e: e["models"].remove("corrdiff-guided"), "add 'corrdiff-guided'"),
        (lambda e: e["claims"].update(models=["bcsd"]), "add 'bcsd' to exp2.models"),
        (lambda e: e["claims"].update(unconstrained_percent=[20, 15]), r"write \[low, high\]"),
        (lambda e: e["claims"]["tolerated_degradation"].pop("crps_percent"), "crps_percent"),
        (lambda e: e["figures"].extend(["style", "timing"]), "figure 'style' does not exist"),
        (lambda e: e["figures"].append("maps"), "figure 'maps' does not exist"),
        (lambda e: e["figures"].append("rapsd-constrain"), "did you mean 'rapsd-constrained'"),
    ],
)
def test_a_mistake_is_reported(copied: Path, change, message: str) -> None:
    path = copied / "config/experiments.yaml"
    content = yaml.safe_load(path.read_text())
    change(content["exp2"])
    path.write_text(yaml.safe_dump(content, sort_keys=False))
    with pytest.raises(UserError, match=message) as error:
        load({}, copied)
    assert "config/experiments.yaml" in str(error.value)


def claim(**margin: float) -> dict:
    return {"statement": "S.", "scores": [{"score": "crps", "scale": 1} | margin]}


@pytest.mark.parametrize(
    ("experiment", "keys", "message"),
    [
        ("exp1", {"rival": None}, "give all of them or none"),
        ("exp1", {"paired_claims": []}, "give all of them or none"),
        ("exp1", {"challenger": "corrdif"}, "did you mean 'corrdiff'"),
        ("exp1", {"rival": "corrdiff"}, "compared with itself"),
        ("exp1", {"rival": "unet-hard"}, "add 'unet-hard' to exp1.models"),
        (
            "exp2",
            {"challenger": "corrdiff", "rival": "unet", "paired_claims": [claim(margin_db=1)]},
            "remove challenger, rival",
        ),
        ("exp1", {"paired_claims": [claim()]}, "crps: give one of margin_percent, margin_db"),
        ("exp1", {"paired_claims": [claim(margin_db=1, margin_ratio=1)]}, "crps: give one of"),
    ],
)
def test_a_mistake_about_challenger_and_rival_is_reported(
    copied: Path, experiment: str, keys: dict, message: str
) -> None:
    path = copied / "config/experiments.yaml"
    content = yaml.safe_load(path.read_text())
    content[experiment].update(keys)
    path.write_text(yaml.safe_dump(content, sort_keys=False))
    with pytest.raises(UserError, match=message):
        load({}, copied)


def test_a_challenger_that_is_not_named_is_no_parameter(copied: Path) -> None:
    """An experiment that has no such keys runs nothing again for them."""
    experiments = load({}, copied).experiments
    for key in ("challenger", "paired_claims"):
        assert key in canonical(experiments["exp1"])
        assert key not in canonical(experiments["exp2"])


def test_figures_say_what_they_need_and_none_is_imported_for_it() -> None:
    assert figure_modules.needs("budget-residual") == {"rain", "budget"}
    assert figure_modules.needs("maps-temperature-hottest") == {"temperature"}
    assert figure_modules.needs("rapsd") == frozenset()
    assert {"rapsd", "clausius-clapeyron", "maps-pr-typical"} <= set(figure_modules.known())


def test_every_figure_describes_itself():
    for name in figure_modules.known():
        assert figure_modules.describe(name).caption.endswith((".", ")"))


def test_a_figure_without_caption_is_an_error(tmp_path, monkeypatch):
    (tmp_path / "toy.py").write_text('TITLE = "Toy"\n\ndef draw(inputs): ...\n')
    monkeypatch.setattr(figure_modules, "FIGURES", tmp_path)
    with pytest.raises(UserError, match="toy.py: figure 'toy' lacks CAPTION"):
        figure_modules.describe("toy")


def figures_of(project: Project, experiment: str, *drivers: str) -> set[str]:
    return set(project.view(experiment, *drivers).figures)


def with_files(copied: Path, **more: object) -> Project:
    """Iberia with empty files and these further variables of its reanalysis."""
    path = copied / "config/regions/iberia.yaml"
    content = yaml.safe_load(path.read_text())
    for name in content["origins"]:
        (copied / name).parent.mkdir(parents=True, exist_ok=True)
        (copied / name).touch()
    content["drivers"]["reanalysis"]["variables"] |= more
    path.write_text(yaml.safe_dump(content, sort_keys=False))
    return load({"region": "iberia", "data_dir": str(copied)}, copied)


def test_a_region_without_a_budget_drops_what_needs_one(copied: Path) -> None:
    complete = figures_of(load({}, copied), "exp2", "perfect")
    assert {"budget-residual", "rain-without-moisture", "clausius-clapeyron"} <= complete
    iberia = figures_of(with_files(copied), "exp2", "perfect", "reanalysis")
    assert complete - iberia == {"budget-residual", "rain-without-moisture"}


def test_a_region_without_rain_drops_what_needs_it(copied: Path) -> None:
    project = load({}, copied)
    region = project.region.model_copy(update={"targets": ("tasmax",)})
    dry = replace(project, region=region)
    assert figures_of(project, "exp1", "perfect") - figures_of(dry, "exp1", "perfect") == {
        "maps-pr-wettest", "maps-pr-typical", "reliability", "quantile-quantile",
    }  # fmt: skip
    assert figures_of(dry, "exp2", "perfect") == {"rapsd-constrained"}


def test_a_reanalysis_with_the_budget_has_its_figure(copied: Path) -> None:
    path = "iberia/ncep_surface_gaussian_djf.nc"
    flux = {"path": path, "variable": "e", "units": "kg m-2 s-1", "method": "conservative"}
    project = with_files(copied, evspsbl=flux)
    assert "budget-residual" in figures_of(project, "exp2", "reanalysis")
    assert "budget-residual" not in figures_of(project, "exp2", "perfect")


def test_models_with_forced_block_means_need_a_perfect_driver(copied: Path) -> None:
    """Trap T23."""
    project = with_files(copied)
    methods = {driver: {pair.method for pair in project.view("exp2", driver).constrained_models}
               for driver in ("perfect", "reanalysis")}  # fmt: skip
    assert methods["perfect"] - methods["reanalysis"] == {"constraint"}
