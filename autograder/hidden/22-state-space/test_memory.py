"""Time constants, HiPPO and diagonal state spaces, against numpy, scipy and polynomials."""

import math

import numpy as np
import torch
from numpy.polynomial import legendre
from scipy import linalg, signal

from autograder.measure import measured
from autograder.student import gradients
from autograder.testing import exercise, expect, expect_that

# How far a right answer may be from that in float64, relative to the largest number in it.
TOLERANCE = {torch.float64: 1e-9, torch.float32: 1e-4}
FLOATS = list(TOLERANCE)
BATCHES = [(), (1,), (3,), (2, 3)]


def normal(rng, *shape, dtype=torch.float64):
    generator = torch.Generator().manual_seed(rng.getrandbits(31))
    return torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)


# --- time_constants ---------------------------------------------------------------------------


def hidden_in(rng, blocks):
    """A matrix with these blocks on its diagonal, seen from somewhere else."""
    matrix = torch.block_diag(*blocks).double()
    basis = torch.eye(len(matrix)).double() + 0.3 * normal(rng, *matrix.shape) / len(matrix)
    return basis @ matrix @ torch.linalg.inv(basis)


def turning(size, angle):
    """Turns by an angle and shrinks: the eigenvalues are size · exp(± i · angle)."""
    c, s = size * math.cos(angle), size * math.sin(angle)
    return torch.tensor([[c, -s], [s, c]], dtype=torch.float64)


def lone(number):
    return torch.tensor([[number]], dtype=torch.float64)


@exercise("statespace.time_constants", weight=2)
def test_constants_of_real_modes(student, rng):  # lint: ok square (states to states)
    """Modes that shrink, with either sign, by factors that are known: in ascending order."""
    for dtype in FLOATS:
        for n_modes in (1, 2, 4):
            steps = sorted(rng.uniform(0.5 + 3 * n, 3 + 3 * n) for n in range(n_modes))
            factors = [rng.choice([-1, 1]) * math.exp(-1 / step) for step in steps]
            rng.shuffle(factors)
            got = student.statespace.time_constants(hidden_in(rng, map(lone, factors)).to(dtype))
            expect(got, torch.tensor(steps, dtype=dtype), tolerance=TOLERANCE[dtype])


@exercise("statespace.time_constants", weight=2)
def test_constants_of_modes_that_turn(student, rng):
    """However fast a mode turns, it lasts as long as its size says; two numbers for a pair."""
    for angle in (0.2, 1.5, 3.0):
        blocks = [turning(math.exp(-1 / 40), angle), lone(-math.exp(-1 / 7))]
        got = student.statespace.time_constants(hidden_in(rng, blocks))
        expect(got, torch.tensor([7.0, 40.0, 40.0]).double(), tolerance=TOLERANCE[got.dtype])


@exercise("statespace.time_constants", weight=2)
def test_constants_of_what_stays(student, rng):
    """Modes of size one or more have inf, whichever way they point; a mode of zero has 0."""
    blocks = [lone(1.5), lone(-2.0), lone(math.exp(-1 / 3)), turning(1.2, 1.0)]
    expected = torch.tensor([3.0, *[math.inf] * 4]).double()
    got = student.statespace.time_constants(hidden_in(rng, blocks))
    expect(got, expected, tolerance=1e-9)
    got = student.statespace.time_constants(torch.diag(torch.tensor([1.0, 0.0, -1.0])))
    expect(got, torch.tensor([0.0, math.inf, math.inf]))


@exercise("statespace.time_constants")
def test_constants_tell_how_a_state_falls(student, rng):
    """After as many steps as the largest says, a state along that mode is at 1/e."""
    size = math.exp(-1 / 12)
    for block in (lone(size), lone(-size), turning(size, 0.7)):
        got = student.statespace.time_constants(block)
        steps = round(float(got.max())) if len(got) and bool(got.isfinite().all()) else 0
        left = torch.linalg.matrix_norm(torch.linalg.matrix_power(block, steps), 2)
        expect(float(left), math.exp(-1), given=f"the state after {steps} steps", tolerance=1e-9)
        expect(got, torch.full((len(block),), 12.0).double(), tolerance=1e-9)


@exercise("statespace.time_constants")
def test_constants_of_views(student, rng, unchanged):
    """The matrix need not lie in one piece, and stays what it is."""
    a_bar = hidden_in(rng, [lone(math.exp(-1)), lone(math.exp(-1 / 5))])
    expected = torch.tensor([1.0, 5.0]).double()
    got = student.support.on_views("time_constants", a_bar)
    expect(got, expected, tolerance=1e-9)
    expect(unchanged(student.statespace.time_constants, a_bar), expected, tolerance=1e-9)


# --- hippo_legs -------------------------------------------------------------------------------


def legs_by_numpy(size):
    """A and B from what they mean: how Legendre's polynomials change when their span grows.

    The function that is 1 in direction n of the basis √(2k+1) P_k(2s/t - 1), and stays as it is
    for s ≤ t, has other coefficients on the longer span: d/dt of them, at t = 1.
    """
    points, weights = legendre.leggauss(size + 2)
    place = (points + 1) / 2
    # u · d/dt of (1/t ∫₀ᵗ u p_n(2s/t - 1) ds) = (u(t) p_n(1) - h_n - ∫ u p_n' · 2s ds) / t
    a, b = np.zeros((size, size)), np.zeros(size)
    for n in range(size):
        unit = np.zeros(size)
        unit[n] = math.sqrt(2 * n + 1)
        slope = legendre.legval(points, legendre.legder(unit)) if n else 0 * points
        b[n] = legendre.legval(1.0, unit)
        for k in range(size):
            other = np.zeros(size)
            other[k] = math.sqrt(2 * k + 1)
            u = legendre.legval(points, other)
            a[n, k] = -float(n == k) - np.sum(weights / 2 * u * slope * 2 * place)
    return torch.tensor(a), torch.tensor(b)


@exercise("statespace.hippo_legs", weight=3)
def test_legs_from_legendre(student, rng):
    """The matrix that Legendre's polynomials call for, by numerical integration, in any size."""
    for size in (1, 2, 4, 7):
        got = student.statespace.hippo_legs(size, torch.float64)
        expect(got, legs_by_numpy(size), given=f"size {size}", tolerance=1e-9)


@exercise("statespace.hippo_legs")
def test_legs_keeps_a_level(student, rng):
    """A signal that has always been 1 has the coefficients 1, 0, 0, …, and nothing changes them."""
    for size in (1, 3, 6):
        a, b = student.statespace.hippo_legs(size, torch.float64)
        expect(a[:, 0] + b, torch.zeros(size).double(), given="A · (1, 0, …) + B")
        expect(b, (2 * torch.arange(size).double() + 1).sqrt(), given="B", tolerance=1e-12)


@exercise("statespace.hippo_legs")
def test_legs_forgets_one_by_one(student, rng):
    """The eigenvalues are -1, -2, … -N: every mode fades."""
    for size in (2, 5):
        a, _ = student.statespace.hippo_legs(size, torch.float64)
        found = torch.linalg.eigvals(a)
        expect(found.real.sort().values, -torch.arange(size, 0, -1.0).double(), tolerance=1e-8)


@exercise("statespace.hippo_legs", weight=2)
def test_legs_in_both_dtypes(student, rng):
    """float32 unless something else is asked for, as exact as the dtype can be, at size 64 too."""
    n = np.arange(64.0)
    for size in (3, 64):
        b = np.sqrt(2 * n[:size] + 1)
        a = -np.tril(np.outer(b, b), -1) - np.diag(n[:size] + 1)
        for arguments, dtype in [((), torch.float32), ((torch.float64,), torch.float64)]:
            got = student.statespace.hippo_legs(size, *arguments)
            expected = torch.tensor(a).to(dtype), torch.tensor(b).to(dtype)
            expect(got, expected, given=f"size {size}, {dtype}", tolerance=3e-7)


# --- legs_compress ----------------------------------------------------------------------------


def legs_by_scipy(inputs, size):
    """Step t is scipy's bilinear step of length 1 / t, in float64."""
    root = np.sqrt(2 * np.arange(size) + 1)
    a = -np.tril(np.outer(root, root), -1) - np.diag(np.arange(size) + 1.0)
    system = a, root[:, None], np.eye(size), np.zeros((size, 1))
    flat = inputs.double().reshape(-1, inputs.shape[-1]).numpy()
    state = np.zeros((len(flat), size))
    for t in range(inputs.shape[-1]):
        a_bar, b_bar = signal.cont2discrete(system, 1 / (t + 1), "bilinear")[:2]
        state = np.einsum("nm,bm->bn", a_bar, state) + flat[:, t, None] * b_bar[:, 0]
    return torch.tensor(state).reshape(*inputs.shape[:-1], size)


@exercise("statespace.legs_compress", weight=3)
def test_compress_is_that_of_scipy(student, rng):
    """Step t is a bilinear step of length 1/t: with scipy's, in both dtypes, with any batch."""
    for batch in BATCHES:
        for dtype in FLOATS:
            size, length = rng.sample([1, 2, 3, 5, 6], 2)
            inputs = normal(rng, *batch, length, dtype=dtype)
            got = student.statespace.legs_compress(inputs, size)
            given = f"{length} steps, {size} numbers, {dtype}"
            expected = legs_by_scipy(inputs, size).to(dtype)
            expect(got, expected, given=given, tolerance=TOLERANCE[dtype])


@exercise("statespace.legs_compress", weight=2)
def test_compress_finds_the_polynomial(student, rng):
    """A polynomial of degree below N is found again, the better the more steps there are."""
    coefficients = normal(rng, 3)
    coefficients = coefficients / coefficients.norm() * 2
    scale = np.sqrt(2 * np.arange(3) + 1)
    for length, size in [(200, 3), (400, 5)]:
        x = (2 * np.arange(length) + 1) / length - 1
        inputs = torch.tensor(legendre.legval(x, coefficients.numpy() * scale))
        got = student.statespace.legs_compress(inputs, size)
        wanted = torch.zeros(size).double()
        wanted[:3] = coefficients
        given = f"{length} steps of a parabola, {size} numbers"
        expect(got, legs_by_scipy(inputs, size), given=given, tolerance=1e-8)
        expect(got, wanted, given=given, tolerance=20 / length)


@exercise("statespace.legs_compress")
def test_compress_is_linear_and_hears_everything(student, rng):
    """The state of a sum is the sum of the states, and every step counts, the first too."""
    one, other = normal(rng, 6), normal(rng, 6)
    compress = student.statespace.legs_compress
    got = compress(2 * one - 3 * other, 4)
    expect(got, 2 * legs_by_scipy(one, 4) - 3 * legs_by_scipy(other, 4), tolerance=1e-9)
    heard = [compress(row, 4) for row in torch.eye(6).double()]
    expected = [legs_by_scipy(row, 4) for row in torch.eye(6).double()]
    expect(heard, expected, given="a 1 at one of six steps", tolerance=1e-9)


@exercise("statespace.legs_compress")
def test_gradients_of_compress(student, rng, expect_gradients):
    """Gradients reach every step of the signal."""
    weights = torch.stack([legs_by_scipy(row, 3) for row in torch.eye(5).double()])
    expect_gradients(
        ["the signal"],
        lambda x: [student.statespace.legs_compress(x, 3)],
        lambda x: [x @ weights],
        normal(rng, 2, 5),
    )


@exercise("statespace.legs_compress")
def test_compress_of_views(student, rng, unchanged):
    """The signal need not lie in one piece, and stays what it is; a batch may be empty."""
    inputs = normal(rng, 2, 4)
    expected = legs_by_scipy(inputs, 3)
    expect(student.support.on_views("legs_compress", inputs, 3), expected, tolerance=1e-9)
    got = unchanged(lambda x: student.statespace.legs_compress(x, 3), inputs)
    expect(got, expected, tolerance=1e-9)
    expect(student.statespace.legs_compress(normal(rng, 0, 4), 3), normal(rng, 0, 3))


# --- legs_reconstruct -------------------------------------------------------------------------


def drawn(coefficients, length):
    """numpy's Legendre series at the middle of each step."""
    size = coefficients.shape[-1]
    x = (2 * np.arange(length) + 1) / length - 1
    scaled = coefficients.double().numpy() * np.sqrt(2 * np.arange(size) + 1)
    rows = [legendre.legval(x, row) for row in scaled.reshape(-1, size)]
    return torch.tensor(np.array(rows)).reshape(*coefficients.shape[:-1], length)


@exercise("statespace.legs_reconstruct", weight=3)
def test_reconstruct_is_that_of_numpy(student, rng):
    """Equal to numpy's Legendre series, with one number, two, or many, in both dtypes."""
    for batch in BATCHES:
        for dtype in FLOATS:
            for size in (1, 2, 3, 6):
                length = rng.choice([1, 4, 5, 8])
                coefficients = normal(rng, *batch, size, dtype=dtype)
                got = student.statespace.legs_reconstruct(coefficients, length)
                given = f"{size} numbers, {length} steps, {dtype}"
                expected = drawn(coefficients, length).to(dtype)
                expect(got, expected, given=given, tolerance=TOLERANCE[dtype])


@exercise("statespace.legs_reconstruct", weight=2)
def test_reconstruct_with_many_polynomials(student, rng):
    """Sixty polynomials are as exact as one, in float64."""
    coefficients = normal(rng, 60)
    got = student.statespace.legs_reconstruct(coefficients, 90)
    expect(got, drawn(coefficients, 90), tolerance=1e-9)


@exercise("statespace.legs_reconstruct")
def test_reconstruct_is_orthonormal(student, rng):
    """Each number has a curve of its own: their products have the mean 1 or 0, on many steps."""
    curves = student.statespace.legs_reconstruct(torch.eye(4).double(), 4000)
    products = curves @ curves.mT / 4000
    expect(products, torch.eye(4).double(), given="products of curves", tolerance=1e-5)


@exercise("statespace.legs_reconstruct")
def test_gradients_of_reconstruct(student, rng, expect_gradients):
    """Gradients reach the coefficients."""
    basis = drawn(torch.eye(4).double(), 6)
    expect_gradients(
        ["the coefficients"],
        lambda c: [student.statespace.legs_reconstruct(c, 6)],
        lambda c: [c @ basis],
        normal(rng, 3, 4),
    )


@exercise("statespace.legs_reconstruct")
def test_reconstruct_of_views(student, rng, unchanged):
    """The coefficients need not lie in one piece, and stay what they are."""
    coefficients = normal(rng, 2, 3)
    expected = drawn(coefficients, 5)
    got = student.support.on_views("legs_reconstruct", coefficients, 5)
    expect(got, expected, tolerance=1e-9)
    got = unchanged(lambda c: student.statespace.legs_reconstruct(c, 5), coefficients)
    expect(got, expected, tolerance=1e-9)


# --- s4d_kernel -------------------------------------------------------------------------------


def poles(rng, channels, size, dtype=torch.complex128):
    """Poles that fade within some dozen steps of one half, each with its own frequency."""
    decay = torch.tensor(
        [[rng.uniform(0.1, 1.0) for _ in range(size)] for _ in range(channels)]
    ).double()
    frequency = 3 * normal(rng, channels, size)
    return torch.complex(-decay, frequency).to(dtype)


def weights(rng, channels, size, dtype=torch.complex128):
    return torch.complex(normal(rng, channels, size), normal(rng, channels, size)).to(dtype)


def steps(rng, channels, dtype=torch.float64):
    return torch.tensor([rng.uniform(0.2, 1.2) for _ in range(channels)], dtype=dtype)


def as_real(a, c):
    """A real system of twice the size: each number beside its conjugate, as 2 × 2 blocks.

    2 Re(c h) = 2 (Re c · Re h - Im c · Im h), and h' = a h + u moves both parts.
    """
    blocks = [np.array([[p.real, -p.imag], [p.imag, p.real]]) for p in a.tolist()]
    matrix = linalg.block_diag(*blocks)
    b = np.tile([1.0, 0.0], len(a))
    row = np.array([[part for p in c.tolist() for part in (2 * p.real, -2 * p.imag)]])
    return matrix, b[:, None], row


def kernels_by_scipy(a, c, step, length):
    """Channel by channel: a real system, discretised by scipy, answers to an impulse."""
    a, c = a.to(torch.complex128), c.to(torch.complex128)
    rows = []
    for channel in range(len(a)):
        matrix, b, row = as_real(a[channel], c[channel])
        system = matrix, b, row, np.zeros((1, 1))
        a_bar, b_bar = signal.cont2discrete(system, float(step[channel]), "zoh")[:2]
        state, out = b_bar, []
        for _ in range(length):
            out.append(float(np.sum(row[0] * state[:, 0])))
            state = a_bar @ state
        rows.append(out)
    return torch.tensor(rows, dtype=torch.float64).reshape(len(a), length)


@exercise("statespace.s4d_kernel", weight=3)
def test_s4d_kernel_is_that_of_a_real_system(student, rng):
    """Equal to scipy's zero-order hold of the real systems that the channels stand for."""
    for channels, size, length in [(1, 1, 3), (2, 1, 4), (1, 3, 5), (3, 2, 7), (2, 4, 6)]:
        for real, complex_ in [(torch.float64, torch.complex128), (torch.float32, torch.complex64)]:
            a, c = poles(rng, channels, size, complex_), weights(rng, channels, size, complex_)
            step = steps(rng, channels, real)
            got = student.statespace.s4d_kernel(a, c, step, length)
            expected = kernels_by_scipy(a, c, step, length).to(real)
            given = f"{channels} channels, {size} numbers each, {length} steps, {complex_}"
            expect(got, expected, given=given, tolerance=TOLERANCE[real])


@exercise("statespace.s4d_kernel", weight=2)
def test_s4d_kernel_with_steps_of_its_own(student, rng):
    """Each channel has its own step: twice the step is every other place of a finer kernel."""
    a, c = poles(rng, 3, 2), weights(rng, 3, 2)
    step = steps(rng, 3)
    got = student.statespace.s4d_kernel(a, c, step, 5)
    expect(got, kernels_by_scipy(a, c, step, 5), tolerance=1e-9)
    # One step of 2Δ sums up the input of two of Δ.
    fine = student.statespace.s4d_kernel(a, c, step / 2, 10)
    expect(got, fine[:, ::2] + fine[:, 1::2], given="steps of half the length", tolerance=1e-9)


@exercise("statespace.s4d_kernel")
def test_s4d_kernel_is_linear_in_c(student, rng):
    """Kernels of two c add up, a c of zero has none; a longer kernel begins with the shorter."""
    a, step = poles(rng, 2, 3), steps(rng, 2)
    one, other = weights(rng, 2, 3), weights(rng, 2, 3)
    kernel = student.statespace.s4d_kernel
    expected = kernels_by_scipy(a, one, step, 6) + kernels_by_scipy(a, other, step, 6)
    expect(kernel(a, one + other, step, 6), expected, tolerance=1e-9)
    expect(kernel(a, 0 * one, step, 4), torch.zeros(2, 4).double())
    whole = kernels_by_scipy(a, one, step, 6)
    for length in (1, 2, 5):
        expect(kernel(a, one, step, length), whole[:, :length], tolerance=1e-9)


@exercise("statespace.s4d_kernel")
def test_s4d_kernel_far_away(student, rng):
    """Over thousands of steps a kernel fades or sounds on, exactly as its poles say."""
    a = torch.tensor([[-0.001 + 0.02j], [-0.5 + 3j]], dtype=torch.complex128)
    c, step = torch.ones_like(a), torch.ones(2).double()
    got = student.statespace.s4d_kernel(a, c, step, 3000)
    moved = np.exp(a.numpy())
    expected = 2 * ((moved - 1) / a.numpy() * moved ** np.arange(3000)).real
    expect(got, torch.tensor(expected), tolerance=1e-9)


@exercise("statespace.s4d_kernel", weight=2)
def test_gradients_of_s4d_kernel(student, rng, expect_gradients):
    """Gradients reach the poles, c and the steps."""
    a, c, step = poles(rng, 2, 3), weights(rng, 2, 3), steps(rng, 2)

    def complexes(decay, frequency, real, imaginary, step):
        return torch.complex(decay, frequency), torch.complex(real, imaginary), step

    def by_powers(*parts):
        a, c, step = complexes(*parts)
        moved = (step[:, None] * a).exp()
        b_bar, out = (moved - 1) / a, []
        for _ in range(5):
            out.append(2 * (c * b_bar).real.sum(1))
            b_bar = b_bar * moved
        return [torch.stack(out, dim=1)]

    expect_gradients(
        ("the decay", "the frequency", "Re c", "Im c", "the steps"),
        lambda *parts: [student.statespace.s4d_kernel(*complexes(*parts), 5)],
        by_powers,
        *(a.real, a.imag, c.real, c.imag, step),
    )


@exercise("statespace.s4d_kernel")
def test_s4d_kernel_of_views(student, rng, unchanged):
    """Nothing has to lie in one piece, and all that goes in stays as it was."""
    a, c, step = poles(rng, 2, 3), weights(rng, 2, 3), steps(rng, 2)
    expected = kernels_by_scipy(a, c, step, 4)
    got = student.support.on_views("s4d_kernel", a, c, step, 4)
    expect(got, expected, tolerance=1e-9)
    kernel = student.statespace.s4d_kernel
    got = unchanged(lambda a, c, step: kernel(a, c, step, 4), a, c, step)
    expect(got, expected, tolerance=1e-9)


# --- S4D --------------------------------------------------------------------------------------


def layer(student, rng, channels, size, dtype=torch.float64):
    """The student's layer with random parameters, and a, c, step and skip of it in float64."""
    a, c, step = poles(rng, channels, size), weights(rng, channels, size), steps(rng, channels)
    skip = normal(rng, channels)
    state = {
        "log_step": step.log(),
        "log_decay": (-a.real).log(),
        "frequency": a.imag,
        "c": torch.view_as_real(c),
        "skip": skip,
    }
    s4d = student.statespace.S4D(channels, size)
    s4d.to(dtype)
    s4d.load_state_dict({name: tensor.to(dtype) for name, tensor in state.items()})
    return s4d, (a, c, step, skip)


def layer_by_scipy(parts, x):
    """Kernels by scipy, convolved by numpy, one channel and row at a time."""
    a, c, step, skip = parts
    length = x.shape[1]
    kernels = kernels_by_scipy(a, c, step, length).numpy()
    x = x.double().numpy()
    out = np.zeros(x.shape)
    for row in range(len(x)):
        for channel in range(x.shape[2]):
            mixed = np.convolve(x[row, :, channel], kernels[channel])[:length]
            out[row, :, channel] = mixed + float(skip[channel]) * x[row, :, channel]
    return torch.tensor(out)


SIZES = [(1, 1, 1, 1), (1, 4, 2, 3), (2, 5, 3, 2), (3, 6, 4, 1)]


@exercise("statespace.S4D", weight=3)
def test_layer_is_that_of_scipy(student, rng):
    """Each channel is a state space of its own, by scipy and numpy, in both dtypes."""
    for dtype in FLOATS:
        for batch, length, channels, size in SIZES:
            s4d, parts = layer(student, rng, channels, size, dtype)
            x = normal(rng, batch, length, channels, dtype=dtype)
            expected = layer_by_scipy(parts, x).to(dtype)
            expect(s4d(x).detach(), expected, tolerance=TOLERANCE[dtype])


@exercise("statespace.S4D", weight=3)
def test_layer_in_steps(student, rng):
    """Step by step the outputs are the same, and the state is that of the recurrence."""
    for batch, length, channels, size in SIZES:
        s4d, parts = layer(student, rng, channels, size)
        a, _, step, _ = parts
        x = normal(rng, batch, length, channels)
        expected, state = layer_by_scipy(parts, x), None
        moved = (step[:, None] * a).exp()
        due = torch.zeros(batch, channels, size).to(torch.complex128)
        for t in range(length):
            y, state = s4d.step(x[:, t], state)
            state = state.detach() if torch.is_tensor(state) else state
            due = moved * due + (moved - 1) / a * x[:, t, :, None]
            expect(y.detach(), expected[:, t], given=f"the output of step {t}", tolerance=1e-9)
            expect(state, due, given=f"the state after step {t}", tolerance=1e-9)


@exercise("statespace.S4D")
def test_layer_is_causal_and_mixes_nothing(student, rng):
    """Neither a later step, nor another channel or row, changes an output."""
    s4d, parts = layer(student, rng, 3, 2)
    x = normal(rng, 2, 6, 3)
    before = layer_by_scipy(parts, x)
    expect(s4d(x).detach(), before, tolerance=1e-9)
    x[1, 4:, 2] += 10
    after = s4d(x).detach()
    expect(after, layer_by_scipy(parts, x), tolerance=1e-9)
    same = torch.ones(2, 6, 3, dtype=torch.bool)
    same[1, 4:, 2] = False
    expect(after[same], before[same], given="what lies before, or elsewhere", tolerance=1e-8)


@exercise("statespace.S4D", weight=2)
def test_gradients_of_the_layer(student, rng, expect_gradients):
    """Gradients reach the input, in both forms, as those of a fixed filter do."""
    s4d, parts = layer(student, rng, 2, 3)
    kernel = kernels_by_scipy(*parts[:3], 4)

    def filtered(x):
        rows = [
            sum(kernel[:, s] * x[:, t - s] for s in range(t + 1)) + parts[3] * x[:, t]
            for t in range(4)
        ]
        return [torch.stack(rows, dim=1)]

    def stepwise(x):
        state, rows = None, []
        for t in range(4):
            y, state = s4d.step(x[:, t], state)
            rows.append(y)
        return [torch.stack(rows, dim=1)]

    x = normal(rng, 2, 4, 2)
    expect_gradients(["the input"], lambda x: [s4d(x)], filtered, x)
    expect_gradients(["the input, step by step"], stepwise, filtered, x)


@exercise("statespace.S4D")
def test_every_parameter_learns(student, rng):
    """The loss of an output has a gradient for each parameter, as far as differences can tell."""
    s4d, parts = layer(student, rng, 2, 2)
    x, target = normal(rng, 2, 5, 2), normal(rng, 2, 5, 2)
    ((s4d(x) - target) ** 2).sum().backward()
    got = gradients(s4d)
    a, c, step, skip = parts

    def loss(shift, name):
        moved = {
            "log_step": (a, c, (step.log() + shift).exp(), skip),
            "skip": (a, c, step, skip + shift),
            "log_decay": (torch.complex(a.real * math.exp(shift), a.imag), c, step, skip),
            "frequency": (torch.complex(a.real, a.imag + shift), c, step, skip),
            "c": (a, c + shift, step, skip),
        }[name]
        return float(((layer_by_scipy(moved, x) - target) ** 2).sum())

    for name, gradient in got.items():
        slope = (loss(1e-5, name) - loss(-1e-5, name)) / 2e-5
        total = gradient[..., 0].sum() if name == "c" else gradient.sum()
        given = f"the sum of the gradients of {name}"
        expect(float(total), slope, given=given, tolerance=1e-5)
    expect(set(got), {"log_step", "log_decay", "frequency", "c", "skip"})


@exercise("statespace.S4D", weight=2)
def test_layer_costs_no_square(student, rng):
    """1500 steps hold no 1500 × 1500 numbers, and no state for each row, channel and step."""
    s4d, parts = layer(student, rng, 2, 3)
    x = normal(rng, 4, 1500, 2)
    with torch.no_grad(), measured(student) as cost:
        got = s4d(x)
    expect(got.detach(), layer_by_scipy(parts, x), tolerance=1e-8)
    expect_that(
        cost.largest <= 30_000 and sum(cost.operators.values()) <= 500,
        expected="no tensor of more than 30 000 numbers, no more than 500 operators",
        got=f"one of {cost.largest} numbers, {sum(cost.operators.values())} operators",
        given="4 rows of 1500 steps, 2 channels, 3 numbers",
    )
