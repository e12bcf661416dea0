"""What a model costs, for one that is small enough to count every number.

D = 4, H = 2 query heads and G = 1 head of keys of width K = 2, F = 3, V = 10, one layer
queries 4×4, keys 4×2, values 4×2, out 4×4       48 numbers
gate, up and down, 4×3 each                      36
the matrix of the logits, 10×4                   40
"""

import torch

from autograder.student import read
from autograder.testing import exercise, expect

BYTES = torch.bfloat16.itemsize  # 2, the default everywhere here
SMALL = {"vocabulary": 10, "width": 4, "n_layers": 1, "n_heads": 2, "n_kv_heads": 1, "inner": 3}


# --- cache_bytes ------------------------------------------------------------------------------


@exercise("inference.cache_bytes")
def test_cache_of_a_small_model(student):
    """A key and a value of two numbers, two bytes each: 8 bytes a token."""
    config = student.models.DecoderConfig(**SMALL)
    expect(student.inference.cache_bytes(config, 1), 4 * BYTES)
    expect(student.inference.cache_bytes(config, 5), 40)
    expect(student.inference.cache_bytes(config, 5, 3, 4), 240)  # three rows, four bytes a number


@exercise("inference.cache_bytes")
def test_cache_of_a_window(student):
    """With a window of 4, tokens beyond the fourth push others out."""
    config = student.models.DecoderConfig(**SMALL, window=4)
    expect([student.inference.cache_bytes(config, n) for n in (3, 4, 5)], [24, 32, 32])


@exercise("inference.cache_bytes")
def test_cache_of_llama_2(student):
    """LLaMA 2 with 7 billion weights: half a mebibyte a token, 2 GiB for a text of 4096."""
    sizes = {"vocabulary": 32000, "width": 4096, "n_layers": 32, "n_heads": 32, "inner": 11008}
    config = student.models.DecoderConfig(**sizes)
    expect(student.inference.cache_bytes(config, 1), 2**19)
    expect(student.inference.cache_bytes(config, 4096), 2 * 2**30)


# --- step_flops -------------------------------------------------------------------------------


@exercise("inference.step_flops")
def test_flops_of_one_token(student):
    """48 + 36 + 40 products with weights; with 5 keys 2 heads × 2 numbers × 5, twice: 40 more."""
    config = student.models.DecoderConfig(**SMALL)
    expect(student.inference.step_flops(config, 1, 5), 2 * (48 + 36 + 40 + 40))


@exercise("inference.step_flops")
def test_flops_of_a_prompt(student):
    """Three tokens go through the layer, each of them sees 3 keys; one asks for logits."""
    config = student.models.DecoderConfig(**SMALL)
    expect(student.inference.step_flops(config, 3, 3), 2 * (3 * (48 + 36 + 24) + 40))


@exercise("inference.step_flops")
def test_flops_of_many_rows(student):
    """Seven rows cost seven times as much."""
    config = student.models.DecoderConfig(**SMALL)
    expect(student.inference.step_flops(config, 1, 5, 7), 7 * 2 * (48 + 36 + 40 + 40))


# --- step_bytes -------------------------------------------------------------------------------


@exercise("inference.step_bytes")
def test_bytes_of_one_row(student):
    """124 numbers in matrices, and 4 for each of 5 tokens, in two bytes each."""
    config = student.models.DecoderConfig(**SMALL)
    expect(student.inference.step_bytes(config, 5), BYTES * (124 + 20))


@exercise("inference.step_bytes")
def test_bytes_of_three_rows(student):
    """The matrices are read once for all rows, the cache of each row is its own."""
    config = student.models.DecoderConfig(**SMALL)
    expect(student.inference.step_bytes(config, 5, 3), BYTES * (124 + 3 * 20))
    expect(student.inference.step_bytes(config, 5, 3, 4), 4 * (124 + 3 * 20))


# --- latency ----------------------------------------------------------------------------------


@exercise("inference.latency")
def test_latency_of_four_tokens(student):
    """Asked at 10, answered at 12, 13, 14 and 18: gaps of 1, 1 and 4, four tokens in 8 seconds."""
    expect(student.inference.latency(10.0, [12.0, 13.0, 14.0, 18.0]), (2.0, 2.0, 0.5))


@exercise("inference.latency")
def test_latency_of_a_single_token(student):
    """One token has no gap."""
    answer = student.inference.latency.obj(0.0, [4.0])
    expect(read(answer, "between"), 0.0)
    expect(read(answer, "per_second"), 0.25)
