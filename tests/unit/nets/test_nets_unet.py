"""The backbone."""

import pytest
import torch

from downbench.nets.unet import UNet


def random_head(network: UNet) -> UNet:
    """The head starts at zero; give it weights so that something comes out."""
    torch.manual_seed(1)
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    return network.eval()


@pytest.mark.parametrize("shape", [(64, 64), (40, 56), (8, 12)])
def test_the_image_keeps_its_size(shape):
    network = UNet(5, 2, [8, 16, 24], 1)
    assert network(torch.zeros(3, 5, *shape)).shape == (3, 2, *shape)


def test_an_untrained_network_says_zero():
    assert not UNet(5, 2, [8, 16], 1)(torch.randn(2, 5, 16, 16)).any()


def test_a_sample_does_not_see_its_batch():
    network = random_head(UNet(3, 1, [8, 16], 2))
    x = torch.randn(6, 3, 16, 16)
    torch.testing.assert_close(network(x)[2:3], network(x[2:3]), rtol=1e-4, atol=1e-5)


def test_every_pixel_sees_the_whole_small_image():
    network = random_head(UNet(1, 1, [8, 16, 24], 1))
    x = torch.zeros(1, 1, 16, 16, requires_grad=True)
    network(x)[0, 0, 0, 0].backward()
    assert x.grad[0, 0, -1, -1] != 0


def test_the_noise_level_is_heard():
    network = random_head(UNet(2, 1, [8], 1, noisy=True))
    x = torch.randn(1, 2, 8, 8)
    assert not torch.allclose(network(x, torch.tensor([-1.0])), network(x, torch.tensor([1.0])))


def test_blocks_per_level_are_counted():
    one, two = UNet(2, 1, [8, 16], 1), UNet(2, 1, [8, 16], 2)
    assert (len(one.down), len(one.up)) == (2, 2) and (len(two.down), len(two.up)) == (4, 4)
