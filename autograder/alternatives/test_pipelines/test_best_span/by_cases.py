"""Right: cases worked out by hand, one for each rule."""

from langmodels.test_pipelines import *


@pytest.fixture
def both():
    return [torch.tensor([0.3, 0.1, 0.6]).log(), torch.tensor([0.7, 0.2, 0.1]).log()]


def test_best_span(both):
    first, last, score = best_span(*both, torch.ones(3, dtype=torch.bool))
    assert (first, last) == (0, 0)
    assert score == pytest.approx(0.21, rel=1e-4)


def test_forbidden(both):
    first, last, score = best_span(*both, torch.tensor([False, True, True]))
    assert (first, last) == (2, 2)
    assert score == pytest.approx(6 / 7 / 3, rel=1e-4)


def test_forbidden_end():
    start, end = torch.tensor([4.0, 1.0, 2.0, 0.0]), torch.tensor([0.0, 1.0, 9.0, 2.0])
    got = best_span(start, end, torch.tensor([True, True, False, True]))
    assert tuple(got[:2]) == (0, 3)


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 6])
def test_limits(limit):
    start, end = torch.zeros(6), torch.arange(6.0)
    start[0] = 20
    everywhere = torch.ones(6, dtype=torch.bool)
    assert tuple(best_span(start, end, everywhere, limit)[:2]) == (0, limit - 1)


def test_fifteen():
    start, end = torch.zeros(30), torch.arange(30.0)
    start[0] = 60
    assert tuple(best_span(start, end, torch.ones(30, dtype=torch.bool))[:2]) == (0, 14)


def test_products_not_sums():
    start, end = torch.tensor([0.5, 0.06, 0.44]).log(), torch.tensor([0.02, 0.4, 0.58]).log()
    got = best_span(start, end, torch.ones(3, dtype=torch.bool), 1)
    assert tuple(got[:2]) == (2, 2)


def test_first_of_equals():
    flat = torch.zeros(4)
    allowed = torch.tensor([False, True, True, True])
    assert tuple(best_span(flat, flat, allowed)[:2]) == (1, 1)


def test_nothing():
    with pytest.raises(ValueError):
        best_span(torch.zeros(2), torch.zeros(2), torch.zeros(2, dtype=torch.bool))


def test_very_small():
    start = torch.tensor([0.0, 0.0, 0.0, 2000.0])
    end = torch.tensor([0.0, 2000.0, 0.0, 0.0])
    got = best_span(start, end, torch.tensor([False, True, False, True]))
    assert tuple(got[:2]) == (1, 1)
