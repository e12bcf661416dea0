"""Mamba: a state space whose step, input and output matrices are chosen by what is read.

The models of `statespace` treat every token alike: good for training, blind to content. Here the
step Δ, B and C depend on the token. A long step overwrites the state, a short one keeps it: so the
model selects what it remembers. It is no convolution any more, but still a linear recurrence,

    h_t = exp(Δ_t A) h_{t-1} + Δ_t B_t x_t,    y_t = C_t h_t,

which can be computed in parallel, and continued from a state of fixed size.

A convention to know: A is discretised exactly, by exp(Δ A), B only by Euler's rule, Δ B, as in the
authors' code (the paper's equation 4 has zero-order hold for both). Tests want this one.

Letters of shapes:
    B   batch          T   steps            D   width of the model
    E   inner width    N   state of each of the E channels
    R   rank of the step's matrix           W   width of the convolution
    L   layers         V   vocabulary       H   heads, P   their width (SSD)

Sources: Gu & Dao (2023), Mamba; Dao & Gu (2024), Transformers are SSMs (Mamba-2); Hillis & Steele
(1986) and Blelloch (1990) for scans.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

from langmodels.transformer import RMSNorm

# --- A short look back ------------------------------------------------------------------------


def causal_depthwise_conv(
    x: Float[Tensor, "B T E"],
    weight: Float[Tensor, "E W"],
    bias: Float[Tensor, " E"],
    past: Float[Tensor, "B W-1 E"] | None = None,
) -> tuple[Float[Tensor, "B T E"], Float[Tensor, "B W-1 E"]]:
    """Each channel's weighted sum of its last W inputs, and the inputs that the next call needs.

    y_t = bias + Σ_w weight_w · x_{t-W+1+w}: the last weight meets the present, as in
    torch.nn.Conv1d.

    Args:
        past: the last W - 1 inputs before these, as an earlier call returned them; zeros by
            default. It is left as it was.

    Returns:
        the output, and the last W - 1 inputs, some of which are of the past if T < W - 1.
    """
    # BEGIN SOLUTION
    length, width = x.shape[1], weight.shape[1]
    if past is None:
        past = x.new_zeros(len(x), width - 1, x.shape[2])
    known = torch.cat([past, x], dim=1)
    shifted = (known[:, w : w + length] * weight[:, w] for w in range(width))
    return sum(shifted, start=bias), known[:, length:]
    # END SOLUTION


# --- The selective scan -----------------------------------------------------------------------


def selective_scan(
    x: Float[Tensor, "B T E"],
    step: Float[Tensor, "B T E"],
    a: Float[Tensor, "E N"],
    b: Float[Tensor, "B T N"],
    c: Float[Tensor, "B T N"],
    state: Float[Tensor, "B E N"] | None = None,
) -> tuple[Float[Tensor, "B T E"], Float[Tensor, "B E N"]]:
    """h_t = exp(Δ_t A) h_{t-1} + Δ_t B_t x_t and y_t = C_t h_t, one step after another.

    Args:
        x: each channel has a state of N numbers, and its own A; B and C are for all channels.
        step: Δ, positive.
        a: negative; A is diagonal, its diagonal written down for each channel.
        b: what of x is written into the state.
        c: what of the state is read.
        state: what an earlier call returned; zeros by default. It is left as it was.

    Returns:
        the output, and the state after the last step. T is at least 1.

    Source: Gu & Dao (2023), Mamba, algorithm 2, with Δ B for B̄.
    """
    # BEGIN SOLUTION
    if state is None:
        state = x.new_zeros(len(x), *a.shape)
    outputs = []
    for t in range(x.shape[1]):
        decay = (step[:, t, :, None] * a).exp()
        state = decay * state + (step[:, t] * x[:, t])[..., None] * b[:, t, None]
        outputs.append((state @ c[:, t, :, None]).squeeze(-1))
    return torch.stack(outputs, dim=1), state
    # END SOLUTION


def associative_scan(
    decay: Float[Tensor, "B T *rest"], value: Float[Tensor, "B T *rest"]
) -> Float[Tensor, "B T *rest"]:
    """All h_t = decay_t · h_{t-1} + value_t, from h_{-1} = 0, in about log₂ T rounds.

    Two neighbouring steps (p, u) and (q, v) are one: (q · p, q · u + v). Each round joins every
    position with the one 1, 2, 4, … to its left, which by then stands for as many steps. Nothing
    is divided by a decay, which may be 0.

    Source: Hillis & Steele (1986), Data parallel algorithms.
    """
    # BEGIN SOLUTION
    reach = 1  # position t stands for the steps t - reach + 1 … t
    while reach < value.shape[1]:
        joined = torch.addcmul(value[:, reach:], decay[:, reach:], value[:, :-reach])
        value = torch.cat([value[:, :reach], joined], dim=1)
        decay = torch.cat([decay[:, :reach], decay[:, reach:] * decay[:, :-reach]], dim=1)
        reach *= 2
    return value
    # END SOLUTION


def parallel_selective_scan(
    x: Float[Tensor, "B T E"],
    step: Float[Tensor, "B T E"],
    a: Float[Tensor, "E N"],
    b: Float[Tensor, "B T N"],
    c: Float[Tensor, "B T N"],
    state: Float[Tensor, "B E N"] | None = None,
) -> tuple[Float[Tensor, "B T E"], Float[Tensor, "B E N"]]:
    """`selective_scan` without a loop over steps: by `associative_scan`."""
    # BEGIN SOLUTION
    decay = (step[..., None] * a).exp()
    value = (step * x)[..., None] * b[:, :, None]
    if state is not None:  # it comes in with the first step
        first = torch.addcmul(value[:, :1], decay[:, :1], state[:, None])
        value = torch.cat([first, value[:, 1:]], dim=1)
    states = associative_scan(decay, value)
    return (states @ c[..., None]).squeeze(-1), states[:, -1]
    # END SOLUTION


def chunked_selective_scan(
    x: Float[Tensor, "B T E"],
    step: Float[Tensor, "B T E"],
    a: Float[Tensor, "E N"],
    b: Float[Tensor, "B T N"],
    c: Float[Tensor, "B T N"],
    state: Float[Tensor, "B E N"] | None = None,
    *,
    chunk: int = 64,
) -> tuple[Float[Tensor, "B T E"], Float[Tensor, "B E N"]]:
    """`selective_scan` in pieces of `chunk` steps, between which only the state is handed on.

    What all steps of a chunk need is computed at once, so that steps are cheap; but there are
    never N numbers for each channel of more than `chunk` steps, so that they stay in the cache.
    T need not be a multiple of it.
    """
    # BEGIN SOLUTION
    if state is None:
        state = x.new_zeros(len(x), *a.shape)
    outputs = []
    chunks = (tensor.split(chunk, dim=1) for tensor in (x, step, b, c))
    for x_c, step_c, b_c, c_c in zip(*chunks, strict=True):
        decay = (step_c[..., None] * a).exp()
        value = (step_c * x_c)[..., None] * b_c[:, :, None]
        states = []
        for d, v in zip(decay.unbind(1), value.unbind(1), strict=True):
            state = torch.addcmul(v, d, state)
            states.append(state)
        outputs.append((torch.stack(states, dim=1) @ c_c[..., None]).squeeze(-1))
    return torch.cat(outputs, dim=1), state
    # END SOLUTION


# --- The model --------------------------------------------------------------------------------

BlockState = tuple[Float[Tensor, "B W-1 E"], Float[Tensor, "B E N"]]


@dataclass(frozen=True)
class MambaConfig:
    """The sizes of a Mamba. `inner` is 2 · width by default, `rank` width / 16, rounded up."""

    vocabulary: int  # V
    width: int  # D
    n_layers: int  # L
    inner: int = 0  # E
    state: int = 16  # N
    rank: int = 0  # R
    conv: int = 4  # W
    norm_eps: float = 1e-5

    def __post_init__(self) -> None:
        """Fill in what follows from the rest."""
        object.__setattr__(self, "inner", self.inner or 2 * self.width)
        object.__setattr__(self, "rank", self.rank or math.ceil(self.width / 16))


class MambaBlock(nn.Module):
    """What stands in a Mamba where a Transformer has attention and feed-forward.

    The parameters have the names and shapes of the authors' code, so that theirs can be loaded:
    `in_proj` (x and the gate z, E rows each, in this order), `conv1d` (E × 1 × W), `x_proj` (the
    step's R rows, then N of B, then N of C), `dt_proj` (the step's other half, with a bias),
    `A_log` (A = -exp(A_log)), `D` (what of x goes past the state), `out_proj`.
    """

    def __init__(self, config: MambaConfig) -> None:
        """Steps begin between 0.001 and 0.1, A with -1, -2, … -N in every channel."""
        super().__init__()
        c = config
        self.in_proj = nn.Linear(c.width, 2 * c.inner, bias=False)
        self.conv1d = nn.Conv1d(c.inner, c.inner, c.conv, groups=c.inner)
        self.x_proj = nn.Linear(c.inner, c.rank + 2 * c.state, bias=False)
        self.dt_proj = nn.Linear(c.rank, c.inner)
        self.A_log = nn.Parameter(torch.arange(1.0, c.state + 1).log().repeat(c.inner, 1))
        self.D = nn.Parameter(torch.ones(c.inner))
        self.out_proj = nn.Linear(c.inner, c.width, bias=False)
        nn.init.uniform_(self.dt_proj.weight, -(c.rank**-0.5), c.rank**-0.5)
        step = torch.exp(torch.rand(c.inner) * math.log(100) + math.log(1e-3))
        with torch.no_grad():
            self.dt_proj.bias.copy_(step.expm1().log())  # softplus of it is the step

    def forward(
        self, x: Float[Tensor, "B T D"], state: BlockState | None = None
    ) -> tuple[Float[Tensor, "B T D"], BlockState]:
        """Read T tokens, be it a whole text, a piece or a single one, and say where it stands.

        x and gate = in_proj(x); x = silu(conv(x)); Δ, B, C from x, with Δ = softplus(dt_proj(·));
        y = scan of x, plus D · x; out_proj(y · silu(gate)).

        Args:
            state: what the call before returned: the convolution's past, and the scan's state;
                None at the beginning of a text. It is left as it was.

        Source: Gu & Dao (2023), Mamba, figure 3 and algorithm 2.
        """
        # BEGIN SOLUTION
        past, hidden = (None, None) if state is None else state
        x, gate = self.in_proj(x).chunk(2, dim=-1)
        weight, bias = self.conv1d.weight.squeeze(1), self.conv1d.get_parameter("bias")
        x, past = causal_depthwise_conv(x, weight, bias, past)
        x = functional.silu(x)
        rank, n = self.dt_proj.in_features, self.A_log.shape[1]
        step, b, c = self.x_proj(x).split([rank, n, n], dim=-1)
        step = functional.softplus(self.dt_proj(step))
        y, hidden = chunked_selective_scan(x, step, -self.A_log.exp(), b, c, hidden)
        y = (y + self.D * x) * functional.silu(gate)
        return self.out_proj(y), (past, hidden)
        # END SOLUTION


class MambaLayer(nn.Module):
    """x + block(norm(x))."""

    def __init__(self, config: MambaConfig) -> None:
        super().__init__()
        self.norm = RMSNorm(config.width, config.norm_eps)
        self.mixer = MambaBlock(config)

    def forward(
        self, x: Float[Tensor, "B T D"], state: BlockState | None = None
    ) -> tuple[Float[Tensor, "B T D"], BlockState]:
        """As the block, whose state it is."""
        change, state = self.mixer(self.norm(x), state)
        return x + change, state


class Mamba(nn.Module):
    """A language model of L layers between an embedding and a norm; the head is the embedding."""

    def __init__(self, config: MambaConfig) -> None:
        """Embeddings are drawn from N(0, 0.02²); what each block adds is kept small at first."""
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocabulary, config.width)
        self.layers = nn.ModuleList(MambaLayer(config) for _ in range(config.n_layers))
        self.norm = RMSNorm(config.width, config.norm_eps)
        self.head = nn.Linear(config.width, config.vocabulary, bias=False)
        self.head.weight = self.embedding.weight
        nn.init.normal_(self.embedding.weight, std=0.02)
        for layer in self.layers:
            layer.mixer.out_proj.weight.data /= config.n_layers**0.5  # type: ignore[union-attr]

    def forward(self, tokens: Int[Tensor, "B T"]) -> Float[Tensor, "B T V"]:
        """Logits for the token after each position of a text."""
        return self.read(tokens)[0]

    def read(
        self, tokens: Int[Tensor, "B T"], state: Sequence[BlockState] | None = None
    ) -> tuple[Float[Tensor, "B T V"], list[BlockState]]:
        """Logits for the token after each position, and the state after the last, layer by layer.

        Args:
            state: what the call before returned, for a text that goes on; None at its beginning.
        """
        # BEGIN SOLUTION
        x, states = self.embedding(tokens), []
        for number, layer in enumerate(self.layers):
            x, after = layer(x, None if state is None else state[number])
            states.append(after)
        return self.head(self.norm(x)), states
        # END SOLUTION


def from_mamba(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The state dict of our Mamba from that of a `MambaForCausalLM` of transformers."""
    names = {"backbone.": "", "embeddings.": "embedding.", "norm_f.": "norm.", "lm_head.": "head."}
    ours = {}
    for name, tensor in weights.items():
        for theirs, our in names.items():
            name = name.replace(theirs, our)
        ours[name] = tensor
    ours.setdefault("head.weight", ours["embedding.weight"])
    return ours


# --- Writing in constant memory ---------------------------------------------------------------


def state_bytes(config: MambaConfig, n_rows: int = 1, bytes_per_number: int = 4) -> int:
    """How much a model remembers of a text, however long that is: the bytes of its state.

    In every layer, for every row: the scan's state, and the inputs that the convolution keeps.
    """
    # BEGIN SOLUTION
    numbers = config.inner * (config.state + config.conv - 1)
    return config.n_layers * n_rows * numbers * bytes_per_number
    # END SOLUTION


def generate(model: Mamba, prompts: Int[Tensor, "B T"], n_new: int) -> Int[Tensor, "B n_new"]:
    """The n_new most probable tokens after each prompt, each given those before it.

    A prompt is read once, and then each token that was written, but for the last one, which
    nobody asks about.
    """
    # BEGIN SOLUTION
    tokens, state, written = prompts, None, []
    with torch.no_grad():
        for _ in range(n_new):
            logits, state = model.read(tokens, state)
            tokens = logits[:, -1:].argmax(-1)
            written.append(tokens)
    return torch.cat(written, dim=1) if written else prompts[:, :0]
    # END SOLUTION


# --- Mamba-2 ----------------------------------------------------------------------------------


def ssd(
    x: Float[Tensor, "B T H P"],
    step: Float[Tensor, "B T H"],
    a: Float[Tensor, " H"],
    b: Float[Tensor, "B T N"],
    c: Float[Tensor, "B T N"],
    state: Float[Tensor, "B H P N"] | None = None,
    *,
    chunk: int = 64,
) -> tuple[Float[Tensor, "B T H P"], Float[Tensor, "B H P N"]]:
    """The scan of Mamba-2, whose A is one number for each head, by matrix products.

    h_t = exp(Δ_t a) h_{t-1} + Δ_t x_t B_tᵀ and y_t = h_t C_t. Over a chunk that is attention
    without a softmax: y = (C Bᵀ ∘ decay) (Δ x) with decay_ts = exp(a Σ_{s<r≤t} Δ_r) for s ≤ t, plus
    what the state brings along. States are only made between chunks.

    Args:
        x: P numbers for each of H heads; B and C are for all heads.
        a: negative.
        state: as in `selective_scan`; T need not be a multiple of `chunk`.

    Source: Dao & Gu (2024), Transformers are SSMs, section 6 and listing 1.
    """
    # BEGIN SOLUTION
    if state is None:
        state = x.new_zeros(len(x), *x.shape[2:], b.shape[-1])
    outputs = []
    chunks = (tensor.split(chunk, dim=1) for tensor in (x, step, b, c))
    for x_c, step_c, b_c, c_c in zip(*chunks, strict=True):
        length = (step_c * a).cumsum(1).mT  # B × H × T, the logarithm of what is left
        past = torch.ones(2 * length.shape[-1:], dtype=torch.bool, device=x.device).tril()
        decay = (length[..., :, None] - length[..., None, :]).masked_fill(~past, -math.inf).exp()
        scores = (c_c @ b_c.mT)[:, None] * decay  # B × H × T × T
        moved = (step_c[..., None] * x_c).transpose(1, 2)  # B × H × T × P
        left = length.exp()[..., None] * c_c[:, None]  # what of the old state is heard
        outputs.append((scores @ moved + left @ state.mT).transpose(1, 2))
        kept = decay[..., -1, :, None] * moved  # what of each input is left at the end
        state = length[..., -1:, None].exp() * state + kept.mT @ b_c[:, None]
    return torch.cat(outputs, dim=1), state
    # END SOLUTION
