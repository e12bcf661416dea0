"""What the hidden tests of this chapter share: two ways to try a function."""

import pytest
import torch

from autograder.testing import expect, expect_that

torch.set_num_threads(1)  # everything here is small


@pytest.fixture
def expect_gradients(rng):
    """Compare the derivatives of a random sum of the numbers of two functions' answers."""

    def compare(names, function, oracle, *tensors, tolerance=1e-9):
        found, weights = [], None
        for f in (oracle, function):
            leaves = [tensor.clone().requires_grad_() for tensor in tensors]
            answer = f(*leaves)
            trainable = torch.is_tensor(answer) and answer.requires_grad
            wish, given = "an answer that gradients flow through", "inputs that need them"
            expect_that(trainable, expected=wish, got="one without", given=given)
            if weights is None:
                generator = torch.Generator().manual_seed(rng.getrandbits(31))
                weights = torch.rand(answer.shape, generator=generator, dtype=torch.float64) + 1
            (answer * weights).sum().backward()
            found.append([leaf.grad for leaf in leaves])
        for name, tensor, expected, got in zip(names, tensors, *found, strict=True):
            got = torch.zeros_like(tensor) if got is None else got
            given = f"the gradient of {name}, of shape {tuple(tensor.shape)}"
            expect(got, expected, given=given, tolerance=tolerance)

    return compare


@pytest.fixture
def unchanged(student):
    """Call a function with tensors that are looked at again afterwards; gives the answer."""

    def call(function, *tensors, **options):
        there = [student.support.keep.obj(tensor) for tensor in tensors]
        answer = function(*there, **options)
        for number, (handle, tensor) in enumerate(zip(there, tensors, strict=True), start=1):
            given = f"tensor {number} of {len(tensors)} that went in, after the call"
            expect(student.support.keep(handle), tensor, given=given)
        return answer

    return call
