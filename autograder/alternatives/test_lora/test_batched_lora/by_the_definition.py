"""Right: an oracle by einsum, with every correction written out."""

from langmodels.test_lora import *


def test_batched_lora():
    torch.manual_seed(3)
    for size, length, n_in, n_out, rank, n in [
        (1, 1, 2, 3, 4, 5),
        (7, 3, 5, 4, 2, 3),
        (4, 2, 3, 6, 3, 1),
    ]:
        for _ in range(4):
            x, scales = torch.randn(size, length, n_in).double(), torch.randn(n).double()
            down, up = torch.randn(n, rank, n_in).double(), torch.randn(n, n_out, rank).double()
            adapters = torch.randint(-1, n, (size,))
            products = torch.einsum("n,nor,nri->noi", scales, up, down)
            products = torch.cat([products, torch.zeros_like(products[:1])])
            expected = torch.einsum("bti,boi->bto", x, products[adapters])
            got = batched_lora(x, down, up, scales, adapters)
            torch.testing.assert_close(got, expected)
