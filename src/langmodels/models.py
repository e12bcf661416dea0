"""Whole models. So far: a decoder as in LLaMA, which can be run with a cache of keys and values.

Letters: B batch, T positions, D width, V vocabulary, L layers, H query heads, G heads of keys and
values, K head width, F inner width.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from langmodels.attention import attention_mask
from langmodels.transformer import DecoderLayer, RMSNorm, rotary_angles

if TYPE_CHECKING:
    from langmodels.inference import Cache


@dataclass(frozen=True)
class DecoderConfig:
    """The sizes of a decoder. `head_width` is width / n_heads, `n_kv_heads` n_heads by default."""

    vocabulary: int  # V
    width: int  # D
    n_layers: int  # L
    n_heads: int  # H
    n_kv_heads: int = 0  # G
    head_width: int = 0  # K
    inner: int = 0  # F; 8/3 · D by default, so that SwiGLU has as many weights as 4 · D without
    window: int | None = None  # each token sees this many, itself among them; None: all
    rope_base: float = 10_000.0
    norm_eps: float = 1e-5
    tied: bool = True  # the last matrix is the embedding

    def __post_init__(self) -> None:
        """Fill in what follows from the rest. Raises ValueError where heads do not fit."""
        defaults = {
            "n_kv_heads": self.n_heads,
            "head_width": self.width // self.n_heads,
            "inner": 8 * self.width // 3,
        }
        if not self.head_width and self.width % self.n_heads:
            raise ValueError(f"a width of {self.width} cannot be cut into {self.n_heads} heads")
        for name, default in defaults.items():
            object.__setattr__(self, name, getattr(self, name) or default)
        if self.n_heads % self.n_kv_heads:
            raise ValueError(
                f"{self.n_heads} query heads cannot share {self.n_kv_heads} heads of keys equally"
            )
        if self.head_width % 2:
            raise ValueError(f"a head of width {self.head_width} has no pairs to rotate")


class Decoder(nn.Module):
    """A language model: logits of the next token at every position."""

    def __init__(self, config: DecoderConfig) -> None:
        """Weights are drawn from N(0, 0.02²), as in GPT-2."""
        super().__init__()
        self.config = c = config
        self.embedding = nn.Embedding(c.vocabulary, c.width)
        sizes = c.width, c.n_heads, c.n_kv_heads, c.head_width, c.inner, c.norm_eps
        self.layers = nn.ModuleList(DecoderLayer(*sizes) for _ in range(c.n_layers))
        self.norm = RMSNorm(c.width, c.norm_eps)
        self.head = nn.Linear(c.width, c.vocabulary, bias=False)
        for parameter in self.parameters():
            if parameter.dim() > 1:
                nn.init.normal_(parameter, std=0.02)
        if c.tied:
            self.head.weight = self.embedding.weight

    def forward(
        self,
        tokens: Int[Tensor, "B T"],
        cache: "Cache | None" = None,
        counts: Sequence[int] | None = None,
    ) -> Float[Tensor, "B T V"]:
        """Logits for the token after each position; with a cache, `tokens` follow what it holds.

        `counts` says how many of a row's tokens are real; padding stands at the right.
        """
        return self.logits(self.hidden(tokens, cache, counts))

    def hidden(
        self,
        tokens: Int[Tensor, "B T"],
        cache: "Cache | None" = None,
        counts: Sequence[int] | None = None,
    ) -> Float[Tensor, "B T D"]:
        """What the last layer says, normed: `forward` without the logits."""
        length = tokens.shape[1]
        x = self.embedding(tokens)
        if cache is None:
            window = self.config.window
            positions = torch.arange(length, device=tokens.device)
            mask = attention_mask(length, length, causal=True, window=window).to(tokens.device)
        else:
            cache.check(x)
            positions, mask = cache.start(length, counts)  # type: ignore[assignment]
        rotation = rotary_angles(positions, self.config.head_width, self.config.rope_base)
        for number, layer in enumerate(self.layers):
            x = layer(x, rotation, mask, cache and partial(cache.update, number))
        if cache is not None:
            cache.finish()
        normed: Tensor = self.norm(x)
        return normed

    def logits(self, hidden: Float[Tensor, "*batch D"]) -> Float[Tensor, "*batch V"]:
        """The scores of every token of the vocabulary."""
        scores: Tensor = self.head(hidden)
        return scores


def llama_config(config: Any) -> DecoderConfig:
    """The sizes of our decoder from a `LlamaConfig` of transformers.

    Raises:
        ValueError: for what our decoder does not have: biases, scaled rotary positions.
    """
    if config.attention_bias or config.mlp_bias:
        raise ValueError("our decoder's linear layers have no biases")
    if config.rope_parameters["rope_type"] != "default":
        raise ValueError(f"no rotary positions of type {config.rope_parameters['rope_type']}")
    return DecoderConfig(
        vocabulary=config.vocab_size,
        width=config.hidden_size,
        n_layers=config.num_hidden_layers,
        n_heads=config.num_attention_heads,
        n_kv_heads=config.num_key_value_heads,
        head_width=config.head_dim,
        inner=config.intermediate_size,
        rope_base=config.rope_parameters["rope_theta"],
        norm_eps=config.rms_norm_eps,
        tied=config.tie_word_embeddings,
    )


def from_llama(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The state dict of our decoder from that of a `LlamaForCausalLM` of transformers.

    The matrices of queries, keys and values become one, and so do gate and up.
    """
    ours = {
        "embedding.weight": weights["model.embed_tokens.weight"],
        "norm.weight": weights["model.norm.weight"],
        "head.weight": weights.get("lm_head.weight", weights["model.embed_tokens.weight"]),
    }
    number = 0
    while f"model.layers.{number}.input_layernorm.weight" in weights:
        theirs, layer = f"model.layers.{number}", f"layers.{number}"
        for name, parts in {
            "attention_norm": ["input_layernorm"],
            "attention.in_proj": ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"],
            "attention.out_proj": ["self_attn.o_proj"],
            "mlp_norm": ["post_attention_layernorm"],
            "mlp.in_proj": ["mlp.gate_proj", "mlp.up_proj"],
            "mlp.out_proj": ["mlp.down_proj"],
        }.items():
            ours[f"{layer}.{name}.weight"] = torch.cat(
                [weights[f"{theirs}.{part}.weight"] for part in parts]
            )
        number += 1
    return ours
