"""Low-rank adaptation: keep what a model knows, and learn a correction of few parameters.

Fine-tuning moves every weight of W. LoRA leaves W alone and learns what to add to it, as a product
of two thin matrices:

    y = W x + (α / R) · B A x

B begins as zeros, so the model begins as it was. When all is learned, the product can be added to
W, and costs nothing from then on.

Letters: I numbers in, O numbers out, R rank, B batch, T positions, N adapters, C numbers in a
block.

Sources: Hu et al. (2022), LoRA; Zhang et al. (2023), AdaLoRA; Huang et al. (2024), LoRAHub;
Dettmers et al. (2023), QLoRA; Sheng et al. (2024), S-LoRA; Lialin et al. (2024), ReLoRA; Liu et al.
(2024), DoRA.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from math import prod, sqrt
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int, Int8, UInt8
from torch import Tensor, nn
from torch.nn import functional

from langmodels.inference import quantize_int8

# --- One layer ------------------------------------------------------------------------------------


class LoRALinear(nn.Module):
    """A linear layer that stays as it is, and a correction of rank R that learns.

    Attributes:
        base: the layer, frozen.
        down: A, shape (R, I). Each row begins as nn.Linear draws its weights.
        up: B, shape (O, R), zeros at first.
        scale: α / R, so that another rank needs no other learning rate.
        merged: whether the base layer holds the correction already.
    """

    def __init__(
        self, base: nn.Linear, rank: int, alpha: float | None = None, dropout: float = 0.0
    ) -> None:
        """Freeze the base. α is the rank by default. Raises ValueError for a rank below 1."""
        super().__init__()
        if rank < 1:
            raise ValueError(f"a correction of rank {rank} could not learn anything")
        raise NotImplementedError("lora.LoRALinear")

    def forward(self, x: Float[Tensor, "*batch I"]) -> Float[Tensor, "*batch O"]:
        """W x + b + α/R · B A dropout(x); a merged layer is its base alone."""
        raise NotImplementedError("lora.LoRALinear")

    def delta(self) -> Float[Tensor, "O I"]:
        """What the correction adds to W: α/R · B A."""
        product: Tensor = self.up @ self.down
        return self.scale * product


@torch.no_grad()
def merge(layer: LoRALinear, undo: bool = False) -> bool:
    """Add the correction to the base layer's weights, so that it costs nothing any more.

    A layer that is merged stays as it is. The weights of the base change in place.

    Args:
        undo: take the correction out again, to learn on or to swap it. A layer that is not merged
            stays as it is.

    Returns:
        whether anything has changed.
    """
    raise NotImplementedError("lora.merge")


# --- A whole model --------------------------------------------------------------------------------


def add_lora(
    model: nn.Module, pattern: str, rank: int, alpha: float | None = None, dropout: float = 0.0
) -> list[str]:
    """Freeze a model, and give its linear layers with these names a correction that learns.

    Args:
        model: changed in place.
        pattern: a regular expression that must match the whole dotted name of a layer, such as
            `layers.0.attention.in_proj`.

    Returns:
        the names of these layers, in the order of `model.named_modules()`.

    Raises:
        ValueError: no linear layer has such a name; the model is then as it was.
    """
    raise NotImplementedError("lora.add_lora")


def lora_state(model: nn.Module) -> dict[str, Tensor]:
    """What was learned and nothing else: `down` and `up` of each LoRALinear, by their dotted names.

    `model.load_state_dict(…, strict=False)` takes it in again.
    """
    raise NotImplementedError("lora.lora_state")


def restart(layer: LoRALinear, optimizer: torch.optim.Optimizer) -> Float[Tensor, "O I"]:
    """Merge the correction for good and begin a new one, so that ranks add up (ReLoRA).

    The base keeps what was learned; `down` is drawn anew and `up` is zeros, as at first; what the
    optimiser remembers of the two is forgotten, for it is about another product. The layer computes
    the same as before.

    Returns:
        the correction that the base holds from now on, without a graph.
    """
    raise NotImplementedError("lora.restart")


# --- Many adapters --------------------------------------------------------------------------------


def batched_lora(
    x: Float[Tensor, "B T I"],
    down: Float[Tensor, "N R I"],
    up: Float[Tensor, "N O R"],
    scales: Float[Tensor, " N"],
    adapters: Int[Tensor, " B"],
) -> Float[Tensor, "B T O"]:
    """The corrections of a batch in which each text has an adapter of its own (S-LoRA).

    Args:
        down: A of each adapter. Those of lower rank are filled up with zeros.
        up: B of each adapter, likewise.
        scales: α / R of each.
        adapters: which one is whose; -1 is none, and its correction is zero.

    Returns:
        scales[n] · up[n] down[n] x for each text; no O × I matrix is built on the way.
    """
    raise NotImplementedError("lora.batched_lora")


def compose(
    states: Sequence[Mapping[str, Tensor]], weights: Sequence[float]
) -> dict[str, Float[Tensor, "..."]]:
    """One adapter out of several: each of its matrices is their weighted sum (LoRAHub).

    The sums are of A and of B apart, Σ w A and Σ w B; their product is then no weighted sum of the
    products, but has the rank of one adapter.

    Raises:
        ValueError: there are not as many weights as adapters, or the adapters have other layers.
    """
    if len(states) != len(weights):
        raise ValueError(f"{len(states)} adapters cannot have {len(weights)} weights")
    if any(state.keys() != states[0].keys() for state in states):
        raise ValueError("the adapters are for different layers")
    raise NotImplementedError("lora.compose")


# --- A base of four bits --------------------------------------------------------------------------


def normal_float_levels(n_bits: int = 4) -> Float[Tensor, " levels"]:
    """The 2ⁿ numbers that n bits stand for: quantiles of a normal distribution, rising; float32.

    Zero is exact, with one level more above it than below; the outermost are -1 and 1. With m = 2ⁿ
    and δ = (1 / 2m + 1 / (2m - 2)) / 2, those from zero up are Φ⁻¹ at m/2 + 1 equal steps from 1/2
    to 1 - δ, and those from zero down are -Φ⁻¹ at m/2 such steps; all are divided by Φ⁻¹(1 - δ).

    Source: Dettmers et al. (2023), appendix E; four bits give the sixteen levels of its table.
    """
    raise NotImplementedError("lora.normal_float_levels")


class Quantized(NamedTuple):
    """A tensor in blocks of four-bit codes."""

    codes: UInt8[Tensor, "N C"]  # 0 … 15, one in a byte: two would fit
    scales: Float[Tensor, " N"]
    shape: Sequence[int]  # of the tensor


def quantize_nf4(weight: Float[Tensor, "..."], block: int = 64) -> Quantized:
    """Cut a tensor into blocks of C numbers, in rows' order; each becomes its scale and codes.

    The scale of a block is its largest magnitude; a code is the place of the level of
    normal_float_levels(4) that is nearest to number / scale (halfway, either). A block of zeros has
    scale 0 and the code of level zero. The last block is filled up with zeros.

    Returns:
        codes as uint8, scales in the dtype of the tensor, and the shape of the tensor.
    """
    raise NotImplementedError("lora.quantize_nf4")


def dequantize_nf4(quantized: Quantized) -> Float[Tensor, "..."]:
    """The tensor that the codes stand for, in its shape and in the dtype of the scales."""
    codes, scales, shape = quantized
    levels = normal_float_levels(4).to(scales)
    return (levels[codes.long()] * scales[:, None]).flatten()[: prod(shape)].view(*shape)


class QuantizedScales(NamedTuple):
    """Scales in eight bits: scale n is codes[n] · steps[n // block] + mean."""

    codes: Int8[Tensor, " N"]
    steps: Float[Tensor, " M"]
    mean: Float[Tensor, ""]


def double_quantize(scales: Float[Tensor, " N"], block: int = 256) -> QuantizedScales:
    """Quantise the scales of the blocks as well: eight bits each instead of 32.

    Scales are all positive, so half of the codes would never be used: their mean is taken away
    first. What is left is cut into blocks, of which the last may be shorter, and quantize_int8
    gives a step for each and the codes. N is at least 1.

    With blocks of 64 weights and of 256 scales, a weight costs 4 + 8/64 + 32/(64 · 256) bits.
    Source: Dettmers et al. (2023), section 3, where the eight bits are those of a float.
    """
    raise NotImplementedError("lora.double_quantize")


class QuantizedLinear(nn.Module):
    """A linear layer that keeps its weights in four bits, and writes them out for each product.

    It stands where LoRALinear has its base: the correction learns in full precision.
    """

    def __init__(self, linear: nn.Linear, block: int = 64) -> None:
        super().__init__()
        self.in_features, self.out_features = linear.in_features, linear.out_features
        codes, scales, self.shape = quantize_nf4(linear.weight.detach(), block)
        self.register_buffer("codes", codes)
        self.register_buffer("scales", scales)
        self.bias = linear.bias

    @property
    def weight(self) -> Float[Tensor, "O I"]:
        """The weights that the codes stand for."""
        return dequantize_nf4(Quantized(self.codes, self.scales, self.shape))  # type: ignore[arg-type]

    def forward(self, x: Float[Tensor, "*batch I"]) -> Float[Tensor, "*batch O"]:
        """W x + b, with the weights that the codes stand for."""
        return functional.linear(x, self.weight, self.bias)


# --- Rank where it is needed ----------------------------------------------------------------------


def orthogonality(p: Float[Tensor, "O R"], q: Float[Tensor, "R I"]) -> Float[Tensor, ""]:
    """How far P and Q are from what an SVD would have: ‖PᵀP - 1‖² + ‖QQᵀ - 1‖².

    AdaLoRA writes the correction as P Λ Q, with Λ diagonal, and adds this to the loss.
    Source: Zhang et al. (2023), equation 4.
    """
    one = torch.eye(p.shape[1], dtype=p.dtype, device=p.device)
    return (p.T @ p - one).square().sum() + (q @ q.T - one).square().sum()


class Importance:
    """How much the loss would miss each number of a parameter, smoothed over the steps.

    s = |w · ∂loss/∂w| swings from batch to batch. So two running means are kept: S of s itself,
    and U of how far s is from S; the importance is S · U.

    Source: Zhang et al. (2023), equations 9 to 11.
    """

    def __init__(self, beta1: float = 0.85, beta2: float = 0.85) -> None:
        self.beta1, self.beta2 = beta1, beta2
        self.sensitivity: Tensor | float = 0.0  # S
        self.uncertainty: Tensor | float = 0.0  # U

    def update(
        self, weight: Float[Tensor, "..."], gradient: Float[Tensor, "..."]
    ) -> Float[Tensor, "..."]:
        """Take in a step. Returns the importance of each number.

        S ← β₁ S + (1 - β₁) s, then U ← β₂ U + (1 - β₂) |s - S|, with the new S. Both begin at 0.
        """
        raise NotImplementedError("lora.Importance")


def rank_budget(
    step: int, n_steps: int, first: int, last: int, warm_up: int, cool_down: int
) -> int:
    """How many ranks all layers together may keep at a step (AdaLoRA's cubic schedule).

    `first` for the steps before `warm_up`; `last` for the last `cool_down` steps; in between
    `last + (first - last) · (1 - (step - warm_up) / (n_steps - warm_up - cool_down))³`, rounded
    down. Steps count from 0, and `first` is not less than `last`.

    Source: Zhang et al. (2023), equation 12.
    """
    raise NotImplementedError("lora.rank_budget")


def allocate(importance: Sequence[Float[Tensor, " R"]], budget: int) -> list[Bool[Tensor, " R"]]:
    """Which ranks of which layers stay: the `budget` most important ones of all layers together.

    Of equals the ones that come first stay. Where there are no more than `budget`, all stay.

    Args:
        importance: for each layer a score for each of its ranks; layers may differ in rank.
    """
    raise NotImplementedError("lora.allocate")


# --- Direction and magnitude ----------------------------------------------------------------------


class DoRALinear(LoRALinear):
    """LoRA turns the rows of W, and a number for each row says how long it is.

    Attributes:
        magnitude: shape (O,), at first the length of W's rows.

    Source: Liu et al. (2024), DoRA, equation 5.
    """

    def __init__(
        self, base: nn.Linear, rank: int, alpha: float | None = None, dropout: float = 0.0
    ) -> None:
        super().__init__(base, rank, alpha, dropout)
        self.magnitude = nn.Parameter(base.weight.detach().norm(dim=1))

    def forward(self, x: Float[Tensor, "*batch I"]) -> Float[Tensor, "*batch O"]:
        """magnitude · (W + α/R · B A) x / ‖W + α/R · B A‖ + b, with the length of each row.

        No gradient goes through the lengths that it is divided by: section 4.3 of the paper.
        Dropout is on what the correction sees. `merge` does not know this layer.
        """
        raise NotImplementedError("lora.DoRALinear")


# --- Finding weights without gradients ------------------------------------------------------------


def search_weights(
    loss: Callable[[Tensor], float], n: int, n_steps: int, seed: int, spread: float = 0.3
) -> tuple[Float[Tensor, " n"], float]:
    """The best of n weights that a random search finds, from zeros on (a (1+1) evolution strategy).

    Each step adds normal noise of `spread` to the best weights so far and keeps what is better. The
    spread grows by half after a success and shrinks by a tenth after a failure.

    Args:
        loss: called once for the zeros and once a step.

    Returns:
        the weights and their loss.

    LoRAHub uses a search of this kind: a handful of weights, a few examples, no backward pass.
    """
    chance = torch.Generator().manual_seed(seed)
    best = torch.zeros(n)
    least = loss(best)
    for _ in range(n_steps):
        trial = best + spread * torch.randn(n, generator=chance)
        if (value := loss(trial)) < least:
            best, least, spread = trial, value, 1.5 * spread
        else:
            spread *= 0.9
    return best, least
