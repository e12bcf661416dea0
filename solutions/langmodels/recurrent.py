"""Recurrent networks: a state that is carried from token to token, and rewritten at each.

    h_t = f(W x_t + b, U h_{t-1} + c)

What W makes of the inputs is known for all steps at once; only U has to wait for the step before.
So a step takes the projected input W x_t + b, and one product makes those of all steps.

Letters: B batch, T steps, I numbers in an input, H numbers in a state, V vocabulary, S steps of a
source text, D width of the attention. Weights are laid out as in torch.nn: W (gates · H, I) and
U (gates · H, H), with the gates of an LSTM in the order input, forget, cell, output, those of a GRU
reset, update, new.

Sources: Elman (1990); Werbos (1990), backpropagation through time; Hochreiter & Schmidhuber (1997)
and Gers et al. (2000), LSTM; Cho et al. (2014), GRU and encoder-decoder; Sutskever et al. (2014);
Bahdanau et al. (2015), attention; Bengio et al. (2015), scheduled sampling.
"""

from collections.abc import Callable, Sequence
from typing import Literal

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

# One tensor, or for an LSTM two, state and cell; each (B, H).
State = tuple[Float[Tensor, "B H"], ...]
Step = Callable[[Float[Tensor, "B GH"], State, Float[Tensor, "GH H"], Float[Tensor, " GH"]], State]

# --- One step -------------------------------------------------------------------------------------


def rnn_step(
    projected: Float[Tensor, "B H"],
    state: State,
    weight: Float[Tensor, "H H"],
    bias: Float[Tensor, " H"],
) -> State:
    """h' = tanh(W x + b + U h + c), Elman's network.

    Args:
        projected: W x + b.
        state: (h,).
        weight: U.
        bias: c.
    """
    # BEGIN SOLUTION
    (h,) = state
    return (torch.tanh(projected + h @ weight.T + bias),)
    # END SOLUTION


def lstm_step(
    projected: Float[Tensor, "B 4H"],
    state: State,
    weight: Float[Tensor, "4H H"],
    bias: Float[Tensor, " 4H"],
) -> State:
    """A cell that is added to, and gates that say what comes in, what stays and what shows.

        i, f, o = σ(…), g = tanh(…)      of the four parts of W x + b + U h + c, in order i f g o
        c' = f ∘ c + i ∘ g               h' = o ∘ tanh(c')

    Args:
        state: (h, c).
    """
    # BEGIN SOLUTION
    h, c = state
    i, f, g, o = (projected + h @ weight.T + bias).chunk(4, dim=-1)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c
    # END SOLUTION


def gru_step(
    projected: Float[Tensor, "B 3H"],
    state: State,
    weight: Float[Tensor, "3H H"],
    bias: Float[Tensor, " 3H"],
) -> State:
    """Two gates and no cell: the new state lies between the old one and a candidate.

        r, z = σ(the first two parts of W x + b + U h + c)
        n = tanh(third part of W x + b  +  r ∘ third part of U h + c)
        h' = (1 - z) ∘ n + z ∘ h

    The reset gate is on U h + c, as in torch; in Cho et al. it is on h.

    Args:
        state: (h,).
    """
    # BEGIN SOLUTION
    (h,) = state
    recalled = h @ weight.T + bias
    width = h.shape[-1]
    gates = (projected[..., : 2 * width] + recalled[..., : 2 * width]).sigmoid()
    r, z = gates.chunk(2, dim=-1)
    n = torch.tanh(projected[..., 2 * width :] + r * recalled[..., 2 * width :])
    return (n + z * (h - n),)
    # END SOLUTION


# --- Many steps -----------------------------------------------------------------------------------


def unroll(
    step: Step,
    projected: Float[Tensor, "B T GH"],
    state: State,
    weight: Float[Tensor, "GH H"],
    bias: Float[Tensor, " GH"],
    lengths: Int[Tensor, " B"] | None = None,
) -> tuple[Float[Tensor, "B T H"], State]:
    """Carry a state along each row.

    Args:
        projected: W x + b of all steps.
        state: before the first step.
        lengths: how many steps of a row are real; padding stands at the right. None: all.

    Returns:
        h after each step, zeros where the row has ended; and the state after each row's own last
        step, which is the first state for a row without any.
    """
    # BEGIN SOLUTION
    outputs = []
    for t, now in enumerate(projected.unbind(1)):
        new = step(now, state, weight, bias)
        output = new[0]
        if lengths is not None:
            goes_on = (t < lengths)[:, None]
            output = output.masked_fill(~goes_on, 0.0)
            new = tuple(
                torch.where(goes_on, after, before)
                for after, before in zip(new, state, strict=True)
            )
        state = new
        outputs.append(output)
    if not outputs:
        return projected.new_zeros(len(projected), 0, state[0].shape[-1]), state
    return torch.stack(outputs, dim=1), state
    # END SOLUTION


def rnn_backward(
    projected: Float[Tensor, "B T H"],
    state: Float[Tensor, "B H"],
    weight: Float[Tensor, "H H"],
    bias: Float[Tensor, " H"],
    grad_outputs: Float[Tensor, "B T H"],
) -> tuple[Float[Tensor, "B T H"], Float[Tensor, "B H"], Float[Tensor, "H H"], Float[Tensor, " H"]]:
    """Backpropagation through time by hand, for `unroll(rnn_step, …)` without lengths.

    Args:
        grad_outputs: ∂loss/∂outputs.

    Returns:
        ∂loss/∂projected, ∂loss/∂state, ∂loss/∂weight and ∂loss/∂bias. No autograd.

    From the last step to the first, what reaches h_t is its own gradient and what comes back from
    h_{t+1}; tanh' = 1 - h².

    Source: Werbos (1990).
    """
    # BEGIN SOLUTION
    outputs, _ = unroll(rnn_step, projected, (state,), weight, bias)
    before = torch.cat([state[:, None], outputs[:, :-1]], dim=1)[:, : outputs.shape[1]]
    slopes = 1 - outputs.square()
    grad_projected = torch.empty_like(projected)
    back = torch.zeros_like(state)
    for t in reversed(range(projected.shape[1])):
        grad_projected[:, t] = (grad_outputs[:, t] + back) * slopes[:, t]
        back = grad_projected[:, t] @ weight
    grad_weight = grad_projected.flatten(0, 1).T @ before.flatten(0, 1)
    return grad_projected, back, grad_weight, grad_projected.sum((0, 1))
    # END SOLUTION


class Recurrent(nn.Module):
    """Layers of a recurrent network, with parameters named and laid out as those of torch.nn.

    Args:
        kind: "rnn", "lstm" or "gru".
        n_inputs: I.
        width: H.
        n_layers: each reads what the one before it put out.
        bidirectional: each layer also has a network that reads from the right; what it puts out
            stands beside the other's, and the width of the outputs is 2 H.
    """

    def __init__(
        self,
        kind: Literal["rnn", "lstm", "gru"],
        n_inputs: int,
        width: int,
        n_layers: int = 1,
        bidirectional: bool = False,
    ) -> None:
        super().__init__()
        n_gates = {"rnn": 1, "lstm": 4, "gru": 3}[kind]
        self.n_states = 2 if kind == "lstm" else 1  # tensors in a state
        self.kind, self.width, self.n_layers = kind, width, n_layers
        self.directions = ("", "_reverse") if bidirectional else ("",)
        for layer in range(n_layers):
            below = n_inputs if layer == 0 else width * len(self.directions)
            for direction in self.directions:
                for name, *shape in (
                    ("weight_ih", n_gates * width, below),
                    ("weight_hh", n_gates * width, width),
                    ("bias_ih", n_gates * width),
                    ("bias_hh", n_gates * width),
                ):
                    drawn = torch.empty(*shape).uniform_(-(width**-0.5), width**-0.5)
                    self.register_parameter(f"{name}_l{layer}{direction}", nn.Parameter(drawn))

    def forward(
        self,
        inputs: Float[Tensor, "B T I"],
        state: Sequence[State] | None = None,
        lengths: Int[Tensor, " B"] | None = None,
    ) -> tuple[Float[Tensor, "B T H"], list[State]]:
        """The last layer's outputs, and the state of each layer and direction after the last step.

        Args:
            state: for each layer, and in it for each direction, what an earlier call returned;
                zeros by default.
            lengths: see `unroll`. The network that reads from the right begins at a row's end.
        """
        # BEGIN SOLUTION
        step = {"rnn": rnn_step, "lstm": lstm_step, "gru": gru_step}[self.kind]
        nothing = (inputs.new_zeros(len(inputs), self.width),) * self.n_states
        n_networks = self.n_layers * len(self.directions)
        states = iter(state or [nothing] * n_networks)
        last: list[State] = []
        for layer in range(self.n_layers):
            heard = []
            for direction in self.directions:
                w, u, b, c = (
                    getattr(self, f"{name}_l{layer}{direction}")
                    for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
                )
                read = reverse(inputs, lengths) if direction else inputs
                outputs, final = unroll(step, read @ w.T + b, next(states), u, c, lengths)
                heard.append(reverse(outputs, lengths) if direction else outputs)
                last.append(final)
            inputs = torch.cat(heard, dim=-1)
        return inputs, last
        # END SOLUTION


def reverse(x: Float[Tensor, "B T I"], lengths: Int[Tensor, " B"] | None) -> Float[Tensor, "B T I"]:
    """The real steps of each row from the last to the first; padding stays where it is."""
    if lengths is None:
        return x.flip(1)
    steps = torch.arange(x.shape[1], device=x.device)
    places = torch.where(steps < lengths[:, None], lengths[:, None] - 1 - steps, steps)
    return x.gather(1, places[..., None].expand_as(x))


class RecurrentLM(nn.Module):
    """A language model: embedding, recurrent layers, and a score for each token that may follow."""

    def __init__(
        self,
        vocabulary: int,
        embedding: int,
        width: int,
        kind: Literal["rnn", "lstm", "gru"] = "lstm",
        n_layers: int = 1,
    ) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, embedding)
        self.layers = Recurrent(kind, embedding, width, n_layers)
        self.head = nn.Linear(width, vocabulary)

    def forward(self, tokens: Int[Tensor, "B T"]) -> Float[Tensor, "B T V"]:
        """Logits for the token after each position."""
        return self.read(tokens)[0]

    def read(
        self, tokens: Int[Tensor, "B T"], state: Sequence[State] | None = None
    ) -> tuple[Float[Tensor, "B T V"], list[State]]:
        """The logits, and the state with which to read on: all that is kept of the past."""
        # BEGIN SOLUTION
        outputs, last = self.layers(self.embedding(tokens), state)
        return self.head(outputs), last
        # END SOLUTION


# --- From one sequence to another -----------------------------------------------------------------


def additive_attention(
    query: Float[Tensor, "B D"],
    keys: Float[Tensor, "B S D"],
    values: Float[Tensor, "B S H"],
    score: Float[Tensor, " D"],
    mask: Bool[Tensor, "B S"] | None = None,
) -> tuple[Float[Tensor, "B H"], Float[Tensor, "B S"]]:
    """Bahdanau's attention: a small network says how well a key fits, score · tanh(query + key).

    Args:
        query: what looks, already multiplied with its matrix.
        keys: likewise, so that their product is made once for all queries.
        mask: which keys are real; in each row there is one. None: all.

    Returns:
        the weighted mean of the values, and the weights, which sum to 1 over S.

    Source: Bahdanau, Cho & Bengio (2015), section 3.1 and appendix A.1.2.
    """
    # BEGIN SOLUTION
    scores = torch.tanh(query[:, None] + keys) @ score
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    weights = scores.softmax(-1)
    return (weights[:, None] @ values)[:, 0], weights
    # END SOLUTION


class Translator(nn.Module):
    """An encoder that reads a source from both sides, and a decoder that looks back at it.

    The decoder is a GRU. At each step it attends with its state, reads the last token and what
    attention found, and scores the next token from its new state.

    Args:
        vocabulary: V, of both sides; token `start` stands before every target.
        width: H of the decoder; the encoder has H/2 for each direction.
        attends: False: the decoder has only the encoder's last state, as in Sutskever et al.
    """

    def __init__(self, vocabulary: int, width: int, start: int = 0, attends: bool = True) -> None:
        super().__init__()
        self.start, self.attends = start, attends
        self.embedding = nn.Embedding(vocabulary, width)
        self.encoder = Recurrent("gru", width, width // 2, bidirectional=True)
        self.query = nn.Linear(width, width, bias=False)
        self.key = nn.Linear(width, width, bias=False)
        self.score = nn.Parameter(torch.randn(width) * width**-0.5)
        self.decoder = Recurrent("gru", 2 * width, width)
        self.head = nn.Linear(width, vocabulary)

    def encode(
        self, source: Int[Tensor, "B S"], lengths: Int[Tensor, " B"]
    ) -> tuple[Float[Tensor, "B S H"], Float[Tensor, "B H"]]:
        """What the encoder says at each token, and its last states from both sides together."""
        outputs, states = self.encoder(self.embedding(source), lengths=lengths)
        return outputs, torch.cat([state[0] for state in states], dim=-1)

    def forward(
        self,
        source: Int[Tensor, "B S"],
        lengths: Int[Tensor, " B"],
        target: Int[Tensor, "B T"],
        own: Bool[Tensor, "B T"] | None = None,
    ) -> Float[Tensor, "B T V"]:
        """Scores for each token of the target.

        Args:
            target: what the decoder is to write. At step t it is told target[t - 1] (`start` at
                the first): that is teacher forcing.
            own: where True at t, it is told its own most probable token of step t - 1 instead, as
                it will be when it writes alone (scheduled sampling draws this). At t = 0 without
                effect. None: nowhere.
        """
        # BEGIN SOLUTION
        memory, h = self.encode(source, lengths)
        keys = self.key(memory)
        mask = torch.arange(source.shape[1], device=source.device) < lengths[:, None]
        told = torch.full_like(source[:, 0], self.start)
        logits: list[Tensor] = []
        for t in range(target.shape[1]):
            if t:
                told = target[:, t - 1]
                if own is not None:
                    told = torch.where(own[:, t], logits[-1].argmax(-1), told)
            found = torch.zeros_like(h)
            if self.attends:
                found, _ = additive_attention(self.query(h), keys, memory, self.score, mask)
            heard = torch.cat([self.embedding(told), found], dim=-1)
            _, ((h,),) = self.decoder(heard[:, None], [(h,)])
            logits.append(self.head(h))
        return torch.stack(logits, dim=1)
        # END SOLUTION
