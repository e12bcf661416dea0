"""Steps, texts and models, in numbers that you can check by hand."""

import math

import torch

from autograder.student import parameters
from autograder.testing import exercise, expect

EXACT_ENOUGH = 1e-6  # a few roundings of float32
FAR = 100.0  # a gate that is told so is open, one that is told minus so is shut
HALF = math.atanh(0.5)  # tanh of it is 1/2

# --- One step ---------------------------------------------------------------------------------


@exercise("recurrent.rnn_step")
def test_one_step_of_elmans(student):
    """0.1 + 0.5 · 2 + 0.25 · 4 - 2.1 = 0: all but tanh⁻¹(1/2) cancels, in both rows of U."""
    projected, h = torch.tensor([[0.1, 0.2]]), torch.tensor([[2.0, 4.0]])
    weight, bias = torch.tensor([[0.5, 0.25], [0.0, -0.5]]), torch.tensor([-2.1, 1.8])
    (got,) = student.recurrent.rnn_step(projected, (h,), weight, bias + HALF)
    expect(got, torch.tensor([[0.5, 0.5]]), tolerance=EXACT_ENOUGH)


def gates(*parts):
    return torch.tensor([parts])


NO_WEIGHT = torch.zeros(4, 1), torch.zeros(4)


@exercise("recurrent.lstm_step")
def test_a_cell_is_kept(student):
    """The input gate is shut and the others are open: the cell stays, and tanh of it shows."""
    state = torch.tensor([[0.25]]), torch.tensor([[HALF]])
    h, c = student.recurrent.lstm_step(gates(-FAR, FAR, FAR, FAR), state, *NO_WEIGHT)
    expect([h, c], [torch.tensor([[0.5]]), torch.tensor([[HALF]])], tolerance=EXACT_ENOUGH)


@exercise("recurrent.lstm_step")
def test_a_cell_is_added_to(student):
    """With gates half open the cell is 3/2 plus half of tanh, and half of its tanh shows."""
    state = torch.tensor([[0.0]]), torch.tensor([[3.0]])
    h, c = student.recurrent.lstm_step(gates(0.0, 0.0, HALF, 0.0), state, *NO_WEIGHT)
    expect(c, torch.tensor([[1.75]]), tolerance=EXACT_ENOUGH)
    expect(h, torch.tensor([[math.tanh(1.75) / 2]]), tolerance=EXACT_ENOUGH)


@exercise("recurrent.lstm_step")
def test_the_state_opens_a_gate(student):
    """U h + c is added to all four parts: here it opens the input gate, the rest is half open."""
    state = torch.tensor([[2.0]]), torch.tensor([[0.0]])
    weight, bias = torch.tensor([[FAR], [0.0], [0.5], [0.0]]), torch.tensor([0, 0, HALF - 1, 0])
    _, c = student.recurrent.lstm_step(torch.zeros(1, 4), state, weight, bias)
    expect(c, torch.tensor([[0.5]]), tolerance=EXACT_ENOUGH)


@exercise("recurrent.gru_step")
def test_the_update_gate_keeps(student):
    """Where z is 1 the old state stays; where it is 0 the candidate, tanh, takes its place."""
    state, nothing = (torch.tensor([[0.75]]),), (torch.zeros(3, 1), torch.zeros(3))
    (got,) = student.recurrent.gru_step(gates(0.0, FAR, HALF), state, *nothing)
    expect(got, torch.tensor([[0.75]]), tolerance=EXACT_ENOUGH)
    (got,) = student.recurrent.gru_step(gates(0.0, -FAR, HALF), state, *nothing)
    expect(got, torch.tensor([[0.5]]), tolerance=EXACT_ENOUGH)


@exercise("recurrent.gru_step")
def test_the_reset_gate_forgets(student):
    """r is 1/2: the candidate is tanh(W x + b + half of (U h + c)), and z is 1/2 as well."""
    state = (torch.tensor([[0.5]]),)
    weight, bias = torch.tensor([[0.0], [0.0], [2.0]]), torch.tensor([0.0, 0.0, 2 * HALF])
    (got,) = student.recurrent.gru_step(gates(0.0, 0.0, -0.5), state, weight, bias)
    expect(got, torch.tensor([[0.5]]), tolerance=EXACT_ENOUGH)


# --- unroll -----------------------------------------------------------------------------------

TEXT = torch.tensor([[[1.0], [2.0], [4.0]], [[1.0], [1.0], [1.0]]])
UNUSED = torch.zeros(1, 1), torch.zeros(1)


@exercise("recurrent.unroll")
def test_sums_along_two_rows(student):
    """The step adds up: 1, 3, 7 from nothing, and 6, 7, 8 from a state of 5."""
    state = (torch.tensor([[0.0], [5.0]]),)
    outputs, (last,) = student.support.unrolled("adder", TEXT, state, *UNUSED)
    expect(outputs[..., 0], torch.tensor([[1.0, 3.0, 7.0], [6.0, 7.0, 8.0]]))
    expect(last, torch.tensor([[7.0], [8.0]]))


@exercise("recurrent.unroll")
def test_padding_is_not_read(student):
    """The second row has one token: zeros follow, and its states stay as they were after it."""
    state = torch.zeros(2, 1), torch.tensor([[0.0], [5.0]])
    lengths = torch.tensor([3, 1])
    outputs, (h, total) = student.support.unrolled("counter", TEXT, state, *UNUSED, lengths)
    expect(outputs[..., 0], torch.tensor([[10.0, 30.0, 70.0], [60.0, 0.0, 0.0]]))
    expect(h, torch.tensor([[70.0], [60.0]]))
    expect(total, torch.tensor([[7.0], [6.0]]))


# --- rnn_backward -----------------------------------------------------------------------------


@exercise("recurrent.rnn_backward")
def test_two_steps_back(student):
    """States of 1/2 and 0: slopes of 3/4 and 1. Only h_2 has a gradient, 8, and U is 3."""
    projected = torch.tensor([[[HALF], [-1.5]]])
    grad_projected, grad_state, grad_weight, grad_bias = student.recurrent.rnn_backward(
        projected, torch.zeros(1, 1), torch.tensor([[3.0]]), torch.zeros(1), gates([0.0], [8.0])
    )
    expect(grad_projected, gates([18.0], [8.0]), tolerance=EXACT_ENOUGH)  # 8 · 1, · 3 · 3/4
    expect(grad_state, torch.tensor([[54.0]]), tolerance=EXACT_ENOUGH)  # 18 · 3
    expect(grad_weight, torch.tensor([[4.0]]), tolerance=EXACT_ENOUGH)  # 18 · 0 + 8 · 1/2
    expect(grad_bias, torch.tensor([26.0]), tolerance=EXACT_ENOUGH)


@exercise("recurrent.rnn_backward")
def test_each_output_has_its_own_gradient(student):
    """With U = 0 nothing comes back: each step has its own gradient times its slope."""
    projected = torch.tensor([[[HALF], [0.0]]])
    grad_projected, grad_state, _, grad_bias = student.recurrent.rnn_backward(
        projected, torch.ones(1, 1), torch.zeros(1, 1), torch.zeros(1), gates([4.0], [1.0])
    )
    expect(grad_projected, gates([3.0], [1.0]), tolerance=EXACT_ENOUGH)
    expect([grad_state, grad_bias], [torch.zeros(1, 1), torch.tensor([4.0])], tolerance=1e-6)


# --- Models -----------------------------------------------------------------------------------


def library(kind, layer, *sizes, **options):
    """torch's own network with the parameters of a student's."""
    network = getattr(torch.nn, kind.upper())(*sizes, batch_first=True, **options)
    network.load_state_dict(parameters(layer))
    return network


@exercise("recurrent.Recurrent")
def test_each_kind_is_that_of_the_library(student):
    """With the same parameters the outputs are those of torch.nn.RNN, LSTM and GRU."""
    torch.manual_seed(0)
    for kind in ("rnn", "lstm", "gru"):
        layer = student.recurrent.Recurrent(kind, 2, 3)
        x = torch.randn(2, 4, 2)
        expect(layer(x)[0].detach(), library(kind, layer, 2, 3)(x)[0].detach(), tolerance=1e-5)


@exercise("recurrent.Recurrent")
def test_two_layers_in_both_directions(student):
    """Layers in both directions, as torch.nn.GRU has them."""
    torch.manual_seed(0)
    layer = student.recurrent.Recurrent("gru", 2, 3, n_layers=2, bidirectional=True)
    x = torch.randn(1, 4, 2)
    expected = library("gru", layer, 2, 3, num_layers=2, bidirectional=True)(x)[0]
    expect(layer(x)[0].detach(), expected.detach(), tolerance=1e-5)


@exercise("recurrent.RecurrentLM")
def test_logits_of_each_position(student):
    """Two rows of three tokens, and a score for each of seven that may follow."""
    model = student.recurrent.RecurrentLM(7, 4, 5)
    expect(list(model(torch.zeros(2, 3, dtype=torch.long)).shape), [2, 3, 7])


@exercise("recurrent.RecurrentLM")
def test_a_text_in_two_pieces(student):
    """Read in two pieces, with the state handed over, a text has the logits of the whole."""
    torch.manual_seed(0)
    model = student.recurrent.RecurrentLM(7, 4, 5)
    tokens = torch.tensor([[1, 2, 3, 4, 5]])
    got = student.support.read_twice(model, tokens[:, :2], tokens[:, 2:])
    expect(got.detach(), model(tokens).detach(), tolerance=1e-5)


@exercise("recurrent.additive_attention")
def test_weights_of_two_sums(student):
    """tanh is 1/2 and 0, times 2 ln 3: scores of ln 3 and 0, so weights of 3 to 1."""
    query, keys = torch.tensor([[1.0]]), torch.tensor([[[HALF - 1], [-1.0]]])
    values = torch.tensor([[[4.0, 0.0], [0.0, 8.0]]])
    got, weights = student.recurrent.additive_attention(
        query, keys, values, torch.tensor([2 * math.log(3)])
    )
    expect(weights, torch.tensor([[0.75, 0.25]]), tolerance=EXACT_ENOUGH)
    expect(got, torch.tensor([[3.0, 2.0]]), tolerance=EXACT_ENOUGH)


@exercise("recurrent.additive_attention")
def test_padding_is_not_attended_to(student):
    """A masked key gets nothing, and the others share what there is."""
    mask = torch.tensor([[True, False], [True, True]])
    values = torch.tensor([[[4.0], [9.0]], [[6.0], [9.0]]])
    got, weights = student.recurrent.additive_attention(
        torch.zeros(2, 3), torch.zeros(2, 2, 3), values, torch.ones(3), mask
    )
    expect(weights, torch.tensor([[1.0, 0.0], [0.5, 0.5]]))
    expect(got, torch.tensor([[4.0], [7.5]]))


SOURCE, LENGTHS = torch.tensor([[1, 2, 3], [4, 5, 0]]), torch.tensor([3, 2])


@exercise("recurrent.Translator")
def test_the_decoder_is_told_the_past_only(student):
    """A token of the target changes the scores after it, and neither those before nor its own."""
    torch.manual_seed(0)
    model = student.recurrent.Translator(7, 4)
    one = model(SOURCE, LENGTHS, torch.tensor([[1, 2, 3], [4, 5, 6]]))
    other = model(SOURCE, LENGTHS, torch.tensor([[1, 6, 3], [4, 5, 6]]))
    expect(list(one.shape), [2, 3, 7])
    same = (one == other).all(-1)
    expect(same, torch.tensor([[True, True, False], [True, True, True]]))


@exercise("recurrent.Translator")
def test_told_its_own_words(student):
    """Where `own` is True the decoder is told what it has just found most probable."""
    torch.manual_seed(0)
    model = student.recurrent.Translator(7, 4, attends=False)
    target = torch.tensor([[1, 2, 3], [4, 5, 6]])
    told = target.clone()
    told[:, 0] = model(SOURCE, LENGTHS, target)[:, 0].argmax(-1)
    own = torch.tensor([[False, True, False]]).expand(2, 3)
    expected = model(SOURCE, LENGTHS, told).detach()
    expect(model(SOURCE, LENGTHS, target, own).detach(), expected, tolerance=1e-5)
