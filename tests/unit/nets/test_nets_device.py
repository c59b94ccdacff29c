"""Networks that run on a processor though an accelerator was granted say so."""

import pytest
import torch

from downbench.nets import device


@pytest.mark.parametrize(
    "granted, usable, warned",
    [("0,1", False, True), ("0,1", True, False), ("", False, False), ("-1", False, False)],
)
def test_an_accelerator_that_torch_cannot_use(monkeypatch, capsys, granted, usable, warned):
    monkeypatch.setenv(device.VISIBLE, granted)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: usable)
    device.warn_unused_accelerators()
    message = capsys.readouterr().out
    assert (f"{device.VISIBLE}={granted}" in message and torch.__version__ in message) == warned
    assert bool(message) == warned
    assert device.device().type == ("cuda" if usable else "cpu")
