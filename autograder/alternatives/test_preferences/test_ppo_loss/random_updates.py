"""Right: compares random updates with the same formula, written with where."""

from langmodels.test_preferences import *


def expected(logprobs, old, advantage, mask, clip):
    ratio = torch.exp(logprobs - old)
    bound = torch.where(advantage >= 0, ratio.clamp(max=1 + clip), ratio.clamp(min=1 - clip))
    return -(bound * advantage)[mask].mean()


def test_ppo_loss():
    generator = torch.Generator().manual_seed(20)
    for clip in (0.1, 0.2, 0.5):
        for rows, length in [(1, 6), (4, 7), (3, 9)]:
            draw = [torch.randn(rows, length, generator=generator).double() for _ in range(4)]
            old = -1 - draw[0].abs()
            mask = draw[3] > -0.3
            mask[:, 0] = True
            mask[0] = True
            mask[0, 0] = rows == 1
            slopes = []
            for function in (expected, ppo_loss):
                logprobs = (old + 0.7 * draw[1]).requires_grad_()
                loss = function(logprobs, old, 3 * draw[2], mask, clip)
                loss.backward()
                slopes.append((loss.detach(), logprobs.grad))
            torch.testing.assert_close(slopes[1][0], slopes[0][0])
            torch.testing.assert_close(slopes[1][1], slopes[0][1])
    torch.testing.assert_close(
        ppo_loss(old + draw[1], old, draw[2], mask),
        expected(old + draw[1], old, draw[2], mask, 0.2),
    )
