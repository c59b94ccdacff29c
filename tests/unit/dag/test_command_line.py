"""Command lines that Snakemake would read otherwise than they look are refused."""

import pytest

from downbench.core.errors import UserError
from downbench.dag import command_line, environment, stale_runs

CHAINED = {"train_baselines"}


@pytest.mark.parametrize(
    "words",
    ["exp1 -n", "exp1 -np", "exp1 --profile slurm --dry-run", "--lint", "exp1 --rulegraph",
     "--summary", "--unlock", "exp1 --nolock", "exp1 --conda-create-envs-only",
     "--no-such-option"],
)  # fmt: skip
def test_calls_that_take_no_lock(words):
    assert not command_line.takes_a_lock(words.split())


@pytest.mark.parametrize("words", ["", "exp1", "exp1 --forcerun evaluate --keep-going"])
def test_calls_that_run_jobs(words):
    assert command_line.takes_a_lock(words.split())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("exp1 --config seed=2 --config budget=demo", "--config stands twice"),
        ("exp1 -C seed=2 -n --config=budget=demo", "--config stands twice"),
        ("exp1 --configfile a.yaml --configfile b.yaml", "--configfile stands twice"),
        ("exp1 -R evaluate --forcerun compare", "--forcerun stands twice"),
        ("exp1 --until train_baselines -n", "--until train_baselines"),
        ("exp1 -U evaluate compare", "give the last of them alone"),
        ("exp1 figures -n", "give exp1 first, then figures in a call of its own"),
    ],
)
def test_a_command_line_of_which_snakemake_keeps_a_part_is_refused(words, message):
    with pytest.raises(UserError, match=message):
        command_line.check(words.split(), CHAINED)


@pytest.mark.parametrize(
    "words",
    ["exp1 --config seed=2 budget=demo -n", "exp1 --until evaluate", "exp1 -n -p -k",
     "exp1 exp2 --cores 2 --rerun-triggers mtime", "--until train_bayesian -- exp1", "figures -n"],
)  # fmt: skip
def test_other_command_lines_pass(words):
    command_line.check(words.split(), CHAINED)


def test_a_configuration_of_a_profile_that_config_replaces_is_refused(tmp_path):
    (tmp_path / "profile.v9+.yaml").write_text("config:\n  - region=valley\n  - seed=5\n")
    words = ["--profile", str(tmp_path), "exp1"]
    command_line.check(words, CHAINED)
    command_line.check([*words, "--config", "region=hill", "seed=1"], CHAINED)
    with pytest.raises(UserError, match="drops seed: repeat it"):
        command_line.check([*words, "--config", "region=hill"], CHAINED)


@pytest.mark.parametrize(
    ("words", "targets"),
    [("figures -n", {"figures"}), ("exp1 exp2 --config seed=2", {"exp1", "exp2"}), ("", set()),
     ("--no-such-option figures", set())],
)  # fmt: skip
def test_the_targets_of_a_call(words, targets, monkeypatch):
    monkeypatch.setattr("sys.argv", ["snakemake", *words.split()])
    monkeypatch.setattr(stale_runs, "is_snakemake", lambda: True)
    assert environment.targets() == targets
    monkeypatch.setattr(stale_runs, "is_snakemake", lambda: False)
    assert environment.targets() == set()


def test_a_plan_has_the_rules_of_its_targets(monkeypatch):
    monkeypatch.setattr(stale_runs, "is_snakemake", lambda: False)
    with environment.planning(["figures"]):
        assert environment.targets() == {"figures"}
    assert environment.targets() == set()
    with (
        pytest.raises(UserError, match="figures beside exp1"),
        environment.planning(["figures", "exp1"]),
    ):
        pass
