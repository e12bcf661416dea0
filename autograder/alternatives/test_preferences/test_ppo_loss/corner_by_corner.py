"""Right: writes each corner and its slope down by hand."""

from langmodels.test_preferences import *


def one(ratio, advantage, clip=0.2, dtype=torch.float64):
    old = torch.tensor([[-0.7, -1.9]], dtype=dtype)
    logprobs = (old + torch.tensor([[ratio, 7.0]], dtype=dtype).log()).requires_grad_()
    worth = torch.tensor([[advantage, 30.0]], dtype=dtype)
    loss = ppo_loss(logprobs, old, worth, torch.tensor([[True, False]]), clip)
    loss.backward()
    return loss.item(), logprobs.grad[0].tolist()


def test_ppo_loss():
    for dtype, near in [(torch.float64, 1e-9), (torch.float32, 1e-5)]:
        for ratio, advantage, clip, loss, slope in [
            (2.0, 3.0, 0.2, -3.6, 0.0),
            (2.0, 3.0, 0.5, -4.5, 0.0),
            (0.5, 3.0, 0.2, -1.5, -1.5),
            (1.1, 3.0, 0.2, -3.3, -3.3),
            (2.0, -3.0, 0.2, 6.0, 6.0),
            (0.5, -3.0, 0.2, 2.4, 0.0),
            (0.5, -3.0, 0.4, 1.8, 0.0),
            (0.9, -3.0, 0.2, 2.7, 2.7),
        ]:
            found, slopes = one(ratio, advantage, clip, dtype)
            assert abs(found - loss) < near * 10
            assert abs(slopes[0] - slope) < near * 10
            assert slopes[1] == 0


def test_mean_over_all_named_tokens():
    mask = torch.tensor([[True, True, True], [False, True, False]])
    old = torch.full((2, 3), -2.0)
    advantage = torch.tensor([[1.0, 2.0, 3.0], [50.0, 10.0, 70.0]])
    assert abs(ppo_loss(old, old, advantage, mask).item() + 4.0) < 1e-5
    twice = [torch.cat([part, part]) for part in (old, old, advantage, mask)]
    assert abs(ppo_loss(*twice).item() + 4.0) < 1e-5
