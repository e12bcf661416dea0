"""Steps, texts and models, held against torch's own cells and networks with the same parameters."""

from pathlib import Path
from runpy import run_path

import torch
from torch import nn

from autograder.measure import measured
from autograder.student import gradients, parameters
from autograder.testing import exercise, expect, expect_that

# Of the largest number in an answer: some ten times what right answers need in that dtype.
TOLERANCE = {
    torch.float64: 200 * 2**-52,
    torch.float32: 200 * 2**-23,
    torch.bfloat16: 16 * 2**-8,
}
EXACT = TOLERANCE[torch.float64]
# Errors of many steps add up, and gradients are compared in float64 only.
OF_MANY_STEPS = 1e-11
OF_GRADIENTS = 1e-10
KINDS = {"rnn": (1, 1), "lstm": (4, 2), "gru": (3, 1)}  # gates, tensors in a state
# The steps that unroll is tried with, on this side of the line.
STEPS = run_path(str(Path(__file__).with_name("support.py")))
CELLS = {"rnn": torch.rnn_tanh_cell, "lstm": torch.lstm_cell, "gru": torch.gru_cell}


def generator(rng):
    return torch.Generator().manual_seed(rng.getrandbits(31))


def normal(rng, *shape, dtype=torch.float64):
    return torch.randn(shape, generator=generator(rng), dtype=torch.float64).to(dtype)


def tokens(rng, n, *shape):
    return torch.randint(n, shape, generator=generator(rng))


def different(rng, n, low=2, high=7):
    """Sizes of which no two are equal, so that no axis can be taken for another."""
    return rng.sample(range(low, high + 1), n)


# --- One step ---------------------------------------------------------------------------------


def step_inputs(rng, kind, size, width, dtype=torch.float64, loud=1.0):
    """projected, the tensors of the state, weight, bias"""
    n_gates, n_states = KINDS[kind]
    return [
        loud * normal(rng, size, n_gates * width, dtype=dtype),
        [normal(rng, size, width, dtype=dtype) for _ in range(n_states)],
        normal(rng, n_gates * width, width, dtype=dtype),
        normal(rng, n_gates * width, dtype=dtype),
    ]


def library_step(kind, projected, state, weight, bias):
    """torch's cell, its input multiplied with 1, in float64."""
    dtype = projected.dtype
    projected, weight, bias, *state = (x.double() for x in (projected, weight, bias, *state))
    one, no_bias = torch.eye(len(weight)).double(), torch.zeros_like(bias)
    state = tuple(state) if kind == "lstm" else state[0]
    new = CELLS[kind](projected, state, one, weight, no_bias, bias)
    return [tensor.to(dtype) for tensor in (new if kind == "lstm" else (new,))]


def sizes_of_steps(rng):
    yield 1, 1
    yield 1, 3
    for _ in range(4):
        yield tuple(different(rng, 2))


def ours(student, kind):
    return getattr(student.recurrent, f"{kind}_step")


def check_cell(student, rng, kind, dtype):
    sizes = sizes_of_steps(rng)
    if dtype != torch.float64:
        # A sum that nearly cancels has few digits left: among many numbers the largest is no such.
        sizes = [(rng.randint(4, 7), rng.randint(8, 12)) for _ in range(4)]
    for size, width in sizes:
        inputs = step_inputs(rng, kind, size, width, dtype)
        expected = library_step(kind, *inputs)
        expect(ours(student, kind)(*inputs), expected, tolerance=TOLERANCE[dtype])


def check_extremes(student, rng, kind):
    for loud in (30.0, 1e3, 1e30):
        inputs = step_inputs(rng, kind, 3, 4, loud=loud)
        expected = library_step(kind, *inputs)
        expect(ours(student, kind)(*inputs), expected, tolerance=EXACT)


def check_step_gradients(student, rng, kind):
    for size, width in sizes_of_steps(rng):
        projected, state, weight, bias = step_inputs(rng, kind, size, width)
        leaves = [projected, *state, weight, bias]
        for leaf in leaves:
            leaf.requires_grad_()
        directions = [normal(rng, size, width) for _ in state]
        found = []
        for answer in (ours(student, kind), lambda *given: library_step(kind, *given)):
            new = answer(projected, state, weight, bias)
            sum((n * d).sum() for n, d in zip(new, directions, strict=True)).backward()
            found.append([leaf.grad for leaf in leaves])
            for leaf in leaves:
                leaf.grad = None
        expect(found[0], found[1], tolerance=OF_GRADIENTS)


def check_rows(student, rng, kind):
    projected, state, weight, bias = step_inputs(rng, kind, 5, 3)
    expected = library_step(kind, projected, state, weight, bias)
    for b in (0, 3):
        got = ours(student, kind)(projected[b : b + 1], [s[b : b + 1] for s in state], weight, bias)
        expect(got, [e[b : b + 1] for e in expected], tolerance=EXACT)
    got = ours(student, kind)(projected[:0], [s[:0] for s in state], weight, bias)
    expect(got, [e[:0] for e in expected])


@exercise("recurrent.rnn_step", weight=2)
def test_elmans_step_is_that_of_the_library(student, rng):  # lint: ok square (U is square)
    """The new state is that of torch's cell with the same parameters, for any sizes."""
    check_cell(student, rng, "rnn", torch.float64)


@exercise("recurrent.rnn_step")
def test_elmans_step_in_other_dtypes(student, rng):
    """float32 and bfloat16 stay what they are."""
    check_cell(student, rng, "rnn", torch.float32)
    check_cell(student, rng, "rnn", torch.bfloat16)


@exercise("recurrent.rnn_step")
def test_gradients_of_elmans_step(student, rng):
    """Gradients reach the input, the state, the weight and the bias."""
    check_step_gradients(student, rng, "rnn")


@exercise("recurrent.rnn_step")
def test_elmans_step_saturates(student, rng):
    """Large inputs give states of 1 and -1, and each row of a batch has its own."""
    check_extremes(student, rng, "rnn")
    check_rows(student, rng, "rnn")


@exercise("recurrent.lstm_step", weight=3)
def test_lstm_step_is_that_of_the_library(student, rng):
    """State and cell are those of torch's cell with the same parameters, for any sizes."""
    check_cell(student, rng, "lstm", torch.float64)


@exercise("recurrent.lstm_step")
def test_lstm_step_in_other_dtypes(student, rng):
    """float32 and bfloat16 stay what they are."""
    check_cell(student, rng, "lstm", torch.float32)
    check_cell(student, rng, "lstm", torch.bfloat16)


@exercise("recurrent.lstm_step", weight=2)
def test_gradients_of_the_lstm_step(student, rng):
    """Gradients reach the input, both tensors of the state, the weight and the bias."""
    check_step_gradients(student, rng, "lstm")


@exercise("recurrent.lstm_step")
def test_a_shut_cell_keeps_its_number(student, rng):
    """Forget gate open, input gate shut: for a hundred steps the cell stays what it was."""
    width = 3
    first = normal(rng, 2, width)
    state = [normal(rng, 2, width), first]
    gates = torch.tensor([-1e3, 1e3, 0.0, 0.0]).double().repeat_interleave(width)
    for _ in range(20):
        projected = gates + normal(rng, 2, 4 * width)
        state = student.recurrent.lstm_step(
            projected, state, normal(rng, 4 * width, width), normal(rng, 4 * width)
        )
    expect(state[1], first, tolerance=EXACT)


@exercise("recurrent.lstm_step")
def test_lstm_step_saturates(student, rng):
    """Gates that are quite open or shut do no harm, and each row of a batch has its own."""
    check_extremes(student, rng, "lstm")
    check_rows(student, rng, "lstm")


@exercise("recurrent.gru_step", weight=3)
def test_gru_step_is_that_of_the_library(student, rng):
    """The new state is that of torch's cell with the same parameters, for any sizes."""
    check_cell(student, rng, "gru", torch.float64)


@exercise("recurrent.gru_step")
def test_gru_step_in_other_dtypes(student, rng):
    """float32 and bfloat16 stay what they are."""
    check_cell(student, rng, "gru", torch.float32)
    check_cell(student, rng, "gru", torch.bfloat16)


@exercise("recurrent.gru_step", weight=2)
def test_gradients_of_the_gru_step(student, rng):
    """Gradients reach the input, the state, the weight and the bias."""
    check_step_gradients(student, rng, "gru")


@exercise("recurrent.gru_step")
def test_a_shut_update_keeps_the_state(student, rng):
    """Where the update gate keeps everything, the state stays what it was."""
    state = [normal(rng, 2, 3)]
    gates = torch.tensor([0.0, 1e3, 0.0]).double().repeat_interleave(3)
    got = student.recurrent.gru_step(
        gates + normal(rng, 2, 9), state, normal(rng, 9, 3), normal(rng, 9)
    )
    expect(got, state, tolerance=EXACT)


@exercise("recurrent.gru_step")
def test_gru_step_saturates(student, rng):
    """Gates that are quite open or shut do no harm, and each row of a batch has its own."""
    check_extremes(student, rng, "gru")
    check_rows(student, rng, "gru")


# --- unroll -----------------------------------------------------------------------------------


def row_by_row(step, projected, state, weight, bias, lengths=None):
    """Each row on its own, for as many steps as it has."""
    size, n_steps, _ = projected.shape
    lengths = [n_steps] * size if lengths is None else lengths.tolist()
    outputs = projected.new_zeros(size, n_steps, state[0].shape[-1])
    last = [tensor.clone() for tensor in state]
    for b, length in enumerate(lengths):
        own = [tensor[b : b + 1] for tensor in state]
        for t in range(length):
            own = step(projected[b : b + 1, t], own, weight, bias)
            outputs[b, t] = own[0][0]
        for tensor, new in zip(last, own, strict=True):
            tensor[b] = new[0]
    return [outputs, last]


def texts(rng, step, size, n_steps, width):
    state = [normal(rng, size, width) for _ in range(2 if step == "paired" else 1)]
    return [
        normal(rng, size, n_steps, width),
        state,
        normal(rng, width, width) / width**0.5,
        normal(rng, width),
    ]


def sizes_of_texts(rng):
    yield 1, 1, 2
    for _ in range(4):
        yield tuple(different(rng, 3))


@exercise("recurrent.unroll", weight=2)
def test_a_state_is_carried_along(student, rng):
    """Every output and the last state are those of one step after the other."""
    for step in ("damped", "paired"):
        for sizes in sizes_of_texts(rng):
            inputs = texts(rng, step, *sizes)
            expected = row_by_row(STEPS[step], *inputs)
            got = student.support.unrolled(step, *inputs)
            expect(got, expected, tolerance=OF_MANY_STEPS)


@exercise("recurrent.unroll", weight=2)
def test_rows_that_end_earlier(student, rng):
    """Past a row's end there are zeros, and its state is that of its own last step."""
    for step in ("damped", "paired"):
        for size, n_steps, width in sizes_of_texts(rng):
            inputs = texts(rng, step, size, n_steps, width)
            lengths = torch.tensor([rng.randint(0, n_steps) for _ in range(size)])
            expected = row_by_row(STEPS[step], *inputs, lengths)
            got = student.support.unrolled(step, *inputs, lengths)
            expect(got, expected, tolerance=OF_MANY_STEPS)


@exercise("recurrent.unroll")
def test_padding_may_hold_anything(student, rng):
    """Numbers in the padding change nothing, be they nan, and no gradient goes there."""
    projected, state, weight, bias = texts(rng, "paired", 3, 5, 2)
    lengths = torch.tensor([2, 5, 0])
    expected = student.support.unrolled("paired", projected, state, weight, bias, lengths)
    loud = projected.clone()
    loud[0, 2:], loud[2] = 1e4, float("nan")
    got = student.support.unrolled("paired", loud, state, weight, bias, lengths)
    expect(got, expected, tolerance=0.0)
    loud[2] = -1e4
    loud.requires_grad_()
    outputs, (h, c) = student.support.unrolled("paired", loud, state, weight, bias, lengths)
    (outputs.sum() + (h * c).sum()).backward()
    zeros = torch.zeros(3, 2).double()
    expect([loud.grad[0, 2:], loud.grad[2, :3]], [zeros, zeros])
    expect_that(bool(loud.grad[1].abs().min() > 0), expected="gradients elsewhere", got=loud.grad)


@exercise("recurrent.unroll")
def test_texts_without_a_step(student, rng):
    """Where there is no step there is no output, and the state is the first one."""
    for step in ("damped", "paired"):
        projected, state, weight, bias = texts(rng, step, 3, 4, 2)
        got = student.support.unrolled(step, projected[:, :0], state, weight, bias)
        expect(got, [torch.zeros(3, 0, 2).double(), state])
        none = torch.zeros(3, dtype=torch.long)
        got = student.support.unrolled(step, projected, state, weight, bias, none)
        expect(got, [torch.zeros(3, 4, 2).double(), state])


@exercise("recurrent.unroll")
def test_outputs_are_narrower_than_inputs(student, rng):
    """A step that has several gates reads more numbers than it puts out."""
    for n_steps in (0, 1, 4):
        size, width = different(rng, 2)
        state = [normal(rng, size, width)]
        projected = normal(rng, size, n_steps, 3 * width)
        weight, bias = normal(rng, 3 * width, width), normal(rng, 3 * width)
        expected = row_by_row(STEPS["folded"], projected, state, weight, bias)
        got = student.support.unrolled("folded", projected, state, weight, bias)
        expect(got, expected, tolerance=OF_MANY_STEPS)


@exercise("recurrent.unroll")
def test_gradients_through_time(student, rng):
    """Gradients come back through all steps, to the first state too."""
    for step in ("damped", "paired"):
        projected, state, weight, bias = texts(rng, step, 3, 4, 2)
        lengths = torch.tensor([4, 1, 3])
        leaves = [projected, *state, weight, bias]
        for leaf in leaves:
            leaf.requires_grad_()
        direction = normal(rng, 3, 4, 2)
        found = []
        for call in (
            lambda *given, s=step: student.support.unrolled(s, *given),
            lambda *given, s=step: row_by_row(STEPS[s], *given),
        ):
            outputs, last = call(projected, state, weight, bias, lengths)
            ((outputs * direction).sum() + last[-1].sum()).backward()
            found.append([leaf.grad for leaf in leaves])
            for leaf in leaves:
                leaf.grad = None
        expect(found[0], found[1], tolerance=OF_GRADIENTS)


# --- rnn_backward -----------------------------------------------------------------------------


def elman_texts(rng):
    """projected, state, weight, bias, grad_outputs"""
    for size, n_steps, width in sizes_of_texts(rng):
        yield (
            normal(rng, size, n_steps, width),
            normal(rng, size, width),
            normal(rng, width, width) / width**0.5,
            normal(rng, width),
            normal(rng, size, n_steps, width),
        )


def backward_by_autograd(projected, state, weight, bias, grad_outputs):
    leaves = [x.detach().clone().requires_grad_() for x in (projected, state, weight, bias)]
    with torch.enable_grad():
        projected, h, weight, bias = leaves
        loss = 0.0 * h.sum()
        for t in range(projected.shape[1]):
            h = torch.tanh(projected[:, t] + h @ weight.T + bias)
            loss = loss + (h * grad_outputs[:, t]).sum()
        found = torch.autograd.grad(loss, leaves, allow_unused=True)
    return [torch.zeros_like(x) if g is None else g for g, x in zip(found, leaves, strict=True)]


@exercise("recurrent.rnn_backward", weight=3)
def test_by_hand_as_by_autograd(student, rng):  # lint: ok square (U is square)
    """All four gradients are those of autograd, for any sizes."""
    for inputs in elman_texts(rng):
        got = student.recurrent.rnn_backward(*inputs)
        expect(got, backward_by_autograd(*inputs), tolerance=OF_GRADIENTS)


@exercise("recurrent.rnn_backward", weight=2)
def test_gradients_from_the_end_reach_the_start(student, rng):
    """Where only the last output has a gradient it comes back through every step."""
    for projected, state, weight, bias, grad_outputs in elman_texts(rng):
        grad_outputs[:, :-1] = 0.0
        inputs = (projected, state, weight, bias, grad_outputs)
        got = student.recurrent.rnn_backward(*inputs)
        expect(got, backward_by_autograd(*inputs), tolerance=OF_GRADIENTS)


@exercise("recurrent.rnn_backward")
def test_one_step_and_none(student, rng):
    """A text may have one step, or none: then there is nothing that could have a gradient."""
    for n_steps in (1, 0):
        projected, state, weight, bias, grad = next(iter(elman_texts(rng)))
        inputs = (projected[:, :n_steps], state, weight, bias, grad[:, :n_steps])
        got = student.recurrent.rnn_backward(*inputs)
        expect(got, backward_by_autograd(*inputs), tolerance=OF_GRADIENTS)


@exercise("recurrent.rnn_backward")
def test_a_saturated_state_lets_nothing_back(student, rng):
    """Where a state is 1 or -1 its slope is 0, and nothing from after it gets before it."""
    projected, state, weight, bias, grad = list(elman_texts(rng))[-1]
    projected = projected.clone()
    projected[:, 1] = 1e3
    got = student.recurrent.rnn_backward(projected, state, weight, bias, grad)
    expect(
        got,
        backward_by_autograd(projected, state, weight, bias, grad),
        tolerance=OF_GRADIENTS,
    )
    expect(got[0][:, 1], torch.zeros_like(got[0][:, 1]))


@exercise("recurrent.rnn_backward")
def test_backward_without_autograd(student, rng):
    """It works where autograd is off, and in float32."""
    for inputs in elman_texts(rng):
        with torch.no_grad():
            got = student.recurrent.rnn_backward(*inputs)
        expect(got, backward_by_autograd(*inputs), tolerance=OF_GRADIENTS)
    expected = [g.float() for g in backward_by_autograd(*inputs)]
    got = student.recurrent.rnn_backward(*(x.float() for x in inputs))
    expect(got, expected, tolerance=10 * TOLERANCE[torch.float32])


# --- Recurrent --------------------------------------------------------------------------------


def networks(kind, n_inputs, width, **options):
    network = getattr(nn, kind.upper())(n_inputs, width, batch_first=True, **options)
    return network.double()


def with_library(student, rng, kind, n_inputs, width, n_layers=1, bidirectional=False):
    """The student's network and torch's, with the same random parameters in float64."""
    layer = student.recurrent.Recurrent(kind, n_inputs, width, n_layers, bidirectional)
    layer.double()
    state = {name: normal(rng, *p.shape) / width**0.5 for name, p in parameters(layer).items()}
    layer.load_state_dict(state)
    theirs = networks(kind, n_inputs, width, num_layers=n_layers, bidirectional=bidirectional)
    theirs.load_state_dict(state)
    return layer, theirs


def of_library(kind, last):
    """torch's last states as ours: for each layer and direction a list of tensors."""
    tensors = last if kind == "lstm" else (last,)
    return [list(both) for both in zip(*tensors, strict=True)]


def stacks(rng):
    """(kind, n_inputs, width, n_layers, bidirectional), the plain ones first"""
    for n_layers, bidirectional in [(1, False), (2, False), (1, True), (3, True)]:
        for kind in KINDS:
            yield (kind, *different(rng, 2), n_layers, bidirectional)


@exercise("recurrent.Recurrent", weight=3)
def test_networks_are_those_of_the_library(student, rng):
    """Outputs and last states of each kind, with one layer or several, one direction or both."""
    for sizes in stacks(rng):
        layer, theirs = with_library(student, rng, *sizes)
        x = normal(rng, *different(rng, 2), sizes[1])
        expected, last = theirs(x)
        got, states = layer(x)
        expect(got.detach(), expected.detach(), tolerance=OF_MANY_STEPS)
        states = [[tensor.detach() for tensor in state] for state in states]
        expect(states, of_library(sizes[0], last_detached(last)), tolerance=OF_MANY_STEPS)


def last_detached(last):
    return tuple(t.detach() for t in last) if isinstance(last, tuple) else last.detach()


@exercise("recurrent.Recurrent", weight=2)
def test_packed_rows_are_those_of_the_library(student, rng):
    """With rows of different lengths the answers are those of torch's packed sequences."""
    for sizes in stacks(rng):
        layer, theirs = with_library(student, rng, *sizes)
        size, n_steps = different(rng, 2)
        x = normal(rng, size, n_steps, sizes[1])
        lengths = torch.tensor([n_steps, *(rng.randint(1, n_steps) for _ in range(size - 1))])
        packed = nn.utils.rnn.pack_padded_sequence(x, lengths, True, enforce_sorted=False)
        expected, last = theirs(packed)
        expected, _ = nn.utils.rnn.pad_packed_sequence(expected, batch_first=True)
        got, states = layer(x, lengths=lengths)
        expect(got.detach(), expected.detach(), tolerance=OF_MANY_STEPS)
        states = [[tensor.detach() for tensor in state] for state in states]
        expect(states, of_library(sizes[0], last_detached(last)), tolerance=OF_MANY_STEPS)


@exercise("recurrent.Recurrent", weight=2)
def test_gradients_of_networks(student, rng):
    """Every parameter and the inputs get the gradients that torch's network gives them."""
    for sizes in stacks(rng):
        layer, theirs = with_library(student, rng, *sizes)
        x = normal(rng, *different(rng, 2), sizes[1]).requires_grad_()
        expected, _ = theirs(x)
        direction = normal(rng, *expected.shape)
        (expected * direction).sum().backward()
        of_inputs, x.grad = x.grad, None
        (layer(x)[0] * direction).sum().backward()
        expect(x.grad, of_inputs, tolerance=OF_GRADIENTS)
        wanted = {name: p.grad for name, p in theirs.named_parameters()}
        expect(gradients(layer), wanted, tolerance=OF_GRADIENTS)


@exercise("recurrent.Recurrent")
def test_a_text_in_pieces(student, rng):
    """With the state of the piece before, a text in pieces has the outputs of the whole."""
    for kind in KINDS:
        for n_layers in (1, 3):
            layer, theirs = with_library(student, rng, kind, 2, 3, n_layers)
            x = normal(rng, 4, 7, 2)
            expected, last = theirs(x)
            got, states = student.support.in_pieces(layer, [x[:, :3], x[:, 3:4], x[:, 4:]])
            expect(got.detach(), expected.detach(), tolerance=OF_MANY_STEPS)
            states = [[tensor.detach() for tensor in state] for state in states]
            expect(states, of_library(kind, last_detached(last)), tolerance=OF_MANY_STEPS)


@exercise("recurrent.Recurrent")
def test_first_states_of_each_direction(student, rng):
    """A given state is that of its own layer and direction."""
    for kind in KINDS:
        layer, theirs = with_library(student, rng, kind, 2, 3, 2, True)
        x, tensors = normal(rng, 5, 4, 2), [normal(rng, 4, 5, 3) for _ in range(KINDS[kind][1])]
        expected, _ = theirs(x, tuple(tensors) if kind == "lstm" else tensors[0])
        got, _ = layer(x, of_library(kind, tuple(tensors) if kind == "lstm" else tensors[0]))
        expect(got.detach(), expected.detach(), tolerance=OF_MANY_STEPS)


@exercise("recurrent.Recurrent")
def test_a_text_without_tokens(student, rng):
    """No step puts nothing out, and leaves each row of a batch the state that it began with."""
    for kind, (_, n_tensors) in KINDS.items():
        layer, _ = with_library(student, rng, kind, 2, 3, 2)
        given = [[normal(rng, 5, 3) for _ in range(n_tensors)] for _ in range(2)]
        for state in (given, None):
            got, states = layer(normal(rng, 5, 0, 2), state)
            expect(got.detach(), torch.zeros(5, 0, 3).double())
            nothing = [[torch.zeros(5, 3).double()] * n_tensors] * 2
            expect([[tensor.detach() for tensor in last] for last in states], state or nothing)


@exercise("recurrent.Recurrent")
def test_inputs_are_multiplied_at_once(student, rng):
    """One product makes what W says of all steps, so that each step needs only its own."""
    layer, _ = with_library(student, rng, "lstm", 2, 3)
    x = normal(rng, 2, 30, 2)
    with torch.no_grad(), measured(student) as cost:
        layer.forward(x)
    products = ("aten::mm", "aten::addmm", "aten::bmm", "aten::baddbmm", "aten::matmul")
    n_products = sum(cost.operators.get(name, 0) for name in products)
    expect_that(n_products < 40, expected="fewer than 40 products for 30 steps", got=n_products)


# --- RecurrentLM ------------------------------------------------------------------------------


def language_models(student, rng):
    """Models in float64 with random parameters, and what they say by torch's networks."""
    for kind, n_layers in [("lstm", 1), ("rnn", 2), ("gru", 1), ("lstm", 2)]:
        vocabulary, embedding, width = different(rng, 3)
        model = student.recurrent.RecurrentLM(vocabulary, embedding, width, kind, n_layers)
        model.double()
        state = {n: normal(rng, *p.shape) for n, p in parameters(model).items()}
        model.load_state_dict(state)
        theirs = networks(kind, embedding, width, num_layers=n_layers)
        theirs.load_state_dict(
            {n.removeprefix("layers."): p for n, p in state.items() if n.startswith("layers.")}
        )

        def expected(given, state=state, theirs=theirs):
            outputs, last = theirs(state["embedding.weight"][given])
            return outputs @ state["head.weight"].T + state["head.bias"], last

        yield kind, vocabulary, model, theirs, expected


@exercise("recurrent.RecurrentLM", weight=2)
def test_logits_are_those_of_the_library(student, rng):
    """Embedding, torch's network and a linear layer with the same parameters give these logits."""
    for _, vocabulary, model, _, expected in language_models(student, rng):
        given = tokens(rng, vocabulary, *different(rng, 2))
        expect(model(given).detach(), expected(given)[0].detach(), tolerance=OF_MANY_STEPS)


@exercise("recurrent.RecurrentLM", weight=2)
def test_reading_on_with_the_state(student, rng):
    """A text in pieces has the logits of the whole, and ends in the same state."""
    for kind, vocabulary, model, _, expected in language_models(student, rng):
        given = tokens(rng, vocabulary, 3, 8)
        wanted, last = expected(given)
        got, states = student.support.read_in_pieces(
            model, [given[:, :1], given[:, 1:6], given[:, 6:]]
        )
        expect(got.detach(), wanted.detach(), tolerance=OF_MANY_STEPS)
        states = [[tensor.detach() for tensor in state] for state in states]
        expect(states, of_library(kind, last_detached(last)), tolerance=OF_MANY_STEPS)


@exercise("recurrent.RecurrentLM")
def test_a_prediction_depends_on_the_past_only(student, rng):
    """A token changes the logits at its own place and after it, and none before."""
    for _, vocabulary, model, _, expected in language_models(student, rng):
        given = tokens(rng, vocabulary, 2, 6)
        other = given.clone()
        other[:, 3] = (given[:, 3] + 1) % vocabulary
        got = model(other).detach()
        expect(got[:, :3], model(given).detach()[:, :3], tolerance=0.0)
        expect(got, expected(other)[0].detach(), tolerance=OF_MANY_STEPS)


@exercise("recurrent.RecurrentLM")
def test_gradients_of_the_language_model(student, rng):
    """Embedding, layers and head all learn from the logits."""
    for _, vocabulary, model, theirs, expected in language_models(student, rng):
        given = tokens(rng, vocabulary, 3, 5)
        logits, _ = expected(given)
        direction = normal(rng, *logits.shape)
        (logits * direction).sum().backward()
        (model(given) * direction).sum().backward()
        found = gradients(model)
        for name, p in theirs.named_parameters():
            expect(found[f"layers.{name}"], p.grad, tolerance=OF_GRADIENTS)
        expect(found["head.bias"], direction.sum((0, 1)), tolerance=OF_GRADIENTS)
        unused = sorted(set(range(vocabulary)) - set(given.flatten().tolist()))
        rows = found["embedding.weight"]
        expect(rows[unused], torch.zeros_like(rows[unused]))
        used = rows[given[:, 0]].abs().sum()
        expect_that(bool(used > 0), expected="a gradient of what was read", got=used)


# --- additive_attention -----------------------------------------------------------------------


def attended(rng, dtype=torch.float64):
    """query, keys, values, score; no two sizes alike"""
    for size, n_keys, width, height in [(1, 1, 2, 3), *(different(rng, 4) for _ in range(4))]:
        yield [
            normal(rng, size, width, dtype=dtype),
            normal(rng, size, n_keys, width, dtype=dtype),
            normal(rng, size, n_keys, height, dtype=dtype),
            normal(rng, width, dtype=dtype),
        ]


def by_definition(query, keys, values, score, mask=None):
    """Row by row, key by key."""
    found, weights = [], []
    for b in range(len(query)):
        seen = [s for s in range(keys.shape[1]) if mask is None or mask[b, s]]
        shares = torch.zeros(keys.shape[1], dtype=query.dtype)
        if seen:
            scores = [(score * torch.tanh(query[b] + keys[b, s])).sum() for s in seen]
            shares = shares.index_put((torch.tensor(seen),), torch.stack(scores).softmax(0))
        weights.append(shares)
        found.append(shares @ values[b])
    return [torch.stack(found), torch.stack(weights)]


def masks(rng, inputs):
    mask = torch.rand(inputs[1].shape[:2], generator=generator(rng)) < 0.6
    for row in mask:
        row[rng.randrange(len(row))] = True
    return mask


@exercise("recurrent.additive_attention", weight=2)
def test_a_small_network_scores_each_key(student, rng):
    """Weights and mixture are those of score · tanh(query + key), worked out key by key."""
    for inputs in attended(rng):
        expected = by_definition(*inputs)
        expect(student.recurrent.additive_attention(*inputs), expected, tolerance=EXACT)


@exercise("recurrent.additive_attention", weight=2)
def test_only_real_keys_are_attended_to(student, rng):
    """A key that is masked has no weight, wherever in its row it stands."""
    for inputs in attended(rng):
        mask = masks(rng, inputs)
        expected = by_definition(*inputs, mask)
        expect(student.recurrent.additive_attention(*inputs, mask), expected, tolerance=EXACT)


@exercise("recurrent.additive_attention")
def test_scores_of_any_size(student, rng):
    """Scores of thousands overflow nowhere."""
    for query, keys, values, score in attended(rng):
        inputs = (query, keys, values, 1e3 * score)
        expected = by_definition(*inputs)
        expect(student.recurrent.additive_attention(*inputs), expected, tolerance=1e-9)


@exercise("recurrent.additive_attention")
def test_gradients_of_additive_attention(student, rng):
    """Gradients reach query, keys, values and score."""
    for inputs in attended(rng):
        mask = masks(rng, inputs)
        for leaf in inputs:
            leaf.requires_grad_()
        direction = normal(rng, len(inputs[0]), inputs[2].shape[-1])
        found = []
        for call in (student.recurrent.additive_attention, by_definition):
            got, weights = call(*inputs, mask)
            ((got * direction).sum() + weights.square().sum()).backward()
            found.append([leaf.grad for leaf in inputs])
            for leaf in inputs:
                leaf.grad = None
        expect(found[0], found[1], tolerance=OF_GRADIENTS)


@exercise("recurrent.additive_attention")
def test_additive_attention_in_other_dtypes(student, rng):
    """float32 and bfloat16 stay what they are."""
    for dtype in (torch.float32, torch.bfloat16):
        for inputs in attended(rng, dtype):
            expected = by_definition(*(x.double() for x in inputs))
            got = student.recurrent.additive_attention(*inputs)
            expect(got, [e.to(dtype) for e in expected], tolerance=TOLERANCE[dtype])


# --- Translator -------------------------------------------------------------------------------


class Reference:
    """A translator of torch's parts, one row of the batch at a time."""

    def __init__(self, state, start, attends):
        self.state, self.start, self.attends = state, start, attends
        width = len(state["query.weight"])
        self.encoder = networks("gru", width, width // 2, bidirectional=True)
        self.decoder = networks("gru", 2 * width, width)
        for name in ("encoder", "decoder"):
            own = {n.removeprefix(f"{name}."): p for n, p in state.items() if n.startswith(name)}
            getattr(self, name).load_state_dict(own)

    def __call__(self, source, lengths, target, own=None):
        rows = [
            self.row(source[b, : lengths[b]], target[b], None if own is None else own[b])
            for b in range(len(source))
        ]
        return torch.stack(rows)

    def row(self, source, target, own):
        table = self.state["embedding.weight"]
        memory, last = self.encoder(table[source][None])
        h = last.reshape(1, -1)
        logits = []
        for t in range(len(target)):
            told = torch.tensor(self.start) if t == 0 else target[t - 1]
            if t and own is not None and own[t]:
                told = logits[-1][0].argmax()
            found = torch.zeros_like(h)
            if self.attends:
                query, keys = h @ self.state["query.weight"].T, memory @ self.state["key.weight"].T
                found, _ = by_definition(query, keys, memory, self.state["score"])
            heard = torch.cat([table[told][None], found], dim=-1)
            _, last = self.decoder(heard[:, None], h[None])
            h = last[0]
            logits.append(h @ self.state["head.weight"].T + self.state["head.bias"])
        return torch.cat(logits)


def translators(student, rng, attends=(True, False)):
    """(the student's, torch's, source, lengths, target)"""
    for attending in attends:
        for width in (2, 6):
            size, n_source, n_target, vocabulary = different(rng, 4, low=3)
            start = rng.randrange(vocabulary)
            model = student.recurrent.Translator(vocabulary, width, start, attending)
            model.double()
            state = {n: normal(rng, *p.shape) for n, p in parameters(model).items()}
            model.load_state_dict(state)
            lengths = torch.tensor([n_source, *(rng.randint(1, n_source) for _ in range(size - 1))])
            yield (
                model,
                Reference(state, start, attending),
                tokens(rng, vocabulary, size, n_source),
                lengths,
                tokens(rng, vocabulary, size, n_target),
            )


@exercise("recurrent.Translator", weight=3)
def test_teacher_forcing(student, rng):
    """Told the target, the decoder scores each token as one of torch's parts does."""
    for model, theirs, source, lengths, target in translators(student, rng):
        for longest in (1, source.shape[1]):
            inputs = source[:, :longest], lengths.clamp(max=longest), target
            expect(model(*inputs).detach(), theirs(*inputs).detach(), tolerance=1e-9)


@exercise("recurrent.Translator", weight=2)
def test_its_own_words_where_they_are_drawn(student, rng):
    """Where `own` is True a row is told its own last word, and elsewhere the target's."""
    for model, theirs, *inputs in translators(student, rng):
        own = torch.rand(inputs[2].shape, generator=generator(rng)) < 0.5
        own[0] = True
        got = model(*inputs, own).detach()
        expect(got, theirs(*inputs, own).detach(), tolerance=1e-9)


@exercise("recurrent.Translator")
def test_writing_alone(student, rng):
    """With `own` everywhere the target says only how long to write."""
    for model, theirs, source, lengths, target in translators(student, rng):
        own = torch.ones_like(target, dtype=torch.bool)
        got = model(source, lengths, target, own).detach()
        expect(got, theirs(source, lengths, target, own).detach(), tolerance=1e-9)
        other = (target + 1) % (int(target.max()) + 1)
        expect(model(source, lengths, other, own).detach(), got, tolerance=0.0)


@exercise("recurrent.Translator")
def test_padding_of_the_source_changes_nothing(student, rng):
    """Tokens past a row's end may be any, and a longer padding is the same."""
    for model, _, source, lengths, target in translators(student, rng):
        expected = model(source, lengths, target).detach()
        past = torch.arange(source.shape[1]) >= lengths[:, None]
        got = model(source.masked_fill(past, 1), lengths, target).detach()
        expect(got, expected, tolerance=EXACT)
        longer = torch.cat([source, source[:, :2]], dim=1)
        expect(model(longer, lengths, target).detach(), expected, tolerance=1e-11)


@exercise("recurrent.Translator")
def test_gradients_of_the_translator(student, rng):
    """Every part learns; without attention the parts that serve it do not."""
    for model, theirs, *inputs in translators(student, rng):
        for tensor in theirs.state.values():
            tensor.requires_grad_()
        expected = theirs(*inputs)
        direction = normal(rng, *expected.shape)
        (expected * direction).sum().backward()
        (model(*inputs) * direction).sum().backward()
        found = gradients(model)
        for name in ("encoder", "decoder"):
            for part, p in getattr(theirs, name).named_parameters():
                expect(found[f"{name}.{part}"], p.grad, tolerance=1e-8)
        names = ["embedding.weight", "head.weight", "head.bias"]
        names += ["query.weight", "key.weight", "score"] if theirs.attends else []
        for name in names:
            expect(found[name], theirs.state[name].grad, tolerance=1e-8)
