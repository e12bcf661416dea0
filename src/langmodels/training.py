"""The trainer that all experiments of the course share: one loop with few settings.

    def loss(number):                      # of batch 0, 1, 2, …
        return next_token_loss(model, batch(number))

    batch = batches(rows, size=8, seed=0)
    history = train(model, loss, Recipe(n_steps=800, learning_rate=3e-3))

A batch is found by its number, not drawn from a stream. So a run that was cut off goes on from its
checkpoint exactly as if nothing had happened: there is no place in a stream to find again.

Letters: N rows, B batch, T positions, V vocabulary.

Sources: Loshchilov & Hutter (2019), AdamW; Loshchilov & Hutter (2017), cosine decay; Goyal et al.
(2017), warm-up; Pascanu et al. (2013), clipping.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from math import cos, isfinite, pi
from pathlib import Path
from typing import Any, Literal, NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True)
class Recipe:
    """How to train. Raises ValueError where a setting cannot be."""

    n_steps: int
    learning_rate: float = 3e-3
    warm_up: int = 50  # steps over which the learning rate rises
    decay: Literal["none", "linear", "cosine"] = "cosine"
    final: float = 0.02  # the share of the learning rate that decay leaves
    betas: tuple[float, float] = (0.9, 0.98)
    weight_decay: float = 0.01  # of matrices; norms and biases do not decay
    clip: float = 1.0  # the largest norm of all gradients together
    accumulate: int = 1  # batches for each step
    precision: Literal["float32", "bfloat16"] = "float32"  # of products; weights stay as they are

    def __post_init__(self) -> None:
        """Find what no training could follow."""
        if min(self.n_steps, self.warm_up) < 0 or self.accumulate < 1:
            raise ValueError("n_steps and warm_up are at least 0, accumulate at least 1")
        if self.decay not in ("none", "linear", "cosine"):
            raise ValueError(f'decay is "none", "linear" or "cosine", not {self.decay!r}')
        if self.precision not in ("float32", "bfloat16"):
            raise ValueError(f'precision is "float32" or "bfloat16", not {self.precision!r}')

    def rate(self, step: int) -> float:
        """The learning rate of a step, the first being 0."""
        if step < self.warm_up:
            return self.learning_rate * (step + 1) / self.warm_up
        done = min(1.0, (step - self.warm_up) / max(1, self.n_steps - self.warm_up))
        left = {"none": 1.0, "linear": 1 - done, "cosine": (1 + cos(pi * done)) / 2}[self.decay]
        return self.learning_rate * (self.final + (1 - self.final) * left)


class Measurement(NamedTuple):
    """How training stands after so many steps."""

    step: int
    loss: float  # mean over the steps since the last measurement
    gradient_norm: float  # of the last step, before clipping
    learning_rate: float
    score: float | None = None  # what `evaluate` returned


class DivergedError(ArithmeticError):
    """The loss is no longer a number. `history` holds the measurements up to here."""

    def __init__(self, history: list[Measurement]) -> None:
        last = history[-1]
        super().__init__(
            f"the loss is {last.loss} by step {last.step}: "
            "lower the learning rate, or warm up for longer"
        )
        self.history = history


def train(
    model: nn.Module,
    loss: Callable[[int], Float[Tensor, ""]],
    recipe: Recipe,
    *,
    every: int = 100,
    evaluate: Callable[[], float] | None = None,
    checkpoint: Path | None = None,
    log: Path | None = None,
    progress: bool = False,
) -> list[Measurement]:
    """Train a model in place, and go on from its checkpoint where there is one.

    Args:
        loss: the loss of the batch with this number, with a graph. Step s takes batches
            s·accumulate to (s+1)·accumulate - 1 and descends along their mean. Must depend on the
            number and the model alone; dropout may draw from torch's own generator.
        every: steps between measurements and between checkpoints; the last step has both.
        evaluate: called at each measurement, without gradients and with the model in eval mode.
        checkpoint: a file that is replaced at each measurement, never half-written.
        log: a file with one measurement in a line, as JSON.
        progress: show a bar.

    Returns:
        the measurements, those before the checkpoint included.

    Raises:
        DivergedError: the loss is infinite or not a number.
        ValueError: the checkpoint was made by another recipe or `every`.
    """
    optimizer = adamw(model, recipe)
    history, start = [], 0
    settings = {**asdict(recipe), "every": every}
    if checkpoint is not None and checkpoint.exists():
        history = resume(checkpoint, model, optimizer, settings)
        start = history[-1].step
    if log is not None:
        log.write_text("".join(map(line, history)))
    device = next(model.parameters()).device
    autocast = torch.autocast(
        device.type, torch.bfloat16, enabled=recipe.precision == "bfloat16", cache_enabled=False
    )
    total = torch.zeros((), device=device)
    model.train()
    for step in steps(start, recipe.n_steps, progress):
        for group in optimizer.param_groups:
            group["lr"] = recipe.rate(step)
        optimizer.zero_grad()
        for number in range(step * recipe.accumulate, (step + 1) * recipe.accumulate):
            with autocast:
                value = loss(number) / recipe.accumulate
            value.backward()
            total += value.detach()
        norm = nn.utils.clip_grad_norm_(model.parameters(), recipe.clip)
        optimizer.step()

        done = step + 1
        if done % every and done < recipe.n_steps:
            continue
        mean = total.item() / (done - (history[-1].step if history else 0))
        score = None
        if evaluate is not None:
            model.eval()
            with torch.no_grad():
                score = evaluate()
            model.train()
        history.append(Measurement(done, mean, norm.item(), recipe.rate(step), score))
        if log is not None:
            with log.open("a") as lines:
                lines.write(line(history[-1]))
        if not isfinite(mean):
            raise DivergedError(history)
        if checkpoint is not None:
            keep(checkpoint, model, optimizer, settings, history)
        total.zero_()
    model.eval()
    return history


def adamw(model: nn.Module, recipe: Recipe) -> torch.optim.AdamW:
    """The optimiser; what has one axis (norms, biases) does not decay."""
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    return torch.optim.AdamW(
        [
            {"params": [p for p in parameters if p.dim() > 1], "weight_decay": recipe.weight_decay},
            {"params": [p for p in parameters if p.dim() <= 1], "weight_decay": 0.0},
        ],
        lr=recipe.learning_rate,
        betas=recipe.betas,
    )


def batches(
    rows: Int[Tensor, "N T"], size: int, seed: int
) -> Callable[[int], Int[Tensor, "{size} T"]]:
    """A function from a batch's number to its rows: each epoch in its own random order.

    Rows that do not fill the last batch of an epoch wait for another order.

    Raises:
        ValueError: there are fewer rows than one batch takes.
    """
    n_batches = len(rows) // size
    if not n_batches:
        raise ValueError(f"a batch of {size} cannot be taken from {len(rows)} rows")
    order: dict[int, Tensor] = {}  # of the epoch that was asked for last

    def batch(number: int) -> Int[Tensor, "{size} T"]:
        epoch, place = divmod(number, n_batches)
        if epoch not in order:
            order.clear()
            chance = torch.Generator().manual_seed(seed * 1_000_003 + epoch)
            order[epoch] = torch.randperm(len(rows), generator=chance)
        return rows[order[epoch][place * size : (place + 1) * size]]

    return batch


def next_token_loss(model: nn.Module, rows: Int[Tensor, "B T"]) -> Float[Tensor, ""]:
    """The mean of -ln p(token | tokens before it), over all tokens of the rows but the first.

    Args:
        model: logits [B, T, V] from tokens [B, T].
    """
    logits = model(rows[:, :-1])
    return functional.cross_entropy(logits.flatten(0, 1).float(), rows[:, 1:].flatten())


# --- Checkpoints ----------------------------------------------------------------------------------


def keep(
    path: Path,
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    settings: dict[str, Any],
    history: list[Measurement],
) -> None:
    """Write all that training needs to go on, whole or not at all."""
    state = {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "settings": settings,
        "history": [tuple(measurement) for measurement in history],
        "random": torch.get_rng_state(),
    }
    if torch.accelerator.is_available():
        device = torch.accelerator.current_accelerator()
        state["random_there"] = torch.get_device_module(device).get_rng_state()
    part = path.with_name(path.name + ".part")
    torch.save(state, part)
    part.replace(path)


def resume(
    path: Path, model: nn.Module, optimizer: torch.optim.Optimizer, settings: dict[str, Any]
) -> list[Measurement]:
    """Put model, optimiser and chance back where they stood. Raises ValueError as `train` does."""
    state = torch.load(path, map_location="cpu", weights_only=True)
    other = sorted(name for name in settings if state["settings"].get(name) != settings[name])
    if other:
        raise ValueError(
            f"{path.name} was made with another {' and '.join(other)}: "
            "train with what it was made with, or remove it to begin anew"
        )
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    torch.set_rng_state(state["random"])
    if "random_there" in state and torch.accelerator.is_available():
        device = torch.accelerator.current_accelerator()
        torch.get_device_module(device).set_rng_state(state["random_there"])
    return [Measurement(*measurement) for measurement in state["history"]]


def line(measurement: Measurement) -> str:
    """A measurement as a line of the log."""
    return json.dumps(measurement._asdict()) + "\n"


def steps(start: int, end: int, progress: bool) -> Any:
    """The numbers of the steps to take, with a bar if wanted."""
    numbers = range(start, end)
    if not progress:
        return numbers
    from rich.progress import track

    return track(numbers, "training", total=end, completed=start)
