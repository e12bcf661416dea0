"""Right: looks at all subsets for the smallest that is enough."""

from itertools import combinations

import pytest

from langmodels.test_generation import *


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("p", [0.0, 0.35, 0.43, 0.6, 0.67, 0.72, 0.88, 0.93, 0.999])
def test_top_p(dtype, p):
    shares = torch.tensor([[0.05, 0.4, 0.1, 0.15, 0.3], [0.45, 0.02, 0.24, 0.21, 0.08]])
    for logits in (shares.to(dtype).log() - 40, shares.to(dtype).log() + 3):
        wanted = torch.full_like(logits, -math.inf)
        for row, line in enumerate(shares.tolist()):
            subsets = [c for n in range(1, 6) for c in combinations(range(5), n)]
            enough = [c for c in subsets if sum(line[token] for token in c) >= p]
            fewest = min(map(len, enough))
            best = max(
                (c for c in enough if len(c) == fewest), key=lambda c: sum(line[t] for t in c)
            )
            wanted[row, list(best)] = logits[row, list(best)]
        assert torch.equal(top_p(logits, p), wanted)
        assert torch.equal(top_p(logits[0], p), wanted[0])
        assert torch.equal(top_p(logits.expand(3, 2, 5), p), wanted.expand(3, 2, 5))
        assert top_p(logits, p).dtype == dtype


def test_tails():
    flat = torch.cat([torch.tensor([9.0]), -1e-4 * torch.arange(8000)])
    assert top_p(flat, 0.4).isfinite().sum() == 1
    half = top_p(flat, 0.7).isfinite()
    total = flat.double().softmax(0)[half].sum()
    assert 0.7 <= total < 0.7 + 1e-3
    out = torch.tensor([[0.0, -math.inf, -1.0]])
    assert torch.equal(top_p(out, 0.99), out)
    coarse = flat.bfloat16()
    shares = coarse.double().softmax(0)
    kept = top_p(coarse, 0.7) > -math.inf
    surely = kept & (shares > shares[kept].min())
    assert shares[surely].sum() < 0.7 < shares[kept].sum()
