"""Bundles made to harm: each case changes a sound bundle, keeps right hashes, and is refused."""

import json
import os
import pickle
import shutil
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import torch
import xarray as xr
from safetensors.numpy import load_file, save_file

from changed_bundles import change_golden, sum_again
from downbench.exchange import bundle, bundle_files, golden_file

SOUND = Path(__file__).parent / "unit/exchange/bundles/format-2"
WEIGHTS = "weights.safetensors"
MARK = "EXECUTED"

Case = tuple[Callable[[Path], None], str]


def sound_bundle(folder: Path) -> Path:
    """Copy the bundle of a small network."""
    return shutil.copytree(SOUND, folder)


class _Touch:
    """Creates a file where it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (open, (str(self.path), "w"))


def _pickled(name: str) -> Callable[[Path], None]:
    return lambda folder: _put(folder, name, pickle.dumps(_Touch(folder.parent / MARK)))


def _torch_zip(folder: Path) -> None:
    torch.save({"weights": _Touch(folder.parent / MARK)}, folder / WEIGHTS)
    sum_again(folder)


def _put(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    sum_again(folder)


def put(name: str, content: bytes) -> Callable[[Path], None]:
    return lambda folder: _put(folder, name, content)


def edit(name: str, *keys: str, value: Any) -> Callable[[Path], None]:
    """Set one key of a JSON file."""

    def change(folder: Path) -> None:
        content = json.loads((folder / name).read_bytes())
        section = content
        for key in keys[:-1]:
            section = section[key]
        section[keys[-1]] = value
        _put(folder, name, json.dumps(content).encode())

    return change


def replace_text(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        text = (folder / name).read_text()
        assert old in text
        _put(folder, name, text.replace(old, new, 1).encode())

    return change


def remove(name: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / name).unlink()
        sum_again(folder)

    return change


def link(make: Callable[[Path, Path], None], name: str) -> Callable[[Path], None]:
    """Move a file out of the bundle and put something in its place."""

    def change(folder: Path) -> None:
        outside = (folder / name).rename(folder.parent / name)
        make(outside, folder / name)

    return change


def sums_line(line: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        with (folder / bundle_files.SUMS).open("a") as sums:
            sums.write(line)

    return change


def _numbers(folder: Path) -> None:
    for number in range(40):
        (folder / f"{number}.json").write_text("{}")
    sum_again(folder)


def header(change: Callable[[dict[str, Any]], None]) -> Callable[[Path], None]:
    """Change the header of the weights, and keep the bytes behind it."""

    def changed(folder: Path) -> None:
        content = (folder / WEIGHTS).read_bytes()
        (length,) = struct.unpack("<Q", content[:8])
        tensors = json.loads(content[8 : 8 + length])
        change(tensors)
        text = json.dumps(tensors).encode()
        _put(folder, WEIGHTS, struct.pack("<Q", len(text)) + text + content[8 + length :])

    return changed


def raw_header(text: bytes, length: int | None = None) -> Callable[[Path], None]:
    length = len(text) if length is None else length
    return put(WEIGHTS, struct.pack("<Q", length) + text)


def _sparse_files(folder: Path) -> None:
    """Names of 60 GiB that take no room, with hashes that nobody has to compute."""
    for number in range(2):
        with (folder / f"{number}.safetensors").open("wb") as file:
            file.truncate(30 * 2**30)
    lines = "".join(f"{64 * '0'}  {number}.safetensors\n" for number in range(2))
    sums_line(lines)(folder)


def _terabyte(tensors: dict[str, Any]) -> None:
    tensors["huge"] = {"dtype": "F32", "shape": [2**38], "data_offsets": [0, 2**40]}


def _overlapping(tensors: dict[str, Any]) -> None:
    first, second = sorted(tensors.values(), key=lambda tensor: tensor["data_offsets"])[:2]
    second["data_offsets"] = first["data_offsets"]


def _beyond(tensors: dict[str, Any]) -> None:
    last = max(tensors.values(), key=lambda tensor: tensor["data_offsets"])
    last["shape"] = [*last["shape"], 1000]
    last["data_offsets"][1] += 999 * (last["data_offsets"][1] - last["data_offsets"][0])


def _odd_type(tensors: dict[str, Any]) -> None:
    next(iter(tensors.values()))["dtype"] = "O"


def weights(change: Callable[[dict[str, np.ndarray]], None]) -> Callable[[Path], None]:
    def changed(folder: Path) -> None:
        arrays = load_file(folder / WEIGHTS)
        change(arrays)
        save_file(arrays, folder / WEIGHTS)
        sum_again(folder)

    return changed


def _value(value: float) -> Callable[[Path], None]:
    return weights(lambda arrays: arrays["unet.head.bias"].__setitem__(slice(None), value))


def golden(change: Callable[[xr.Dataset], xr.Dataset]) -> Callable[[Path], None]:
    return lambda folder: change_golden(folder, change)


def _swap_targets(folder: Path) -> None:
    path = folder / bundle.TRANSFORMS
    content = json.loads(path.read_bytes())
    content["targets"] = dict(reversed(content["targets"].items()))
    _put(folder, bundle.TRANSFORMS, json.dumps(content).encode())


def _swap_predictors(folder: Path) -> None:
    path = folder / bundle.TRANSFORMS
    content = json.loads(path.read_bytes())
    content["predictors"] = dict(reversed(content["predictors"].items()))
    _put(folder, bundle.TRANSFORMS, json.dumps(content).encode())


def _hdf5_bomb(folder: Path) -> None:
    """A terabyte of fill values in a few kilobytes."""
    with netCDF4.Dataset(folder / bundle.GOLDEN, "w") as file:
        file.createDimension("y", 500_000)
        file.createDimension("x", 500_000)
        file.createVariable("pr", "f4", ("y", "x"), zlib=True, chunksizes=(1000, 1000))
    sum_again(folder)


def _many_attributes(folder: Path) -> None:
    """A header of a hundred thousand attributes."""
    one = struct.pack(">i", 1) + b"a\0\0\0" + struct.pack(">ii", 4, 1) + b"\0\0\0\1"
    start = b"CDF\x02" + struct.pack(">iii", 0, 0, 0) + struct.pack(">ii", 12, 100_000)
    _put(folder, bundle.GOLDEN, start + 100_000 * one + struct.pack(">ii", 0, 0))


def _same_bytes_again(folder: Path) -> None:
    """A hundred variables that lie in the same megabyte."""
    array = np.zeros(2**18, np.float32)
    content = xr.Dataset({f"v{i:03}": ("x", array) for i in range(100)})
    golden_file.write(content, folder / bundle.GOLDEN)
    raw = (folder / bundle.GOLDEN).read_bytes()
    begins = [raw.index(f"v{i:03}".encode()) for i in range(100)]
    data = len(raw) - 100 * array.nbytes
    head = bytearray(raw[:data])
    for i, at in enumerate(begins):
        old = struct.pack(">q", data + i * array.nbytes)
        place = head.index(old, at)
        head[place : place + 8] = struct.pack(">q", data)
    _put(folder, bundle.GOLDEN, bytes(head) + array.tobytes())


def _one_variable(name: str, field: xr.Variable) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        golden_file.write(xr.Dataset({name: field}), folder / bundle.GOLDEN)
        sum_again(folder)

    return change


MILLION_DATES = xr.Variable(
    "day", np.zeros(10**6, np.int8), {"units": "days since 2000-01-01", "calendar": "noleap"}
)
MILLION_TEXTS = xr.Variable(("text", "character"), np.full((10**6, 1), b"x"))

NESTED = b"[" * 200_000 + b"]" * 200_000
DIGITS = b'{"format": 1' + b"0" * 1_000_000 + b"}"

CASES: dict[str, Case] = {
    "pickle as weights": (_pickled(WEIGHTS), "weights.safetensors: not a safetensors file"),
    "checkpoint of torch as weights": (_torch_zip, "weights.safetensors: not a safetensors file"),
    "pickle as golden outputs": (_pickled("golden.nc"), "golden.nc: no NetCDF"),
    "pickle as statistics": (_pickled("transforms.json"), "transforms.json: not usable JSON"),
    "further pickle": (_pickled("further.pkl"), "further.pkl is of no kind"),
    "further JSON": (put("further.json", b"{}"), "further.json: no bundle of family unet"),
    "forty files": (_numbers, "more than 32 files"),
    "sparse files": (_sparse_files, "bundles have 35433480192 at most"),
    "no weights": (remove(WEIGHTS), "weights.safetensors"),
    "no golden outputs": (remove("golden.nc"), "golden.nc"),
    "no statistics": (remove("transforms.json"), "transforms.json"),
    "path in the sums": (sums_line(f"{64 * '0'}  ../../etc/passwd\n"), "SHA256SUMS: line"),
    "absolute path in the sums": (sums_line(f"{64 * '0'}  /etc/passwd\n"), "SHA256SUMS: line"),
    "sums of a megabyte": (sums_line("x" * 2**20), "SHA256SUMS: has 10"),
    "symbolic link": (
        link(lambda outside, path: path.symlink_to(outside), "model.json"),
        "model.json is a symbolic link",
    ),
    "symbolic link as sums": (
        link(lambda outside, path: path.symlink_to(outside), bundle_files.SUMS),
        "SHA256SUMS: is a symbolic link",
    ),
    "named pipe": (
        link(lambda outside, path: os.mkfifo(path), "golden.nc"),
        "golden.nc is no plain file",
    ),
    "device": (
        link(lambda outside, path: os.mknod(path, 0o020666, os.makedev(1, 5)), "golden.nc"),
        "golden.nc is no plain file",
    ),
    "folder": (
        link(lambda outside, path: path.mkdir(), "architecture.json"),
        "architecture.json is no plain file",
    ),
    "deep JSON": (put("model.json", NESTED), "model.json: not usable JSON: nested deeper"),
    "deep header": (raw_header(NESTED), "weights.safetensors: header: not usable JSON: nested"),
    "large JSON": (
        put("model.json", b"[" + b"1," * 2**20 + b"1]"),
        "model.json has 20971",
    ),
    "million digits": (put("model.json", DIGITS), "model.json: .* more than 32 characters"),
    "string of escapes that does not end": (
        put("transforms.json", b'"' + b'\\"' * 500_000),
        "transforms.json: not usable JSON",
    ),
    "number that is infinite": (
        replace_text("transforms.json", '"std": ', '"std": 1e999, "further": '),
        "transforms.json: not usable JSON: 1e999 is not finite",
    ),
    "key twice": (
        replace_text("model.json", '"format": 2', '"format": 2, "format": 2'),
        "key 'format' is there twice",
    ),
    "Latin-1": (put("transforms.json", b'{"region": "\xe4"}'), "transforms.json: not usable JSON"),
    "tensor of a terabyte": (header(_terabyte), "tensor '[a-z0-9._]*': begins at"),
    "header of an exabyte": (raw_header(b"{}", 2**60), "header would have 1152921504606846976"),
    "overlapping tensors": (header(_overlapping), "begins at byte 0, the tensor before it"),
    "tensor beyond the end": (header(_beyond), "the tensors of the header take"),
    "tensor of objects": (header(_odd_type), "unknown type 'O'"),
    "NaN weight": (_value(np.nan), "weights unet.head.bias are not finite"),
    "infinite weight": (_value(np.inf), "weights unet.head.bias are not finite"),
    "other weight": (_value(5.0), "golden outputs are not reproduced"),
    "further weight": (
        weights(lambda arrays: arrays.update(further=np.zeros(1, np.float32))),
        "further has shape",
    ),
    "unknown key of the architecture": (
        edit("architecture.json", "hidden", value=1),
        "architecture.json: not a usable architecture",
    ),
    "billion channels": (
        edit("architecture.json", "channels", value=[10**9]),
        "architecture.json: not a usable architecture",
    ),
    "billion blocks": (
        edit("architecture.json", "blocks", value=10**9),
        "architecture.json: not a usable architecture",
    ),
    "most channels and blocks": (
        lambda folder: (
            edit("architecture.json", "channels", value=8 * [4096])(folder),
            edit("architecture.json", "blocks", value=16)(folder),
        ),
        "architecture.json asks for",
    ),
    "largest grid": (
        edit("architecture.json", "static_shape", value=[3, 4096, 4096]),
        "architecture.json asks for",
    ),
    "family outside of the labs": (
        edit("model.json", "model", "family", value="../../../os"),
        "model.json: not a usable manifest",
    ),
    "lab outside of the labs": (
        edit("model.json", "model", "lab", value=".."),
        "model.json: not a usable manifest",
    ),
    "unknown option": (
        edit("model.json", "model", "options", "hook", value="os.system"),
        "model.json: not a usable manifest",
    ),
    "three thousand fit years": (
        edit("model.json", "fit_years", value=list(range(3000))),
        "model.json: not a usable manifest",
    ),
    "statistics of other years": (
        edit("transforms.json", "fit_years", value=[2001, 2005]),
        r"fitted on \[2005\], which the model was not",
    ),
    "statistics of another region": (
        edit("transforms.json", "region", value="alps"),
        "their region is alps",
    ),
    "message to a terminal": (
        edit("transforms.json", "region", value="\x1b[2J"),
        r"their region is \?\[2J",
    ),
    "unit": (
        edit("transforms.json", "targets", "pr", "units", value="kg m-2 s-1"),
        "units of pr are 'kg m-2 s-1'",
    ),
    "order of the targets": (_swap_targets, "targets are in the order tas, pr"),
    "order of the predictors": (_swap_predictors, "golden outputs are not reproduced"),
    "factor 0": (edit("transforms.json", "factor", value=0), "transforms.json: not usable"),
    "factor of a billion": (
        edit("transforms.json", "factor", value=10**9),
        "transforms.json: not usable",
    ),
    "other factor": (edit("transforms.json", "factor", value=2), "the factor is 2"),
    "other calendar": (
        edit("transforms.json", "calendar", value="noleap"),
        "the calendar is .*, not noleap",
    ),
    "grid of the golden outputs": (
        golden(lambda content: content.isel(Y=slice(1), y=slice(4))),
        r"golden.nc: not usable golden outputs \(RuntimeError",
    ),
    "unit of the golden inputs": (
        golden(lambda c: c.assign(driver_pr=c["driver_pr"].assign_attrs(units="m s-1"))),
        "units of driver_pr are 'm s-1'",
    ),
    "transposed golden outputs": (
        golden(lambda content: content.transpose("time", "member", "x", "y", ...)),
        "pr has dims",
    ),
    "infinite golden output": (
        golden(lambda content: content.assign(pr=content["pr"] + np.float32(np.inf))),
        "pr has infinite values",
    ),
    "further golden output": (
        golden(lambda content: content.assign(hurs=content["pr"])),
        "hurs is no target",
    ),
    "other golden outputs": (
        golden(lambda content: content.assign(tas=content["tas"] + 1)),
        "golden outputs are not reproduced",
    ),
    "header of attributes": (_many_attributes, "golden.nc: .*more variables or attributes"),
    "variables in the same bytes": (_same_bytes_again, "golden.nc: .*more variables"),
    "million dates": (_one_variable("time", MILLION_DATES), "golden.nc: time are longer"),
    "million texts": (_one_variable("event", MILLION_TEXTS), "golden.nc: event are longer"),
    "dates as rain": (
        golden(lambda c: c.assign(pr=c["pr"].assign_attrs(MILLION_DATES.attrs))),
        "units of pr are 'days since",
    ),
    "cut NetCDF": (put("golden.nc", b"CDF\x02" + b"\x7f" * 60), "golden.nc: not usable"),
    "HDF5 of a terabyte": (_hdf5_bomb, "golden.nc: not a usable NetCDF-4 file"),
    "cut HDF5": (put("golden.nc", golden_file.NETCDF4 + bytes(500)), "golden.nc: not a usable"),
}
