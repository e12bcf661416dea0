"""Convolution and scans: examples that you can check by hand."""

import math

import torch

from autograder.measure import measured
from autograder.testing import exercise, expect, expect_that

EXACT_ENOUGH = 1e-6  # a few roundings of float32
LN2 = math.log(2)


# --- causal_depthwise_conv --------------------------------------------------------------------

X = torch.tensor([[[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]]])
WEIGHT = torch.tensor([[1.0, 0.0, 5.0], [0.0, 0.0, 1.0]])  # 5 · now + 1 · two steps ago; now
BIAS = torch.tensor([0.0, 0.5])


@exercise("mamba.causal_depthwise_conv")
def test_conv_by_hand(student):
    """Five times now, and what was two steps ago; the second channel adds a half."""
    got = student.mamba.causal_depthwise_conv(X, WEIGHT, BIAS)
    expected = torch.tensor([[[5.0, 10.5], [10.0, 20.5], [16.0, 30.5]]])
    expect(got, (expected, X[:, 1:]), tolerance=EXACT_ENOUGH)


@exercise("mamba.causal_depthwise_conv")
def test_conv_goes_on(student):
    """One input more: two steps ago is the past's first position, and the past moves on by one."""
    more = torch.tensor([[[4.0, 40.0]]])
    got = student.mamba.causal_depthwise_conv(more, WEIGHT, BIAS, X[:, 1:])
    past = torch.tensor([[[3.0, 30.0], [4.0, 40.0]]])
    expect(got, (torch.tensor([[[22.0, 40.5]]]), past), tolerance=EXACT_ENOUGH)


# --- the selective scan, three ways -----------------------------------------------------------


def expect_by_hand(scan):
    """One channel, a state of two numbers: the first halves for Δ = ln 2, the second stays."""
    x = torch.tensor([[[1.0], [2.0], [3.0]]]) / LN2
    step = torch.tensor([[[LN2], [LN2], [0.0]]])
    a = torch.tensor([[-1.0, 0.0]])
    b = torch.tensor([[[1.0, 1.0], [1.0, 0.0], [9.0, 9.0]]])
    c = torch.tensor([[[1.0, 0.0], [1.0, 1.0], [2.0, 10.0]]])
    # States: (1, 1), (1/2 + 2, 1), and with a step of 0 the same again.
    y, state = scan(x, step, a, b, c)
    expect(y, torch.tensor([[[1.0], [3.5], [15.0]]]), tolerance=EXACT_ENOUGH)
    expect(state, torch.tensor([[[2.5, 1.0]]]), tolerance=EXACT_ENOUGH)
    y, state = scan(x[:, :1], step[:, :1], a, b[:, :1], c[:, :1], torch.tensor([[[8.0, 3.0]]]))
    expect((y, state), (torch.tensor([[[5.0]]]), torch.tensor([[[5.0, 4.0]]])), tolerance=1e-6)


def expect_channels(scan):
    """Two rows, three channels, A = 0: each channel adds up what its own Δ lets in."""
    x = torch.tensor([[[1.0, 2.0, 3.0]], [[4.0, 5.0, 6.0]]])
    step = torch.tensor([[[1.0, 1.0, 0.0]], [[1.0, 10.0, 1.0]]])
    b, c = torch.tensor([[[2.0]], [[3.0]]]), torch.tensor([[[1.0]], [[10.0]]])
    y, state = scan(x, step, torch.zeros(3, 1), b, c)
    expect(y, torch.tensor([[[2.0, 4.0, 0.0]], [[120.0, 1500.0, 180.0]]]), tolerance=1e-6)
    expected = torch.tensor([[[2.0], [4.0], [0.0]], [[12.0], [150.0], [18.0]]])
    expect(state, expected, tolerance=EXACT_ENOUGH)


@exercise("mamba.selective_scan")
def test_scan_by_hand(student):
    """Δ = ln 2 halves what fades and lets B x in; Δ = 0 leaves the state as it is."""
    expect_by_hand(student.mamba.selective_scan)


@exercise("mamba.selective_scan")
def test_scan_of_channels(student):
    """Δ is chosen for each channel; B and C are for all channels of a row."""
    expect_channels(student.mamba.selective_scan)


@exercise("mamba.parallel_selective_scan")
def test_parallel_scan_by_hand(student):
    """The same as step by step, with and without a state from before."""
    expect_by_hand(student.mamba.parallel_selective_scan)


@exercise("mamba.parallel_selective_scan")
def test_parallel_scan_of_channels(student):
    """Δ is chosen for each channel; B and C are for all channels of a row."""
    expect_channels(student.mamba.parallel_selective_scan)


@exercise("mamba.chunked_selective_scan")
def test_chunked_scan_by_hand(student):
    """The same as step by step, wherever the chunks are cut."""
    for chunk in (1, 2, 3, 64):
        expect_by_hand(lambda *x, n=chunk: student.mamba.chunked_selective_scan(*x, chunk=n))


@exercise("mamba.chunked_selective_scan")
def test_chunked_scan_of_channels(student):
    """Δ is chosen for each channel; B and C are for all channels of a row."""
    expect_channels(student.mamba.chunked_selective_scan)


# --- associative_scan -------------------------------------------------------------------------


@exercise("mamba.associative_scan")
def test_prefix_sums(student):
    """With decays of 1 a scan adds up: 1, 3, 6, 10, 15."""
    value = torch.tensor([[1.0, 2.0, 3.0, 4.0, 5.0]])
    got = student.mamba.associative_scan(torch.ones(1, 5), value)
    expect(got, torch.tensor([[1.0, 3.0, 6.0, 10.0, 15.0]]), tolerance=EXACT_ENOUGH)


@exercise("mamba.associative_scan")
def test_halving_and_forgetting(student):
    """1/2 · 4 + 2 = 4, then 0 · 4 + 3 forgets all, then 2 · 3 + 1 = 7; the first decay is idle."""
    decay = torch.tensor([[[9.0], [0.5], [0.0], [2.0]]])
    value = torch.tensor([[[4.0], [2.0], [3.0], [1.0]]])
    got = student.mamba.associative_scan(decay, value)
    expect(got, torch.tensor([[[4.0], [4.0], [3.0], [7.0]]]), tolerance=EXACT_ENOUGH)


@exercise("mamba.associative_scan")
def test_few_rounds(student):
    """1024 steps take ten rounds, not a thousand."""
    ones = torch.ones(1, 1024)
    with measured(student) as cost:
        student.mamba.associative_scan(ones, ones)
    calls = sum(cost.operators.values())
    expect_that(calls <= 300, expected="no more than 300 operators", got=calls, given="1024 steps")


# --- ssd --------------------------------------------------------------------------------------


@exercise("mamba.ssd")
def test_ssd_by_hand(student):
    """One head of two numbers, halved at each step: an outer product comes in, C reads it."""
    x = torch.tensor([[[[1.0, 2.0]], [[3.0, 0.0]]]]) / LN2
    step, a = torch.full((1, 2, 1), LN2), torch.tensor([-1.0])
    b = torch.tensor([[[1.0, 0.0, 2.0], [0.0, 1.0, 0.0]]])
    c = torch.tensor([[[1.0, 1.0, 1.0], [2.0, 1.0, 0.0]]])
    state = torch.tensor([[[[0.5, 3.0, 1.0], [1.0, 0.0, 2.0]]]])
    # After the first step (1 0 2; 2 0 4), after the second that halved, and 3 at (0, 1).
    y = torch.tensor([[[[3.0, 6.0]], [[4.0, 2.0]]]])
    for chunk in (1, 2, 64):
        expect(student.mamba.ssd(x, step, a, b, c, chunk=chunk), (y, state), tolerance=1e-6)


@exercise("mamba.ssd")
def test_ssd_goes_on(student):
    """A state from before is halved as well, and read as well."""
    x, step, a = torch.zeros(1, 1, 1, 2), torch.full((1, 1, 1), LN2), torch.tensor([-1.0])
    b, c = torch.ones(1, 1, 3), torch.tensor([[[1.0, 0.0, 2.0]]])
    before = torch.tensor([[[[2.0, 4.0, 6.0], [0.0, 8.0, 0.0]]]])
    y = torch.tensor([[[[7.0, 0.0]]]])
    expect(student.mamba.ssd(x, step, a, b, c, before), (y, before / 2), tolerance=EXACT_ENOUGH)
