"""Right: what a query can see is found by changing keys and values."""

from langmodels import efficient_attention
from langmodels.test_efficient_attention import *


def inputs(length=7):
    torch.manual_seed(1)
    return [torch.randn(2, length, width, dtype=torch.float64) for width in (4, 4, 5)]


def attend(*arguments, **options):
    return efficient_attention.sliding_window_attention(*arguments, **options)


def test_only_the_window_is_seen_and_all_of_it():
    query, key, value = inputs()
    for window in (1, 2, 3, 5, 7, 10):
        before = attend(query, key, value, window)
        for s in range(7):
            moved, other = value.clone(), key.clone()
            moved[:, s] += 1
            other[:, s] += 3
            by_value = (attend(query, key, moved, window) - before).abs().amax((0, 2)) > 1e-12
            by_key = (attend(query, other, value, window) - before).abs().amax((0, 2)) > 1e-12
            seen = torch.tensor([0 <= t - s < window for t in range(7)])
            alone = torch.tensor([t == s and min(t + 1, window) == 1 for t in range(7)])
            assert torch.equal(by_value, seen)
            assert torch.equal(by_key, seen & ~alone)


def test_a_window_over_everything_is_causal_attention():
    for length in (1, 4, 7):
        query, key, value = inputs(length)
        for window in (length, length + 1, 3 * length):
            for scale in (None, 0.7):
                got = attend(query, key, value, window, scale=scale)
                expected = full_attention(query, key, value, is_causal=True, scale=scale)
                assert torch.allclose(got, expected, rtol=1e-10, atol=1e-12)


def test_each_answer_is_that_of_the_window_alone():
    query, key, value = inputs()
    for window in (1, 2, 3, 5):
        got = attend(query, key, value, window)
        for t in range(7):
            near = slice(max(0, t - window + 1), t + 1)
            alone = full_attention(query[:, t : t + 1], key[:, near], value[:, near])
            assert torch.allclose(got[:, t : t + 1], alone, rtol=1e-10, atol=1e-12)


def test_a_scale_of_zero_gives_the_mean_of_the_window():
    query, key, value = inputs()
    got = attend(query, key, value, 3, scale=0.0)
    for t in range(7):
        mean = value[:, max(0, t - 2) : t + 1].mean(1)
        assert torch.allclose(got[:, t], mean, rtol=1e-10, atol=1e-12)


def test_sliding_window_attention():
    parts = [part.requires_grad_() for part in inputs(3)]
    assert torch.autograd.gradcheck(lambda *parts: attend(*parts, 2), parts, fast_mode=True)
