"""What the pages of Chapter 8 share: deep stacks, readers that know positions in several ways, and
a mixture of experts at work.

The pages import this file from their own folder; the book's build does not read it.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from langmodels.attention import causal_mask
from langmodels.microworld import World
from langmodels.training import DivergedError, Recipe, batches, next_token_loss, train
from langmodels.transformer import (
    DecoderLayer,
    EncoderLayer,
    LayerNorm,
    MixtureOfExperts,
    RelativeBias,
    RMSNorm,
    Rotation,
    alibi_bias,
    load_balance_loss,
    rotary_angles,
    route,
    scaled_rotary_angles,
    sinusoidal_positions,
)

WORLD = World(seed=0)
VOCABULARY = len(WORLD.vocabulary)


@cache
def text(length: int, n_documents: int = 4_000, seed: int = 1) -> Tensor:
    """The micro-world's documents, end to end, in rows of `length` tokens."""
    return torch.tensor(WORLD.pack(WORLD.sample(n_documents, seed=seed), length).ids).long()


# --- Deep stacks ------------------------------------------------------------------------------


class Stack(nn.Module):
    """A language model of encoder layers under a causal mask, with the norm in either place.

    Args:
        depth: L.
        placement: "pre", "post", or "none" (residuals alone).
    """

    def __init__(self, depth: int, placement: str, width: int = 32) -> None:
        super().__init__()
        self.token = nn.Embedding(VOCABULARY, width)
        self.place = nn.Embedding(64, width)
        first = placement != "post"
        self.layers = nn.ModuleList(
            EncoderLayer(width, 4, 4 * width, norm_first=first) for _ in range(depth)
        )
        if placement == "none":
            for layer in self.layers:
                layer.attention_norm = layer.mlp_norm = nn.Identity()
        self.norm = LayerNorm(width) if placement == "pre" else nn.Identity()
        self.logits = nn.Linear(width, VOCABULARY, bias=False)
        for parameter in self.parameters():
            if parameter.dim() > 1:
                nn.init.xavier_normal_(parameter)

    def streams(self, rows: Tensor) -> list[Tensor]:
        """What runs between the layers: the input of the first, then each layer's output."""
        length = rows.shape[1]
        found = [self.token(rows) + self.place.weight[:length]]
        for layer in self.layers:
            found.append(layer(found[-1], causal_mask(length, length)))
        return found

    def forward(self, rows: Tensor) -> Tensor:
        """Logits of the next token, shape (B, T, V)."""
        return self.logits(self.norm(self.streams(rows)[-1]))


def gradient_norms(depth: int, placement: str, seed: int) -> list[float]:
    """Of a fresh stack: for each layer the size of its weights' gradient, the first layer first."""
    torch.manual_seed(seed)
    model = Stack(depth, placement)
    next_token_loss(model, text(33)[seed * 8 : seed * 8 + 8]).backward()
    return [
        sum(p.grad.square().sum() for p in layer.parameters()).sqrt().item()
        for layer in model.layers
    ]


def last_loss(
    depth: int, placement: str, warm_up: int, rate: float, n_steps: int, seed: int
) -> float:
    """The loss at the end of a short training; infinite where it is lost on the way."""
    torch.manual_seed(seed)
    model = Stack(depth, placement)
    batch = batches(text(33), size=8, seed=seed)
    recipe = Recipe(n_steps, learning_rate=rate, warm_up=0, decay="none")
    try:
        history = train(model, lambda n: next_token_loss(model, batch(n)), recipe, every=20)
    except DivergedError:
        return float("inf")
    return history[-1].loss


# --- Readers that know positions -------------------------------------------------------------

KINDS = ["none", "learned", "sinusoidal", "T5", "ALiBi", "RoPE"]


class Reader(nn.Module):
    """A small decoder that is told positions in one of several ways, all else being equal.

    Args:
        kind: one of KINDS.
        longest: how many positions the table of "learned" has.
    """

    def __init__(self, kind: str, longest: int = 256, width: int = 48, n_heads: int = 4) -> None:
        super().__init__()
        self.kind, self.n_heads, self.head_width = kind, n_heads, width // n_heads
        self.token = nn.Embedding(VOCABULARY, width)
        sizes = width, n_heads, n_heads, width // n_heads, 2 * width
        self.layers = nn.ModuleList(DecoderLayer(*sizes) for _ in range(2))
        self.norm = RMSNorm(width)
        if kind == "learned":
            self.place = nn.Embedding(longest, width)
        if kind == "T5":
            self.bias = RelativeBias(n_heads, 16, 64, bidirectional=False)
        for parameter in self.parameters():
            if parameter.dim() > 1:
                nn.init.normal_(parameter, std=0.1)

    def forward(self, rows: Tensor, angles: Callable[..., Rotation] = rotary_angles) -> Tensor:
        """Logits of the next token, shape (B, T, V); `angles` may replace those of RoPE."""
        length = rows.shape[1]
        positions = torch.arange(length)
        x = self.token(rows)
        mask = causal_mask(length, length)
        rotation = tuple(part.expand(1, 1, length, -1) for part in (torch.ones(1), torch.zeros(1)))
        if self.kind == "learned":
            x = x + self.place(positions)
        elif self.kind == "sinusoidal":
            x = x + sinusoidal_positions(positions, x.shape[-1])
        elif self.kind == "T5":
            mask = self.bias(length, length).masked_fill(~mask, -torch.inf)
        elif self.kind == "ALiBi":
            mask = alibi_bias(length, length, self.n_heads)
        elif self.kind == "RoPE":
            rotation = angles(positions, self.head_width)
        for layer in self.layers:
            x = layer(x, rotation, mask)
        return functional.linear(self.norm(x), self.token.weight)


def trained_reader(kind: str, seed: int, n_steps: int = 300, length: int = 32) -> Reader:
    """A reader that has seen rows of `length` tokens, and none longer."""
    torch.manual_seed(seed)
    model = Reader(kind)
    batch = batches(text(length + 1), size=16, seed=seed)
    recipe = Recipe(n_steps, learning_rate=6e-3, warm_up=20)
    train(model, lambda n: next_token_loss(model, batch(n)), recipe, every=n_steps)
    return model


@torch.no_grad()
def loss_by_position(model: Reader, rows: Tensor, **options: Any) -> Tensor:
    """The mean of -ln p of the token after each position, in nats: shape (T - 1)."""
    logits = model(rows[:, :-1], **options)
    losses = functional.cross_entropy(logits.transpose(1, 2), rows[:, 1:], reduction="none")
    return losses.mean(0)


def stretched(factor: float, method: str) -> Callable[..., Rotation]:
    """The angles of RoPE for rows `factor` times as long as in training."""
    return lambda positions, head_width: scaled_rotary_angles(
        positions, head_width, factor=factor, method=method
    )


# --- A mixture at work ------------------------------------------------------------------------


def clusters(n_tokens: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Points around 8 places, some of them visited far more often, and what to make of each.

    Returns:
        x of shape (N, 16), and y of shape (N, 16): in each place another random matrix turns x.
    """
    fixed = torch.Generator().manual_seed(8)
    places = 2 * torch.randn(8, 16, generator=fixed)
    turns = torch.randn(8, 16, 16, generator=fixed) / 4
    often = torch.tensor([8.0, 4.0, 2.0, 1.0, 1.0, 1.0, 1.0, 1.0])
    place = torch.multinomial(often, n_tokens, replacement=True, generator=generator)
    x = places[place] + 0.3 * torch.randn(n_tokens, 16, generator=generator)
    return x, torch.einsum("nij,nj->ni", turns[place], x)


def train_mixture(weight: float, seed: int, n_steps: int = 200) -> tuple[list[float], float]:
    """Train eight experts, one a token, with so much weight on balance.

    Returns:
        the share of tokens that each expert gets at the end, largest first, and the error.
    """
    torch.manual_seed(seed)
    model = MixtureOfExperts(16, 16, n_experts=8, n_chosen=2)
    generator = torch.Generator().manual_seed(seed)

    def loss(number: int) -> Tensor:
        x, y = clusters(128, generator)
        logits = model.gate(x)
        balance = load_balance_loss(logits, route(logits, 2)[1])
        return functional.mse_loss(model(x), y) + weight * balance

    train(model, loss, Recipe(n_steps, learning_rate=1e-2, warm_up=10), every=n_steps)
    x, y = clusters(2_000, torch.Generator().manual_seed(99))
    with torch.no_grad():
        counts = route(model.gate(x), 2)[1].flatten().bincount(minlength=8)
        error = functional.mse_loss(model(x), y).item()
    return sorted((counts / len(x)).tolist(), reverse=True), error
