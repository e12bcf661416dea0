"""There is one target only.

Sum and mean, mean over tokens and mean over rows are the same for it. Use several rows, of
different lengths.
"""

from langmodels.test_learning import *


def test_cross_entropy():
    logits = torch.randn(1, 5).double().requires_grad_()
    target = torch.tensor([3])
    torch.testing.assert_close(cross_entropy(logits, target), oracle(logits, target))
