"""The gradients are never asked for.

A loss is there to be differentiated. One that is cut off from the graph has the right value.
"""

from langmodels.test_learning import *


def test_cross_entropy():
    for ignore in (-100, 2):
        logits, targets = 500 * torch.randn(3, 4, 5).double(), torch.randint(5, (3, 4))
        targets[0, 1:] = ignore
        targets[1, 0] = 3
        wanted = oracle(logits.flatten(0, 1), targets.flatten(), ignore_index=ignore)
        torch.testing.assert_close(cross_entropy(logits, targets, ignore), wanted)
