"""What only a GPU shows: memory by its allocator, and time beside the library's kernel.

On a CPU this is a rehearsal: everything is small, and two pairs of timings prove nothing.
"""

import pytest

from autograder.measure import compare, expect_ratio, measured
from autograder.testing import exercise, expect_that


def sizes(device):
    """(T, block, heads, width)."""
    return (256, 32, 2, 16) if device == "cpu" else (8192, 512, 16, 64)


def tensors(student, device, n_tokens, dtype="float32"):
    """Handles of query, key and value on the device."""
    _, _, n_heads, width = sizes(device)
    shape = (1, n_heads, n_tokens, width)
    return [student.support.normal.obj(shape, seed, dtype, device) for seed in range(3)]


def peak(student, function, inputs, **options):
    """The most bytes that a call takes at one time."""
    with measured(student) as cost:
        function.obj(*inputs, **options)
    return cost.peak_bytes if cost.device_bytes is None else cost.device_bytes


@pytest.mark.gpu
@exercise("efficient_attention.tiled_attention")
def test_on_a_gpu_twice_the_tokens_take_about_twice_the_memory(student, device):
    """On a GPU, memory grows with the number of tokens and not with its square."""
    n_tokens, block, *_ = sizes(device)
    tiled = student.efficient_attention.tiled_attention
    once, twice = (
        peak(student, tiled, tensors(student, device, n), block=block)
        for n in (n_tokens, 2 * n_tokens)
    )
    expect_that(
        0 < twice < 2.5 * once,
        expected="less than 2.5 times the memory for twice the tokens",
        got=f"{once:,} and {twice:,} bytes",
    )


@pytest.mark.gpu
@exercise("efficient_attention.tiled_attention")
def test_on_a_gpu_it_takes_a_fraction_of_the_memory_of_all_scores(student, device):
    """On a GPU, it needs at most a quarter of the memory of attention that holds all scores."""
    n_tokens, block, *_ = sizes(device)
    inputs = tensors(student, device, n_tokens)
    tiled = peak(student, student.efficient_attention.tiled_attention, inputs, block=block)
    naive = peak(student, student.support.naive, inputs)
    expect_that(
        0 < 4 * tiled <= naive,
        expected=f"at most a quarter of {naive:,} bytes",
        got=f"{tiled:,} bytes",
    )


@pytest.mark.gpu
@exercise("efficient_attention.tiled_attention")
def test_on_a_gpu_it_is_within_reach_of_the_library(student, device):
    """On a GPU, it takes less than a hundred times as long as the library's fused kernel."""
    n_tokens, block, *_ = sizes(device)
    inputs = tensors(student, device, n_tokens, "float16" if device != "cpu" else "float32")
    ratio = compare(
        lambda: student.efficient_attention.tiled_attention.obj(*inputs, block=2 * block),
        lambda: student.support.library.obj(*inputs),
        pairs=2 if device == "cpu" else 20,
    )
    expect_ratio(ratio, at_least=0.01)
