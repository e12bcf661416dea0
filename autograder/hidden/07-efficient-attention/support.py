"""What stands beside the student's code: other memory layouts, and scores that come as a stream."""

import importlib
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import scaled_dot_product_attention


def on_views(function: str, *tensors: Tensor, **others: Any) -> Any:
    """Call a function of the chapter with tensors that are not contiguous in memory."""
    return _named(function)(*map(_as_view, tensors), **others)


def step_on_views(state: tuple[Tensor, Tensor], *tensors: Tensor) -> Any:
    """Call linear_attention_step with tensors, and a state, that are not contiguous in memory."""
    products, total = map(_as_view, state)
    return _named("linear_attention_step")((products, total), *map(_as_view, tensors))


def softmax_of_views(scores: Tensor, widths: list[int]) -> Any:
    """Call online_softmax with the columns of one matrix."""
    return _named("online_softmax")(list(scores.split(widths, dim=-1)))


def softmax_of_a_stream(block: Tensor, steps: list[float]) -> Any:
    """Call online_softmax with block + step for each of the steps, made one by one, and once."""

    def blocks() -> Iterator[Tensor]:
        for step in steps:
            yield block + step

    return _named("online_softmax")(blocks())


def keep(value: Any) -> Any:
    """The value itself: `keep.obj(x)` lends one object to several calls."""
    return value


def _named(function: str) -> Any:
    return getattr(importlib.import_module("langmodels.efficient_attention"), function)


def _as_view(tensor: Tensor) -> Tensor:
    """Every other number of a tensor twice as large."""
    return torch.stack([tensor, tensor], dim=-1)[..., 0]


# --- For a GPU --------------------------------------------------------------------------------


def normal(shape: tuple[int, ...], seed: int, dtype: str, device: str) -> Tensor:
    """Random numbers that are made where they are needed."""
    generator = torch.Generator(device).manual_seed(seed)
    return torch.randn(shape, generator=generator, device=device).to(getattr(torch, dtype))


def naive(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    """Attention that holds all scores at once."""
    return (query @ key.mT * query.shape[-1] ** -0.5).softmax(-1) @ value


def library(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    """The fused kernel; on a CPU, where it is forbidden to all code in the box, the naive way."""
    if query.device.type == "cpu":
        return naive(query, key, value)
    with sdpa_kernel(SDPBackend.FLASH_ATTENTION):
        return scaled_dot_product_attention(query, key, value)
