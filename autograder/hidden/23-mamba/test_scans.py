"""Convolution and scans, against torch's own convolution and loops over single numbers."""

import math

import torch
from torch.nn import functional

from autograder.measure import measured
from autograder.testing import exercise, expect, expect_that

# How far a right answer may be from that in float64, relative to the largest number in it: sums of
# some dozen products, some of which cancel.
TOLERANCE = {torch.float64: 1e-10, torch.float32: 3e-5}
FLOATS = list(TOLERANCE)


def normal(rng, *shape, dtype=torch.float64):
    generator = torch.Generator().manual_seed(rng.getrandbits(31))
    return torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)


def different(rng, n, low=2, high=7):
    """Sizes of which no two are equal, so that no axis can be taken for another."""
    return rng.sample(range(low, high + 1), n)


# --- causal_depthwise_conv --------------------------------------------------------------------


def conv_by_torch(x, weight, bias, past):
    """torch's grouped convolution over the past and the present."""
    known = torch.cat([past, x], dim=1)
    y = functional.conv1d(known.mT, weight[:, None], bias, groups=len(weight)).mT
    width = weight.shape[1]
    return y, known[:, known.shape[1] - (width - 1) :]


def conv_inputs(rng, batch, length, channels, width, dtype=torch.float64):
    shapes = (batch, length, channels), (channels, width), (channels,), (batch, width - 1, channels)
    return [normal(rng, *shape, dtype=dtype) for shape in shapes]


CONVS = [(1, 3, 1, 2), (2, 5, 3, 4), (3, 4, 2, 3), (2, 2, 4, 5), (1, 1, 2, 4), (2, 4, 3, 1)]


@exercise("mamba.causal_depthwise_conv", weight=2)
def test_conv_is_that_of_torch(student, rng):
    """Equal to torch.nn.Conv1d with groups, after zeros, in both dtypes and any width."""
    for sizes in CONVS:
        for dtype in FLOATS:
            x, weight, bias, past = conv_inputs(rng, *sizes, dtype)
            expected = conv_by_torch(*(t.double() for t in (x, weight, bias, 0 * past)))
            got = student.mamba.causal_depthwise_conv(x, weight, bias)
            given = f"batch, steps, channels, width: {sizes}, {dtype}"
            expected = [part.to(dtype) for part in expected]
            expect(got, expected, given=given, tolerance=TOLERANCE[dtype])


@exercise("mamba.causal_depthwise_conv", weight=2)
def test_conv_after_a_past(student, rng):
    """The first outputs hear the past; what is handed on is the newest of both."""
    for sizes in CONVS:
        inputs = conv_inputs(rng, *sizes)
        got = student.mamba.causal_depthwise_conv(*inputs)
        given = f"batch, steps, channels, width: {sizes}"
        expect(got, conv_by_torch(*inputs), given=given, tolerance=TOLERANCE[torch.float64])


@exercise("mamba.causal_depthwise_conv", weight=2)
def test_conv_in_pieces(student, rng):
    """However a text is cut, the pieces say what the whole says, pieces of one step too."""
    x, weight, bias, past = conv_inputs(rng, 2, 7, 3, 4)
    expected, last = conv_by_torch(x, weight, bias, 0 * past)
    for pieces in ([1] * 7, [2, 5], [3, 1, 3], [6, 1]):
        known = None
        for piece, due in zip(x.split(pieces, 1), expected.split(pieces, 1), strict=True):
            y, known = student.mamba.causal_depthwise_conv(piece, weight, bias, known)
            expect(y, due, given=f"a text cut into {pieces}", tolerance=1e-10)
        expect(known, last, given=f"the past after pieces of {pieces}")


@exercise("mamba.causal_depthwise_conv")
def test_gradients_of_the_conv(student, rng, expect_gradients):
    """Gradients reach the inputs, the weights, the bias and the past."""
    names = "the inputs", "the weights", "the bias", "the past"
    for sizes in [(2, 5, 3, 4), (1, 2, 3, 4)]:
        expect_gradients(
            names, student.mamba.causal_depthwise_conv, conv_by_torch, *conv_inputs(rng, *sizes)
        )


@exercise("mamba.causal_depthwise_conv")
def test_conv_of_views(student, rng, unchanged):
    """Nothing has to lie in one piece, and all that goes in stays as it was."""
    inputs = conv_inputs(rng, 2, 4, 3, 3)
    expected = conv_by_torch(*inputs)
    got = student.support.on_views("causal_depthwise_conv", *inputs)
    expect(got, expected, tolerance=1e-10)
    expect(unchanged(student.mamba.causal_depthwise_conv, *inputs), expected, tolerance=1e-10)


# --- the selective scan, three ways -----------------------------------------------------------


def scan_inputs(rng, batch, length, channels, size, dtype=torch.float64):
    """x, Δ, A, B, C and a state; the states of some channels fade at once, of others hardly."""
    step = (normal(rng, batch, length, channels) - 1).exp()
    a = -normal(rng, channels, size).exp()
    b, c = normal(rng, batch, length, size), normal(rng, batch, length, size)
    x, state = normal(rng, batch, length, channels), normal(rng, batch, channels, size)
    return [part.to(dtype) for part in (x, step, a, b, c, state)]


def by_numbers(x, step, a, b, c, state=None):
    """Row by row, channel by channel, number by number of the state, in Python's floats."""
    batch, length, channels = x.shape
    size = a.shape[1]
    outputs = torch.zeros(batch, length, channels, dtype=torch.float64)
    last = torch.zeros(batch, channels, size, dtype=torch.float64)
    parts = [part.double().tolist() for part in (x, step, a, b, c)]
    x, step, a, b, c = parts
    before = last.tolist() if state is None else state.double().tolist()
    for r in range(batch):
        for e in range(channels):
            for n in range(size):
                h = before[r][e][n]
                for t in range(length):
                    delta = step[r][t][e]
                    h = math.exp(delta * a[e][n]) * h + delta * b[r][t][n] * x[r][t][e]
                    outputs[r, t, e] += c[r][t][n] * h
                last[r, e, n] = h
    return outputs, last


def differentiably(x, step, a, b, c, state=None):
    """Each output as a sum over all inputs before it, weighted by the product of decays."""
    length = (step[..., None] * a).cumsum(1)  # B × T × E × N
    between = length[:, :, None] - length[:, None]
    later = torch.ones(x.shape[1], x.shape[1]).triu(1).bool()
    weights = between.masked_fill(later[:, :, None, None], -math.inf).exp()
    moved = torch.einsum("bse,bsn->bsen", step * x, b)
    states = torch.einsum("btsen,bsen->bten", weights, moved)
    if state is not None:
        states = states + length.exp() * state[:, None]
    return torch.einsum("bten,btn->bte", states, c), states[:, -1]


SCANS = [(1, 1, 1, 1), (1, 4, 1, 2), (2, 5, 3, 4), (3, 2, 4, 3), (2, 7, 2, 5)]
EXPONENTIALS = {"aten::exp", "aten::exp_", "aten::exp2", "aten::pow"}
# Of the chunked scan: chunks that divide a text and others, and its own choice.
CHUNKS = [{"chunk": 1}, {"chunk": 2}, {"chunk": 3}, {}]


def check_numbers(rng, scan, options):
    for sizes in SCANS:
        for dtype in FLOATS:
            inputs = scan_inputs(rng, *sizes, dtype)[:5]
            expected = [part.to(dtype) for part in by_numbers(*inputs)]
            for some in options:
                given = f"batch, steps, channels, state: {sizes}, {dtype}, {some or 'no options'}"
                expect(scan(*inputs, **some), expected, given=given, tolerance=TOLERANCE[dtype])


def check_pieces(rng, scan, options):
    for sizes in [(2, 5, 3, 4), (1, 6, 2, 3), (3, 2, 4, 2)]:
        *inputs, state = scan_inputs(rng, *sizes)
        expected, last = by_numbers(*inputs, state)
        for some in options:
            got = scan(*inputs, state, **some)
            expect(got, (expected, last), given="a state from before", tolerance=1e-10)
            cut = rng.randrange(1, sizes[1])
            handed = state
            for piece in (slice(0, cut), slice(cut, None)):
                x, step, a, b, c = inputs
                parts = x[:, piece], step[:, piece], a, b[:, piece], c[:, piece]
                y, handed = scan(*parts, handed, **some)
                expect(y, expected[:, piece], given=f"a text cut at {cut}", tolerance=1e-10)
            expect(handed, last, given=f"the state after a text cut at {cut}", tolerance=1e-10)


def check_steps(rng, scan, options):
    x, step, a, b, c, state = scan_inputs(rng, 2, 6, 3, 4)
    step[:, 1] = 0.0  # the state stays
    step[:, 3, 1] = 0.0
    step[:, 4] = 1e5  # all before is forgotten, to the last digit
    step[:, 4, 2] = 0.3
    expected = by_numbers(x, step, a, b, c, state)
    for some in options:
        got = scan(x, step, a, b, c, state, **some)
        expect(got, expected, given="steps of 0 and of 100 000", tolerance=1e-10)


def check_long_text(rng, scan, options):
    x, step, a, b, c, state = scan_inputs(rng, 1, 150, 2, 3)
    a[:, 0], a[:, 1] = -30.0, -1e-4
    expected = by_numbers(x, step, a, b, c, state)
    for some in options:
        got = scan(x, step, a, b, c, state, **some)
        expect(got, expected, given="150 steps, fast decays and slow ones", tolerance=1e-9)


def check_gradients(rng, scan, options, expect_gradients):
    names = "x", "Δ", "A", "B", "C", "the state"
    for sizes in [(2, 4, 3, 2), (1, 5, 2, 3)]:
        inputs = scan_inputs(rng, *sizes)
        for some in options:
            expect_gradients(names, lambda *x, o=some: scan(*x, **o), differentiably, *inputs)


def check_views(student, rng, name, options, unchanged):
    inputs = scan_inputs(rng, 2, 4, 3, 5)
    expected = by_numbers(*inputs)
    for some in options:
        expect(student.support.on_views(name, *inputs, **some), expected, tolerance=1e-10)
        got = unchanged(getattr(student.mamba, name), *inputs, **some)
        expect(got, expected, tolerance=1e-10)


# --- selective_scan -------------------------------------------------------------------------------


@exercise("mamba.selective_scan", weight=3)
def test_scan_number_by_number(student, rng):
    """Equal to loops over single numbers, in both dtypes, with sizes of all kinds."""
    check_numbers(rng, student.mamba.selective_scan, [{}])


@exercise("mamba.selective_scan", weight=2)
def test_scan_goes_on(student, rng):
    """A state from before comes in with the first step, and the last one can be gone on from."""
    check_pieces(rng, student.mamba.selective_scan, [{}])


@exercise("mamba.selective_scan")
def test_scan_keeps_and_forgets(student, rng):
    """A step of 0 leaves the state as it is; a huge one leaves nothing of it, and no nan."""
    check_steps(rng, student.mamba.selective_scan, [{}])


@exercise("mamba.selective_scan")
def test_scan_of_a_long_text(student, rng):
    """Over many steps fast decays vanish and slow ones add up; nothing overflows."""
    check_long_text(rng, student.mamba.selective_scan, [{}])


@exercise("mamba.selective_scan", weight=2)
def test_scan_has_gradients(student, rng, expect_gradients):
    """Gradients reach all six inputs, through every step."""
    check_gradients(rng, student.mamba.selective_scan, [{}], expect_gradients)


@exercise("mamba.selective_scan")
def test_scan_of_views(student, rng, unchanged):
    """Nothing has to lie in one piece, and all that goes in stays as it was."""
    check_views(student, rng, "selective_scan", [{}], unchanged)


# --- parallel_selective_scan ----------------------------------------------------------------------


@exercise("mamba.parallel_selective_scan", weight=3)
def test_parallel_scan_number_by_number(student, rng):
    """Equal to loops over single numbers, in both dtypes, with sizes of all kinds."""
    check_numbers(rng, student.mamba.parallel_selective_scan, [{}])


@exercise("mamba.parallel_selective_scan", weight=2)
def test_parallel_scan_goes_on(student, rng):
    """A state from before comes in with the first step, and the last one can be gone on from."""
    check_pieces(rng, student.mamba.parallel_selective_scan, [{}])


@exercise("mamba.parallel_selective_scan")
def test_parallel_scan_keeps_and_forgets(student, rng):
    """A step of 0 leaves the state as it is; a huge one leaves nothing of it, and no nan."""
    check_steps(rng, student.mamba.parallel_selective_scan, [{}])


@exercise("mamba.parallel_selective_scan", weight=2)
def test_parallel_scan_of_a_long_text(student, rng):
    """Over many steps fast decays vanish and slow ones add up; nothing overflows."""
    check_long_text(rng, student.mamba.parallel_selective_scan, [{}])


@exercise("mamba.parallel_selective_scan", weight=2)
def test_parallel_scan_has_gradients(student, rng, expect_gradients):
    """Gradients reach all six inputs, through every step."""
    check_gradients(rng, student.mamba.parallel_selective_scan, [{}], expect_gradients)


@exercise("mamba.parallel_selective_scan")
def test_parallel_scan_of_views(student, rng, unchanged):
    """Nothing has to lie in one piece, and all that goes in stays as it was."""
    check_views(student, rng, "parallel_selective_scan", [{}], unchanged)


@exercise("mamba.parallel_selective_scan", weight=2)
def test_parallel_scan_takes_no_step_after_step(student, rng):
    """512 steps take some dozen operators, not several for each step."""
    inputs = scan_inputs(rng, 1, 512, 2, 3)
    with measured(student) as cost:
        y, state = student.mamba.parallel_selective_scan(*inputs)
    expect((y, state), by_numbers(*inputs), tolerance=1e-9)
    calls = sum(cost.operators.values())
    expect_that(
        calls <= 400, expected="no more than 400 operators", got=calls, given="a text of 512 steps"
    )


# --- chunked_selective_scan -----------------------------------------------------------------------


@exercise("mamba.chunked_selective_scan", weight=3)
def test_chunked_scan_number_by_number(student, rng):
    """Equal to loops over single numbers, in both dtypes, all sizes, and chunks of any size."""
    check_numbers(rng, student.mamba.chunked_selective_scan, CHUNKS)


@exercise("mamba.chunked_selective_scan", weight=2)
def test_chunked_scan_goes_on(student, rng):
    """A state from before comes in with the first step, and the last one can be gone on from."""
    check_pieces(rng, student.mamba.chunked_selective_scan, CHUNKS)


@exercise("mamba.chunked_selective_scan")
def test_chunked_scan_keeps_and_forgets(student, rng):
    """A step of 0 leaves the state as it is; a huge one leaves nothing of it, and no nan."""
    check_steps(rng, student.mamba.chunked_selective_scan, CHUNKS)


@exercise("mamba.chunked_selective_scan")
def test_chunked_scan_of_a_long_text(student, rng):
    """Over many steps fast decays vanish and slow ones add up; nothing overflows."""
    check_long_text(rng, student.mamba.chunked_selective_scan, CHUNKS)


@exercise("mamba.chunked_selective_scan", weight=2)
def test_chunked_scan_has_gradients(student, rng, expect_gradients):
    """Gradients reach all six inputs, through every step."""
    check_gradients(rng, student.mamba.chunked_selective_scan, CHUNKS, expect_gradients)


@exercise("mamba.chunked_selective_scan")
def test_chunked_scan_of_views(student, rng, unchanged):
    """Nothing has to lie in one piece, and all that goes in stays as it was."""
    check_views(student, rng, "chunked_selective_scan", CHUNKS, unchanged)


@exercise("mamba.chunked_selective_scan", weight=3)
def test_chunked_scan_never_holds_all_states(student, rng):
    """No tensor has a number for each step, channel and number of the state; only of a chunk."""
    batch, length, channels, size = 2, 240, 5, 16
    inputs = scan_inputs(rng, batch, length, channels, size)
    expected = by_numbers(*inputs)
    for chunk in (16, 24):
        with measured(student) as cost:
            got = student.mamba.chunked_selective_scan(*inputs, chunk=chunk)
        expect(got, expected, tolerance=1e-9)
        allowed = max(batch * chunk * channels * size, batch * length * size) * 5 // 4
        expect_that(
            cost.largest <= allowed,
            expected=f"no tensor of more than {allowed} numbers",
            got=cost.largest,
            given=f"{batch} rows of {length} steps, {channels} channels, states of {size}",
        )


@exercise("mamba.chunked_selective_scan")
def test_chunked_scan_prepares_a_chunk_at_once(student, rng):
    """What all steps of a chunk need is computed at once: exponentials are taken once a chunk."""
    inputs = scan_inputs(rng, 1, 60, 2, 3)
    with measured(student) as cost:
        got = student.mamba.chunked_selective_scan(*inputs, chunk=20)
    expect(got, by_numbers(*inputs), tolerance=1e-9)
    found = sum(n for name, n in cost.operators.items() if name in EXPONENTIALS)
    expect_that(
        1 <= found <= 9,
        expected="an exponential for each chunk, or a few",
        got=f"{found} of them",
        given="60 steps in chunks of 20",
    )


# --- associative_scan -------------------------------------------------------------------------


def one_after_another(decay, value):
    states, state = [], torch.zeros_like(value[:, 0])
    for d, v in zip(decay.unbind(1), value.unbind(1), strict=True):
        state = d * state + v
        states.append(state)
    return torch.stack(states, dim=1)


@exercise("mamba.associative_scan", weight=3)
def test_associative_scan_of_any_length(student, rng):
    """Equal to the recurrence, for lengths that are powers of two, and others, in both dtypes."""
    for dtype in FLOATS:
        for length in (1, 2, 3, 4, 5, 7, 8, 9, 16, 23):
            rest = rng.choice([(), (3,), (4, 3)])
            decay = normal(rng, 2, length, *rest, dtype=dtype)
            value = normal(rng, 2, length, *rest, dtype=dtype)
            expected = one_after_another(decay.double(), value.double()).to(dtype)
            got = student.mamba.associative_scan(decay, value)
            given = f"{length} steps, {dtype}"
            expect(got, expected, given=given, tolerance=10 * TOLERANCE[dtype])


@exercise("mamba.associative_scan", weight=2)
def test_associative_scan_divides_by_nothing(student, rng):
    """Decays may be 0, so small that their product is 0, or negative."""
    for length in (6, 40):
        decay = normal(rng, 2, length, 3)
        decay[:, ::3] = 0.0
        decay[:, 1::3, 1] = 1e-200
        value = normal(rng, 2, length, 3)
        expected = one_after_another(decay, value)
        got = student.mamba.associative_scan(decay, value)
        expect(got, expected, given="decays of 0 and 1e-200 among others", tolerance=1e-10)


@exercise("mamba.associative_scan", weight=3)
def test_associative_scan_in_log_rounds(student, rng):
    """Four times the length takes a few operators more; nothing is larger than twice the input."""
    calls = {}
    for length in (256, 1024):
        decay, value = normal(rng, 1, length, 2).tanh(), normal(rng, 1, length, 2)
        with measured(student) as cost:
            got = student.mamba.associative_scan(decay, value)
        expect(got, one_after_another(decay, value), tolerance=1e-9)
        calls[length] = sum(cost.operators.values())
        expect_that(
            cost.largest <= 2 * value.numel() + 8,
            expected=f"no tensor of more than {2 * value.numel() + 8} numbers",
            got=cost.largest,
            given=f"{length} steps of 2 numbers",
        )
    expect_that(
        calls[1024] <= 400 and calls[1024] <= 1.6 * calls[256],
        expected="at most 400 operators, and at most 1.6 times as many as for 256 steps",
        got=f"{calls[1024]}, and {calls[256]} for 256",
        given="1024 steps",
    )


@exercise("mamba.associative_scan", weight=2)
def test_gradients_of_associative_scan(student, rng, expect_gradients):
    """Gradients reach every decay and every value that is used."""
    for length in (1, 4, 7):
        expect_gradients(
            ("the decays", "the values"),
            lambda *x: [student.mamba.associative_scan(*x)],
            lambda d, v: [one_after_another(d, v)],
            normal(rng, 2, length, 3),
            normal(rng, 2, length, 3),
        )


@exercise("mamba.associative_scan")
def test_associative_scan_of_views(student, rng, unchanged):
    """Nothing has to lie in one piece, and what goes in stays as it was."""
    decay, value = normal(rng, 2, 6, 3), normal(rng, 2, 6, 3)
    expected = one_after_another(decay, value)
    got = student.support.on_views("associative_scan", decay, value)
    expect(got, expected, tolerance=1e-10)
    expect(unchanged(student.mamba.associative_scan, decay, value), expected, tolerance=1e-10)


# --- ssd --------------------------------------------------------------------------------------


def ssd_inputs(rng, batch, length, heads, width, size, dtype=torch.float64):
    """x, Δ, a, B, C and a state."""
    x, step = (
        normal(rng, batch, length, heads, width),
        (normal(rng, batch, length, heads) - 1).exp(),
    )
    a, state = -normal(rng, heads).exp(), normal(rng, batch, heads, width, size)
    b, c = normal(rng, batch, length, size), normal(rng, batch, length, size)
    return [part.to(dtype) for part in (x, step, a, b, c, state)]


def as_channels(scan, x, step, a, b, c, state=None):
    """The selective scan of as many channels as there are numbers in all heads."""
    heads, width = x.shape[2:]
    size = b.shape[-1]
    x, step = x.flatten(2), step.repeat_interleave(width, dim=2)
    a = a.repeat_interleave(width)[:, None].expand(-1, size)
    state = None if state is None else state.flatten(1, 2)
    y, last = scan(x, step, a, b, c, state)
    return y.unflatten(2, (heads, width)), last.unflatten(1, (heads, width))


HEADS = [(1, 1, 1, 1, 1), (1, 3, 2, 1, 4), (2, 5, 3, 4, 2), (3, 4, 2, 5, 3)]


@exercise("mamba.ssd", weight=3)
def test_ssd_is_a_selective_scan(student, rng):
    """Equal to the selective scan whose A is the same for all of a head, chunk by chunk."""
    for sizes in HEADS:
        for dtype in FLOATS:
            inputs = ssd_inputs(rng, *sizes, dtype)[:5]
            expected = [part.to(dtype) for part in as_channels(by_numbers, *inputs)]
            for some in CHUNKS:
                given = f"batch, steps, heads, width, state: {sizes}, {dtype}, {some}"
                got = student.mamba.ssd(*inputs, **some)
                expect(got, expected, given=given, tolerance=TOLERANCE[dtype])


@exercise("mamba.ssd", weight=2)
def test_ssd_from_a_state(student, rng):
    """A state from before is heard by every step of every chunk, and handed on."""
    for sizes in HEADS[1:]:
        inputs = ssd_inputs(rng, *sizes)
        expected = as_channels(by_numbers, *inputs)
        for some in CHUNKS:
            expect(student.mamba.ssd(*inputs, **some), expected, tolerance=1e-10)


@exercise("mamba.ssd")
def test_ssd_neither_overflows_nor_forgets(student, rng):
    """Steps of 0, steps so long that nothing is left, and decays that hardly decay."""
    x, step, a, b, c, state = ssd_inputs(rng, 2, 9, 3, 2, 4)
    step[:, 2], step[:, 5] = 0.0, 1e4
    a[0] = -1e-6
    expected = as_channels(by_numbers, x, step, a, b, c, state)
    for some in CHUNKS:
        got = student.mamba.ssd(x, step, a, b, c, state, **some)
        expect(got, expected, given="steps of 0 and of 10 000", tolerance=1e-9)


@exercise("mamba.ssd", weight=2)
def test_ssd_multiplies_matrices(student, rng):
    """There is no state for every step, and the work is done by few and large products."""
    batch, length, heads, width, size = 1, 256, 2, 8, 16
    inputs = ssd_inputs(rng, batch, length, heads, width, size)
    with measured(student) as cost:
        got = student.mamba.ssd(*inputs, chunk=32)
    expect(got, as_channels(by_numbers, *inputs), tolerance=1e-9)
    allowed = batch * length * heads * width * 2
    expect_that(
        cost.largest <= allowed,
        expected=f"no tensor of more than {allowed} numbers",
        got=cost.largest,
        given=f"{length} steps, {heads} heads of {width}, states of {size}, chunks of 32",
    )
    calls = sum(cost.operators.values())
    expect_that(
        calls <= 1500, expected="at most 1500 operators", got=calls, given="256 steps in 8 chunks"
    )


@exercise("mamba.ssd", weight=2)
def test_gradients_of_ssd(student, rng, expect_gradients):
    """Gradients reach all six inputs, from chunk to chunk."""
    names = "x", "Δ", "a", "B", "C", "the state"
    for some in CHUNKS[1:]:
        expect_gradients(
            names,
            lambda *x, o=some: student.mamba.ssd(*x, **o),
            lambda *x: as_channels(differentiably, *x),
            *ssd_inputs(rng, 2, 5, 3, 2, 4),
        )


@exercise("mamba.ssd")
def test_ssd_of_views(student, rng, unchanged):
    """Nothing has to lie in one piece, and all that goes in stays as it was."""
    inputs = ssd_inputs(rng, 2, 5, 3, 2, 4)
    expected = as_channels(by_numbers, *inputs)
    expect(student.support.on_views("ssd", *inputs, chunk=2), expected, tolerance=1e-10)
    expect(unchanged(student.mamba.ssd, *inputs, chunk=3), expected, tolerance=1e-10)
