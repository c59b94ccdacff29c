"""The section `downloads:` of a region: its parts, its cost, and the paths that it gives."""

import json
from datetime import date
from pathlib import Path

import pytest
import yaml

from downbench.core.config.datasets import read_datasets
from downbench.core.config.downloads.download import Download, Estimate
from downbench.core.config.downloads.registry import PROVIDERS, request_of
from downbench.core.config.downloads.resolution import resolved
from downbench.core.config.messages import checked
from downbench.core.config.region.input_files import driver_files, require_files
from downbench.core.config.region.region import Region
from downbench.core.errors import UserError

ROOT = Path(__file__).parents[3]
BOUNDS = {"south": 43, "north": 49, "west": 5, "east": 17}
ERA5 = {
    "provider": "tiny",
    "dataset": "e-obs",
    "variables": ["pr", "orog"],
    "years": ["1980-1981", 2015],
    "bounds": BOUNDS,
}


def download(**keys) -> Download:
    return checked(Download, ERA5 | keys, Path("alps.yaml"), "downloads.era5")


def iberia(**reanalysis) -> dict:
    """Iberia with one variable of its reanalysis from a download."""
    entry = yaml.safe_load((ROOT / "config/regions/iberia.yaml").read_text())
    entry["drivers"]["reanalysis"]["variables"]["pr"] = {"method": "conservative", **reanalysis}
    return entry


def placed(entry: dict) -> dict:
    return resolved(entry, {"era5": download()}, "downloads", "data")


def test_a_download_has_a_part_for_each_variable_and_year():
    assert download().parts() == ("pr_1980", "pr_1981", "pr_2015", "orog")
    assert download(years=[2015, 1981, 1980]).parts() == download().parts()
    assert download().module == "downbench.sources.download.tiny"


def test_the_request_of_a_part_does_not_change_with_further_years():
    more = download(years=["1980-1990", 2015])
    assert download().of_part("pr_1981") == more.of_part("pr_1981")
    assert more.of_part("pr_1981").years == (1981,)
    assert more.of_part("pr_1981").variables == ("pr",)


def provided(provider: str, **keys) -> Download:
    section = ERA5 | {"provider": provider, "variables": ["pr"]} | keys
    return checked(PROVIDERS[provider], section, Path("alps.yaml"))


def test_a_static_part_does_not_change_with_further_years():
    more = download(years=["1980-1990", 2015])
    assert download().of_part("orog") == more.of_part("orog")


def test_preliminary_years_are_fetched_again_once_they_are_final():
    marked, usual = provided("cds-daily", preliminary="mark"), provided("cds-daily")
    part = usual.parts()[0]
    assert marked.of_part(part) == usual.of_part(part)
    this_year = date.today().year
    marked = provided("cds-daily", preliminary="mark", years=[this_year])
    assert marked.of_part(marked.parts()[0]).preliminary == "mark"


@pytest.mark.parametrize(
    ("provider", "keys"),
    [
        ("cds-daily", {"patience_hours": 1}),
        ("cerra", {"patience_hours": 1}),
        ("prism", {"pause_s": 9}),
        ("mrms", {"most_missing_share": 0.5}),
        ("ghcnd", {"most_stations": 9}),
        ("arco", {"accept_gigabytes": 500}),
    ],
)
def test_keys_that_change_no_value_are_no_part_of_a_request(provider, keys):
    first = {"accept_gigabytes": 400} if provider == "arco" else {}
    part = provided(provider, **first).parts()[0]
    changed, usual = provided(provider, **keys), provided(provider, **first)
    assert changed.of_part(part) == usual.of_part(part)
    assert set(keys) == set(changed.handling)
    handling = json.dumps(keys | first)
    assert request_of(changed.of_part(part).model_dump_json(), handling).parts() == (part,)


@pytest.mark.parametrize(
    ("provider", "gigabytes"),
    [
        ("cerra", 4 * 1097 * 1069**2 * 4 / 1e9),
        ("eobs", (15 + 14) * 365.25 * 705 * 465 * 4 / 1e9),
        ("imerg", 1096 * 0.03),
    ],
)
def test_the_estimate_counts_bytes_that_are_cut_away(provider, gigabytes):
    estimate = provided(provider).estimate()
    assert estimate.transferred_gigabytes == pytest.approx(gigabytes, rel=0.01)
    assert estimate.minutes >= gigabytes * 1e9 / 600e6


def test_the_window_of_a_day_follows_the_keys():
    assert provided("prism", stamp="start").window == "24 hours from 12 UTC of the day"
    assert provided("cds-daily", time_zone="utc-12:00").window == "00-24 of utc-12:00"
    assert provided("cds-daily").window is None


def test_the_estimate_counts_days_of_the_calendar():
    estimate = download().estimate()
    assert (estimate.requests, estimate.fields) == (4, 366 + 365 + 365 + 1)
    assert estimate.gigabytes == pytest.approx(1097 * 24 * 48 * 4 / 1e9)
    assert Estimate(1, 2, 3.0, 4.0) + Estimate(1, 1, 1.0, 1.0) == Estimate(2, 3, 4.0, 5.0)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"years": ["1990-1980"]}, "downloads.era5.years = .*runs backwards"),
        ({"years": ["1980-1985", 1982]}, "1982 stands twice: keep it once"),
        ({"variables": ["tp"]}, "no row tp in the table of variables"),
        ({"bounds": BOUNDS | {"north": 40}}, "bounds: south = 43 is not below north = 40: swap"),
        *(
            (
                {"bounds": BOUNDS | {"west": west, "east": east}},
                f"west = {west} and east = {east} span {width} degrees, 355 at most: .* part",
            )
            for west, east, width in ((-180, 180, 360), (0, 360, 360), (10, 6, 356))
        ),
        ({"bounds": BOUNDS | {"top": 40}}, "downloads.era5.bounds.top = 40: no such key"),
    ],
)
def test_a_mistake_is_named(keys, message):
    with pytest.raises(UserError, match=message):
        download(**keys)


def test_a_variable_of_a_download_gets_its_paths_and_unit():
    region = Region.model_validate(placed(iberia(download="era5")))
    variable = region.drivers["reanalysis"].variables["pr"]
    files = [f"downloads/iberia/era5/pr_{year}.nc" for year in (1980, 1981, 2015)]
    assert list(variable.path) == files
    assert (variable.variable, variable.units, variable.download) == ("pr", "mm day-1", "era5")
    others = ["data/iberia/ncep_surface_gaussian_djf.nc", "data/iberia/ncep_predictors_djf.nc"]
    assert driver_files(region, "reanalysis") == files + others
    assert "data/iberia/eobs_025deg_djf.nc" in region.origins


def test_a_file_that_a_download_makes_may_be_absent():
    region = Region.model_validate(iberia(download="era5") | {"data_dir": "/nowhere"})
    with pytest.raises(UserError) as error:
        require_files(region, Path("iberia.yaml"), ROOT)
    message = str(error.value)
    assert "not in data_dir = '/nowhere':\n  iberia/eobs_025deg_djf.nc (" in message
    assert "downloads/" not in message


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"download": "era"}, r"pr.download: the download 'era' does not exist; did you mean"),
        ({"download": "era5", "units": "m"}, r"pr.units: `download` says this: remove one"),
        ({"download": "era5", "path": "a.nc"}, r"pr.path: `download` says this"),
    ],
)
def test_a_variable_that_fits_no_download_is_named(keys, message):
    with pytest.raises(UserError, match=rf"drivers\.reanalysis\.variables\.{message}"):
        placed(iberia(**keys))


def test_a_variable_that_a_download_lacks_is_named():
    entry = iberia(download="era5")
    entry["drivers"]["reanalysis"]["variables"]["psl"] = {"download": "era5", "method": "linear"}
    with pytest.raises(UserError, match=r"psl.download: downloads.era5.variables lacks psl"):
        placed(entry)


def test_a_variable_names_a_file_or_a_download():
    with pytest.raises(UserError, match=r"reanalysis.variables.pr: give `path` \(a file\) and"):
        checked(Region, iberia(path="a.nc"), Path("iberia.yaml"))


def test_every_provider_has_a_dataset_and_a_limit_in_each_profile():
    rows = {row.provider for row in read_datasets(ROOT).values()} - {""}
    assert rows == set(PROVIDERS)
    limits = {name for section in PROVIDERS.values() for name in section.resources}
    for profile in ("local", "slurm"):
        text = (ROOT / f"profiles/{profile}/profile.v9+.yaml").read_text()
        assert all(f"{name}=" in text for name in limits), profile


def test_an_unknown_provider_is_named():
    with pytest.raises(UserError, match="provider 'nowhere' does not exist"):
        request_of('{"provider": "nowhere"}')
