"""Many adapters for one model."""

import torch

from autograder.testing import complaint, exercise, expect, expect_that

EXACT_ENOUGH = 1e-6  # a few roundings of float32

# Two adapters of rank 1, from two numbers to one: the sum, and ten times the second number.
DOWN = torch.tensor([[[1.0, 1.0]], [[0.0, 1.0]]])
UP = torch.tensor([[[1.0]], [[10.0]]])


@exercise("lora.batched_lora")
def test_each_text_has_its_adapter(student):
    """The first text is weighed by adapter 1, the second by adapter 0."""
    x = torch.tensor([[[1.0, 2.0]], [[3.0, 4.0]]])
    got = student.lora.batched_lora(x, DOWN, UP, torch.ones(2), torch.tensor([1, 0]))
    expect(got, torch.tensor([[[20.0]], [[7.0]]]), tolerance=EXACT_ENOUGH)


@exercise("lora.batched_lora")
def test_a_text_without_adapter(student):
    """-1 is no adapter; the other text's correction is scaled by half."""
    x = torch.tensor([[[1.0, 2.0]], [[3.0, 4.0]]])
    scales = torch.tensor([0.5, 3.0])
    got = student.lora.batched_lora(x, DOWN, UP, scales, torch.tensor([-1, 0]))
    expect(got, torch.tensor([[[0.0]], [[3.5]]]), tolerance=EXACT_ENOUGH)


@exercise("lora.compose")
def test_matrices_are_added_apart(student):
    """Twice the first adapter less the second, matrix by matrix."""
    first = {"a.down": torch.tensor([[1.0, 2.0]]), "a.up": torch.tensor([[3.0]])}
    second = {"a.down": torch.tensor([[1.0, 0.0]]), "a.up": torch.tensor([[5.0]])}
    expected = {"a.down": torch.tensor([[1.0, 4.0]]), "a.up": torch.tensor([[1.0]])}
    got = student.lora.compose([first, second], [2.0, -1.0])
    expect(got, expected, tolerance=EXACT_ENOUGH)


@exercise("lora.compose")
def test_one_adapter_with_weight_one(student):
    """An adapter alone, with weight 1, is what it was; without its weight it is refused."""
    state = {"a.down": torch.tensor([[1.0, 2.0]]), "a.up": torch.tensor([[3.0]])}
    expect(student.lora.compose([state], [1.0]), state, tolerance=EXACT_ENOUGH)
    said = complaint(lambda: student.lora.compose([state], []))
    expect_that(said is not None, expected="a ValueError", got=said)
