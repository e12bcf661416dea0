"""The steps of a state space, its recurrence and its convolution, against scipy and numpy."""

import numpy as np
import torch
from scipy import signal

from autograder.measure import measured
from autograder.testing import exercise, expect, expect_that

# How far a right answer may be from that in float64, relative to the largest number in it: sums of
# some dozen products, some of which cancel.
TOLERANCE = {torch.float64: 1e-10, torch.float32: 3e-5}
FLOATS = list(TOLERANCE)
BATCHES = [(), (1,), (3,), (2, 3)]


def normal(rng, *shape, dtype=torch.float64):
    generator = torch.Generator().manual_seed(rng.getrandbits(31))
    return torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)


def system(rng, size, dtype=torch.float64):
    """A and B of a differential equation that neither grows nor shrinks too fast."""
    return normal(rng, size, size, dtype=dtype) / size**0.5, normal(rng, size, dtype=dtype)


def model(rng, size, dtype=torch.float64):
    """Ā, B̄ and C: a step of `model` makes no state much larger."""
    a_bar = normal(rng, size, size)
    a_bar = 0.95 * a_bar / torch.linalg.matrix_norm(a_bar, 2)
    return a_bar.to(dtype), normal(rng, size, dtype=dtype), normal(rng, size, dtype=dtype)


def by_scipy(a, b, step, method):
    a, b = a.double().numpy(), b.double().numpy()[:, None]
    zero = np.zeros((1, len(a))), np.zeros((1, 1))
    a_bar, b_bar = signal.cont2discrete((a, b, *zero), step, method)[:2]
    return torch.tensor(a_bar), torch.tensor(b_bar[:, 0])


def check_steps(student, rng, name, method):
    for dtype in FLOATS:
        for size in (1, 2, 3, 5):
            a, b = system(rng, size, dtype)
            for step in (0.01, 0.5, 1.5):
                expected = [part.to(dtype) for part in by_scipy(a, b, step, method)]
                got = getattr(student.statespace, name)(a, b, step)
                given = f"a step of {step} of a system of size {size}, {dtype}"
                expect(got, expected, given=given, tolerance=TOLERANCE[dtype])


# --- zero_order_hold --------------------------------------------------------------------------


@exercise("statespace.zero_order_hold", weight=3)
def test_zero_order_hold_is_that_of_scipy(student, rng):  # lint: ok square (states to states)
    """Equal to scipy's discretisation, for steps short and long, in float32 and float64."""
    check_steps(student, rng, "zero_order_hold", "zoh")


@exercise("statespace.zero_order_hold", weight=2)
def test_zero_order_hold_without_an_inverse(student, rng):
    """A may be singular, or zero: then the state adds up the input."""
    hold = student.statespace.zero_order_hold
    a, b = system(rng, 4)
    for singular in (a.tril(-1), torch.outer(b, a[0]), 0 * a):
        got = hold(singular, b, 0.7)
        expect(got, by_scipy(singular, b, 0.7, "zoh"), tolerance=TOLERANCE[b.dtype])
    expect(hold(0 * a, b, 0.7), (torch.eye(4).double(), 0.7 * b), tolerance=TOLERANCE[b.dtype])


@exercise("statespace.zero_order_hold")
def test_two_halves_of_a_step(student, rng):
    """Two steps of half the length are one step if the input holds; no step moves nothing."""
    for size in (1, 3, 4):
        a, b = system(rng, size)
        a_half, b_half = student.statespace.zero_order_hold(a, b, 0.4)
        expected = a_half @ a_half, a_half @ b_half + b_half
        expect(
            student.statespace.zero_order_hold(a, b, 0.8), expected, tolerance=TOLERANCE[b.dtype]
        )
        got = student.statespace.zero_order_hold(a, b, 0.0)
        expect(got, (torch.eye(size).double(), torch.zeros(size).double()))


@exercise("statespace.zero_order_hold")
def test_gradients_of_zero_order_hold(student, rng, expect_gradients):
    """Gradients reach A and B."""
    a, b = system(rng, 3)

    def series(a, b):
        """The power series of both, far enough."""
        term, a_bar, b_bar = torch.eye(3).double(), torch.eye(3).double(), 0.5 * b
        for n in range(1, 25):
            term = term @ (0.5 * a) / n
            a_bar, b_bar = a_bar + term, b_bar + term @ b * 0.5 / (n + 1)
        return a_bar, b_bar

    hold = student.statespace.zero_order_hold
    expect_gradients(("A", "B"), lambda a, b: hold(a, b, 0.5), series, a, b)


@exercise("statespace.zero_order_hold")
def test_zero_order_hold_of_views(student, rng, unchanged):
    """The matrices need not lie in one piece, and stay what they are."""
    a, b = system(rng, 3)
    expected = by_scipy(a, b, 0.3, "zoh")
    got = student.support.on_views("zero_order_hold", a, b, 0.3)
    expect(got, expected, tolerance=TOLERANCE[b.dtype])
    got = unchanged(lambda a, b: student.statespace.zero_order_hold(a, b, 0.3), a, b)
    expect(got, expected, tolerance=TOLERANCE[b.dtype])


# --- bilinear ---------------------------------------------------------------------------------


@exercise("statespace.bilinear", weight=3)
def test_bilinear_is_that_of_scipy(student, rng):  # lint: ok square (states to states)
    """Equal to scipy's discretisation, for steps short and long, in float32 and float64."""
    check_steps(student, rng, "bilinear", "bilinear")


@exercise("statespace.bilinear")
def test_bilinear_keeps_what_turns(student, rng):
    """Where A only turns, the steps only turn: no length is lost or won, however long they are."""
    for size in (2, 4, 5):
        a, b = system(rng, size)
        a = a - a.T
        for step in (0.1, 5.0):
            a_bar, _ = student.statespace.bilinear(a, b, step)
            given = f"a step of {step}, Ā times its transpose"
            expect(a_bar @ a_bar.T, torch.eye(size).double(), given=given, tolerance=1e-9)
            got = student.statespace.bilinear(a, b, step)
            expect(got, by_scipy(a, b, step, "bilinear"), tolerance=1e-9)


@exercise("statespace.bilinear")
def test_there_and_back(student, rng):
    """A step of -Δ undoes a step of Δ, and no step moves nothing."""
    a, b = system(rng, 3)
    a_bar, b_bar = student.statespace.bilinear(a, b, 0.6)
    a_back, b_back = student.statespace.bilinear(a, b, -0.6)
    expect(a_back @ a_bar, torch.eye(3).double(), tolerance=TOLERANCE[b.dtype])
    expect(a_back @ b_bar, -b_back, tolerance=TOLERANCE[b.dtype])
    expect(student.statespace.bilinear(a, b, 0.0), (torch.eye(3).double(), 0 * b))


@exercise("statespace.bilinear")
def test_gradients_of_bilinear(student, rng, expect_gradients):
    """Gradients reach A and B."""
    a, b = system(rng, 3)

    def inverted(a, b):
        left = torch.linalg.inv(torch.eye(3).double() - 0.35 * a)
        return left @ (torch.eye(3).double() + 0.35 * a), left @ b * 0.7

    expect_gradients(
        ("A", "B"), lambda a, b: student.statespace.bilinear(a, b, 0.7), inverted, a, b
    )


@exercise("statespace.bilinear")
def test_bilinear_of_views(student, rng, unchanged):
    """The matrices need not lie in one piece, and stay what they are."""
    a, b = system(rng, 4)
    expected = by_scipy(a, b, 0.3, "bilinear")
    got = student.support.on_views("bilinear", a, b, 0.3)
    expect(got, expected, tolerance=TOLERANCE[b.dtype])
    got = unchanged(lambda a, b: student.statespace.bilinear(a, b, 0.3), a, b)
    expect(got, expected, tolerance=TOLERANCE[b.dtype])


# --- recurrence -------------------------------------------------------------------------------


def by_numpy(a_bar, b_bar, c, inputs, state=None):
    """Outputs and last state, from the definition, in float64."""
    a, b, c = (part.double().numpy() for part in (a_bar, b_bar, c))
    rows, last = [], []
    flat = inputs.double().reshape(-1, inputs.shape[-1]).numpy()
    states = (
        np.zeros((len(flat), len(b)))
        if state is None
        else state.double().reshape(-1, len(b)).numpy()
    )
    for row, h in zip(flat, states, strict=True):
        out = []
        for u in row:
            h = np.einsum("nm,m->n", a, h) + b * u
            out.append(float(np.sum(c * h)))
        rows.append(out)
        last.append(h)
    outputs = torch.tensor(np.array(rows)).reshape(inputs.shape)
    return outputs, torch.tensor(np.array(last)).reshape(*inputs.shape[:-1], len(b))


@exercise("statespace.recurrence", weight=2)
def test_recurrence_is_that_of_scipy(student, rng):  # lint: ok square (states to states)
    """Equal to scipy's simulation of a system whose output hears its own step."""
    for size, length in [(1, 3), (2, 5), (4, 7)]:
        a, b, c = model(rng, size)
        inputs = normal(rng, length)
        # scipy reads the state before the update: y = C (Ā h + B̄ u).
        there = (a, b[:, None], (c @ a)[None], (c @ b).reshape(1, 1))
        _, outputs, states = signal.dlsim((*(m.numpy() for m in there), 1.0), inputs.numpy())
        last = a @ torch.tensor(states[-1]) + b * inputs[-1]
        got = student.statespace.recurrence(a, b, c, inputs)
        expect(got, (torch.tensor(outputs[:, 0]), last), tolerance=TOLERANCE[inputs.dtype])


@exercise("statespace.recurrence", weight=2)
def test_recurrence_of_batches(student, rng):
    """Each row of a batch has a state of its own, zeros at first or the given one, in any dtype."""
    for batch in BATCHES:
        for dtype in FLOATS:
            size, length = rng.sample([2, 3, 4, 5], 2)
            parts, inputs = model(rng, size, dtype), normal(rng, *batch, length, dtype=dtype)
            for state in (None, normal(rng, *batch, size, dtype=dtype)):
                expected = [part.to(dtype) for part in by_numpy(*parts, inputs, state)]
                got = student.statespace.recurrence(*parts, inputs, state)
                expect(got, expected, tolerance=TOLERANCE[dtype])


@exercise("statespace.recurrence", weight=2)
def test_recurrence_in_pieces(student, rng):
    """Wherever a signal is cut, the second piece goes on from the first one's state."""
    parts, inputs = model(rng, 4), normal(rng, 2, 7)
    outputs, last = by_numpy(*parts, inputs)
    for cut in (1, 3, 6):
        first, state = student.statespace.recurrence(*parts, inputs[:, :cut])
        expect(first, outputs[:, :cut], tolerance=TOLERANCE[inputs.dtype])
        got = student.statespace.recurrence(*parts, inputs[:, cut:], state)
        expect(got, (outputs[:, cut:], last), tolerance=TOLERANCE[inputs.dtype])


@exercise("statespace.recurrence")
def test_recurrence_of_no_step(student, rng):
    """Without a step there is no output, and the state is as it was; a batch may be empty."""
    a, b, c = model(rng, 3)
    state = normal(rng, 2, 3)
    for inputs, before in [(normal(rng, 2, 0), state), (normal(rng, 2, 0), None)]:
        expected = inputs, torch.zeros(2, 3).double() if before is None else before
        expect(student.statespace.recurrence(a, b, c, inputs, before), expected)
    expected = normal(rng, 0, 4), normal(rng, 0, 3)
    expect(student.statespace.recurrence(a, b, c, normal(rng, 0, 4)), expected)


@exercise("statespace.recurrence")
def test_gradients_through_all_steps(student, rng, expect_gradients):
    """Gradients reach the matrices, the inputs and the first state, through every step."""
    a, b, c = model(rng, 3)
    inputs, state = normal(rng, 2, 5), normal(rng, 2, 3)

    def unrolled(a, b, c, inputs, state):
        kernel = [c @ torch.linalg.matrix_power(a, t) @ b for t in range(5)]
        rows = [
            sum(kernel[t - s] * inputs[:, s] for s in range(t + 1))
            + state @ torch.linalg.matrix_power(a, t + 1).T @ c
            for t in range(5)
        ]
        last = sum(
            inputs[:, s, None] * (torch.linalg.matrix_power(a, 4 - s) @ b) for s in range(5)
        ) + (state @ torch.linalg.matrix_power(a, 5).T)
        return torch.stack(rows, dim=-1), last

    names = "Ā", "B̄", "C", "the inputs", "the state"
    expect_gradients(names, student.statespace.recurrence, unrolled, a, b, c, inputs, state)


@exercise("statespace.recurrence")
def test_recurrence_of_views(student, rng, unchanged):
    """Nothing has to lie in one piece, and all that goes in stays as it was, the state too."""
    parts, inputs, state = model(rng, 3), normal(rng, 2, 4), normal(rng, 2, 3)
    expected = by_numpy(*parts, inputs, state)
    got = student.support.on_views("recurrence", *parts, inputs, state)
    expect(got, expected, tolerance=TOLERANCE[inputs.dtype])
    got = unchanged(student.statespace.recurrence, *parts, inputs, state)
    expect(got, expected, tolerance=TOLERANCE[inputs.dtype])


# --- convolution_kernel -----------------------------------------------------------------------


def kernel_of(a_bar, b_bar, c, length):
    """The answer of the recurrence to 1, 0, 0, …"""
    impulse = torch.zeros(length, dtype=torch.float64)
    impulse[0] = 1
    return by_numpy(a_bar, b_bar, c, impulse)[0]


@exercise("statespace.convolution_kernel", weight=3)
def test_kernel_is_the_answer_to_an_impulse(student, rng):  # lint: ok square (states to states)
    """What the recurrence answers to 1, 0, 0, …: sizes and lengths of all kinds, both dtypes."""
    for dtype in FLOATS:
        for size, length in [(1, 2), (2, 5), (4, 3), (3, 8), (5, 13)]:
            parts = model(rng, size, dtype)
            got = student.statespace.convolution_kernel(*parts, length)
            expected = kernel_of(*parts, length).to(dtype)
            expect(got, expected, tolerance=TOLERANCE[dtype])


@exercise("statespace.convolution_kernel", weight=2)
def test_kernel_of_every_length(student, rng):
    """A longer kernel begins with the shorter one; the shortest is C B̄ alone."""
    parts = model(rng, 3)
    whole = kernel_of(*parts, 10)
    for length in range(1, 11):
        got = student.statespace.convolution_kernel(*parts, length)
        expect(got, whole[:length], tolerance=TOLERANCE[whole.dtype])


@exercise("statespace.convolution_kernel")
def test_kernel_of_many_steps(student, rng):
    """600 steps of a model that loses one in a hundred a step while it turns."""
    angle = 0.3
    turn = torch.tensor([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    b, c = normal(rng, 2), normal(rng, 2)
    t = torch.arange(600).double()
    # C Rᵗ B = |B| |C| cos of the angle between them, turned t times.
    along, across = b @ c, b[0] * c[1] - b[1] * c[0]
    expected = 0.99**t * (along * (angle * t).cos() + across * (angle * t).sin())
    got = student.statespace.convolution_kernel(0.99 * turn, b, c, 600)
    expect(got, expected, tolerance=1e-9)


@exercise("statespace.convolution_kernel")
def test_gradients_of_the_kernel(student, rng, expect_gradients):
    """Gradients reach Ā, B̄ and C."""

    def powers(a, b, c):
        return [torch.stack([c @ torch.linalg.matrix_power(a, t) @ b for t in range(6)])]

    expect_gradients(
        ("Ā", "B̄", "C"),
        lambda *parts: [student.statespace.convolution_kernel(*parts, 6)],
        powers,
        *model(rng, 3),
    )


@exercise("statespace.convolution_kernel")
def test_kernel_of_views(student, rng, unchanged):
    """The matrices need not lie in one piece, and stay what they are."""
    parts = model(rng, 3)
    expected = kernel_of(*parts, 5)
    got = student.support.on_views("convolution_kernel", *parts, 5)
    expect(got, expected, tolerance=TOLERANCE[expected.dtype])
    kernel = student.statespace.convolution_kernel
    got = unchanged(lambda *parts: kernel(*parts, 5), *parts)
    expect(got, expected, tolerance=TOLERANCE[expected.dtype])


# --- causal_convolution -----------------------------------------------------------------------


def by_definition(inputs, kernel):
    """numpy's convolution, row by row, cut to the length of the inputs."""
    length = inputs.shape[-1]
    rows = kernel.expand(*inputs.shape[:-1], kernel.shape[-1]).reshape(-1, kernel.shape[-1])
    outputs = [
        np.convolve(u.numpy(), k.numpy())[:length]
        for u, k in zip(inputs.double().reshape(-1, length), rows.double(), strict=True)
    ]
    return torch.tensor(np.array(outputs)).reshape(inputs.shape)


LENGTHS = [(1, 1), (1, 3), (4, 1), (5, 3), (4, 4), (7, 7), (3, 8), (6, 11)]


@exercise("statespace.causal_convolution", weight=3)
def test_convolution_is_that_of_numpy(student, rng):
    """Equal to numpy's convolution, kernels shorter than the signal, as long, and longer."""
    for length, size in LENGTHS:
        for dtype in FLOATS:
            inputs, kernel = normal(rng, length, dtype=dtype), normal(rng, size, dtype=dtype)
            got = student.statespace.causal_convolution(inputs, kernel)
            expected = by_definition(inputs, kernel).to(dtype)
            given = f"{length} steps and a kernel of {size}, {dtype}"
            expect(got, expected, given=given, tolerance=TOLERANCE[dtype])


@exercise("statespace.causal_convolution", weight=2)
def test_convolution_of_batches(student, rng):
    """One kernel for all rows, or one for each, or for each channel of every batch."""
    shapes = [((3,), ()), ((3,), (3,)), ((2, 3), (3,)), ((2, 3), (2, 1)), ((2, 3), ())]
    for batch, rows in shapes:
        for length, size in [(5, 5), (6, 2), (2, 7)]:
            inputs, kernel = normal(rng, *batch, length), normal(rng, *rows, size)
            got = student.statespace.causal_convolution(inputs, kernel)
            expect(got, by_definition(inputs, kernel), tolerance=TOLERANCE[inputs.dtype])


@exercise("statespace.causal_convolution")
def test_nothing_comes_round(student, rng):
    """A loud end is not heard at the beginning, and what comes later changes nothing earlier."""
    for length, size in [(6, 6), (8, 8), (9, 4)]:
        inputs, kernel = normal(rng, length), normal(rng, size)
        before = student.statespace.causal_convolution(inputs, kernel)
        expect(before, by_definition(inputs, kernel), tolerance=TOLERANCE[inputs.dtype])
        inputs[-2:] += 10.0
        after = student.statespace.causal_convolution(inputs, kernel)
        given = "all but the last two outputs, after the last two inputs have grown by 10"
        expect(after[:-2], before[:-2], given=given, tolerance=1e-9)


@exercise("statespace.causal_convolution", weight=2)
def test_convolution_costs_no_square(student, rng):
    """2000 steps with a kernel of 2000 hold no 2000 × 2000 numbers and need no matrix product."""
    inputs, kernel = normal(rng, 2, 2000), normal(rng, 2, 2000)
    with measured(student) as cost:
        got = student.statespace.causal_convolution(inputs, kernel)
    expect(got, by_definition(inputs, kernel), tolerance=TOLERANCE[inputs.dtype])
    expect_that(
        cost.largest <= 40_000 and cost.flops <= 1_000_000,
        expected="no tensor of more than 40 000 numbers, no more than 1 000 000 operations",
        got=f"one of {cost.largest} numbers, {cost.flops} operations",
        given="two rows of 2000 steps with kernels of 2000",
    )
    calls = sum(cost.operators.values())
    expect_that(
        calls <= 500,
        expected="no more than 500 operators",
        got=calls,
        given="two rows of 2000 steps with kernels of 2000",
    )


@exercise("statespace.causal_convolution")
def test_gradients_of_the_convolution(student, rng, expect_gradients):
    """Gradients reach the inputs and the kernel, where that is broadcast, too."""

    def terms(inputs, kernel):
        return [
            torch.stack(
                [
                    sum(
                        kernel[..., s] * inputs[..., t - s]
                        for s in range(min(t + 1, kernel.shape[-1]))
                    )
                    for t in range(inputs.shape[-1])
                ],
                dim=-1,
            )
        ]

    for batch, rows, length, size in [((2, 3), (3,), 5, 5), ((2,), (), 4, 7), ((2,), (2,), 6, 2)]:
        expect_gradients(
            ("the inputs", "the kernel"),
            lambda *parts: [student.statespace.causal_convolution(*parts)],
            terms,
            normal(rng, *batch, length),
            normal(rng, *rows, size),
        )


@exercise("statespace.causal_convolution")
def test_convolution_of_views(student, rng, unchanged):
    """Nothing has to lie in one piece, and the inputs stay what they are; a batch may be empty."""
    inputs, kernel = normal(rng, 2, 3, 5), normal(rng, 3, 4)
    expected = by_definition(inputs, kernel)
    got = student.support.on_views("causal_convolution", inputs, kernel)
    expect(got, expected, tolerance=TOLERANCE[inputs.dtype])
    got = unchanged(student.statespace.causal_convolution, inputs, kernel)
    expect(got, expected, tolerance=TOLERANCE[inputs.dtype])
    empty = normal(rng, 0, 5)
    expect(student.statespace.causal_convolution(empty, normal(rng, 3)), empty)
