"""p is exactly a sum of probabilities.

Logarithms and exponentials round, so the sum may end on either side of p: right solutions differ
there. Choose p a little below and a little above.
"""

from langmodels.test_generation import *


def test_top_p():
    logits = torch.tensor([[0.1, 0.6, 0.3], [0.7, 0.1, 0.2]]).log()
    for p, kept in [(0.6, [[1], [0]]), (0.9, [[1, 2], [0, 2]]), (0.7, [[1, 2], [0]])]:
        got = top_p(logits, p) > -math.inf
        assert [row.nonzero()[:, 0].tolist() for row in got] == kept
