"""The blocks of a Transformer decoder, as LLaMA has them: norm first, rotary positions, SwiGLU.

Letters: B batch, T positions, D width, H query heads, G heads of keys and values, K head width,
F inner width of the feed-forward network.

Sources: Zhang & Sennrich (2019), RMSNorm; Shazeer (2020), GLU Variants; Su et al. (2021),
RoFormer; Touvron et al. (2023), LLaMA.
"""

from typing import Any

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn import functional

from langmodels.attention import merge_heads
from langmodels.efficient_attention import grouped_query_attention

Rotation = tuple[Float[Tensor, "#B 1 T K"], Float[Tensor, "#B 1 T K"]]  # cosines and sines


class RMSNorm(nn.Module):
    """x / √(mean(x²) + ε) · weight: a layer norm without mean and bias."""

    def __init__(self, width: int, eps: float = 1e-5) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.eps = eps

    def forward(self, x: Float[Tensor, "*batch D"]) -> Float[Tensor, "*batch D"]:
        """Rows of root mean square 1, times the weight."""
        return functional.rms_norm(x, self.weight.shape, self.weight, self.eps)


class SwiGLU(nn.Module):
    """W₂ (silu(W₁ x) ∘ W₃ x); W₁ and W₃ are one matrix, [W₁; W₃]."""

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.in_proj = nn.Linear(width, 2 * inner, bias=False)
        self.out_proj = nn.Linear(inner, width, bias=False)

    def forward(self, x: Float[Tensor, "*batch D"]) -> Float[Tensor, "*batch D"]:
        """One position at a time: nothing moves between positions here."""
        gate, up = self.in_proj(x).chunk(2, dim=-1)
        out: Tensor = self.out_proj(functional.silu(gate) * up)
        return out


def rotary_angles(
    positions: Int[Tensor, "*B T"], head_width: int, base: float = 10_000.0
) -> Rotation:
    """cos and sin of position · base^(-2i/K), once for each of the two halves of a head."""
    exponents = torch.arange(0, head_width, 2, device=positions.device) / head_width
    angles = positions[..., None, :, None] * base**-exponents
    angles = torch.cat([angles, angles], dim=-1)
    return angles.cos(), angles.sin()


def rotate(x: Float[Tensor, "B H T K"], rotation: Rotation) -> Float[Tensor, "B H T K"]:
    """Turn the pairs (x_i, x_{i+K/2}) by their angles, so that q·k depends on the distance only.

    These are the pairs of GPT-NeoX and LLaMA in `transformers`; the paper's are neighbours.
    """
    cos, sin = rotation
    first, second = x.chunk(2, dim=-1)
    turned = torch.cat([-second, first], dim=-1)
    return (x * cos + turned * sin).to(x.dtype)


class SelfAttention(nn.Module):
    """Causal self-attention with rotary positions and G ≤ H heads of keys and values.

    The rows of `in_proj.weight` are H query heads, G key heads, G value heads.
    """

    def __init__(self, width: int, n_heads: int, n_kv_heads: int, head_width: int) -> None:
        super().__init__()
        self.heads = n_heads, n_kv_heads, n_kv_heads
        self.in_proj = nn.Linear(width, sum(self.heads) * head_width, bias=False)
        self.out_proj = nn.Linear(n_heads * head_width, width, bias=False)

    def forward(
        self,
        x: Float[Tensor, "B T D"],
        rotation: Rotation,
        mask: Bool[Tensor, "#B #H T S"] | None,
        remember: Any = None,
    ) -> Float[Tensor, "B T D"]:
        """Mix positions. `remember(key, value)` adds those of the past to them; see inference."""
        heads = self.in_proj(x).unflatten(-1, (sum(self.heads), -1)).transpose(1, 2)
        n_queries, n_keys, n_values = self.heads
        turned, value = heads.split([n_queries + n_keys, n_values], dim=1)
        query, key = rotate(turned, rotation).split([n_queries, n_keys], dim=1)
        if remember is not None:
            key, value = remember(key, value)
        out: Tensor = self.out_proj(merge_heads(grouped_query_attention(query, key, value, mask)))
        return out


class DecoderLayer(nn.Module):
    """x + attention(norm(x)), then x + feed-forward(norm(x))."""

    def __init__(
        self,
        width: int,
        n_heads: int,
        n_kv_heads: int,
        head_width: int,
        inner: int,
        eps: float = 1e-5,
    ) -> None:
        super().__init__()
        self.attention_norm = RMSNorm(width, eps)
        self.attention = SelfAttention(width, n_heads, n_kv_heads, head_width)
        self.mlp_norm = RMSNorm(width, eps)
        self.mlp = SwiGLU(width, inner)

    def forward(
        self,
        x: Float[Tensor, "B T D"],
        rotation: Rotation,
        mask: Bool[Tensor, "#B #H T S"] | None,
        remember: Any = None,
    ) -> Float[Tensor, "B T D"]:
        """See SelfAttention."""
        x = x + self.attention(self.attention_norm(x), rotation, mask, remember)
        out: Tensor = x + self.mlp(self.mlp_norm(x))
        return out
