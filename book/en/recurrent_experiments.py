"""What the pages of Chapter 5 share, so that each of them can be run alone.

The pages import this file from their own folder; the book's build does not read it. To run the
experiments again whose results are in recurrent_memory.json and recurrent_translator.json, some
minutes of one processor each:

    PYTHONPATH=solutions python book/en/recurrent_experiments.py memory
    PYTHONPATH=solutions python book/en/recurrent_experiments.py translator
"""

import json
import sys
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional

from langmodels.recurrent import (
    RecurrentLM,
    Step,
    Translator,
    gru_step,
    lstm_step,
    reverse,
    rnn_step,
    unroll,
)
from langmodels.training import Recipe, train

torch.set_num_threads(1)

HERE = Path(__file__).parent
MEMORY = HERE / "recurrent_memory.json"
TRANSLATOR = HERE / "recurrent_translator.json"

# --- How far a gradient gets ------------------------------------------------------------------

STEPS: dict[str, tuple[Step, int, int, float]] = {  # step, gates, tensors in a state, forget bias
    "RNN": (rnn_step, 1, 1, 0.0),
    "LSTM": (lstm_step, 4, 2, 0.0),
    "LSTM, gate open": (lstm_step, 4, 2, 4.0),
    "GRU": (gru_step, 3, 1, 0.0),
}


def gradient_by_distance(
    step: Step,
    n_gates: int,
    n_states: int,
    forget_bias: float,
    seed: int,
    distance: int = 100,
    width: int = 64,
) -> list[float]:
    """The length of the gradient that gets 0, 1, … `distance` steps back in a network of chance.

    Weights are drawn as torch draws them. The loss is a random direction of the last output; the
    gradient is that of what a step hears, as a share of the last step's.
    """
    chance = torch.Generator().manual_seed(seed)

    def draw(*shape: int) -> Tensor:
        uniform = torch.rand(*shape, generator=chance, dtype=torch.float64)
        return (2 * uniform - 1) * width**-0.5

    weight, bias = draw(n_gates * width, width), draw(n_gates * width)
    if forget_bias:
        bias[width : 2 * width] += forget_bias
    shape = (8, distance + 1, n_gates * width)
    projected = torch.randn(*shape, generator=chance, dtype=torch.float64).requires_grad_()
    nothing = (torch.zeros(8, width, dtype=torch.float64),) * n_states
    outputs, _ = unroll(step, projected, nothing, weight, bias)
    loss = (outputs[:, -1] @ draw(width)).sum()
    (gradient,) = torch.autograd.grad(loss, projected)
    norms = gradient.norm(dim=(0, 2)).flip(0)
    return [float(norm) for norm in norms / norms[0]]


# --- Remember the first letter ----------------------------------------------------------------

N_LETTERS = 8
MEMORY_RECIPE = Recipe(n_steps=500, learning_rate=1e-2, decay="linear")
CELLS: dict[str, tuple[Literal["rnn", "lstm", "gru"], float]] = {  # kind, forget bias
    "RNN": ("rnn", 0.0),
    "LSTM": ("lstm", 0.0),
    "LSTM, gate open": ("lstm", 4.0),
    "GRU": ("gru", 0.0),
}


def open_forget_gates(model: RecurrentLM, bias: float) -> None:
    """Add a number to the forget gates of an LSTM of one layer; 0 changes nothing."""
    width = model.layers.width
    with torch.no_grad():
        model.layers.bias_hh_l0[width : 2 * width] += bias


def memory_model(
    kind: Literal["rnn", "lstm", "gru"], forget_bias: float, seed: int, width: int = 32
) -> RecurrentLM:
    """A small language model; `forget_bias` is added to the forget gates of an LSTM."""
    torch.manual_seed(seed)
    model = RecurrentLM(N_LETTERS, 16, width, kind)
    open_forget_gates(model, forget_bias)
    return model


def train_to_remember(
    kind: Literal["rnn", "lstm", "gru"],
    forget_bias: float,
    distance: int,
    seed: int,
    recipe: Recipe = MEMORY_RECIPE,
) -> float:
    """Train a model to say, after `distance` more letters, which was the first.

    Returns:
        The share of 500 new texts in which it is right.
    """
    model = memory_model(kind, forget_bias, seed)

    def texts(size: int, number: int) -> Tensor:
        chance = torch.Generator().manual_seed(number)
        return torch.randint(N_LETTERS, (size, distance + 1), generator=chance)

    def loss(number: int) -> Tensor:
        tokens = texts(32, seed * 100_000 + number)
        return functional.cross_entropy(model(tokens)[:, -1], tokens[:, 0])

    train(model, loss, recipe, every=recipe.n_steps)
    exam = texts(500, 10**7)
    with torch.no_grad():
        said = model(exam)[:, -1].argmax(-1)
    return (said == exam[:, 0]).float().mean().item()


# --- Write a word backwards -------------------------------------------------------------------

N_SYMBOLS, SHORTEST, LONGEST = 10, 4, 10  # symbols are 1 … 10; 0 is padding and start
TRANSLATOR_RECIPE = Recipe(n_steps=600, learning_rate=5e-3, decay="linear")
WAYS = {  # attends, the largest share of its own tokens that it is told while it learns
    "one state": (False, 0.0),
    "one state, scheduled sampling": (False, 0.5),
    "attention": (True, 0.0),
    "attention, scheduled sampling": (True, 0.5),
}


def words(
    size: int, seed: int, shortest: int = SHORTEST, longest: int = LONGEST
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Random words, [size, longest] with padding: source, lengths, target and where it is real."""
    chance = torch.Generator().manual_seed(seed)
    lengths = torch.randint(shortest, longest + 1, (size,), generator=chance)
    source = torch.randint(1, N_SYMBOLS + 1, (size, longest), generator=chance)
    real = torch.arange(longest) < lengths[:, None]
    source = source.where(real, 0)
    return source, lengths, reverse(source[..., None], lengths)[..., 0], real


def train_translator(
    attends: bool, share: float, seed: int, recipe: Recipe = TRANSLATOR_RECIPE
) -> Translator:
    """Teach a translator to write words backwards.

    Args:
        share: how often it is told its own last token in place of the true one, from half of the
            steps on; it rises to it from 0.
    """
    torch.manual_seed(seed)
    model = Translator(N_SYMBOLS + 1, 64, attends=attends)

    def loss(number: int) -> Tensor:
        source, lengths, target, real = words(32, seed * 100_000 + number)
        drawn = torch.rand(target.shape, generator=torch.Generator().manual_seed(number))
        own = drawn < share * min(1, 2 * number / recipe.n_steps)
        logits = model(source, lengths, target, own if share else None)
        return functional.cross_entropy(logits[real], target[real])

    train(model, loss, recipe, every=recipe.n_steps)
    return model


def errors_by_place(
    model: Translator, alone: bool, shortest: int = SHORTEST, longest: int = LONGEST
) -> list[float]:
    """The share of wrong symbols at each place of the target, told the truth or writing `alone`."""
    source, lengths, target, real = words(1000, 10**7, shortest, longest)
    with torch.no_grad():
        said = model(source, lengths, target, torch.full_like(real, alone)).argmax(-1)
    wrong = (said != target) & real
    return [round(share, 4) for share in (wrong.sum(0) / real.sum(0)).tolist()]


if __name__ == "__main__":
    if sys.argv[1:] == ["memory"]:
        recalled = {
            name: {
                distance: [round(train_to_remember(*cell, distance, seed), 3) for seed in range(3)]
                for distance in (5, 10, 20, 40)
            }
            for name, cell in CELLS.items()
        }
        MEMORY.write_text(json.dumps(recalled, indent=1) + "\n")
    elif sys.argv[1:] == ["translator"]:
        errors = {}
        for name, way in WAYS.items():
            models = [train_translator(*way, seed) for seed in range(3)]
            errors[name] = {
                "told": [errors_by_place(model, alone=False) for model in models],
                "alone": [errors_by_place(model, alone=True) for model in models],
            }
        TRANSLATOR.write_text(json.dumps(errors, indent=1) + "\n")
    else:
        sys.exit("usage: recurrent_experiments.py memory | translator")
