"""Softmax and attention piece by piece, against all of it at once in float64."""

import math

import torch
from torch.nn.functional import scaled_dot_product_attention as library

from autograder.measure import measured
from autograder.testing import exercise, expect, expect_that

# How far a right answer may be from that in float64, relative to the largest number in it: some
# roundings of each dtype, where a rounded score of 8 makes a weight wrong by 8 roundings.
TOLERANCE = {
    torch.float64: 64 * 2**-52,
    torch.float32: 64 * 2**-23,
    torch.bfloat16: 16 * 2**-8,
}
# Gradients are what is left of larger numbers.
OF_GRADIENTS = {
    torch.float64: 1e-10,
    torch.float32: 1e-4,
    torch.bfloat16: 32 * 2**-8,
}
# Of scores around 10 000 that are written down, as log Σ is, all but a few digits are before the
# point.
OF_HUGE_SCORES = {
    torch.float64: 1e5 * 2**-52,
    torch.float32: 1e5 * 2**-23,
    torch.bfloat16: 16 * 2**-8,
}
FLOATS = list(TOLERANCE)
BATCHES = [(), (1,), (2,), (3, 2), (1, 2), (2, 1, 3)]


def normal(rng, *shape, dtype=torch.float64):
    generator = torch.Generator().manual_seed(rng.getrandbits(31))
    return torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)


def different(rng, n, low=2, high=9):
    """Sizes of which no two are equal, so that no axis can be taken for another."""
    return rng.sample(range(low, high + 1), n)


def unchanged(student, function, *tensors, **options):
    """Call it with tensors that are looked at again afterwards; gives the answer."""
    there = [student.support.keep.obj(tensor) for tensor in tensors]
    answer = function(*there, **options)
    for number, (handle, tensor) in enumerate(zip(there, tensors, strict=True), start=1):
        given = f"tensor {number} of {len(tensors)} that went in, after the call"
        expect(student.support.keep(handle), tensor, given=given)
    return answer


# --- online_softmax ---------------------------------------------------------------------------


def of_all_at_once(scores):
    """(largest, Σ exp(score - largest)) of each row, in float64."""
    scores = scores.double()
    largest = scores.amax(-1)
    anchor = largest.where(largest > -math.inf, 0.0)
    return largest, (scores - anchor[..., None]).exp().sum(-1)


def check_softmax(got, scores):
    dtype = scores.dtype
    expected = tuple(part.to(dtype) for part in of_all_at_once(scores))
    expect(got, expected, tolerance=TOLERANCE[dtype])


def cut(rng, scores):
    """The scores in pieces of random width, none of them empty."""
    width = scores.shape[-1]
    ends = [*sorted(rng.sample(range(1, width), rng.randint(0, min(width - 1, 6)))), width]
    return [scores[..., a:b].contiguous() for a, b in zip([0, *ends], ends, strict=False)]


@exercise("efficient_attention.online_softmax", weight=2)
def test_any_cut_gives_the_same(student, rng):
    """However the row is cut, the answer is that for the whole row, with any batch and dtype."""
    for batch in BATCHES:
        for dtype in FLOATS:
            scores = 2 * normal(rng, *batch, rng.randint(1, 20), dtype=dtype)
            for _ in range(2):
                check_softmax(student.efficient_attention.online_softmax(cut(rng, scores)), scores)
            one_block = student.efficient_attention.online_softmax([scores])
            check_softmax(one_block, scores)


@exercise("efficient_attention.online_softmax")
def test_the_largest_may_come_at_any_time(student, rng):
    """Blocks whose largest scores rise, fall, or stay the same; one row apart from another."""
    for n_blocks in (2, 3, 5):
        for _ in range(4):
            steps = [[4.0 * rng.randint(0, 3) for _ in range(5)] for _ in range(n_blocks)]
            blocks = [normal(rng, 5, 3) + torch.tensor(step)[:, None] for step in steps]
            got = student.efficient_attention.online_softmax(blocks)
            check_softmax(got, torch.cat(blocks, -1))


@exercise("efficient_attention.online_softmax", weight=2)
def test_online_softmax_of_huge_scores(student, rng):
    """Scores of ±10 000 and ±1e30: the sum counts how often the largest of its row occurs."""
    for size in (1e4, 1e30):
        for dtype in FLOATS:
            signs = torch.tensor([[rng.choice([-1, 1]) for _ in range(7)] for _ in range(4)])
            signs[0], signs[1] = -1, 1
            scores = (signs * size).to(dtype)
            largest = signs.amax(-1)
            count = (signs == largest[:, None]).sum(-1).to(dtype)
            got = student.efficient_attention.online_softmax(list(scores.split(2, dim=-1)))
            expect(got, (scores.amax(-1), count), tolerance=TOLERANCE[dtype])


@exercise("efficient_attention.online_softmax", weight=2)
def test_online_softmax_of_hidden_scores(student, rng):
    """Scores of -inf count for nothing, also where a block, or a row, holds nothing else."""
    for batch in BATCHES:
        for dtype in FLOATS:
            scores = normal(rng, *batch, 4, 8, dtype=dtype)
            scores[..., 0, :4] = -math.inf  # the row begins with blocks of nothing
            scores[..., 1, 2:6] = -math.inf
            scores[..., 2, 5:] = -math.inf
            scores[..., 3, :] = -math.inf
            if batch:
                scores[0, 0] = -math.inf
            got = student.efficient_attention.online_softmax(list(scores.split(2, dim=-1)))
            check_softmax(got, scores)


@exercise("efficient_attention.online_softmax", weight=2)
def test_online_softmax_of_a_stream(student, rng):
    """Blocks that are made on the way are looked at once, and few of them are alive at a time."""
    block = normal(rng, 32, 64)
    steps = [rng.uniform(-3, 3) for _ in range(64)]
    with measured(student) as cost:
        got = student.support.softmax_of_a_stream(block, steps)
    check_softmax(got, torch.cat([block + step for step in steps], dim=-1))
    in_blocks = cost.peak_bytes / (block.numel() * block.itemsize)
    expect_that(
        in_blocks < 12,
        expected="memory of a few blocks",
        got=f"memory of {in_blocks:.0f} blocks",
        given="64 blocks, of which each is made when it is asked for",
    )


@exercise("efficient_attention.online_softmax")
def test_online_softmax_of_views(student, rng):
    """Blocks may be columns of one matrix, and the batch may be empty; nothing is changed."""
    for batch in BATCHES:
        widths = different(rng, 3)
        scores = normal(rng, *batch, sum(widths))
        check_softmax(student.support.softmax_of_views(scores, widths), scores)
        blocks = list(scores.split(widths, dim=-1))
        there = [student.support.keep.obj(block) for block in blocks]
        check_softmax(student.efficient_attention.online_softmax(there), scores)
        for handle, block in zip(there, blocks, strict=True):
            expect(student.support.keep(handle), block, given="a block, after the call")
    none = torch.zeros(0, 3, 5)
    expect(student.efficient_attention.online_softmax([none, none]), (none[..., 0], none[..., 0]))


# --- tiled_attention --------------------------------------------------------------------------


def future(n_queries, n_keys):
    """Which keys come after which query, the last query standing at the last key."""
    query = torch.arange(n_queries)[:, None] + n_keys - n_queries
    return torch.arange(n_keys) > query


def full_attention(query, key, value, causal=False, scale=None):
    """(output, log Σ exp(score)) with all scores at once, in float64."""
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    scores = query.double() @ key.double().mT * scale
    if causal:
        scores = scores.masked_fill(future(*scores.shape[-2:]), -math.inf)
    log_total = scores.logsumexp(-1)
    seen = scores > -math.inf
    weights = (scores - log_total.where(seen.any(-1), 0.0)[..., None]).exp()
    return weights @ value.double(), log_total


def three(rng, batch, n_queries, n_keys, width, value_width, dtype=torch.float64):
    """A query, key and value."""
    return (
        normal(rng, *batch, n_queries, width, dtype=dtype),
        normal(rng, *batch, n_keys, width, dtype=dtype),
        normal(rng, *batch, n_keys, value_width, dtype=dtype),
    )


def relative_to(size, tolerance, expected):
    """The tolerance, if it is relative to `size` where that is more than what is left of it."""
    finite = expected[expected.isfinite()]
    left = float(finite.abs().max()) if finite.numel() else 0.0
    return tolerance * max(1.0, size / max(left, 1e-9))


def largest(tensor):
    return float(tensor.abs().max()) if tensor.numel() else 0.0


def expect_tiled(got, expected, inputs, scale, tolerance):
    """Outputs are judged by the size of the values, and log Σ by that of the scores."""
    query, key, value = (tensor.double() for tensor in inputs)
    width = query.shape[-1]
    scores = query.abs() @ key.abs().mT * abs(width**-0.5 if scale is None else scale)
    sizes = largest(value), 1 + largest(scores)
    is_pair = isinstance(got, list | tuple) and len(got) == 2
    expect_that(is_pair, expected="the output, and log Σ for each query", got=got)
    for name, g, e, size in zip(("output", "log Σ"), got, expected, sizes, strict=True):
        given = f"the {name} for a query, key and value of shapes " + ", ".join(
            str(tuple(tensor.shape)) for tensor in inputs
        )
        expect(g, e, given=given, tolerance=relative_to(size, tolerance, e))


def check_tiled(student, inputs, block, causal=False, scale=None, tolerance=TOLERANCE):
    dtype = inputs[0].dtype
    got = student.efficient_attention.tiled_attention(
        *inputs, causal=causal, scale=scale, block=block
    )
    expected = tuple(part.to(dtype) for part in full_attention(*inputs, causal, scale))
    expect_tiled(got, expected, inputs, scale, tolerance[dtype])


@exercise("efficient_attention.tiled_attention", weight=2)
def test_one_tile_is_the_librarys_attention(student, rng):
    """With a single tile the output is that of torch, in every dtype and with any batch."""
    for sizes in [
        ((), 1, 1, 1, 1),
        ((1,), 2, 1, 3, 2),
        *((b, *different(rng, 4)) for b in BATCHES),
    ]:
        for dtype in FLOATS:
            inputs = three(rng, *sizes, dtype)
            expected = library(*(tensor.double() for tensor in inputs)).to(dtype)
            got = student.efficient_attention.tiled_attention(*inputs)
            total = full_attention(*inputs)[1].to(dtype)
            expect_tiled(got, (expected, total), inputs, None, TOLERANCE[dtype])


@exercise("efficient_attention.tiled_attention", weight=3)
def test_tiles_that_do_not_fit(student, rng):
    """Any number of queries and keys, in tiles of any size, multiples or not."""
    for block in (1, 2, 3, 4, 5, 8):
        for batch in BATCHES[::2] if block > 1 else [()]:
            for dtype in FLOATS:
                sizes = [*different(rng, 2, 1, 14), *different(rng, 2)]
                check_tiled(student, three(rng, batch, *sizes, dtype), block)


@exercise("efficient_attention.tiled_attention", weight=3)
def test_tiled_causal_attention(student, rng):
    """The last query stands at the last key, and nobody sees what comes later."""
    for block in (1, 2, 3, 5, 32):
        for n_queries, n_keys in [(7, 7), (4, 11), (1, 6), (9, 10), (6, 6), (3, 14)]:
            dtype = rng.choice(FLOATS)
            inputs = three(rng, rng.choice(BATCHES), n_queries, n_keys, *different(rng, 2), dtype)
            check_tiled(student, inputs, block, causal=True)
    # What comes later may change as it likes.
    query, key, value = three(rng, (2,), 9, 9, 3, 4)
    attend = student.efficient_attention.tiled_attention
    before = attend(query, key, value, causal=True, block=4)
    for place in (7, 4, 1):
        key[:, place:], value[:, place:] = 1e3, -1e3
        query[:, place:] = 1e3
        after = attend(query, key, value, causal=True, block=4)
        for one, other in zip(after, before, strict=True):
            given = f"the answers before position {place}, where all later inputs have changed"
            expect(one[:, :place], other[:, :place], given=given)


@exercise("efficient_attention.tiled_attention", weight=2)
def test_queries_before_the_first_key(student, rng):
    """Where there are more queries than keys the first ones see nothing: output 0 and -inf."""
    for block in (1, 2, 3, 4, 16):
        for n_queries, n_keys in [(2, 1), (7, 2), (9, 5), (12, 4)]:
            dtype = rng.choice(FLOATS)
            inputs = three(rng, rng.choice(BATCHES), n_queries, n_keys, *different(rng, 2), dtype)
            check_tiled(student, inputs, block, causal=True)


@exercise("efficient_attention.tiled_attention")
def test_tiles_under_another_scale(student, rng):
    """A scale that is given takes the place of the usual one, also where it is zero."""
    for scale in (1.0, 0.0, rng.uniform(0.1, 2), -0.5):
        for causal in (False, True):
            inputs = three(rng, (2,), *different(rng, 4))
            check_tiled(student, inputs, 3, causal, scale)


@exercise("efficient_attention.tiled_attention", weight=2)
def test_tiles_with_huge_scores(student, rng):
    """Scores of 10 000 and -10 000, the largest in any tile: finite, and right."""
    for dtype in FLOATS:
        for causal in (False, True):
            for block in (1, 2, 3, 16):
                inputs = huge(rng, (2,), 6, 7, 5, dtype)
                check_tiled(student, inputs, block, causal, tolerance=OF_HUGE_SCORES)


def huge(rng, batch, n_queries, n_keys, value_width, dtype):
    """Inputs with scores of ±10 000: whole numbers and a width of 4, exact in every dtype."""

    def signs(n):
        shape = *batch, n
        return torch.tensor(rng.choices([-1.0, 1.0], k=math.prod(shape))).reshape(shape)

    query, key = torch.zeros(*batch, n_queries, 4), torch.zeros(*batch, n_keys, 4)
    query[..., 1], key[..., 1] = 20000 * signs(n_queries), signs(n_keys)
    value = normal(rng, *batch, n_keys, value_width)
    return query.to(dtype), key.to(dtype), value.to(dtype)


@exercise("efficient_attention.tiled_attention")
def test_tiles_of_views_and_of_nothing(student, rng):
    """Inputs need not lie in one piece and stay what they are; any axis but widths may be empty."""
    for batch in BATCHES:
        inputs = three(rng, batch, *different(rng, 4))
        for causal in (False, True):
            expected = full_attention(*inputs, causal)
            got = student.support.on_views("tiled_attention", *inputs, causal=causal, block=3)
            expect(got, expected, tolerance=TOLERANCE[torch.float64])
        attend = student.efficient_attention.tiled_attention
        got = unchanged(student, attend, *inputs, block=3)
        expect(got, full_attention(*inputs), tolerance=TOLERANCE[torch.float64])
    for batch, n_queries, n_keys in [((), 0, 3), ((2,), 3, 0), ((0,), 3, 2), ((0, 2), 1, 3)]:
        inputs = three(rng, batch, n_queries, n_keys, 4, 5)
        for causal in (False, True):
            check_tiled(student, inputs, 2, causal)


# --- What tiles cost --------------------------------------------------------------------------

BLOCK, WIDTH, VALUE_WIDTH, HEADS = 64, 8, 6, 2


def long(rng, n_queries, n_keys):
    return three(rng, (1, HEADS), n_queries, n_keys, WIDTH, VALUE_WIDTH, torch.float32)


def expect_growth(cheap, dear, what, limit=2.5):
    """Twice the length may cost about twice as much."""
    expect_that(
        dear < limit * cheap,
        expected=f"at most {limit} times as much",
        got=f"{dear / max(cheap, 1):.2f} times as much",
        given=f"{what}, for twice the length",
    )


def expect_no_large_tensor(cost, length):
    """What is alive is as large as a tile, or as an input."""
    allowed = HEADS * max(BLOCK * BLOCK, 2 * length * max(WIDTH, VALUE_WIDTH))
    expect_that(
        cost.largest <= allowed,
        expected=f"no more than {allowed} numbers in one tensor",
        got=cost.largest,
        given=f"{HEADS} heads, {length} queries and keys in tiles of {BLOCK}",
    )


def tiles_needed(n_queries, n_keys, causal):
    """How many tiles hold a score that somebody may see."""
    seen = ~future(n_queries, n_keys) if causal else torch.ones(n_queries, n_keys) > 0
    return sum(
        bool(columns.any()) for rows in seen.split(BLOCK) for columns in rows.split(BLOCK, dim=1)
    )


def expect_products(cost, n_tiles, per_score, given):
    """So many tiles of scores, with so many multiplications and additions for each score."""
    needed = n_tiles * BLOCK * BLOCK * HEADS * 2 * per_score
    expect_that(
        cost.flops <= 1.1 * needed,
        expected=f"about {needed} operations in matrix products",
        got=cost.flops,
        given=given,
    )


@exercise("efficient_attention.tiled_attention", weight=3)
def test_tiles_take_little_memory(student, rng):
    """Twice the length takes at most 2.5 times the memory; nothing larger than a tile is alive."""
    for causal in (False, True):
        peaks = []
        for length in (256, 512):
            inputs = long(rng, length, length)
            with measured(student) as cost:
                got = student.efficient_attention.tiled_attention(
                    *inputs, causal=causal, block=BLOCK
                )
            expected = tuple(part.float() for part in full_attention(*inputs, causal))
            expect(got, expected, tolerance=TOLERANCE[torch.float32])
            expect_no_large_tensor(cost, length)
            peaks.append(cost.peak_bytes)
        expect_growth(*peaks, "bytes alive at a time")


@exercise("efficient_attention.tiled_attention", weight=2)
def test_tiles_are_computed_once(student, rng):
    """No tile is computed twice, and of causal attention none that nobody may see."""
    for n_queries, n_keys in [(256, 256), (128, 320)]:
        for causal in (False, True):
            inputs = long(rng, n_queries, n_keys)
            with measured(student) as cost:
                student.efficient_attention.tiled_attention(*inputs, causal=causal, block=BLOCK)
            n_tiles = tiles_needed(n_queries, n_keys, causal)
            given = f"{n_queries} queries, {n_keys} keys, tiles of {BLOCK}, causal={causal}"
            expect_products(cost, n_tiles, WIDTH + VALUE_WIDTH, given)


# --- tiled_attention_backward -----------------------------------------------------------------


def way_back(rng, inputs, causal=False, scale=None):
    """What the way back is given, and what it should find, by autograd in float64."""
    dtype = inputs[0].dtype
    leaves = [tensor.double().requires_grad_() for tensor in inputs]
    out, log_total = full_attention(*leaves, causal, scale)
    grad = normal(rng, *out.shape, dtype=dtype)
    # A row that sees nothing has no way back, which autograd does not know.
    seen = (log_total.detach() > -math.inf)[..., None]
    found = torch.autograd.grad((out * grad.double()).where(seen, 0.0).sum(), leaves)
    found = [gradient.nan_to_num(math.nan).to(dtype) for gradient in found]
    given = grad, *inputs, out.detach().to(dtype), log_total.detach().to(dtype)
    return given, tuple(found)


def check_backward(student, rng, inputs, block, causal=False, scale=None):
    given, expected = way_back(rng, inputs, causal, scale)
    got = student.efficient_attention.tiled_attention_backward(
        *given, causal=causal, scale=scale, block=block
    )
    largest = max(float(e.abs().max()) for e in expected)
    for name, g, e in zip(("query", "key", "value"), some_three(got), expected, strict=True):
        # What cancels is judged by the size of its parts.
        tolerance = OF_GRADIENTS[e.dtype] * largest / max(float(e.abs().max()), 1e-9)
        expect(g, e, given=f"the gradient of {name}", tolerance=tolerance)


def some_three(got):
    """The three tensors that a gradient consists of, or a complaint."""
    is_three = isinstance(got, list | tuple) and len(got) == 3
    expect_that(is_three, expected="three gradients: query's, key's, value's", got=got)
    return got


@exercise("efficient_attention.tiled_attention_backward", weight=2)
def test_backward_in_one_tile(student, rng):
    """With a single tile the gradients are those of autograd, in every dtype, with any batch."""
    for sizes in [
        ((), 1, 2, 1, 1),
        ((1,), 2, 3, 3, 2),
        *((b, *different(rng, 4)) for b in BATCHES),
    ]:
        for dtype in FLOATS:
            check_backward(student, rng, three(rng, *sizes, dtype), 128)


@exercise("efficient_attention.tiled_attention_backward", weight=3)
def test_backward_in_tiles_that_do_not_fit(student, rng):
    """Gradients of a query come from all tiles of its row, those of a key from its column."""
    for block in (1, 2, 3, 4, 5, 8):
        for batch in BATCHES[::2] if block > 1 else [()]:
            for dtype in FLOATS:
                sizes = [*different(rng, 2, 2, 14), *different(rng, 2)]
                check_backward(student, rng, three(rng, batch, *sizes, dtype), block)


@exercise("efficient_attention.tiled_attention_backward", weight=2)
def test_backward_of_causal_attention(student, rng):
    """Nothing flows to what was in the future, and nothing from queries that saw no key."""
    for block in (1, 2, 3, 5, 32):
        for n_queries, n_keys in [(7, 7), (4, 11), (9, 10), (7, 2), (12, 4)]:
            dtype = rng.choice(FLOATS)
            inputs = three(rng, rng.choice(BATCHES), n_queries, n_keys, *different(rng, 2), dtype)
            check_backward(student, rng, inputs, block, causal=True)


@exercise("efficient_attention.tiled_attention_backward")
def test_backward_under_another_scale(student, rng):
    """The scale is that of the way there, also where it is zero."""
    for scale in (1.0, 0.0, rng.uniform(0.1, 2), -0.5):
        for causal in (False, True):
            inputs = three(rng, (2,), *different(rng, 4))
            check_backward(student, rng, inputs, 3, causal, scale)


@exercise("efficient_attention.tiled_attention_backward")
def test_backward_with_huge_scores(student, rng):
    """Scores of 10 000 and -10 000, and gradients that are finite, and right."""
    for dtype in (torch.float64, torch.float32):
        for causal in (False, True):
            # Keys of which only one agrees with a query: a sure choice, through which nothing
            # flows but to the values.
            query, key, value = huge(rng, (2,), 6, 7, 5, dtype)
            key[..., 1] = -1
            key[..., 0, 1] = 1
            query[..., 1] = 20000
            query[:, 0, 1] = -20000
            given, expected = way_back(rng, (query, key, value), causal)
            got = student.efficient_attention.tiled_attention_backward(
                *given, causal=causal, block=3
            )
            # The others divide what is left of numbers about 10 000 times as large.
            expect(some_three(got)[2], expected[2], given="the gradient of value", tolerance=1e-4)
            for name, g, e in zip(("query", "key"), got, expected, strict=False):
                near = bool(torch.isclose(g, e, atol=0.05, rtol=0.01).all())
                given = f"the gradient of {name}, where scores are ±10 000"
                expect_that(near, expected=f"about {e.flatten()[:4]}", got=g, given=given)


@exercise("efficient_attention.tiled_attention_backward", weight=2)
def test_training_through_tiles(student, rng):
    """A loss of flash_attention's output reaches query, key and value as autograd's does."""
    for causal in (False, True):
        inputs = three(rng, (2, 3), 7, 11, 4, 5)
        weights = normal(rng, 2, 3, 7, 5)
        found = []
        for attend in (
            lambda *x, causal=causal: full_attention(*x, causal)[0],
            lambda *x, causal=causal: student.efficient_attention.flash_attention(
                *x, causal=causal, block=4
            ),
        ):
            leaves = [tensor.clone().requires_grad_() for tensor in inputs]
            ((attend(*leaves) * weights) ** 2).sum().backward()
            found.append(tuple(leaf.grad for leaf in leaves))
        given = "the gradients of a loss of flash_attention"
        expect(found[1], found[0], given=given, tolerance=OF_GRADIENTS[torch.float64])


@exercise("efficient_attention.tiled_attention_backward")
def test_backward_of_views_and_of_nothing(student, rng):
    """What goes in need not lie in one piece and stays what it is; axes may be empty."""
    tolerance = OF_GRADIENTS[torch.float64]
    back = student.efficient_attention.tiled_attention_backward
    for batch in BATCHES:
        given, expected = way_back(rng, three(rng, batch, *different(rng, 4)), causal=True)
        options = {"causal": True, "block": 3}
        got = student.support.on_views("tiled_attention_backward", *given, **options)
        expect(got, expected, tolerance=tolerance)
        expect(unchanged(student, back, *given, **options), expected, tolerance=tolerance)
    for batch, n_queries, n_keys in [((), 0, 3), ((2,), 3, 0), ((0,), 3, 2)]:
        inputs = three(rng, batch, n_queries, n_keys, 4, 5)
        grad = normal(rng, *batch, n_queries, 5)
        got = back(grad, *inputs, *full_attention(*inputs), block=2)
        expect(got, tuple(map(torch.zeros_like, inputs)))


@exercise("efficient_attention.tiled_attention_backward", weight=3)
def test_the_way_back_takes_little_memory(student, rng):
    """Twice the length takes at most 2.5 times the memory; nothing larger than a tile is alive."""
    for causal in (False, True):
        peaks = []
        for length in (256, 512):
            leaves = [tensor.requires_grad_() for tensor in long(rng, length, length)]
            with measured(student) as cost:
                out = student.efficient_attention.flash_attention(
                    *leaves, causal=causal, block=BLOCK
                )
                out.sum().backward()
            expect_no_large_tensor(cost, length)
            peaks.append(cost.peak_bytes)
        expect_growth(*peaks, "bytes alive at a time, there and back")


@exercise("efficient_attention.tiled_attention_backward", weight=2)
def test_the_way_back_computes_tiles_once(student, rng):
    """Five products for each tile that somebody sees, and no more."""
    for n_queries, n_keys in [(256, 256), (128, 320)]:
        for causal in (False, True):
            given, _ = way_back(rng, long(rng, n_queries, n_keys), causal)
            with measured(student) as cost:
                student.efficient_attention.tiled_attention_backward(
                    *given, causal=causal, block=BLOCK
                )
            n_tiles = tiles_needed(n_queries, n_keys, causal)
            text = f"{n_queries} queries, {n_keys} keys, tiles of {BLOCK}, causal={causal}"
            expect_products(cost, n_tiles, 3 * WIDTH + 2 * VALUE_WIDTH, text)
