"""The writers of tables and NetCDF files: what is read is what was written; files are complete."""

import hashlib

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from downbench.core.errors import UserError
from downbench.core.io.netcdf import read_netcdf, write_digest, write_netcdf
from downbench.core.io.tables import read_table, write_table

TABLE = pd.DataFrame({"metric": ["crps", "bias"], "value": [1 / 3, np.nan], "times": [10, 20]})
FIELDS = xr.Dataset({"pr": (("y", "x"), np.arange(6.0).reshape(2, 3), {"units": "mm day-1"})})


def test_a_table_keeps_nine_digits_and_no_index(tmp_path) -> None:
    write_table(TABLE, tmp_path / "new folder" / "table.csv")
    lines = (tmp_path / "new folder" / "table.csv").read_text().splitlines()
    assert lines == ["metric,value,times", "crps,0.333333333,10", "bias,,20"]
    read = read_table(tmp_path / "new folder" / "table.csv", ("metric", "value"))
    pd.testing.assert_frame_equal(read, TABLE, rtol=1e-8)


def test_texts_are_read_as_they_stand(tmp_path) -> None:
    write_table(pd.DataFrame({"name": ["00123", "NA"], "lat": [1.5, 2.0]}), tmp_path / "t.csv")
    table = read_table(tmp_path / "t.csv", texts=("name", "absent"))
    assert table["name"].tolist() == ["00123", "NA"] and table["lat"].tolist() == [1.5, 2.0]


@pytest.mark.parametrize("compress", [True, False])
def test_a_netcdf_file_has_the_values_and_attributes(tmp_path, compress: bool) -> None:
    write_netcdf(FIELDS.assign_attrs(model="unet"), tmp_path / "maps.nc", compress=compress)
    read = read_netcdf(tmp_path / "maps.nc", rule="evaluate")
    xr.testing.assert_identical(read, FIELDS.assign_attrs(model="unet"))
    assert bool(read["pr"].encoding["zlib"]) is compress


def test_a_digest_is_of_stored_numbers_and_their_meaning(tmp_path, monkeypatch) -> None:
    """Other days with the same stored numbers differ; how they are decoded does not count."""
    path, digests = tmp_path / "s.nc", {}
    for name, start, source in (("a", "2001", "x"), ("b", "2002", "x"), ("c", "2001", "y")):
        time = pd.date_range(start, periods=2)
        series = xr.Dataset({"pr": ("time", [1.0, np.nan], {"source": source})}, {"time": time})
        write_netcdf(series, path)
        write_digest(path)
        digests[name] = (tmp_path / "s.nc.digest").read_text()
    assert digests["a"] == digests["c"] != digests["b"]
    decode, coder = xr.decode_cf, xr.coders.CFDatetimeCoder(use_cftime=True)
    monkeypatch.setattr(xr, "decode_cf", lambda stored: decode(stored, decode_times=coder))
    assert read_netcdf(path, rule="prepare").indexes["time"].dtype == object


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch) -> None:
    write_table(TABLE, tmp_path / "table.csv")
    before = (tmp_path / "table.csv").read_text()

    def broken(self: pd.DataFrame, path, **options) -> None:
        path.write_text("half")
        raise OSError("disk full")

    monkeypatch.setattr(pd.DataFrame, "to_csv", broken)
    with pytest.raises(OSError, match="disk full"):
        write_table(TABLE, tmp_path / "table.csv")
    assert (tmp_path / "table.csv").read_text() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["table.csv", "table.csv.sha256"]


def test_what_cannot_be_read_is_named_with_the_rule_that_writes_it(tmp_path) -> None:
    absent, empty, other = (tmp_path / name for name in ("absent.csv", "empty.csv", "other.csv"))
    empty.touch()
    other.write_text("metric\ncrps\n")
    for path, columns, reason in (
        (absent, (), "no such file"),
        (empty, (), "not a table"),
        (other, ("metric", "value"), r"without columns \['value'\]"),
    ):
        with pytest.raises(UserError, match=reason) as error:
            read_table(path, columns, rule="compare")
        assert str(path) in str(error.value) and "the rule compare" in str(error.value)
    for path, reason in ((absent, "no such file"), (other, "not a readable NetCDF file")):
        with pytest.raises(UserError, match=reason) as error:
            read_netcdf(path, rule="evaluate")
        assert str(path) in str(error.value) and "the rule evaluate" in str(error.value)


def _lines(count: int):
    return lambda text: "".join(text.splitlines(keepends=True)[:count])


@pytest.mark.parametrize(
    "cut",
    [
        _lines(2),
        lambda text: text[:-1],
        lambda text: text.replace("crps", "bias"),
        lambda text: text + "rmse,1,30\n",
    ],
    ids=["at a line", "within a line", "changed", "longer"],
)
def test_a_table_that_is_not_as_it_was_written_is_refused(tmp_path, cut) -> None:
    path = tmp_path / "table.csv"
    write_table(TABLE, path)
    path.write_text(cut(path.read_text()))
    with pytest.raises(UserError, match="table.csv: .*run the rule compare again"):
        read_table(path, rule="compare")


def test_a_table_without_its_sum_is_read_if_it_ends_in_a_line(tmp_path) -> None:
    path = tmp_path / "table.csv"
    write_table(TABLE, path)
    (tmp_path / "table.csv.sha256").unlink()
    assert len(read_table(path)) == len(TABLE)
    path.write_text(path.read_text()[:-2])
    with pytest.raises(UserError, match="the table was cut"):
        read_table(path)


def test_the_sum_of_a_table_is_of_the_form_that_sha256sum_checks(tmp_path) -> None:
    write_table(TABLE, tmp_path / "table.csv")
    digest = hashlib.sha256((tmp_path / "table.csv").read_bytes()).hexdigest()
    assert (tmp_path / "table.csv.sha256").read_text() == f"{digest}  table.csv\n"
