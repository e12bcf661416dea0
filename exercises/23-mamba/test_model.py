"""Block, model and writing: small enough to follow by hand."""

import math

import torch

from autograder.measure import measured
from autograder.testing import exercise, expect

EXACT_ENOUGH = 1e-6  # a few roundings of float32
LN2 = math.log(2)


# --- MambaBlock -------------------------------------------------------------------------------


def block(student):
    """One channel, a state of one number, no convolution to speak of; all gates half open.

    x is what comes in; the gate is ln 3, and silu(ln 3) = ¾ ln 3. Δ is ln 2, so the state halves.
    """
    config = student.mamba.MambaConfig(vocabulary=3, width=2, n_layers=1, inner=1, state=1, conv=2)
    mixer = student.mamba.MambaBlock(config)
    mixer.load_state_dict(
        {
            "in_proj.weight": torch.tensor([[1.0, 0.0], [0.0, math.log(3)]]),
            "conv1d.weight": torch.tensor([[[0.0, 1.0]]]),
            "conv1d.bias": torch.zeros(1),
            "x_proj.weight": torch.tensor([[0.0], [1.0], [1.0]]),
            "dt_proj.weight": torch.ones(1, 1),
            "dt_proj.bias": torch.zeros(1),  # softplus(0) = ln 2
            "A_log": torch.zeros(1, 1),
            "D": torch.tensor([10.0]),
            "out_proj.weight": torch.tensor([[4 / (3 * math.log(3))], [0.0]]),
        }
    )
    return mixer


# silu(x) of an x that comes in twice: s. B and C are s as well, so h = Δ s², then h/2 + Δ s².
S = 2 / (1 + math.exp(-2))
FIRST = S * LN2 * S**2 + 10 * S
SECOND = S * (LN2 * S**2 * 1.5) + 10 * S
TEXT = torch.tensor([[[2.0, 1.0], [2.0, 1.0]]])


@exercise("mamba.MambaBlock")
def test_block_by_hand(student):
    """s = silu(2); the state is ln 2 · s², then half of it and as much again; y = s h + 10 s."""
    y, (past, hidden) = block(student)(TEXT)
    expect(y.detach(), torch.tensor([[[FIRST, 0.0], [SECOND, 0.0]]]), tolerance=EXACT_ENOUGH)
    expect(past.detach(), torch.tensor([[[2.0]]]), tolerance=EXACT_ENOUGH)
    expect(hidden.detach(), torch.tensor([[[1.5 * LN2 * S**2]]]), tolerance=EXACT_ENOUGH)


@exercise("mamba.MambaBlock")
def test_block_goes_on(student):
    """Token by token, with the state handed on, it says the same."""
    mixer = block(student)
    _, state = mixer(TEXT[:, :1])
    y, _ = mixer(TEXT[:, 1:], tuple(part.detach() for part in state))
    expect(y.detach(), torch.tensor([[[SECOND, 0.0]]]), tolerance=EXACT_ENOUGH)


# --- Mamba ------------------------------------------------------------------------------------


def silent(student, n_layers=2):
    """A model whose blocks say nothing: it repeats what it reads."""
    config = student.mamba.MambaConfig(vocabulary=4, width=4, n_layers=n_layers, inner=2, state=3)
    model = student.mamba.Mamba(config)
    weights = {name: 0 * tensor.detach() for name, tensor in model.state_dict().items()}
    weights["embedding.weight"] = weights["head.weight"] = torch.eye(4)
    for name in weights:
        if name.endswith("norm.weight"):
            weights[name] = torch.ones(4)
    model.load_state_dict(weights)
    return model


@exercise("mamba.Mamba")
def test_model_that_repeats(student):
    """The norm makes 1 0 0 0 to 2 0 0 0; the head is the embedding, so that logits are 2 and 0."""
    model = silent(student)
    logits, state = model.read(torch.tensor([[2, 0]]))
    expected = torch.tensor([[[0.0, 0.0, 2.0, 0.0], [2.0, 0.0, 0.0, 0.0]]])
    expect(logits.detach(), expected, tolerance=1e-4)
    sizes = [[list(part.shape) for part in layer] for layer in state]
    expect(sizes, [[[1, 3, 2], [1, 2, 3]]] * 2, given="the sizes of the states")


@exercise("mamba.Mamba")
def test_model_goes_on(student):
    """A random model says the same of the last token, be it read with the text or after it."""
    model = student.mamba.Mamba(student.mamba.MambaConfig(7, 6, 2, state=3))
    tokens = torch.tensor([[3, 1, 4, 1, 5], [2, 6, 5, 3, 5]])
    with torch.no_grad():
        whole, _ = model.read(tokens)
        _, state = model.read(tokens[:, :4])
        last, _ = model.read(tokens[:, 4:], state)
    expect(last, whole[:, 4:], given="the logits after the last token", tolerance=1e-5)


# --- state_bytes ------------------------------------------------------------------------------


@exercise("mamba.state_bytes")
def test_bytes_by_hand(student):
    """Inner width 8, state 3, convolution of 4: 8 · (3 + 3) = 48 numbers in each of 2 layers."""
    config = student.mamba.MambaConfig.obj(5, 4, 2, state=3)
    expect(student.mamba.state_bytes(config), 384)
    expect(student.mamba.state_bytes(config, n_rows=10, bytes_per_number=2), 1920)


# --- generate ---------------------------------------------------------------------------------


@exercise("mamba.generate")
def test_a_model_that_repeats_writes(student):
    """What a silent model says is what it has read last."""
    got = student.mamba.generate(silent(student), torch.tensor([[1, 3], [0, 2]]), 3)
    expect(got, torch.tensor([[3, 3, 3], [2, 2, 2]]))


@exercise("mamba.generate")
def test_one_token_a_step(student):
    """Two prompts of five tokens are read at once, then one token of each for each step."""
    model = silent(student)
    with measured(student) as cost:
        student.mamba.generate(model, torch.zeros(2, 5, dtype=torch.long), 4)
    expect(cost.tokens, [10, 2, 2, 2])
