"""Fixtures of downloads."""

import pytest

from servers.cds import KEY


@pytest.fixture
def cds_account(monkeypatch, tmp_path):
    """An account by environment; nothing waits."""
    from downbench.sources.download.copernicus import jobs, service

    for name in ("CDSAPI_URL", "CDSAPI_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CDSAPI_RC", str(tmp_path / "absent"))
    monkeypatch.setenv("CDSAPI_KEY", KEY)
    monkeypatch.setattr(service, "PAUSES", (0.0, 0.0))
    monkeypatch.setattr(jobs, "sleep", lambda seconds: None)
