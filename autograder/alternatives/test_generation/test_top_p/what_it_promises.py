"""Right: checks the promises, one by one, on random distributions."""

from langmodels.test_generation import *


def test_top_p():
    generator = torch.Generator().manual_seed(11)
    for shape in [(6,), (2, 5), (2, 3, 4), (1, 300)]:
        for dtype in (torch.float64, torch.float32):
            for p in (0.0, 0.2, 0.5, 0.77, 0.95):
                logits = (2 * torch.randn(shape, generator=generator)).to(dtype) + 20
                got = top_p(logits, p)
                assert got.dtype == dtype
                assert got.shape == logits.shape
                kept = got > -math.inf
                assert torch.equal(got[kept], logits[kept])
                assert (got[~kept] == -math.inf).all()
                shares = logits.double().softmax(-1)
                for mask, row in zip(
                    kept.view(-1, shape[-1]), shares.view(-1, shape[-1]), strict=True
                ):
                    assert mask.any()
                    assert row[mask].sum() >= p - 1e-9
                    if mask.sum() > 1:
                        assert row[mask].sum() - row[mask].min() < p + 1e-9
                    assert row[mask].min() > row[~mask].max() if not mask.all() else True


def test_many_small_ones():
    logits = torch.zeros(1, 5001) - 1e-5 * torch.arange(5001)
    logits[0, 3000] = 8.0
    for cut in (logits, logits.float()):
        shares = cut.double().softmax(-1)[0]
        kept = top_p(cut, 0.65)[0] > -math.inf
        assert kept[3000]
        assert 0.65 <= shares[kept].sum() < 0.66
    short = logits.bfloat16()
    shares = short.double().softmax(-1)[0]
    kept = top_p(short, 0.65)[0] > -math.inf
    assert shares[kept].sum() > 0.65
    assert shares[kept & (shares > shares[kept].min())].sum() < 0.65
