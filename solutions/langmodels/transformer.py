"""The blocks of a Transformer: what stands around attention, and what tells it the order.

Attention mixes positions and does nothing else. A block adds a network that works on each position
alone, a sum that keeps what came in (the residual), and a norm that keeps the sum in bounds; and
because attention knows no order, positions have to be told to it: in the input (sinusoids), in the
scores (T5, ALiBi) or in queries and keys (RoPE).

Letters, the same in every shape
    B   batch                       H   query heads
    T   positions, queries          G   heads of keys and values
    S   keys                        K   head width
    D   model width                 E   experts
    F   inner width of the          N   tokens, whatever rows they stand in
        feed-forward network        k   experts that a token is sent to

Sources: Vaswani et al. (2017); Ba, Kiros & Hinton (2016), layer normalization; Zhang & Sennrich
(2019), RMSNorm; Hendrycks & Gimpel (2016), GELU; Shazeer (2020), GLU variants; Xiong et al. (2020),
where to put the norm; Raffel et al. (2020), T5; Press et al. (2022), ALiBi; Su et al. (2021),
RoFormer; Chen et al. (2023), position interpolation; Shazeer et al. (2017) and Fedus et al. (2022),
mixtures of experts; Touvron et al. (2023), LLaMA; Zhu et al. (2025), DyT.
"""

import math
from typing import Any, Literal

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn import functional

from langmodels.attention import MultiHeadAttention, causal_mask, merge_heads
from langmodels.efficient_attention import grouped_query_attention

Rotation = tuple[Float[Tensor, "#B 1 T K"], Float[Tensor, "#B 1 T K"]]  # cosines and sines

# --- Norms ------------------------------------------------------------------------------------


def at_least_float32(x: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """Numbers of 16 bits as float32, all others as they are.

    The square of 300 is more than float16 can hold, and bfloat16 has three digits: so norms and
    activations compute in 32 bits what comes in 16, and round once, at the end.
    """
    return x.float() if x.dtype in (torch.float16, torch.bfloat16) else x


class LayerNorm(nn.Module):
    """(x - mean) / √(variance + ε) · weight + bias, for each row along the last axis.

    The variance is the mean of the squares, not the unbiased estimate. Computes what comes in 16
    bits in float32 (see `at_least_float32`); the result has the dtype of x.

    Args:
        width: D.
        eps: ε.
        bias: whether there is one.
    """

    def __init__(self, width: int, eps: float = 1e-5, bias: bool = True) -> None:
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(width))
        self.bias = nn.Parameter(torch.zeros(width)) if bias else None

    def forward(self, x: Float[Tensor, "*batch D"]) -> Float[Tensor, "*batch D"]:
        """Rows of mean 0 and variance 1, times the weight, plus the bias."""
        # BEGIN SOLUTION
        wide = at_least_float32(x)
        centred = wide - wide.mean(-1, keepdim=True)
        variance = centred.square().mean(-1, keepdim=True)
        out = centred * (variance + self.eps).rsqrt() * self.weight
        if self.bias is not None:
            out = out + self.bias
        return out.to(x.dtype)
        # END SOLUTION


class RMSNorm(nn.Module):
    """x / √(mean(x²) + ε) · weight: a layer norm without mean and bias.

    Computes what comes in 16 bits in float32; the result has the dtype of x.
    """

    def __init__(self, width: int, eps: float = 1e-5) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.eps = eps

    def forward(self, x: Float[Tensor, "*batch D"]) -> Float[Tensor, "*batch D"]:
        """Rows of root mean square 1, times the weight."""
        # BEGIN SOLUTION
        wide = at_least_float32(x)
        scale = (wide.square().mean(-1, keepdim=True) + self.eps).rsqrt()
        return (wide * scale * self.weight).to(x.dtype)
        # END SOLUTION


class DyT(nn.Module):
    """tanh(α x) · weight + bias: in the place of a norm, without looking at any other number.

    Args:
        width: D.
        alpha: where α, one number for the whole layer, begins; it is learned.

    Source: Zhu et al. (2025), Transformers without Normalization.
    """

    def __init__(self, width: int, alpha: float = 0.5) -> None:
        super().__init__()
        self.alpha = nn.Parameter(torch.tensor(alpha))
        self.weight = nn.Parameter(torch.ones(width))
        self.bias = nn.Parameter(torch.zeros(width))

    def forward(self, x: Float[Tensor, "*batch D"]) -> Float[Tensor, "*batch D"]:
        """Numbers at most |weight| away from the bias."""
        # BEGIN SOLUTION
        return (self.alpha * x).tanh() * self.weight + self.bias
        # END SOLUTION


# --- Feed-forward -----------------------------------------------------------------------------


def gelu(
    x: Float[Tensor, "*shape"], approximate: Literal["none", "tanh"] = "none"
) -> Float[Tensor, "*shape"]:
    """x · Φ(x), where Φ(x) is the probability that a standard normal number is below x.

    Args:
        x: any shape; what comes in 16 bits is computed in float32 and comes back in 16.
        approximate: "none": Φ(x) = ½ (1 + erf(x / √2)), as in BERT;
            "tanh": Φ(x) ≈ ½ (1 + tanh(√(2/π) (x + 0.044715 x³))), as in GPT-2.

    Raises:
        ValueError: for any other `approximate`.

    Source: Hendrycks & Gimpel (2016), Gaussian Error Linear Units.
    """
    if approximate not in ("none", "tanh"):
        raise ValueError(f'approximate is "none" or "tanh", not {approximate!r}')
    # BEGIN SOLUTION
    wide = at_least_float32(x)
    if approximate == "none":
        below = 0.5 * (1 + (wide / math.sqrt(2)).erf())
    else:
        below = 0.5 * (1 + (math.sqrt(2 / math.pi) * (wide + 0.044715 * wide**3)).tanh())
    return (wide * below).to(x.dtype)
    # END SOLUTION


class FeedForward(nn.Module):
    """W₂ gelu(W₁ x + b₁) + b₂, one position at a time; F is usually 4 D."""

    def __init__(
        self, width: int, inner: int, approximate: Literal["none", "tanh"] = "none"
    ) -> None:
        super().__init__()
        self.in_proj = nn.Linear(width, inner)
        self.out_proj = nn.Linear(inner, width)
        self.approximate = approximate

    def forward(self, x: Float[Tensor, "*batch D"]) -> Float[Tensor, "*batch D"]:
        """One position at a time: nothing moves between positions here."""
        out: Tensor = self.out_proj(gelu(self.in_proj(x), self.approximate))
        return out


class SwiGLU(nn.Module):
    """W₂ (silu(W₁ x) ∘ W₃ x); W₁ and W₃ are one matrix, [W₁; W₃]."""

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.in_proj = nn.Linear(width, 2 * inner, bias=False)
        self.out_proj = nn.Linear(inner, width, bias=False)

    def forward(self, x: Float[Tensor, "*batch D"]) -> Float[Tensor, "*batch D"]:
        """One position at a time: nothing moves between positions here."""
        # BEGIN SOLUTION
        gate, up = self.in_proj(x).chunk(2, dim=-1)
        out: Tensor = self.out_proj(functional.silu(gate) * up)
        return out
        # END SOLUTION


# --- The layers of the original Transformer ---------------------------------------------------


class EncoderLayer(nn.Module):
    """Attention and a feed-forward network, each with a residual and a norm; no dropout.

    Args:
        width: D.
        n_heads: H.
        inner: F.
        norm_first: pre-LN, x + f(norm(x)), as in GPT-2 and nearly all that came after it; else
            post-LN, norm(x + f(x)), as in the paper and in BERT.
        eps: ε of the norms.
    """

    def __init__(
        self, width: int, n_heads: int, inner: int, *, norm_first: bool = True, eps: float = 1e-5
    ) -> None:
        super().__init__()
        self.norm_first = norm_first
        self.attention_norm = LayerNorm(width, eps)
        self.attention = MultiHeadAttention(width, n_heads)
        self.mlp_norm = LayerNorm(width, eps)
        self.mlp = FeedForward(width, inner)

    def forward(
        self,
        x: Float[Tensor, "B T D"],
        mask: Bool[Tensor, "#B #H T T"] | Float[Tensor, "#B #H T T"] | None = None,
    ) -> Float[Tensor, "B T D"]:
        """Every position sees all that the mask allows; see `attention` for masks."""
        # BEGIN SOLUTION
        if self.norm_first:
            x = x + self.attention(self.attention_norm(x), mask=mask)
            last: Tensor = x + self.mlp(self.mlp_norm(x))
            return last
        x = self.attention_norm(x + self.attention(x, mask=mask))
        out: Tensor = self.mlp_norm(x + self.mlp(x))
        return out
        # END SOLUTION


class CrossDecoderLayer(nn.Module):
    """The decoder's layer: it looks at itself, then at what the encoder says, then thinks.

    Args: as those of `EncoderLayer`.
    """

    def __init__(
        self, width: int, n_heads: int, inner: int, *, norm_first: bool = True, eps: float = 1e-5
    ) -> None:
        super().__init__()
        self.norm_first = norm_first
        self.attention_norm = LayerNorm(width, eps)
        self.attention = MultiHeadAttention(width, n_heads)
        self.cross_norm = LayerNorm(width, eps)
        self.cross_attention = MultiHeadAttention(width, n_heads)
        self.mlp_norm = LayerNorm(width, eps)
        self.mlp = FeedForward(width, inner)

    def forward(
        self,
        x: Float[Tensor, "B T D"],
        context: Float[Tensor, "B S D"],
        mask: Bool[Tensor, "#B #H T T"] | Float[Tensor, "#B #H T T"] | None = None,
        context_mask: Bool[Tensor, "#B #H T S"] | Float[Tensor, "#B #H T S"] | None = None,
    ) -> Float[Tensor, "B T D"]:
        """Attend to x, then to the context, then the feed-forward network.

        Args:
            x: what is written so far.
            context: what the encoder's last layer gave. It is used as it is, never normed here.
            mask: what each position may see of x; by default all that is not later.
            context_mask: what it may see of the context; by default everything.
        """
        # BEGIN SOLUTION
        mask = causal_mask(x.shape[1], x.shape[1]).to(x.device) if mask is None else mask
        if self.norm_first:
            x = x + self.attention(self.attention_norm(x), mask=mask)
            x = x + self.cross_attention(self.cross_norm(x), context, context_mask)
            last: Tensor = x + self.mlp(self.mlp_norm(x))
            return last
        x = self.attention_norm(x + self.attention(x, mask=mask))
        x = self.cross_norm(x + self.cross_attention(x, context, context_mask))
        out: Tensor = self.mlp_norm(x + self.mlp(x))
        return out
        # END SOLUTION


# --- Positions --------------------------------------------------------------------------------


def sinusoidal_positions(
    positions: Int[Tensor, "*batch T"], width: int, base: float = 10_000.0
) -> Float[Tensor, "*batch T D"]:
    """A vector for each position, to be added to its embedding: feature 2i is
    sin(position · base^(-2i/D)), feature 2i + 1 the cosine of the same angle. In float32.

    Raises:
        ValueError: for an odd width.

    Source: Vaswani et al. (2017), section 3.5.
    """
    if width % 2:
        raise ValueError(f"sines and cosines come in pairs: a width of {width} is odd")
    # BEGIN SOLUTION
    exponents = torch.arange(0, width, 2, device=positions.device) / width
    angles = positions[..., None] * base**-exponents
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(-2)
    # END SOLUTION


def relative_buckets(
    distances: Int[Tensor, "*shape"],
    n_buckets: int = 32,
    max_distance: int = 128,
    *,
    bidirectional: bool = True,
) -> Int[Tensor, "*shape"]:
    """The bucket of each distance: near ones have their own, far ones share, T5's way.

    Of n buckets, the first half (m = n // 2) are for the distances 0 … m - 1; a distance d ≥ m is
    in bucket m + ⌊ln(d / m) / ln(max_distance / m) · (n - m)⌋, and never beyond the last, n - 1.

    Args:
        distances: the key's position minus the query's.
        n_buckets: of all kinds.
        max_distance: from here on everything is in the last bucket.
        bidirectional: n = n_buckets // 2 for keys that are not later, by -distance, and as many
            after these for later ones, by distance. Else n = n_buckets, and a later key has the
            bucket of distance 0 (a mask hides it).

    Source: Raffel et al. (2020), Exploring the Limits of Transfer Learning, section 2.1.
    """
    # BEGIN SOLUTION
    if bidirectional:
        n = n_buckets // 2
        first = (distances > 0) * n
        far = distances.abs()
    else:
        n = n_buckets
        first = torch.zeros_like(distances)
        far = -distances.clamp(max=0)
    exact = n // 2
    stretched = (far.clamp(min=exact) / exact).log() / math.log(max_distance / exact)
    shared = exact + (stretched * (n - exact)).long()
    return first + torch.where(far < exact, far, shared.clamp(max=n - 1))
    # END SOLUTION


class RelativeBias(nn.Module):
    """T5's positions: a learned number for each bucket and head, added to the scores."""

    def __init__(
        self,
        n_heads: int,
        n_buckets: int = 32,
        max_distance: int = 128,
        *,
        bidirectional: bool = True,
    ) -> None:
        super().__init__()
        self.max_distance = max_distance
        self.bidirectional = bidirectional
        self.embedding = nn.Embedding(n_buckets, n_heads)

    def forward(self, n_queries: int, n_keys: int) -> Float[Tensor, "H T S"]:
        """A mask of numbers for attention; the last query stands at the last key."""
        positions = torch.arange(n_keys, device=self.embedding.weight.device)
        distances = positions - positions[n_keys - n_queries :, None]
        n_buckets = self.embedding.num_embeddings
        buckets = relative_buckets(
            distances, n_buckets, self.max_distance, bidirectional=self.bidirectional
        )
        bias: Tensor = self.embedding(buckets)
        return bias.permute(2, 0, 1)


def alibi_bias(n_queries: int, n_keys: int, n_heads: int) -> Float[Tensor, "H T S"]:
    """A causal mask of numbers: −slope · distance for keys that are seen, -inf for later ones.

    The last query stands at the last key, as in `causal_mask`. For H a power of two the slopes are
    2^(-8/H), 2^(-16/H), …, 2^(-8). For other H they are those of the largest power of two P < H,
    and then the first, third, fifth … of those of 2 P heads, as many as are missing. In float32.

    Source: Press, Smith & Lewis (2022), Train Short, Test Long; the slopes for other H: its code.
    """
    # BEGIN SOLUTION
    power = 2 ** (n_heads.bit_length() - 1)
    exponents = [8 * (head + 1) / power for head in range(power)]
    exponents += [4 * (2 * extra + 1) / power for extra in range(n_heads - power)]
    slopes = torch.tensor([2.0**-exponent for exponent in exponents])
    keys = torch.arange(n_keys)
    distances = keys - keys[n_keys - n_queries :, None]
    bias = slopes[:, None, None] * distances
    return bias.masked_fill(distances > 0, -torch.inf)
    # END SOLUTION


def rotary_angles(
    positions: Int[Tensor, "*B T"] | Float[Tensor, "*B T"],
    head_width: int,
    base: float = 10_000.0,
) -> Rotation:
    """cos and sin of position · base^(-2i/K), once for each of the two halves of a head.

    Returns:
        two of shape (*B, 1, T, K) in float32, with an axis for the heads: features i and i + K/2
        have the same angle.
    """
    # BEGIN SOLUTION
    exponents = torch.arange(0, head_width, 2, device=positions.device) / head_width
    angles = positions[..., None, :, None] * base**-exponents
    angles = torch.cat([angles, angles], dim=-1)
    return angles.cos(), angles.sin()
    # END SOLUTION


def rotate(x: Float[Tensor, "*B H T K"], rotation: Rotation) -> Float[Tensor, "*B H T K"]:
    """Turn the pairs (x_i, x_{i+K/2}) by their angles, so that q·k depends on the distance only.

    These are the pairs of GPT-NeoX and LLaMA in `transformers`; the paper's are neighbours. What
    is turned by α becomes (x_i cos α - x_{i+K/2} sin α, x_{i+K/2} cos α + x_i sin α). The result
    has the dtype of x.

    Source: Su et al. (2021), RoFormer, section 3.2.
    """
    # BEGIN SOLUTION
    cos, sin = rotation
    first, second = x.chunk(2, dim=-1)
    turned = torch.cat([-second, first], dim=-1)
    return (x * cos + turned * sin).to(x.dtype)
    # END SOLUTION


def scaled_rotary_angles(
    positions: Int[Tensor, "*B T"],
    head_width: int,
    base: float = 10_000.0,
    *,
    factor: float,
    method: Literal["linear", "ntk"],
) -> Rotation:
    """Rotary angles for texts that are `factor` times as long as those of the training.

    Args:
        positions: as in `rotary_angles`.
        head_width: K; at least 4 for "ntk".
        base: as in training.
        factor: how much longer.
        method: "linear" presses the positions together, so that none has an angle that is new.
            "ntk" enlarges the base so that the slowest pair turns `factor` times more slowly, and
            the fastest as before.

    Raises:
        ValueError: for another method.

    Sources: Chen et al. (2023), Extending Context Window of Large Language Models via Positional
    Interpolation; Peng et al. (2023), YaRN, section 3.1 (the NTK-aware base).
    """
    if method not in ("linear", "ntk"):
        raise ValueError(f'the method is "linear" or "ntk", not {method!r}')
    # BEGIN SOLUTION
    if method == "linear":
        return rotary_angles(positions / factor, head_width, base)
    return rotary_angles(positions, head_width, base * factor ** (head_width / (head_width - 2)))
    # END SOLUTION


# --- Mixture of experts -----------------------------------------------------------------------


def route(
    logits: Float[Tensor, "N E"], n_chosen: int
) -> tuple[Float[Tensor, "N k"], Int[Tensor, "N k"]]:
    """To which experts each token goes, and how much it listens to each of them.

    Returns:
        weights: of each token's k = `n_chosen` experts with the largest logits, a softmax over
            these k only, so that they sum to 1;
        experts: their numbers, the best first.

    Source: Shazeer et al. (2017), The Sparsely-Gated Mixture-of-Experts Layer, section 2.1.
    """
    # BEGIN SOLUTION
    best, experts = logits.topk(n_chosen, dim=-1)
    return best.softmax(-1), experts
    # END SOLUTION


def load_balance_loss(
    logits: Float[Tensor, "N E"], experts: Int[Tensor, "N k"]
) -> Float[Tensor, ""]:
    """E · Σ_e share_e · probability_e, which is k where all experts get the same, and more else.

    share_e is how many of the N tokens go to expert e, over N (so the shares sum to k), and
    probability_e the mean over the tokens of a softmax over all E logits. Gradients flow through
    the probabilities; a share is a count and has none.

    Args:
        logits: of the gate.
        experts: where the tokens went, from `route`.

    Source: Fedus, Zoph & Shazeer (2022), Switch Transformers, equation 4, for k ≥ 1.
    """
    # BEGIN SOLUTION
    n_tokens, n_experts = logits.shape
    share = torch.bincount(experts.flatten(), minlength=n_experts).to(logits.dtype) / n_tokens
    probability = logits.softmax(-1).mean(0)
    return n_experts * (share * probability).sum()
    # END SOLUTION


class MixtureOfExperts(nn.Module):
    """E feed-forward networks of which each token uses k: many weights, few operations.

    Args:
        width: D.
        inner: F of each expert.
        n_experts: E.
        n_chosen: k.
        capacity: None: every expert takes all that is sent to it. Else an expert takes at most
            ⌈capacity · N · k / E⌉ tokens of a call: first choices before second ones, and among
            these the earlier token first. What it does not take adds nothing to that token's
            output; the other weights stay as they are.

    Source: Fedus, Zoph & Shazeer (2022), Switch Transformers, section 2.
    """

    def __init__(
        self, width: int, inner: int, n_experts: int, n_chosen: int, capacity: float | None = None
    ) -> None:
        super().__init__()
        self.n_chosen = n_chosen
        self.capacity = capacity
        self.gate = nn.Linear(width, n_experts, bias=False)
        self.experts = nn.ModuleList(SwiGLU(width, inner) for _ in range(n_experts))

    def forward(self, x: Float[Tensor, "*batch D"]) -> Float[Tensor, "*batch D"]:
        """Each token's weighted sum of what its experts say; others are not computed for it."""
        # BEGIN SOLUTION
        tokens = x.reshape(-1, x.shape[-1])
        weights, experts = route(self.gate(tokens), self.n_chosen)
        room = len(tokens)
        if self.capacity is not None:
            room = math.ceil(self.capacity * experts.numel() / len(self.experts))
        out = torch.zeros_like(tokens)
        for number, expert in enumerate(self.experts):
            choice, token = (experts.mT == number).nonzero(as_tuple=True)  # first choices first
            choice, token = choice[:room], token[:room]
            out = out.index_add(0, token, weights[token, choice, None] * expert(tokens[token]))
        return out.view_as(x)
        # END SOLUTION


# --- The layers of LLaMA ----------------------------------------------------------------------


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
