"""The bits of the library are demanded.

Another order of adding up rounds differently in the last place. A right loss is near, not the
same.
"""

from langmodels.test_learning import *


def test_cross_entropy():
    torch.manual_seed(0)
    for _ in range(20):
        logits, targets = torch.randn(50, 40), torch.randint(40, (50,))
        assert cross_entropy(logits, targets).item() == oracle(logits, targets).item()
