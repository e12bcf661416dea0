"""Right: by hand, alone and together, and in another order."""

from langmodels.test_lora import *


def test_by_hand():
    down = torch.tensor([[[1.0, 0.0], [0.0, 1.0]], [[1.0, 1.0], [0.0, 0.0]]])
    up = torch.tensor([[[1.0, 2.0]], [[3.0, 0.0]]])
    x = torch.tensor([[[1.0, 10.0], [2.0, 20.0]]])
    for n, expected in [(0, [[[10.5], [21.0]]]), (1, [[[66.0], [132.0]]]), (-1, [[[0.0], [0.0]]])]:
        got = batched_lora(x, down, up, torch.tensor([0.5, 2.0]), torch.tensor([n]))
        torch.testing.assert_close(got, torch.tensor(expected))


def test_batched_lora():
    torch.manual_seed(4)
    x, scales = torch.randn(6, 3, 5).double(), torch.randn(4).double()
    down, up = torch.randn(4, 2, 5).double(), torch.randn(4, 7, 2).double()
    adapters = torch.tensor([3, -1, 0, 3, 1, 2])
    together = batched_lora(x, down, up, scales, adapters)
    assert together.shape == (6, 3, 7)
    assert (together[1] == 0).all()
    for b in range(6):
        alone = batched_lora(x[b : b + 1], down, up, scales, adapters[b : b + 1])
        torch.testing.assert_close(together[b : b + 1], alone)
        if b != 1:
            n = int(adapters[b])
            only = batched_lora(
                x[b : b + 1], down[n : n + 1], up[n : n + 1], scales[n : n + 1], torch.tensor([0])
            )
            torch.testing.assert_close(alone, only)
    order = torch.tensor([5, 3, 0, 2, 4, 1])
    moved = batched_lora(x[order], down, up, scales, adapters[order])
    torch.testing.assert_close(moved, together[order])
