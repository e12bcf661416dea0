"""Chapter 17's reference against peft, and a layer in four bits as a whole."""

from typing import Any

import peft
import pytest
import torch
from peft.tuners.adalora.layer import RankAllocator
from torch import nn
from torch.nn import functional

from langmodels.lora import (
    DoRALinear,
    LoRALinear,
    Quantized,
    QuantizedLinear,
    dequantize_nf4,
    double_quantize,
    merge,
    orthogonality,
    quantize_nf4,
    rank_budget,
    search_weights,
)


class Model(nn.Module):
    def __init__(self, base: nn.Linear) -> None:
        super().__init__()
        self.proj = base

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out: torch.Tensor = self.proj(x)
        return out


@pytest.mark.parametrize(("kind", "use_dora"), [(LoRALinear, False), (DoRALinear, True)])
def test_layer_is_that_of_peft(kind: type[LoRALinear], use_dora: bool) -> None:
    torch.manual_seed(0)
    ours = kind(nn.Linear(6, 5), rank=3, alpha=7.0)
    base = nn.Linear(6, 5)
    base.load_state_dict(ours.base.state_dict())
    nn.init.normal_(ours.up)
    config = peft.LoraConfig(r=3, lora_alpha=7, target_modules=["proj"], use_dora=use_dora)
    theirs: Any = peft.get_peft_model(Model(base), config)
    layer = theirs.base_model.model.proj
    with torch.no_grad():
        layer.lora_A["default"].weight.copy_(ours.down)
        layer.lora_B["default"].weight.copy_(ours.up)
    x = torch.randn(2, 4, 6)
    expected, got = theirs(x), ours(x)
    torch.testing.assert_close(got, expected)
    weights = torch.randn_like(got)
    (expected * weights).sum().backward()
    (got * weights).sum().backward()
    torch.testing.assert_close(ours.down.grad, layer.lora_A["default"].weight.grad)
    torch.testing.assert_close(ours.up.grad, layer.lora_B["default"].weight.grad)
    if use_dora:
        magnitude = layer.lora_magnitude_vector["default"].weight
        torch.testing.assert_close(ours.magnitude.grad, magnitude.grad)
    else:
        merge(ours)
        theirs = theirs.merge_and_unload()
        torch.testing.assert_close(ours.base.weight, theirs.proj.weight)


def test_budget_is_that_of_peft() -> None:
    config = peft.AdaLoraConfig(
        init_r=12, target_r=4, tinit=7, tfinal=11, total_step=60, target_modules=["proj"]
    )
    allocator: Any = RankAllocator.__new__(RankAllocator)
    allocator.peft_config, allocator.init_bgt, allocator.target_bgt = config, 97, 31
    for step in range(60):
        expected, _ = allocator.budget_schedule(step)
        assert rank_budget(step, 60, 97, 31, 7, 11) == expected


def test_layer_of_four_bits_carries_a_correction() -> None:
    """The base is near what it was, half a step of a level at most; the correction learns."""
    torch.manual_seed(0)
    linear = nn.Linear(40, 30)
    quantized = QuantizedLinear(linear, block=16)
    scale = linear.weight.detach().view(-1, 16).abs().amax(1).repeat_interleave(16).view(30, 40)
    assert ((quantized.weight - linear.weight).abs() <= 0.1520 * scale).all()  # the widest gap / 2
    assert quantized.weight.unique().numel() > 100
    layer = LoRALinear(quantized, rank=2)  # type: ignore[arg-type]
    x = torch.randn(3, 40)
    expected = functional.linear(x, quantized.weight, linear.bias)
    torch.testing.assert_close(layer(x), expected)
    layer(x).sum().backward()
    assert layer.up.grad is not None
    assert layer.up.grad.any()


def test_scales_of_eight_bits_serve_the_weights() -> None:
    """Codes with scales that were quantised themselves give nearly the same weights."""
    torch.manual_seed(0)
    weight = torch.randn(64, 96)
    quantized = quantize_nf4(weight)
    codes, steps, mean = double_quantize(quantized.scales, block=32)
    scales = codes * steps.repeat_interleave(32)[: len(codes)] + mean
    once = dequantize_nf4(quantized)
    twice = dequantize_nf4(Quantized(quantized.codes, scales, quantized.shape))
    assert 0 < (once - twice).abs().max() < 0.01
    assert (twice - weight).square().mean() < 1.05 * (once - weight).square().mean()


def test_orthogonality_is_zero_for_an_svd_only() -> None:
    torch.manual_seed(0)
    p, _, q = torch.linalg.svd(torch.randn(7, 5, dtype=torch.float64), full_matrices=False)
    assert orthogonality(p, q) < 1e-20
    # Twice as long: each of five diagonal entries is 3 too large.
    assert orthogonality(2 * p, q) == pytest.approx(5 * 9)
    assert orthogonality(p, 2 * q) == pytest.approx(5 * 9)


def test_search_finds_weights_without_gradients() -> None:
    wanted = torch.tensor([0.7, -0.4, 0.2])
    calls = []

    def loss(weights: torch.Tensor) -> float:
        calls.append(weights.clone())
        return float((weights - wanted).square().sum())

    found, least = search_weights(loss, 3, 200, seed=1)
    assert len(calls) == 201
    assert not calls[0].any()
    assert least == min(map(loss, calls[:])) == loss(found)
    assert least < 1e-4
    assert torch.equal(search_weights(loss, 3, 20, seed=1)[0], search_weights(loss, 3, 20, 1)[0])
