"""Catalogues of CMIP6 in both dialects: read, searched, and held against the frozen selection."""

import pytest

from downbench.core.config.cmip6_selection import read_selection
from downbench.core.errors import UserError
from downbench.sources.download import cmip6_catalogue
from downbench.steps import list_cmip6
from servers.cmip6_catalogue import LEGACY, NEW, publish, row
from servers.server import LOGIN, Server

HR, EARTH = "MPI-ESM1-2-HR", "EC-Earth3"
EXPERIMENTS, VARIABLES = ("historical", "ssp585"), ("pr", "tasmax")


def run(model: str = HR, version: str = "20190710", **keys) -> list[tuple]:
    return [row(model, e, v, version, **keys) for e in EXPERIMENTS for v in VARIABLES]


@pytest.fixture
def server():
    with Server() as running:
        yield running


def arguments(server, legacy: list[tuple], new: list[tuple] = (), retracted: list[tuple] = ()):
    catalogues = [publish(server, "legacy", legacy, LEGACY), publish(server, "new", new, NEW)]
    return [
        *("--catalogues", *catalogues),
        *("--retracted", publish(server, "retracted", retracted, NEW)),
        *("--experiments", *EXPERIMENTS),
        *("--variables", *VARIABLES),
        *("--models", HR, EARTH),
    ]


def proposed(capsys, argv: list[str]) -> list[list[str]]:
    list_cmip6.main(argv)
    header, *rows = capsys.readouterr().out.splitlines()
    assert header == "model,experiment,member,grid,variable,version,store"
    return [line.split(",") for line in rows]


@pytest.mark.parametrize("dialect", [LEGACY, NEW])
def test_both_dialects_are_read(server, tmp_path, dialect):
    rows = [*run(), row(HR, "historical", "pr", "20190710", table="Amon"), *run("CESM2")]
    url = publish(server, "catalogue", rows, dialect)
    listed = cmip6_catalogue.read(url, [HR], tmp_path, pauses=())
    assert len(listed) == 4
    assert set(listed["member"]) == {"r1i1p1f1"}
    assert set(listed["version"]) == {"20190710"}


def test_one_member_and_grid_has_all(server, capsys):
    incomplete = [r for r in run(EARTH, member="r1i1p1f1", grid="gr") if r[6] == "pr"]
    legacy = [*run(member="r2i1p1f1"), *run(), *run(grid="gr"), *incomplete]
    rows = proposed(capsys, arguments(server, legacy, run(EARTH, member="r4i1p1f1", grid="gr")))
    assert {tuple(r[:1] + r[2:4]) for r in rows} == {
        (EARTH, "r4i1p1f1", "gr"),
        (HR, "r1i1p1f1", "gn"),
    }
    assert len(rows) == 8


def test_the_newest_version_that_is_not_retracted_is_chosen(server, capsys):
    legacy, newer, retracted = run(), run(version="v20200101"), run(version="v20210101")
    rows = proposed(capsys, arguments(server, legacy, newer + retracted, retracted))
    assert {r[5] for r in rows} == {"20200101"}


def test_hindcasts_are_no_runs(server, tmp_path):
    url = publish(server, "catalogue", run(start="s1960"), NEW)
    assert cmip6_catalogue.read(url, [HR], tmp_path, pauses=()).empty


def test_the_frozen_selection_is_held_against_the_catalogues(server, capsys):
    (first, second, *_), rest = read_selection(), []
    for frozen in read_selection()[2:]:
        entry = row(frozen.model, frozen.experiment, frozen.variable, frozen.version,
                    frozen.member, frozen.grid)  # fmt: skip
        rest.append(entry)
    newer = row(second.model, second.experiment, second.variable, "20990101", grid=second.grid)
    same = row(second.model, second.experiment, second.variable, second.version, grid=second.grid)
    gone = row(first.model, first.experiment, first.variable, f"v{first.version}", grid=first.grid)
    with pytest.raises(UserError, match="holds retracted stores"):
        list_cmip6.main(arguments(server, [*rest, same], [newer], [gone]))
    report = capsys.readouterr().err
    assert f"{first.store} is retracted" in report
    assert f"{second.store} has a newer version, 20990101" in report
    assert report.count("config/cmip6.csv") == 2


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("legacy.json", LOGIN, "web page"),
        ("legacy.json", b"{}", "is no catalogue"),
        ("legacy.csv.gz", b"a,b\n1,2\n", "no table of stores"),
        ("new.csv", b"a,b\n1,2\n", "no column for"),
    ],
)
def test_what_is_no_catalogue_is_refused(server, path, body, words):
    argv = arguments(server, run())
    server.files[f"/cmip6/{path}"] = body
    with pytest.raises(UserError, match=words):
        list_cmip6.main(argv)
