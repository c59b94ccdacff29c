"""A Pangeo-like catalogue of CMIP6 stores on loopback, in both dialects of column names."""

import gzip
import json
from collections.abc import Iterable, Mapping

from servers.server import Server

LEGACY = {"member": "member_id", "start": "dcpp_init_year"}
NEW = {"member": "variant_label", "start": "sub_experiment_id"}
COLUMNS = ("activity_id", "institution_id", "source_id", "experiment_id", "{member}", "table_id",
           "variable_id", "grid_label", "zstore", "{start}", "version")  # fmt: skip


def row(
    model: str,
    experiment: str,
    variable: str,
    version: str,
    member: str = "r1i1p1f1",
    grid: str = "gn",
    table: str = "day",
    start: str = "",
) -> tuple[str, ...]:
    """Return the row of one store."""
    folder = (
        f"{model}/{experiment}/{member}/{table}/{variable}/{grid}/v{version.removeprefix('v')}"
    )
    store = f"gs://cmip6/CMIP6/CMIP/MPI-M/{folder}/"
    run = ("CMIP", "MPI-M", model, experiment, member, table, variable, grid)
    return (*run, store, start, version)


def publish(
    server: Server, name: str, rows: Iterable[tuple[str, ...]], dialect: Mapping[str, str]
) -> str:
    """Serve a catalogue, its table compressed in the older dialect; return its address."""
    header = ",".join(COLUMNS).format(**dialect)
    table = "\n".join([header, *(",".join(values) for values in rows)]).encode()
    file = f"{name}.csv.gz" if dialect is LEGACY else f"{name}.csv"
    server.files[f"/cmip6/{file}"] = gzip.compress(table) if dialect is LEGACY else table
    description = {
        "esmcat_version": "0.1.0",
        "id": name,
        "catalog_file": file,
        "assets": {"column_name": "zstore", "format": "zarr"},
    }
    server.files[f"/cmip6/{name}.json"] = json.dumps(description).encode()
    return f"{server.url}/cmip6/{name}.json"
