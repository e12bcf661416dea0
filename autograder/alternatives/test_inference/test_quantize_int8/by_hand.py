"""Right: numbers that are whole steps, or nearly, have codes that one can write down."""

import pytest

from langmodels import inference
from langmodels.test_inference import *

ROWS = [
    ([127.0, -127.0, 0.0, 1.0], [127, -127, 0, 1], 1.0),
    ([1.27, 0.0149, -0.0149, 0.0151], [127, 1, -1, 2], 0.01),
    ([-254.0, 2.9, 3.1, -0.9], [-127, 1, 2, 0], 2.0),
    ([3e-7, 0.0, -3e-7, 1.5e-7 * 1.01], [127, 0, -127, 64], 3e-7 / 127),
    ([0.0, 0.0, 0.0, 0.0], [0, 0, 0, 0], 0.0),
]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("shape", [(5, 4), (1, 5, 4), (5, 1, 4)])
def test_quantize_int8(dtype, shape):
    rows, wanted, steps = zip(*ROWS, strict=True)
    codes, step = inference.quantize_int8(torch.tensor(rows, dtype=dtype).reshape(shape))
    assert (codes.dtype, step.dtype) == (torch.int8, dtype)
    assert codes.shape == shape
    assert step.shape == (*shape[:-1], 1)
    assert codes.reshape(5, 4).tolist() == [*wanted]
    assert step.flatten().tolist() == pytest.approx(steps, rel=1e-6)


def test_one_vector():
    codes, step = inference.quantize_int8(torch.tensor([1.0, -2.0]))
    assert codes.tolist() == [64, -127] or codes.tolist() == [63, -127]
    assert step.tolist() == pytest.approx([2 / 127])
