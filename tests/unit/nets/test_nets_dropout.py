"""Dropout that can be held (trap T26)."""

import torch

from downbench.core import rng
from downbench.nets import dropout
from downbench.nets.dropout import ChannelDropout


def test_nothing_is_dropped_in_evaluation():
    x = torch.randn(2, 8, 4, 4)
    assert torch.equal(ChannelDropout(0.5).eval()(x), x)


def test_a_held_mask_is_the_same_for_all_days_and_pixels():
    layer = ChannelDropout(0.5).eval()
    layer.hold(rng.generator(0))
    out = layer(torch.ones(5, 16, 3, 3))
    assert torch.equal(out, out[:1, :, :1, :1].expand(5, 16, 3, 3))
    assert set(out.unique().tolist()) == {0.0, 2.0}
    assert torch.equal(layer(torch.ones(1, 16, 1, 1))[0, :, 0, 0], out[0, :, 0, 0])


def test_the_mean_is_kept():
    layer = ChannelDropout(0.3).eval()
    layer.hold(rng.generator(0))
    assert abs(layer(torch.ones(1, 20000, 1, 1)).mean() - 1) < 0.02


def test_the_generator_alone_decides():
    network = torch.nn.Sequential(ChannelDropout(0.5), ChannelDropout(0.5)).eval()
    x = torch.ones(1, 64, 1, 1)
    with dropout.held(network, rng.generator(1, "mask", 0)):
        first = network(x)
    with dropout.held(network, rng.generator(1, "mask", 0)):
        assert torch.equal(network(x), first)
    with dropout.held(network, rng.generator(1, "mask", 1)):
        assert not torch.equal(network(x), first)
    assert torch.equal(network(x), x)
