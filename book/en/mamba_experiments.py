"""What the pages of Chapter 23 share, so that each of them can be run alone.

The pages import this file from their own folder; the book's build does not read it. To run the
experiment again whose results are in mamba_copying.json:

    PYTHONPATH=solutions python book/en/mamba_experiments.py
"""

import json
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from langmodels.mamba import Mamba, MambaBlock, MambaConfig
from langmodels.training import Recipe, train

torch.set_num_threads(1)

HERE = Path(__file__).parent
COPYING = HERE / "mamba_copying.json"

# --- Selective copying ------------------------------------------------------------------------

N_LETTERS, N_KEPT, SPAN = 8, 4, 20
NOISE, ASK = N_LETTERS, N_LETTERS + 1  # the two tokens that are no letters
COPY_CONFIG = MambaConfig(N_LETTERS + 2, 32, 2, state=8)
COPY_RECIPE = Recipe(n_steps=1200, learning_rate=1e-2, warm_up=50)


def copying_batch(size: int, seed: int, selective: bool = True) -> tuple[Tensor, Tensor]:
    """Texts of SPAN tokens, some of them letters among noise, and as many questions as letters.

    Returns:
        tokens, size × (SPAN + N_KEPT), and the letters that are the answers to the last N_KEPT,
        in the order in which they came. Where the task is not selective, the letters stand at
        the same places in each text.
    """
    chance = torch.Generator().manual_seed(seed)
    letters = torch.randint(N_LETTERS, (size, N_KEPT), generator=chance)
    places = torch.arange(N_KEPT).expand(size, -1) * (SPAN // N_KEPT)
    if selective:
        places = torch.rand(size, SPAN, generator=chance).argsort(-1)[:, :N_KEPT].sort(-1).values
    text = torch.full((size, SPAN), NOISE).scatter(1, places, letters)
    return torch.cat([text, torch.full((size, N_KEPT), ASK)], dim=1), letters


class UnselectiveBlock(MambaBlock):
    """The same block, whose Δ, B and C are parameters: the same for every token."""

    def __init__(self, config: MambaConfig) -> None:
        super().__init__(config)
        self.rank = config.rank
        self.chosen = nn.Parameter(torch.randn(config.rank + 2 * config.state))
        del self.x_proj

    def x_proj(self, x: Tensor) -> Tensor:
        """What does not depend on x."""
        return self.chosen.expand(*x.shape[:-1], -1)


class OpenGate(nn.Linear):
    """An `in_proj` whose gate is always open: the other factor of the product is 1."""

    def forward(self, x: Tensor) -> Tensor:
        """x, and gates z with silu(z) = 1."""
        inside = super().forward(x).chunk(2, dim=-1)[0]
        return torch.cat([inside, torch.full_like(inside, 1.27846)], dim=-1)


def copying_model(selects: bool, gated: bool, seed: int) -> Mamba:
    """A Mamba of two layers, or one that treats every token alike; with its gate or without."""
    torch.manual_seed(seed)
    model = Mamba(COPY_CONFIG)
    for layer in model.layers:
        if not selects:
            layer.mixer = UnselectiveBlock(COPY_CONFIG)
        if not gated:
            layer.mixer.in_proj.__class__ = OpenGate  # type: ignore[union-attr]
    return model


def copying_accuracy(model: nn.Module, selective: bool = True) -> float:
    """The share of letters that are recalled, of 250 texts that were not trained on."""
    tokens, letters = copying_batch(250, 10**6, selective)
    with torch.no_grad():
        said = model(tokens)[:, -N_KEPT:, :N_LETTERS].argmax(-1)
    return (said == letters).float().mean().item()


def train_to_copy(
    selects: bool,
    gated: bool,
    selective: bool = True,
    *,
    seed: int,
    recipe: Recipe = COPY_RECIPE,
) -> list[float]:
    """Train a model, and say how much it recalls after each quarter of the steps."""
    model = copying_model(selects, gated, seed)

    def loss(number: int) -> Tensor:
        tokens, letters = copying_batch(32, seed * 10_000 + number, selective)
        logits = model(tokens)[:, -N_KEPT:]
        return functional.cross_entropy(logits.flatten(0, 1), letters.flatten())

    history = train(
        model,
        loss,
        recipe,
        every=recipe.n_steps // 8,
        evaluate=lambda: copying_accuracy(model, selective),
    )
    return [round(measurement.score or 0.0, 3) for measurement in history]


if __name__ == "__main__":
    ways = {
        "selects": (True, False),
        "same for all": (False, False),
        "selects, gated": (True, True),
        "same for all, gated": (False, True),
        "same for all, gated, fixed places": (False, True, False),
    }
    results = {
        name: [train_to_copy(*way, seed=seed) for seed in range(3)] for name, way in ways.items()
    }
    COPYING.write_text(json.dumps(results, indent=1) + "\n")
