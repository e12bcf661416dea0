"""What stands beside the student's code: other memory layouts, and losses under gates."""

import importlib
from typing import Any

import torch
from torch import Tensor


def on_views(function: str, *tensors: Tensor, **others: Any) -> Any:
    """Call a function of langmodels.attention with tensors that are not contiguous in memory."""
    return _named(function)(*map(_as_view, tensors), **others)


def on_views_of_one(function: str, *tensors: Tensor) -> Any:
    """The same, where all tensors are slices of one, as after a projection to all of them."""
    together = torch.cat(tensors, dim=-1)
    return _named(function)(*together.split([tensor.shape[-1] for tensor in tensors], dim=-1))


def layer_on_views(layer: Any, *tensors: Tensor, **others: Any) -> Tensor:
    """Call a layer with tensors that are not contiguous in memory."""
    result: Tensor = layer(*map(_as_view, tensors), **others)
    return result


def _named(function: str) -> Any:
    return getattr(importlib.import_module("langmodels.attention"), function)


def _as_view(tensor: Tensor) -> Tensor:
    return tensor.mT.contiguous().mT


def keep(value: Any) -> Any:
    """The value itself: `keep.obj(x)` lends one object to several calls."""
    return value


class Losses:
    """Losses of N examples that feel every gate, and each gate more or less for what others do.

    loss_n = log Σ_i exp(w_ni · gates), with the gates of all layers and heads in one vector.

    Args:
        directions: w, of shape (N, I, L, H).
    """

    def __init__(self, directions: Tensor) -> None:
        self.directions = directions

    def __call__(self, gates: Tensor) -> Tensor:
        return torch.einsum("nilh,lh->ni", self.directions, gates.double()).logsumexp(dim=1)
