"""What a run prints: logs of trainings, verdicts and pages, failed steps with their message."""

import json
import logging
import shlex
from types import SimpleNamespace

import pytest

from downbench.dag import run_messages, short_commands


def job(rule, *output, log=(), gpu=0, **wildcards):
    return SimpleNamespace(
        rule=SimpleNamespace(name=rule),
        output=output,
        log=list(log),
        wildcards_dict={"region": "tiny", **wildcards},
        resources=SimpleNamespace(get={"gpu": gpu}.get, mem_mb=1, runtime=1),
        threads=1,
        benchmark=f"benchmarks/{rule}/tiny/perfect/unet.tsv",
    )


def test_the_training_of_a_network_names_its_log_and_earlier_time(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    unet = job("train_baselines", log=["logs/unet.log"], gpu=1, model="unet")
    jobs = [unet, job("train_baselines", log=["b.log"], model="bcsd"), job("evaluate", gpu=1)]
    assert list(run_messages.trainings(jobs)) == ["training unet: tail -f logs/unet.log"]
    costs = tmp_path / unet.benchmark
    costs.parent.mkdir(parents=True)
    costs.write_text("s\tmax_rss\tcpu_time\n150\t10\t200\n")
    assert "unet (2 min in earlier runs):" in next(run_messages.trainings(jobs))


def test_commands_of_failed_jobs_are_short():
    section = shlex.quote(json.dumps({"name": "it's", "years": list(range(40))}))
    evidence = shlex.quote(json.dumps([f"file {n}" for n in range(20)]))
    command = f"python -m step --region {section} --inputs {evidence} --set '{{}}' --to 'a b.csv'"
    short = "python -m step --region '{…}' --inputs '[…]' --set '{}' --to 'a b.csv'"
    passed = []
    logger = logging.Logger("snakemake")
    logger.addFilter(short_commands.ShortCommands())
    handler = logging.Handler()
    handler.emit = passed.append
    logger.addHandler(handler)
    in_group = {"job_error_info": [{"shellcmd": command}]}
    logger.error(f"Command '{command}' returned 1", extra={"shellcmd": command, **in_group})
    logger.info("", extra={"shellcmd": command})  # --printshellcmds
    assert [record.shellcmd for record in passed] == [short, command]
    assert passed[0].job_error_info == [{"shellcmd": short}]
    assert passed[0].getMessage() == f"Command '{short}' returned 1"


def test_an_experiment_ends_in_one_line_of_verdicts_and_the_page(tmp_path):
    claims = [
        {"label": "supported", "claim": "A is sharper.", "sentence": "by 3 dB"},
        {"label": "inconclusive", "claim": "", "sentence": "B: undecided."},
        {"label": "supported", "claim": "A is wetter.", "sentence": "by 3 mm"},
    ]
    summary = tmp_path / "summaries/exp1.json"
    summary.parent.mkdir()
    summary.write_text(json.dumps({"drivers": [{"name": "perfect", "claims": claims}]}))
    for name in ("exp1", "index"):
        (tmp_path / f"{name}.html").touch()
    absent = tmp_path / "summaries/exp2.json"
    pages = [job("write_report", tmp_path / f"{name}.html") for name in ("exp1", "index")]
    pages += [job("summarise_experiment", absent), job("write_report", tmp_path / "exp2.html")]
    assert list(run_messages.results([job("summarise_experiment", summary), *pages])) == [
        "exp1: supported: A is sharper. A is wetter. | inconclusive: B: undecided.",
        f"page: file://{tmp_path}/index.html",
    ]


@pytest.mark.parametrize("text", ["{}", "[]", '{"drivers": [{"claims": [{}]}]}', "{"])
def test_a_summary_of_another_form_is_named(tmp_path, text):
    summary = tmp_path / "exp1.json"
    summary.write_text(text)
    assert run_messages.verdict(summary).startswith(f"exp1: {summary} has another form")


def test_an_error_in_messages_is_a_message(capsys):
    def lines():
        yield "first"
        raise KeyError("rule")

    run_messages.show(lines())
    assert capsys.readouterr().err == "first\nfurther messages are left out: KeyError('rule')\n"


@pytest.mark.parametrize(
    ("log", "message"),
    [
        ("warning\nerror: a.nc: wrong units:\n  mm\n", ["error: a.nc: wrong units:", "mm"]),
        ("Traceback\n  File\nKeyError: 'x'\n\n", ["KeyError: 'x'"]),
        ("10%\r20%\rKilled\n", ["Killed"]),
        ("", []),
    ],
)
def test_a_failure_is_the_last_message_of_its_log(tmp_path, log, message):
    path = tmp_path / "step.log"
    path.write_text(log)
    assert run_messages.last_message(path) == message
    assert run_messages.last_message(tmp_path / "absent.log") == []


def test_failures_are_named_in_less_than_twenty_lines(tmp_path):
    path = tmp_path / "step.log"
    path.write_text("error: wrong:\n" + "  key\n" * 50)
    lines = list(run_messages.failures([job("evaluate", log=[path], model="unet")] * 9))
    assert lines[:2] == ["failed: evaluate tiny unet", "  error: wrong:"]
    assert f"  log: {path}" in lines and lines[-1] == "… and 6 more: evaluate"
    assert len(lines) < 20


def test_after_a_failure_the_pages_of_this_and_of_earlier_runs_are_named(tmp_path):
    exp1, exp2, front = (
        job("write_report", tmp_path / f"{name}.html") for name in ("exp1", "exp2", "index")
    )
    for path in (*exp1.output, *front.output):
        path.touch()
    assert list(run_messages.pages_after_failure([front, exp2, exp1], iter([exp2, front]))) == [
        f"page of an earlier run: file://{tmp_path}/index.html",
        f"page: file://{tmp_path}/exp1.html",
    ]


def test_of_a_group_the_step_that_has_begun_and_lacks_its_output_has_failed(tmp_path):
    output, log = tmp_path / "out", tmp_path / "log"
    output.touch(), log.touch()
    steps = [
        job("sample_baselines", output, log=[log]),
        job("evaluate", tmp_path / "scores", log=[log]),
        job("compare", tmp_path / "table", log=[tmp_path / "not begun"]),
    ]
    lines = run_messages.failures([SimpleNamespace(jobs=steps)])
    assert [line for line in lines if line.startswith("failed")] == ["failed: evaluate tiny"]
