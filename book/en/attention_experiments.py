"""What the three pages of Chapter 6 share: how a grid is drawn, and the toy that learns to recall.

The pages import this file from their own folder; the book's build does not read it.
"""

from collections.abc import Callable, Sequence

import matplotlib.pyplot as plt
import torch
from ngram_experiments import BLUE, GREY
from torch import Tensor, nn

from langmodels.attention import attention_weights, causal_mask, split_heads
from langmodels.training import Measurement, Recipe, next_token_loss, train

# --- Drawing ----------------------------------------------------------------------------------


def draw_grid(
    axes: plt.Axes,
    weights: Tensor,
    rows: Sequence[str] = (),
    columns: Sequence[str] = (),
    colour: str = BLUE,
) -> None:
    """Draw what rows take from columns: the larger the square, the larger the weight; a dot is 0.

    Args:
        axes: where to draw.
        weights: shape (T, S), between 0 and 1; a mask of truth values will do.
        rows: names of the queries, from above.
        columns: names of the keys, written above the grid.
        colour: of the squares.
    """
    for t, row in enumerate(weights.tolist()):
        for s, weight in enumerate(row):
            side = 0.9 * float(weight) ** 0.5
            if side < 0.08:
                axes.plot(s, t, ".", color="#b6bec5", markersize=2.5)
            else:
                corner = (s - side / 2, t - side / 2)
                axes.add_patch(plt.Rectangle(corner, side, side, color=colour, linewidth=0))
    n_rows, n_columns = weights.shape
    axes.set(xlim=(-0.6, n_columns - 0.4), ylim=(n_rows - 0.4, -0.6), aspect="equal")
    axes.set_xticks(range(len(columns)), columns, rotation=90)
    axes.set_yticks(range(len(rows)), rows)
    axes.tick_params(length=0, top=True, bottom=False, labeltop=True, labelbottom=False)
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_color(GREY)
        spine.set_visible(True)


# --- The task: a list of animals, read again and again --------------------------------------------

names = (
    "ant ape bat bee boa cat cod cow cub doe dog eel elk emu ewe fly "
    "fox gnu hen hog jay koi nit owl pig pug ram rat ray sow wasp yak"
)
ANIMALS = names.split()
LENGTH = 40  # tokens in a row
SHORTEST, LONGEST = 6, 19  # animals in a list


def read_lists(n_rows: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Rows of numbers of animals. Each row has a list of its own and repeats it to the end.

    Returns:
        The rows, shape (B, T), and how many animals the list of each row has, shape (B).
    """
    order = torch.rand(n_rows, len(ANIMALS), generator=generator).argsort(-1)
    sizes = torch.randint(SHORTEST, LONGEST + 1, (n_rows,), generator=generator)
    return order.gather(1, torch.arange(LENGTH) % sizes[:, None]), sizes


def exam(n_rows: int = 256) -> tuple[Tensor, Tensor]:
    """Rows that no model has been trained on (but by chance, one in very many)."""
    return read_lists(n_rows, torch.Generator().manual_seed(99))


def repeated(sizes: Tensor) -> Tensor:
    """Where the next animal has been read before, so that it can be known: shape (B, T - 1)."""
    return torch.arange(LENGTH - 1) >= sizes[:, None]


def recall(predict: Callable[[Tensor], Tensor], rows: Tensor, sizes: Tensor) -> Tensor:
    """The share of known animals that the model names, for each row: shape (B)."""
    with torch.no_grad():
        right = predict(rows[:, :-1]).argmax(-1) == rows[:, 1:]
    known = repeated(sizes)
    return (right & known).sum(1) / known.sum(1)


def train_to_recall(model: nn.Module, seed: int, n_steps: int) -> list[Measurement]:
    """Train on new lists at every step, 64 at a time, to predict each next animal.

    Returns:
        What was measured every 20 steps; the score is the share of known animals recalled.
    """
    questions = exam(128)

    def loss(number: int) -> Tensor:
        # Far from the numbers of the exam and of the pages, so that no batch is one of their rows.
        generator = torch.Generator().manual_seed((seed + 1) * 1_000_000 + number)
        rows, _ = read_lists(64, generator)
        return next_token_loss(model, rows)

    return train(
        model,
        loss,
        Recipe(n_steps, learning_rate=3e-3, decay="none"),
        every=20,
        evaluate=lambda: recall(model, *questions).mean().item(),
    )


class Recurrent(nn.Module):
    """The control with a memory of fixed size: an LSTM of 64 units, from torch."""

    def __init__(self, width: int = 64) -> None:
        super().__init__()
        self.token = nn.Embedding(len(ANIMALS), width)
        self.memory = nn.LSTM(width, width, batch_first=True)
        self.logits = nn.Linear(width, len(ANIMALS))

    def forward(self, rows: Tensor) -> Tensor:
        """Logits of the next animal, shape (B, T, V)."""
        return self.logits(self.memory(self.token(rows))[0])


def attention_maps(model: nn.Module, rows: Tensor) -> Tensor:
    """The weights of every layer and head of a `Recaller`, shape (L, B, H, T, T)."""
    mask, maps = causal_mask(rows.shape[1], rows.shape[1]), []

    def keep(layer: nn.Module, inputs: tuple[Tensor, ...], _: Tensor) -> None:
        parts = layer.in_proj(inputs[0]).chunk(3, dim=-1)
        query, key, _ = (split_heads(part, layer.n_heads) for part in parts)
        maps.append(attention_weights(query, key, mask))

    hooks = [layer.register_forward_hook(keep) for layer in model.layers]
    with torch.no_grad():
        model(rows)
    for hook in hooks:
        hook.remove()
    return torch.stack(maps)
