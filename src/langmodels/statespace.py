"""State-space models: a past of any length in a state of fixed size, that every step updates alike.

A linear differential equation, h' = A h + B u and y = C h, says how a state h follows an input u.
Cut into steps it is a recurrence, h_t = Ā h_{t-1} + B̄ u_t and y_t = C h_t, good for writing;
because it is linear and the same at each step it is also a convolution with the kernel C Āᵗ B̄,
good for training. The input of a step is heard at once: y_t depends on u_t.

Letters of shapes:
    B   batch          T   steps           S   length of a kernel
    N   size of the state                  D   channels, each with a state of its own

Sources: Gu et al. (2020), HiPPO; Gu, Goel & Ré (2022), S4; Gu, Gupta, Goel & Ré (2022), S4D.
"""

import math

import torch
from jaxtyping import Complex, Float
from torch import Tensor, nn

# --- From continuous time to steps ------------------------------------------------------------


def zero_order_hold(
    a: Float[Tensor, "N N"], b: Float[Tensor, " N"], step: float
) -> tuple[Float[Tensor, "N N"], Float[Tensor, " N"]]:
    """Ā and B̄ of h' = A h + B u for steps of length Δ in which the input holds still.

    Ā = exp(ΔA) and B̄ = ∫₀^Δ exp(sA) ds · B, which is A⁻¹(exp(ΔA) - 1) B where A has an inverse;
    it need not have one.
    """
    raise NotImplementedError("statespace.zero_order_hold")


def bilinear(
    a: Float[Tensor, "N N"], b: Float[Tensor, " N"], step: float
) -> tuple[Float[Tensor, "N N"], Float[Tensor, " N"]]:
    """Ā and B̄ by the trapezoidal rule: a step with the mean of the slopes at its two ends.

    (1 - Δ/2·A) h_t = (1 + Δ/2·A) h_{t-1} + Δ B u_t, with the one input for both ends.

    Source: Tustin (1947); S4, equation 3.
    """
    raise NotImplementedError("statespace.bilinear")


# --- One model, two forms ---------------------------------------------------------------------


def recurrence(
    a_bar: Float[Tensor, "N N"],
    b_bar: Float[Tensor, " N"],
    c: Float[Tensor, " N"],
    inputs: Float[Tensor, "*batch T"],
    state: Float[Tensor, "*batch N"] | None = None,
) -> tuple[Float[Tensor, "*batch T"], Float[Tensor, "*batch N"]]:
    """h_t = Ā h_{t-1} + B̄ u_t, then y_t = C h_t, step by step.

    Args:
        a_bar: the matrices of a step, not those of the differential equation.
        b_bar: as above.
        c: reads the state.
        inputs: T may be 0.
        state: what an earlier call returned; zeros by default. It is left as it was.

    Returns:
        the outputs, and the state after the last step.
    """
    raise NotImplementedError("statespace.recurrence")


def convolution_kernel(
    a_bar: Float[Tensor, "N N"],
    b_bar: Float[Tensor, " N"],
    c: Float[Tensor, " N"],
    length: int,
) -> Float[Tensor, " S"]:
    """What an input of 1 brings to the output now and later: C B̄, C Ā B̄, C Ā² B̄, …

    `length` numbers, at least one.
    """
    raise NotImplementedError("statespace.convolution_kernel")


def causal_convolution(
    inputs: Float[Tensor, "*batch T"], kernel: Float[Tensor, "*#batch S"]
) -> Float[Tensor, "*batch T"]:
    """y_t = Σ_s kernel_s · u_{t-s} over 0 ≤ s ≤ t, through the Fourier transform.

    Time grows with (T + S) log(T + S), not with T · S. What comes before the first input is zero,
    and nothing comes round from the end to the beginning. S may be less than T or more; both are
    at least 1. Leading dimensions of the kernel broadcast. The dtype is float32 or float64.
    """
    raise NotImplementedError("statespace.causal_convolution")


# --- Memory -----------------------------------------------------------------------------------


def time_constants(a_bar: Float[Tensor, "N N"]) -> Float[Tensor, " N"]:
    """After how many steps each mode of h_t = Ā h_{t-1} has fallen to 1/e of its size, ascending.

    An eigenvalue λ of Ā shrinks its mode by |λ| a step: -1 / ln|λ| steps, which is 0 for λ = 0.
    A mode that does not shrink, |λ| ≥ 1, has inf.
    """
    raise NotImplementedError("statespace.time_constants")


def hippo_legs(
    size: int, dtype: torch.dtype = torch.float32
) -> tuple[Float[Tensor, "N N"], Float[Tensor, " N"]]:
    """The A and B with which h(t) holds the best polynomial of degree N - 1 for u on [0, t].

    With rows n and columns k from 0: A_nk = -√((2n+1)(2k+1)) for n > k, -(n+1) for n = k, 0 for
    n < k, and B_n = √(2n+1). The equation that they belong to is h' = A h / t + B u / t.

    Source: Gu et al. (2020), HiPPO, theorem 2 (the minus is part of A here).
    """
    raise NotImplementedError("statespace.hippo_legs")


def legs_compress(signal: Float[Tensor, "*batch T"], size: int) -> Float[Tensor, "*batch N"]:
    """N numbers for all of a signal: the state of HiPPO-LegS after its last step.

    Step t = 1 … T is the bilinear one of length 1/t, for the equation has 1/t at A and B:
    the state begins with zeros, and goes from step to step with Ā and B̄ of that length.
    """
    raise NotImplementedError("statespace.legs_compress")


def legs_reconstruct(
    coefficients: Float[Tensor, "*batch N"], length: int
) -> Float[Tensor, "*batch T"]:
    """The signal of `length` steps that LegS remembers: Σ_n h_n √(2n+1) P_n(x).

    P_n is the Legendre polynomial of degree n. The middle of step t = 0 … T - 1 lies at
    x = (2t + 1) / T - 1. P_0 = 1, P_1 = x, and (n+1) P_{n+1} = (2n+1) x P_n - n P_{n-1}.
    """
    raise NotImplementedError("statespace.legs_reconstruct")


# --- Diagonal state spaces --------------------------------------------------------------------


def s4d_kernel(
    a: Complex[Tensor, "D N"], c: Complex[Tensor, "D N"], step: Float[Tensor, " D"], length: int
) -> Float[Tensor, "D S"]:
    """The kernels of D diagonal state spaces, discretised by zero-order hold.

    kernel_s = 2 · Re Σ_n c_n · (exp(Δ a_n) - 1) / a_n · exp(Δ a_n)ˢ for s < length. A is diagonal
    with a_n ≠ 0, and B is 1: what it might say is left to c. Each number stands for itself and
    its conjugate, which is not written down: so the sum is real, and twice the real part.

    Source: Gu, Gupta, Goel & Ré (2022), S4D, section 3.
    """
    raise NotImplementedError("statespace.s4d_kernel")


class S4D(nn.Module):
    """A layer of D diagonal state spaces, one for each channel; channels are not mixed.

    Args:
        width: D.
        size: N, of half the state: each complex number stands for a pair.

    The parameters are real: a = -exp(log_decay) + i·frequency cannot grow, c is (real, imaginary)
    on its last axis, Δ = exp(log_step), and `skip` takes the input past the state. At first
    a_n = -1/2 + iπn (S4D-Lin), and the steps are spread between `shortest` and `longest`.
    """

    def __init__(
        self, width: int, size: int, shortest: float = 1e-3, longest: float = 1e-1
    ) -> None:
        super().__init__()
        spread = torch.rand(width) * math.log(longest / shortest) + math.log(shortest)
        self.log_step = nn.Parameter(spread)
        self.log_decay = nn.Parameter(torch.full((width, size), math.log(0.5)))
        self.frequency = nn.Parameter((math.pi * torch.arange(size)).repeat(width, 1))
        self.c = nn.Parameter(torch.randn(width, size, 2) * 0.5**0.5)
        self.skip = nn.Parameter(torch.ones(width))

    def poles(self) -> Complex[Tensor, "D N"]:
        """a, whose real parts are negative."""
        return torch.complex(-self.log_decay.exp(), self.frequency)

    def forward(self, x: Float[Tensor, "B T D"]) -> Float[Tensor, "B T D"]:
        """All steps at once, by convolution: channel d of the output hears channel d only."""
        raise NotImplementedError("statespace.S4D")

    def step(
        self, x: Float[Tensor, "B D"], state: Complex[Tensor, "B D N"] | None = None
    ) -> tuple[Float[Tensor, "B D"], Complex[Tensor, "B D N"]]:
        """One step more, as `forward` would go on: the output, and the new state.

        `state` is None before the first step, and is left as it was.
        """
        raise NotImplementedError("statespace.S4D")
