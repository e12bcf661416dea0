"""Many adapters: a batch of them against a loop, and several made one."""

import torch

from autograder.measure import measured
from autograder.testing import complaint, exercise, expect, expect_that

# How far a right answer may be from that in float64, relative to the largest number in it.
TOLERANCE = {
    torch.float64: 200 * 2**-52,
    torch.float32: 200 * 2**-23,
    torch.bfloat16: 16 * 2**-8,
}


def normal(rng, *shape, dtype=torch.float64):
    generator = torch.Generator().manual_seed(rng.getrandbits(31))
    return torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)


def batch(rng, sizes, dtype=torch.float64, none=True):
    """(x, down, up, scales, adapters) for (B, T, I, O, R, N)."""
    size, length, n_in, n_out, rank, n = sizes
    adapters = torch.tensor([rng.randrange(-1 if none else 0, n) for _ in range(size)])
    shapes = (size, length, n_in), (n, rank, n_in), (n, n_out, rank), (n,)
    return *(normal(rng, *shape, dtype=dtype) for shape in shapes), adapters


def text_by_text(x, down, up, scales, adapters):
    """The definition, with each correction written out, in float64."""
    x, down, up, scales = (tensor.double() for tensor in (x, down, up, scales))
    out = [
        text @ (scales[n] * up[n] @ down[n]).T if n >= 0 else text.new_zeros(len(text), up.shape[1])
        for text, n in zip(x, adapters.tolist(), strict=True)
    ]
    return torch.stack(out)


def some_sizes(rng, n=4):
    """(B, T, I, O, R, N), from the smallest up; no two alike."""
    yield 1, 1, 2, 3, 1, 2
    yield 3, 1, 4, 2, 5, 1
    for _ in range(n):
        yield tuple(rng.sample(range(2, 9), 6))


@exercise("lora.batched_lora", weight=2)
def test_batch_is_what_the_texts_are_alone(student, rng):
    """Each text gets the correction of its own adapter, with that adapter's scale."""
    for sizes in some_sizes(rng):
        given = batch(rng, sizes, none=False)
        got = student.lora.batched_lora(*given)
        expect(got, text_by_text(*given), tolerance=TOLERANCE[torch.float64])


@exercise("lora.batched_lora")
def test_texts_without_adapter(student, rng):
    """Where there is no adapter the correction is zero, for some texts or for all."""
    for sizes in some_sizes(rng):
        given = [*batch(rng, sizes)]
        given[4][rng.randrange(sizes[0])] = -1
        got = student.lora.batched_lora(*given)
        expect(got, text_by_text(*given), tolerance=TOLERANCE[torch.float64])
        given[4][:] = -1
        size, length, _, n_out, *_ = sizes
        zeros = torch.zeros(size, length, n_out, dtype=torch.float64)
        expect(student.lora.batched_lora(*given), zeros)


@exercise("lora.batched_lora")
def test_batch_in_other_dtypes(student, rng):
    """The answer has the dtype of x, also in float32 and bfloat16; any integers are indices."""
    for dtype in (torch.float32, torch.bfloat16):
        for sizes in some_sizes(rng, 2):
            given = [*batch(rng, sizes, dtype)]
            given[4] = given[4].long()
            expected = text_by_text(*given).to(dtype)
            got = student.lora.batched_lora(*given)
            expect(got, expected, tolerance=2 * TOLERANCE[dtype])


@exercise("lora.batched_lora")
def test_smaller_ranks_are_filled_with_zeros(student, rng):
    """Adapters of different ranks, filled up with zeros, give what they give by themselves."""
    for sizes in some_sizes(rng, 3):
        x, down, up, scales, adapters = batch(rng, sizes)
        ranks = torch.tensor([[rng.randint(1, sizes[4])] for _ in range(sizes[5])])
        keep = torch.arange(sizes[4]) < ranks
        down, up = down * keep[:, :, None], up * keep[:, None, :]
        got = student.lora.batched_lora(x, down, up, scales, adapters)
        expected = text_by_text(x, down, up, scales, adapters)
        expect(got, expected, tolerance=TOLERANCE[torch.float64])


@exercise("lora.batched_lora")
def test_no_correction_is_written_out(student, rng):
    """The cost is that of the thin products, and no tensor is as large as one correction."""
    size, length, n_in, n_out, rank, n = 3, 2, 70, 60, 2, 5
    given = batch(rng, (size, length, n_in, n_out, rank, n), none=False)
    with measured(student) as cost, torch.no_grad():
        got = student.lora.batched_lora(*given)
    expect(got, text_by_text(*given), tolerance=TOLERANCE[torch.float64])
    due = 2 * size * length * rank * (n_in + n_out)
    expect_that(cost.flops <= due, expected=f"at most {due} operations", got=cost.flops)
    wish = "no tensor as large as a correction written out"
    expect_that(cost.largest < n_in * n_out, expected=wish, got=cost.largest)


@exercise("lora.batched_lora")
def test_gradients_of_the_batch(student, rng):
    """Gradients reach the texts and the matrices, and none the adapters of nobody."""
    for sizes in some_sizes(rng, 2):
        x, down, up, scales, adapters = batch(rng, sizes)
        adapters[0] = 0
        weights = normal(rng, sizes[0], sizes[1], sizes[3])
        leaves = {}
        for who, function in (("got", student.lora.batched_lora), ("expected", text_by_text)):
            own = leaves[who] = [t.clone().requires_grad_() for t in (x, down, up, scales)]
            out = function(*own, adapters)
            expect_that(out.requires_grad, expected="an output with a gradient", got="none")
            (out * weights).sum().backward()
        names = ("x", "down", "up", "scales")
        for name, got, expected in zip(names, *leaves.values(), strict=True):
            given = f"the gradient of {name}"
            zeros = torch.zeros_like(expected)
            found = zeros if got.grad is None else got.grad
            due = zeros if expected.grad is None else expected.grad
            expect(found, due, given=given, tolerance=1e-10)


@exercise("lora.batched_lora")
def test_views_and_no_positions(student, rng):
    """Inputs need not lie in one piece in memory, and there may be no positions."""
    for sizes in some_sizes(rng, 2):
        given = batch(rng, sizes)
        got = student.support.on_views("batched_lora", *given)
        expect(got, text_by_text(*given), tolerance=TOLERANCE[torch.float64])
        x, *others = given
        got = student.lora.batched_lora(x[:, :0], *others)
        expect(got, torch.zeros(sizes[0], 0, sizes[3], dtype=torch.float64))


# --- compose --------------------------------------------------------------------------------------


def states(rng, n, dtype=torch.float64):
    """n adapters of two layers of different sizes."""
    sizes = {"a.0": rng.sample(range(2, 8), 3), "b": rng.sample(range(2, 8), 3)}
    return [
        {
            f"{name}.{part}": normal(rng, *shape, dtype=dtype)
            for name, (n_in, n_out, rank) in sizes.items()
            for part, shape in (("down", (rank, n_in)), ("up", (n_out, rank)))
        }
        for _ in range(n)
    ]


def summed(adapters, weights):
    """Number by number, in float64."""
    total = {}
    for name, tensor in adapters[0].items():
        total[name] = torch.zeros(tensor.shape, dtype=torch.float64)
        for state, weight in zip(adapters, weights, strict=True):
            total[name] = total[name] + weight * state[name].double()
    return total


@exercise("lora.compose", weight=2)
def test_each_matrix_is_a_weighted_sum(student, rng):
    """Of one to four adapters, with weights of both signs that need not add up to one."""
    for n in (1, 2, 3, 4):
        adapters = states(rng, n)
        weights = [rng.uniform(-2, 2) for _ in range(n)]
        expect(student.lora.compose(adapters, weights), summed(adapters, weights), tolerance=1e-12)


@exercise("lora.compose")
def test_weight_of_zero_takes_an_adapter_out(student, rng):
    """An adapter with weight zero has no say, one with weight one alone is what it was."""
    adapters = states(rng, 3)
    which = rng.randrange(3)
    weights = [float(n == which) for n in range(3)]
    expect(student.lora.compose(adapters, weights), adapters[which], tolerance=1e-12)
    zeros = {name: torch.zeros_like(tensor) for name, tensor in adapters[0].items()}
    expect(student.lora.compose(adapters, [0.0] * 3), zeros)


@exercise("lora.compose")
def test_adapters_stay_as_they_are(student, rng):
    """The adapters that are given do not change, and the answer is none of them."""
    for n in (1, 3):
        adapters = states(rng, n)
        weights = [1.0] + [rng.uniform(-1, 1) for _ in range(n - 1)]
        answer, changed, shared = student.support.after_composing(adapters, weights)
        expect(answer, summed(adapters, weights), tolerance=1e-12)
        expect(changed, adapters, given="the adapters after it")
        expect(shared, False, given="whether the answer shares memory with an adapter")


@exercise("lora.compose")
def test_composed_adapter_has_the_dtype_of_its_parts(student, rng):
    """float32 and bfloat16 stay what they are."""
    for dtype in (torch.float32, torch.bfloat16):
        adapters = states(rng, 3, dtype)
        weights = [0.5, -0.25, 1.5]
        expected = {k: v.to(dtype) for k, v in summed(adapters, weights).items()}
        got = student.lora.compose(adapters, weights)
        expect(got, expected, tolerance=4 * TOLERANCE[dtype])


@exercise("lora.compose")
def test_order_goes_with_the_weights(student, rng):
    """Adapters and weights in another order give the same; layers are found by name."""
    adapters = states(rng, 3)
    weights = [rng.uniform(-2, 2) for _ in range(3)]
    order = rng.sample(range(3), 3)
    moved = [dict(reversed(adapters[n].items())) if n else adapters[n] for n in order]
    got = student.lora.compose(moved, [weights[n] for n in order])
    expect(got, summed(adapters, weights), tolerance=1e-12)
    said = complaint(lambda: student.lora.compose(adapters, weights[:2]))
    expect_that(said is not None, expected="a ValueError for a weight too few", got=said)
