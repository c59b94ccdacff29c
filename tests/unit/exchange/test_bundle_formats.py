"""Bundles of the first format stay readable."""

import json
from pathlib import Path

import numpy as np
import pytest
import yaml

from downbench.core.config.model.options import Sampler
from downbench.core.errors import UserError
from downbench.exchange import bundle, bundle_formats
from downbench.labs.baselines.oracle import OracleDistribution
from downbench.labs.baselines.tools import correction

ROOT = Path(__file__).parents[3]
BUNDLES = Path(__file__).parent / "bundles"

TRAINING = {
    "channels": [8, 8],
    "blocks_per_level": 1,
    "position_channels": 4,
    "batch_size": 32,
    "train_samples": 1024,
    "validation_samples": 16,
    "validate_every_samples": 256,
    "patience_validations": 10,
    "learning_rate": 0.003,
    "ema_halflife_samples": 64,
}


def _manifest(**model: object) -> dict[str, object]:
    """Return a manifest as the first format wrote it."""
    common = {
        "lab": "baselines",
        "base": None,
        "weights_of": None,
        "physics": None,
        "label": "",
        "requires": {"source": None, "lane": None},
    }
    return {
        "format": 1,
        "model": common | model,
        "training": TRAINING | {"sampler": "heun", "sampler_steps": 5},
        "region": "tiny",
        "trained_on": "perfect",
        "fit_years": [1981, 1982],
        "seed": 1,
        "code_version": "a797bc7f3544",
        "licence": "Apache-2.0",
    }


def _read(folder, manifest):
    (folder / bundle.MANIFEST).write_text(json.dumps(manifest))
    return bundle.read_manifest(folder)


def _corrdiff(**model: object) -> dict[str, object]:
    options = {
        "learning_rate": None,
        "sigma_min": 0.01,
        "sigma_max": 80.0,
        "rho": 7.0,
        "P_mean": -0.5,
        "P_std": 1.2,
        "spread_days": 64,
        "spread_members": 4,
    }
    return _manifest(
        name="corrdiff", lab="generative", family="corrdiff", base="unet", options=options, **model
    )


def test_a_diffusion_model_keeps_its_base_and_sampler(tmp_path):
    manifest = _read(tmp_path, _corrdiff())
    assert manifest.format == bundle_formats.FORMAT
    assert manifest.model.bases == {"mean": "unet"}
    assert manifest.model.options.process == "edm"
    assert manifest.model.options.calibration == Sampler(solver="heun", steps=5)
    assert manifest.training.model_dump(mode="json") == TRAINING


def test_shared_weights_keep_their_model(tmp_path):
    manifest = _read(tmp_path, _corrdiff(weights_of="corrdiff-base"))
    assert manifest.model.shares_weights_with == "corrdiff-base"


def test_conditions_keep_their_meaning(tmp_path):
    requires = {"source": "synthetic", "lane": "free-running"}
    model = {"name": "oracle", "family": "oracle", "options": {}}
    manifest = _read(tmp_path, _manifest(**model, requires=requires))
    assert manifest.model.bases == {}
    assert manifest.model.requires.known_distribution
    assert manifest.model.requires.driver_type == "gcm"


@pytest.mark.parametrize("key", ["model", "training"])
def test_a_manifest_without_its_parts_is_refused(tmp_path, key):
    manifest = _corrdiff()
    del manifest[key]
    with pytest.raises(UserError, match=r"model\.json: not a manifest of format 1"):
        _read(tmp_path, manifest)


@pytest.mark.parametrize(
    ("attributes", "driver_type"),
    [
        ({"lane": "free-running"}, "gcm"),
        ({"lane": "perfect"}, "perfect"),
        ({"driver_type": "reanalysis"}, "reanalysis"),
    ],
)
def test_golden_outputs_name_the_driver_type(attributes, driver_type):
    assert bundle_formats.driver_type(attributes) == driver_type


def test_the_oracle_reads_the_options_of_a_region():
    region = yaml.safe_load((ROOT / "config/regions/synthetic.yaml").read_text())
    target = region["target"]
    present = OracleDistribution(factor=8, resolution_km=8.0, options=target)
    first = {key.replace("distribution", "law"): value for key, value in target.items()}
    del first["source"]
    first |= {"reanalysis": {}, "simulations": {}}
    assert OracleDistribution(factor=8, resolution_km=8.0, options=first) == present


@pytest.mark.parametrize("name", ["format-1", "format-2"])
def test_bundles_that_earlier_versions_wrote_give_their_golden_outputs(name):
    assert bundle.verify(BUNDLES / name) <= 1


def test_a_bundle_that_is_read_and_saved_again_has_the_same_bytes(tmp_path):
    source = BUNDLES / "format-2"
    bundle.read(source)[1].save(tmp_path)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["architecture.json", "weights.safetensors"]
    assert all((tmp_path / n).read_bytes() == (source / n).read_bytes() for n in names)


def test_quantiles_of_the_first_format_are_refused():
    arrays = {"correction.source.pr": np.zeros(1), "correction.reference.pr": np.zeros(1)}
    with pytest.raises(UserError, match="format 1"):
        correction.from_saved(arrays, {"seasonal": True})
