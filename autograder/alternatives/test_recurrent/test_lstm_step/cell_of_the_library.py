"""Right: compares with LSTMCell, forward and back."""

from langmodels.test_recurrent import *


def draw(size, width, dtype=torch.float64):
    shapes = [(size, 4 * width), (size, width), (size, width), (4 * width, width), (4 * width,)]
    return [torch.randn(shape, dtype=dtype) for shape in shapes]


def test_lstm_step():
    for size, width in [(2, 3), (4, 2), (1, 5)]:
        projected, h, c, weight, bias = (x.requires_grad_() for x in draw(size, width))
        cell = torch.nn.LSTMCell(4 * width, width).double()
        with torch.no_grad():
            cell.weight_ih.copy_(torch.eye(4 * width))
            cell.bias_ih.zero_()
            cell.weight_hh.copy_(weight)
            cell.bias_hh.copy_(bias)
        theirs = cell(projected, (h, c))
        wanted = [t.detach() for t in theirs]
        (theirs[0].sum() + (theirs[1] ** 2).sum()).backward()
        grads = [projected.grad, h.grad, c.grad, cell.weight_hh.grad, cell.bias_hh.grad]
        for leaf in (projected, h, c):
            leaf.grad = None
        got = lstm_step(projected, (h, c), weight, bias)
        (got[0].sum() + (got[1] ** 2).sum()).backward()
        for a, b in zip(got, wanted, strict=True):
            assert torch.allclose(a, b, atol=1e-10)
        for a, b in zip((projected, h, c, weight, bias), grads, strict=True):
            assert torch.allclose(a.grad, b, atol=1e-10)
