"""Weights of four bits, and scales of eight."""

import torch

from autograder.testing import exercise, expect, expect_that

EXACT_ENOUGH = 1e-6  # a few roundings of float32


@exercise("lora.normal_float_levels")
def test_two_bits_have_four_levels(student):
    """Two bits stand for -1, 0, something above it, and 1."""
    levels = student.lora.normal_float_levels(2)
    expect(levels[[0, 1, 3]], torch.tensor([-1.0, 0.0, 1.0]), given="the levels of two bits")
    # δ = (1/8 + 1/6) / 2; of a normal distribution 67.71 % lie below 0.4596, 85.42 % below 1.0545.
    expect(levels[2].item(), 0.4596 / 1.0545, given="the third level", tolerance=1e-3)


@exercise("lora.normal_float_levels")
def test_four_bits_have_sixteen_levels(student):
    """They rise, and eight of them are above zero."""
    levels = student.lora.normal_float_levels()
    expect_that(len(levels) == 16, expected="sixteen levels", got=levels)
    rises = bool((levels.diff() > 0).all())
    expect_that(rises, expected="levels that rise", got=levels)
    expect(int((levels > 0).sum()), 8, given="how many are above zero")


@exercise("lora.quantize_nf4")
def test_levels_get_their_own_codes(student):
    """Numbers that are levels times a scale have that scale and the codes of these levels."""
    numbers = 3 * student.lora.normal_float_levels(4)
    codes, scales, shape = student.lora.quantize_nf4(numbers.view(2, 8), 16)
    expect(codes, torch.arange(16, dtype=torch.uint8)[None])
    expect(scales, torch.tensor([3.0]), tolerance=EXACT_ENOUGH)
    expect(list(shape), [2, 8], given="the shape")


@exercise("lora.quantize_nf4")
def test_blocks_have_scales_of_their_own(student):
    """Two blocks of two numbers, and a last one that is filled up."""
    codes, scales, _ = student.lora.quantize_nf4(torch.tensor([2.0, -2.0, 0.0, 0.0, -5.0]), 2)
    expect(codes, torch.tensor([[15, 0], [7, 7], [0, 7]], dtype=torch.uint8))
    expect(scales, torch.tensor([2.0, 0.0, 5.0]), tolerance=EXACT_ENOUGH)


@exercise("lora.double_quantize")
def test_scales_lose_their_mean(student):
    """Of 1 and 3 the mean is 2; what is left, -1 and 1, has the codes -127 and 127."""
    codes, steps, mean = student.lora.double_quantize(torch.tensor([1.0, 3.0]))
    expect(mean, torch.tensor(2.0), tolerance=EXACT_ENOUGH)
    expect(codes, torch.tensor([-127, 127], dtype=torch.int8))
    expect(steps, torch.tensor([1 / 127]), tolerance=EXACT_ENOUGH)


@exercise("lora.double_quantize")
def test_each_block_of_scales_has_its_step(student):
    """Three scales in blocks of two: three codes, two steps."""
    codes, steps, _ = student.lora.double_quantize(torch.tensor([1.0, 2.0, 6.0]), 2)
    expect(codes, torch.tensor([-127, -64, 127], dtype=torch.int8))
    expect(steps, torch.tensor([2 / 127, 3 / 127]), tolerance=EXACT_ENOUGH)
