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
    # BEGIN SOLUTION
    shifted = logits - logits.amax(-1, keepdim=True)
    return shifted - shifted.exp().sum(-1, keepdim=True).log()
    # END SOLUTION


def cross_entropy(
    logits: Float[Tensor, "*batch V"], targets: Int[Tensor, "*batch"], ignore: int = -100
) -> Float[Tensor, ""]:
    """The mean of -ln p(target), in nats, over all targets but those that are `ignore`.

    exp of it is the perplexity. Where every target is ignored the mean has nothing to be of: 0.
    """
    # BEGIN SOLUTION
    counts = targets != ignore
    chosen = targets.masked_fill(~counts, 0)
    losses = -log_softmax(logits).gather(-1, chosen[..., None])[..., 0]
    return losses.masked_fill(~counts, 0.0).sum() / counts.sum().clamp(min=1)
    # END SOLUTION


def softmax_regression_gradients(
    x: Float[Tensor, "B D"], weight: Float[Tensor, "V D"], targets: Int[Tensor, " B"]
) -> tuple[Float[Tensor, "B D"], Float[Tensor, "V D"]]:
    """What the mean cross-entropy of x Wᵀ would have of x and of W, by hand.

    ∂loss/∂logits = (p - one-hot) / B, with the softmax p: what the model says less what was
    true. No autograd.

    Returns:
        ∂loss/∂x and ∂loss/∂W.
    """
    # BEGIN SOLUTION
    error = log_softmax(x @ weight.T).exp()
    error[torch.arange(len(x)), targets] -= 1
    error = error / len(x)
    return error @ weight, error.T @ x
    # END SOLUTION


# --- Steps ----------------------------------------------------------------------------------------


def clip_gradients(
    gradients: Sequence[Float[Tensor, "..."]], largest: float
) -> tuple[list[Float[Tensor, "..."]], float]:
    """Shrink all gradients together if their common norm exceeds `largest`.

    The norm is √ of the sum of all squares, as if they were one vector; its direction stays.

    Returns:
        the gradients, those given being left as they are, and their norm before.
    """
    # BEGIN SOLUTION
    norm = float(torch.stack([gradient.norm() for gradient in gradients]).norm())
    shrink = largest / norm if norm > largest else 1.0
    return [gradient * shrink for gradient in gradients], norm
    # END SOLUTION


def warmup_cosine(step: int, n_steps: int, warm_up: int, highest: float, lowest: float) -> float:
    """The learning rate of a step, the first being 0.

    It rises in equal steps to `highest`, which step warm_up - 1 has, and then falls along half a
    cosine that begins at step warm_up with `highest` and would reach `lowest` at n_steps. From
    there on it is `lowest`.
    """
    # BEGIN SOLUTION
    if step < warm_up:
        return highest * (step + 1) / warm_up
    if step >= n_steps:
        return lowest
    done = (step - warm_up) / (n_steps - warm_up)
    return lowest + (highest - lowest) * (1 + cos(pi * done)) / 2
    # END SOLUTION


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
    # BEGIN SOLUTION
    t, m, v = moments or (0, torch.zeros_like(weight), torch.zeros_like(weight))
    t += 1
    beta1, beta2 = betas
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    step = (m / (1 - beta1**t)) / ((v / (1 - beta2**t)).sqrt() + eps)
    return (1 - lr * decay) * weight - lr * step, (t, m, v)
    # END SOLUTION


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
