"""Learning: a loss that says how wrong a model is, and steps that make it less so.

A model of text is trained on one number, the mean of -ln p(next token). Its gradient says which way
every weight should go; the optimiser decides how far.

Letters: B rows, T positions, V vocabulary, D width.

Sources: Rumelhart, Hinton & Williams (1986), backpropagation; Pascanu, Mikolov & Bengio (2013),
clipping; Kingma & Ba (2015), Adam; Loshchilov & Hutter (2017), cosine schedule; Loshchilov & Hutter
(2019), AdamW.
"""

from collections.abc import Iterable, Sequence
from math import cos, pi
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor

# --- A loss ---------------------------------------------------------------------------------------


def log_softmax(logits: Float[Tensor, "*batch V"]) -> Float[Tensor, "*batch V"]:
    """ln of the softmax over the last axis: z - ln Σ exp(z) for logits z.

    Exact for logits of any size: exp is never taken of a number above 0. A logit of -inf has a
    log-probability of -inf; a row needs one that is larger.
    """
    raise NotImplementedError("learning.log_softmax")


def cross_entropy(
    logits: Float[Tensor, "*batch V"], targets: Int[Tensor, "*batch"], ignore: int = -100
) -> Float[Tensor, ""]:
    """The mean of -ln p(target), in nats, over all targets but those that are `ignore`.

    exp of it is the perplexity. Where every target is ignored the mean has nothing to be of: 0.
    """
    raise NotImplementedError("learning.cross_entropy")


def softmax_regression_gradients(
    x: Float[Tensor, "B D"], weight: Float[Tensor, "V D"], targets: Int[Tensor, " B"]
) -> tuple[Float[Tensor, "B D"], Float[Tensor, "V D"]]:
    """What the mean cross-entropy of x Wᵀ would have of x and of W, by hand.

    ∂loss/∂logits = (p - one-hot) / B, with the softmax p: what the model says less what was
    true. No autograd.

    Returns:
        ∂loss/∂x and ∂loss/∂W.
    """
    raise NotImplementedError("learning.softmax_regression_gradients")


# --- Steps ----------------------------------------------------------------------------------------


def clip_gradients(
    gradients: Sequence[Float[Tensor, "..."]], largest: float
) -> tuple[list[Float[Tensor, "..."]], float]:
    """Shrink all gradients together if their common norm exceeds `largest`.

    The norm is √ of the sum of all squares, as if they were one vector; its direction stays.

    Returns:
        the gradients, those given being left as they are, and their norm before.
    """
    raise NotImplementedError("learning.clip_gradients")


def warmup_cosine(step: int, n_steps: int, warm_up: int, highest: float, lowest: float) -> float:
    """The learning rate of a step, the first being 0.

    It rises in equal steps to `highest`, which step warm_up - 1 has, and then falls along half a
    cosine that begins at step warm_up with `highest` and would reach `lowest` at n_steps. From
    there on it is `lowest`.
    """
    raise NotImplementedError("learning.warmup_cosine")


Moments = tuple[int, Float[Tensor, "..."], Float[Tensor, "..."]]  # t, m, v


def adamw_step(
    weight: Float[Tensor, "..."],
    gradient: Float[Tensor, "..."],
    moments: Moments | None = None,
    *,
    lr: float = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    decay: float = 0.01,
) -> tuple[Float[Tensor, "..."], Moments]:
    """A step that is as long for a weight with small gradients as for one with large ones.

    Each weight w has a running mean m of its gradient g, and v of g²; both begin with zeros. With
    the number t of the step, counted from 1, one step is

        w ← w - lr · decay · w
        m ← β₁ m + (1 - β₁) g            v ← β₂ v + (1 - β₂) g²
        w ← w - lr · m̂ / (√v̂ + ε)        m̂ = m / (1 - β₁ᵗ), v̂ = v / (1 - β₂ᵗ)

    The decay is of the weights themselves, not a part of g: that is the W. It comes first, as in
    torch.

    Args:
        moments: t, m and v as the step before returned them; None before the first step.

    Returns:
        the new weight and the new moments, those given being left as they are.

    Source: Loshchilov & Hutter (2019), algorithm 2.
    """
    raise NotImplementedError("learning.adamw_step")


class AdamW:
    """`adamw_step` for all parameters of a model, each with moments of its own.

    Args:
        parameters: their `.grad` is read at each step; one whose `.grad` is None is left alone.
        settings: as of `adamw_step`. `optimiser.settings["lr"]` may be changed between steps.
    """

    def __init__(self, parameters: Iterable[torch.nn.Parameter], **settings: Any) -> None:
        self.parameters = list(parameters)
        self.settings = settings
        self.moments: list[Moments | None] = [None] * len(self.parameters)

    @torch.no_grad()
    def step(self) -> None:
        """Move every parameter that has a gradient."""
        for i, w in enumerate(self.parameters):
            if w.grad is not None:
                moved, self.moments[i] = adamw_step(w, w.grad, self.moments[i], **self.settings)
                w.copy_(moved)
