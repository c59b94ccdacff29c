"""The header of a safetensors file from elsewhere: tensors that lie in it, one after the other."""

import math
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from downbench.core.errors import UserError
from downbench.core.io import bounded_json

LENGTH_BYTES = 8
LONGEST_HEADER = 2**20
ITEM_BYTES = {
    "BOOL": 1, "U8": 1, "I8": 1, "I16": 2, "U16": 2, "F16": 2, "BF16": 2, "I32": 4, "U32": 4,
    "F32": 4, "F64": 8, "I64": 8, "U64": 8,
}  # fmt: skip
METADATA = "__metadata__"
Size = Annotated[int, Field(strict=True, ge=0, lt=2**48)]


class Tensor(BaseModel):
    """One entry of the header; offsets are those of its bytes after the header."""

    model_config = ConfigDict(extra="forbid")

    dtype: str
    shape: Annotated[list[Size], Field(max_length=8)]
    data_offsets: tuple[Size, Size]


TENSORS = TypeAdapter(dict[str, Tensor])


def check(path: Path) -> None:
    """Check that the tensors fill the file, before anything is reserved for them.

    Raises
    ------
    UserError
        When the header is no JSON or longer than 1 MiB, or when a tensor has an unknown type,
        another size than its shape, or lies over another one, after a gap or beyond the end.
    """
    header, length = _header(path)
    try:
        tensors = TENSORS.validate_python({k: v for k, v in header.items() if k != METADATA})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(map(str, first["loc"]))
        raise UserError(f"{path}: header: {key}: {first['msg']}: copy the bundle again") from None
    end = 0
    for name, tensor in sorted(tensors.items(), key=lambda item: item[1].data_offsets):
        problem = _problem(tensor, end)
        if problem:
            raise UserError(f"{path}: tensor {ascii(name)}: {problem}: copy the bundle again")
        end = tensor.data_offsets[1]
    size = path.stat().st_size - LENGTH_BYTES - length
    if end != size:
        raise UserError(
            f"{path}: the tensors of the header take {end} bytes, the file has {size}: copy the "
            "bundle again"
        )


def _header(path: Path) -> tuple[dict[str, Any], int]:
    """Return the header and its length."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(LENGTH_BYTES), "little")
        if not 2 <= length <= LONGEST_HEADER:
            raise UserError(
                f"{path}: not a safetensors file: its header would have {length} bytes: nothing "
                "else is read as weights, no pickle either; write it with safetensors"
            )
        header = bounded_json.check(file.read(length), f"{path}: header")
    if not isinstance(header, dict):
        raise UserError(f"{path}: header: not an object of tensors: copy the bundle again")
    return header, length


def _problem(tensor: Tensor, end: int) -> str | None:
    """Return why a tensor cannot follow the one that ends at `end`."""
    first, last = tensor.data_offsets
    if tensor.dtype not in ITEM_BYTES:
        return f"unknown type {ascii(tensor.dtype[:20])}"
    if first != end:
        return f"begins at byte {first}, the tensor before it ends at {end}"
    expected = math.prod(tensor.shape) * ITEM_BYTES[tensor.dtype]
    if last - first != expected:
        return f"shape {tensor.shape} takes {expected} bytes, the offsets span {last - first}"
    return None
