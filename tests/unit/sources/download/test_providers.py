"""Every provider of the configuration has a module, and a dataset with licence and citation."""

from importlib import import_module
from pathlib import Path

import pytest

from downbench.core.config.datasets import read_datasets
from downbench.core.config.downloads.registry import PROVIDERS

ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_provider_is_complete(provider):
    module = import_module(f"downbench.sources.download.{provider.replace('-', '_')}")
    assert callable(module.fetch)
    rows = read_datasets(ROOT)
    assert [row for row in rows.values() if row.provider == provider and row.licence]
