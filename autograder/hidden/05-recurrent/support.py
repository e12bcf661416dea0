"""What stands beside the student's code: steps of one and of two tensors, and ways to call."""

from typing import Any

import torch
from torch import Tensor


def damped(projected: Tensor, state: Any, weight: Tensor, bias: Tensor) -> Any:
    """A step with one tensor that depends on all that it is given."""
    (h,) = state
    return (torch.sin(projected + 0.5 * h @ weight.T + bias),)


def paired(projected: Tensor, state: Any, weight: Tensor, bias: Tensor) -> Any:
    """A step with two tensors, each of which depends on both."""
    h, c = state
    c = 0.7 * c + torch.cos(projected + h @ weight.T)
    return torch.tanh(c + bias) + 0.1 * h, c


def folded(projected: Tensor, state: Any, weight: Tensor, bias: Tensor) -> Any:
    """A step that reads three numbers for each that it puts out."""
    (h,) = state
    first, second, third = (projected + h @ weight.T + bias).chunk(3, dim=-1)
    return (torch.tanh(first - second) + 0.5 * third.sin(),)


def unrolled(step: str, *arguments: Any) -> Any:
    """`unroll` with one of these steps."""
    from langmodels.recurrent import unroll

    return unroll({"damped": damped, "paired": paired, "folded": folded}[step], *arguments)


def in_pieces(layer: Any, pieces: list[Tensor]) -> Any:
    """What a Recurrent puts out for a text in pieces, and its last state."""
    outputs, state = [], None
    for piece in pieces:
        output, state = layer(piece, state)
        outputs.append(output)
    return torch.cat(outputs, dim=1), state


def read_in_pieces(model: Any, pieces: list[Tensor]) -> Any:
    """The logits of a text that a language model reads in pieces, and its last state."""
    logits, state = [], None
    for piece in pieces:
        answer, state = model.read(piece, state)
        logits.append(answer)
    return torch.cat(logits, dim=1), state
