"""Adding an ensemble: its entry keeps comments and order, and the configuration loads with it."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from downbench.core.config.loading import EXPERIMENTS, MODELS, load
from downbench.core.config.yaml_entries import with_entry, with_model
from downbench.core.errors import UserError
from downbench.steps import add_ensemble

ROOT = Path(__file__).parents[3]


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    (tmp_path / "mine.nc").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(add_ensemble, "_checked_splits", lambda *arguments: ["test"])
    return tmp_path


def test_the_entry_is_written_and_loads(project, capsys) -> None:
    before = {file: (project / file).read_text() for file in (MODELS, EXPERIMENTS)}
    options = ["mine.nc", "--name", "mine", "--label", "my model", "--fit-years", "1981-2003"]
    add_ensemble.main(options)
    assert {file: (project / file).read_text() for file in before} == before
    add_ensemble.main([*options, "--write"])
    assert "fit_years: [1981-2003]" in capsys.readouterr().out
    for file, text in before.items():
        lines = (project / file).read_text().splitlines()
        assert [line for line in text.splitlines() if line not in lines] == []
    view = load({"region": "synthetic"}, project).view("exp1", "perfect")
    assert view.models[-1] == "mine" and view.labels["mine"] == "my model"
    with pytest.raises(UserError, match="mine is there already"):
        add_ensemble.main([*options, "--write"])


@pytest.mark.parametrize(
    ("file", "options", "message"),
    [
        ("mine.nc", ["--name", "My_Model"], "My_Model.name = 'My_Model'"),
        ("{x}.nc", ["--name", "mine"], "only {region}, {trained_on}, {driver}, {split} may"),
        ("mine.nc", ["--name", "mine", "--experiment", "exp9"], "add `- mine` there by hand"),
    ],
)
def test_what_cannot_be_read_is_refused_before_the_check(
    project, monkeypatch, file, options, message
) -> None:
    monkeypatch.setattr(add_ensemble, "_checked_splits", lambda *arguments: pytest.fail("late"))
    before = [(project / file).read_text() for file in (MODELS, EXPERIMENTS)]
    with pytest.raises(UserError) as error:
        add_ensemble.main([file, *options, "--write"])
    assert message in str(error.value)
    assert [(project / file).read_text() for file in (MODELS, EXPERIMENTS)] == before


def test_words_of_yaml_and_several_lines_are_quoted(project) -> None:
    for name in ("on", "123"):
        add_ensemble.main(["mine.nc", "--name", name, "--label", f"model\n{name}", "--write"])
    models = load({"region": "synthetic"}, project).models
    assert [models[name].label for name in ("on", "123")] == ["model on", "model 123"]


def test_each_split_has_its_files(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine-test.nc").touch()
    project = SimpleNamespace(region=SimpleNamespace(name="synthetic"))

    def paths(*splits: str) -> dict:
        arguments = SimpleNamespace(file="mine-{split}.nc", splits=splits)
        return add_ensemble._paths(arguments, project, "perfect", splits or ("test", "warm"))

    assert paths() == {"test": ["mine-test.nc"]}
    with pytest.raises(UserError, match=r"mine-warm.nc: no such file"):
        paths("warm")


def test_other_experiments_stay_as_they_are() -> None:
    text = (ROOT / EXPERIMENTS).read_text()
    before, after = (yaml.safe_load(t) for t in (text, with_model(text, "exp2", "a", EXPERIMENTS)))
    assert after["exp2"]["models"] == [*before["exp2"]["models"], "a"]
    assert {n: e for n, e in after.items() if n != "exp2"} == {
        n: e for n, e in before.items() if n != "exp2"
    }


def test_a_list_in_brackets_is_left_to_its_author() -> None:
    with pytest.raises(UserError, match="add `- a` there by hand"):
        with_model("exp1:\n  models: [unet]\n", "exp1", "a", EXPERIMENTS)
    with pytest.raises(UserError, match="exp1 lists a already"):
        with_model("exp1:\n  models:\n    - a\n", "exp1", "a", EXPERIMENTS)
    assert with_entry("# head\n", "a", {"label": "it's"}, MODELS).endswith("a:\n  label: it's\n")
