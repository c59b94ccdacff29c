"""Bundles: trained models for exchange between labs, with hashes and golden outputs.

A bundle is a folder: the family's own files (weights.safetensors, JSON), transforms.json,
model.json, golden.nc and SHA256SUMS. Nothing in it is a pickle, and nothing is ever unpickled.
"""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from downbench.core import training_record, transforms
from downbench.core.config.model.budget import Training
from downbench.core.config.model.model import Model
from downbench.core.errors import UserError
from downbench.core.provenance import code_version
from downbench.core.transforms import FitYears
from downbench.exchange import (
    bundle_files,
    bundle_formats,
    expected_bundle,
    golden,
    proof_cost,
    untrusted,
)
from downbench.exchange.bundle_files import GOLDEN, HISTORY, MANIFEST, TRANSFORMS
from downbench.exchange.bundle_formats import FORMAT
from downbench.labs.base import FILES, Pairs, Trained, family

LICENCE = "Apache-2.0"
UNUSABLE = "not a usable bundle"
Name = Annotated[str, Field(pattern=r"^[\w.-]{1,100}$")]


class Header(BaseModel):
    """The part of model.json that every format has; other keys are ignored."""

    format: int


class Manifest(BaseModel):
    """model.json: the model of the bundle and the data it was fitted on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int
    model: Model
    training: Training
    region: Name
    trained_on: Name
    fit_years: Annotated[FitYears, Field(min_length=1)]
    seed: int
    code_version: Annotated[str, Field(max_length=200)]
    licence: Annotated[str, Field(max_length=200)]

    def model_called(self, name: str | None) -> Model:
        """Return the model under the name that it has here, which seeds no noise."""
        return self.model if name is None else self.model.model_copy(update={"name": name})


def new_manifest(
    model: Model, training: Training, pairs: Pairs, trained_on: str, seed: int
) -> Manifest:
    """Return the manifest of a training with the present code; `trained_on` names the driver."""
    return Manifest(
        format=FORMAT,
        model=model,
        training=training,
        region=pairs.region.name,
        trained_on=trained_on,
        fit_years=pairs.fit_years,
        seed=seed,
        code_version=code_version(*model.modules),
        licence=LICENCE,
    )


def write(
    folder: Path, trained: Trained, manifest: Manifest, pairs: Pairs, history: Path | None = None
) -> None:
    """Fill an empty folder with a bundle.

    Parameters
    ----------
    pairs
        Data of the training: their statistics are part of the bundle, and a few validation days
        become the golden inputs.
    history
        Folder with the curve of losses and the record of the training, as far as there are any.

    Raises
    ------
    UserError
        When the model cannot reproduce its own golden outputs from what it has just saved.
    """
    folder.mkdir(parents=True)
    trained.save(folder)
    transforms.write(pairs.transforms, folder / TRANSFORMS)
    content = manifest.model_dump(mode="json", exclude={"model": {"bundle", "ensemble"}})
    text = json.dumps(content, indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n")
    for name in HISTORY if history is not None else ():
        if (history / name).exists():
            shutil.copyfile(history / name, folder / name)
    inputs = golden.inputs(pairs.validation_driver)
    golden.write(trained, inputs, pairs.static, manifest.seed, folder / GOLDEN)
    bundle_files.write_hashes(folder)
    verify(folder)


def read(folder: Path, expected: Mapping[str, Any] | None = None) -> tuple[Manifest, Trained]:
    """Check hashes and schema, then load the model.

    Parameters
    ----------
    expected
        Keys of `model.json` with their values, as `expected_bundle` compares them.

    Raises
    ------
    UserError
        When a file is missing, changed or not of the expected form, or when the bundle is not the
        one that is expected.
    """
    with untrusted.refusing(folder, UNUSABLE):
        return _read(folder, expected or {})


def read_proved(
    folder: Path, expected: Mapping[str, Any] | None = None
) -> tuple[Manifest, Trained]:
    """Read a bundle whose model reproduces its golden outputs; see `read`."""
    manifest, trained = read(folder, expected)
    prove(folder, manifest, trained)
    return manifest, trained


def prove(folder: Path, manifest: Manifest, trained: Trained) -> float:
    """Check that a model reproduces its golden outputs; return the error over its tolerance."""
    path = folder / GOLDEN
    with untrusted.refusing(folder, UNUSABLE):
        stored = golden.read(path, transforms.read(folder / TRANSFORMS))
        proof_cost.refuse_costly(folder, manifest.model, stored)
        return golden.verify(trained, manifest.seed, path, stored)


def _read(folder: Path, expected: Mapping[str, Any]) -> tuple[Manifest, Trained]:
    """Return manifest and model; what is cheap to refuse is refused first."""
    bundle_files.check(folder)
    manifest = read_manifest(folder)
    stored = manifest.model_dump(mode="json")
    expected_bundle.refuse_other_bundle(folder, stored, expected)
    module, fitted = family(manifest.model), transforms.read(folder / TRANSFORMS)
    of_family = getattr(module, "FILES", FILES)
    bundle_files.refuse_further_files(folder, of_family, manifest.model.family)
    expected_bundle.refuse_other_statistics(folder, stored, fitted)
    training_record.TrainingRecord.read(folder)
    golden.read(folder / GOLDEN, fitted)
    with untrusted.refusing(folder, f"holds no usable model of family '{manifest.model.family}'"):
        return manifest, module.load(manifest.model, folder)


def read_manifest(folder: Path) -> Manifest:
    """Read model.json of a bundle, of any format that this version reads."""
    path = folder / MANIFEST
    try:
        content = path.read_bytes()
        version = Header.model_validate_json(content).format
        if not bundle_formats.is_readable(version):
            raise UserError(
                f"{path}: format is {version}, this version reads 1 to {FORMAT}: train the model "
                "again"
            )
        with untrusted.refusing(path, f"not a manifest of format {version}"):
            content = json.dumps(bundle_formats.upgrade(json.loads(content)))
        return Manifest.model_validate_json(content)
    except (OSError, ValidationError) as error:
        raise UserError(f"{path}: not a usable manifest: {error}") from error


def verify(folder: Path, expected: Mapping[str, Any] | None = None) -> float:
    """Check all that `read_proved` checks; return the largest error over its tolerance."""
    return prove(folder, *read(folder, expected))
