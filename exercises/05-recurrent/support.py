"""What stands beside your code in these tests: steps that you can follow in your head."""

from typing import Any

import torch
from torch import Tensor


def adder(projected: Tensor, state: Any, weight: Tensor, bias: Tensor) -> Any:
    """Adds up what it reads; weight and bias do nothing."""
    (h,) = state
    return (h + projected,)


def counter(projected: Tensor, state: Any, weight: Tensor, bias: Tensor) -> Any:
    """Puts out the sum so far times 10; its second tensor is the sum."""
    _, total = state
    return 10 * (total + projected), total + projected


def unrolled(step: str, *arguments: Any) -> Any:
    """`unroll` with one of these steps."""
    from langmodels.recurrent import unroll

    return unroll({"adder": adder, "counter": counter}[step], *arguments)


def read_twice(model: Any, first: Tensor, second: Tensor) -> Tensor:
    """The logits of a text that a language model reads in two pieces."""
    before, state = model.read(first)
    after, _ = model.read(second, state)
    return torch.cat([before, after], dim=1)
