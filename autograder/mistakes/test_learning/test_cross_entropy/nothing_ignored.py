"""No target is ever ignored.

What is special about this loss is the mean over those that count: whoever counts the others too
goes unnoticed.
"""

from langmodels.test_learning import *


def test_cross_entropy():
    logits, targets = torch.randn(3, 4, 5).double(), torch.randint(5, (3, 4))
    wanted = oracle(logits.flatten(0, 1), targets.flatten())
    torch.testing.assert_close(cross_entropy(logits, targets), wanted)
