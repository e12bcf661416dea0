"""Shared keys, windows and buckets, against full attention with the right mask in float64."""

import math
from collections import Counter

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
# Gradients are compared in float64 only. They may be what is left of larger numbers.
OF_GRADIENTS = 1e-10
FLOATS = list(TOLERANCE)
BATCHES = [(), (1,), (2,), (3, 2), (1, 2), (2, 1, 3)]


def generator(rng):
    return torch.Generator().manual_seed(rng.getrandbits(31))


def normal(rng, *shape, dtype=torch.float64):
    return torch.randn(shape, generator=generator(rng), dtype=torch.float64).to(dtype)


def integers(rng, low, high, *shape):
    return torch.randint(low, high + 1, shape, generator=generator(rng))


def different(rng, n, low=2, high=9):
    """Sizes of which no two are equal, so that no axis can be taken for another."""
    return rng.sample(range(low, high + 1), n)


def doubled(tensor):
    floats = torch.is_tensor(tensor) and tensor.is_floating_point()
    return tensor.double() if floats else tensor


def relative_to(size, tolerance, expected):
    """The tolerance, if it is relative to `size` where that is more than what is left of it."""
    finite = expected[expected.isfinite()]
    left = float(finite.abs().max()) if finite.numel() else 0.0
    return tolerance * max(1.0, size / max(left, 1e-9))


def largest(tensor):
    return float(tensor.abs().max()) if tensor.numel() else 0.0


def check(function, oracle, *tensors, **options):
    """The answer is the oracle's in float64, in the dtype of what went in."""
    dtype = tensors[0].dtype
    expected = oracle(*map(doubled, tensors), **options).to(dtype)
    # A mean of values is judged by their size; they may cancel.
    values = [t for t in tensors[1:3] if t.is_floating_point()][-1]
    tolerance = relative_to(largest(values), TOLERANCE[dtype], expected)
    expect(function(*tensors, **options), expected, tolerance=tolerance)


def check_gradients(rng, function, oracle, names, *tensors, **options):
    """The derivatives of a random sum of the answer's numbers; the first inputs have some."""
    found = []
    weights = normal(rng, *oracle(*tensors, **options).shape)
    for f in (function, oracle):
        leaves = [tensor.clone().requires_grad_() for tensor in tensors[: len(names)]]
        answer = f(*leaves, *tensors[len(names) :], **options)
        trainable = torch.is_tensor(answer) and answer.requires_grad
        wish = "an answer that gradients flow through"
        expect_that(trainable, expected=wish, got="one without", given="inputs that require grad")
        (answer * weights).sum().backward()
        found.append([leaf.grad for leaf in leaves])
    for name, tensor, got, expected in zip(names, tensors, *found, strict=False):
        got = torch.zeros_like(tensor) if got is None else got
        given = f"the gradient of the {name}, of shape {tuple(tensor.shape)}"
        expect(got, expected, given=given, tolerance=OF_GRADIENTS)


def check_views(student, name, oracle, *tensors, **options):
    """The same answer where inputs are no single piece of memory, and they stay what they are."""
    tolerance = TOLERANCE[tensors[0].dtype]
    expected = oracle(*tensors, **options)
    expect(student.support.on_views(name, *tensors, **options), expected, tolerance=tolerance)
    there = [student.support.keep.obj(tensor) for tensor in tensors]
    answer = getattr(student.efficient_attention, name)(*there, **options)
    expect(answer, expected, tolerance=tolerance)
    for number, (handle, tensor) in enumerate(zip(there, tensors, strict=True), start=1):
        given = f"tensor {number} of {len(tensors)} that went in, after the call"
        expect(student.support.keep(handle), tensor, given=given)


def expect_growth(cheap, dear, what, limit=2.5):
    """Twice as much input may cost about twice as much."""
    expect_that(
        dear <= limit * cheap,
        expected=f"at most {limit} times as much",
        got=f"{dear / max(cheap, 1):.2f} times as much",
        given=what,
    )


def attention(query, key, value, seen, scale=None):
    """Full attention to what is seen; a query that sees nothing gets zeros."""
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    scores = (query @ key.mT * scale).masked_fill(~seen, -math.inf)
    blind = ~seen.any(-1, keepdim=True)
    return scores.masked_fill(blind, 0.0).softmax(-1).masked_fill(blind, 0.0) @ value


def signs(rng, *shape):
    return 2.0 * integers(rng, 0, 1, *shape) - 1


# --- grouped_query_attention ------------------------------------------------------------------


def one_head_after_another(query, key, value, mask=None, scale=None):
    """Query head h, and its head of keys, by the library; who sees nothing gets zeros."""
    n_batch, n_heads, n_queries, _ = query.shape
    shared = n_heads // key.shape[1]
    if mask is None:
        mask = torch.ones(1, 1, n_queries, key.shape[2]) > 0
    mask = mask.expand(n_batch, n_heads, -1, -1)
    blind = (~mask if mask.dtype == torch.bool else mask == -math.inf).all(-1, keepdim=True)
    mask = mask | blind if mask.dtype == torch.bool else mask.masked_fill(blind, 0.0)
    heads = [
        library(query[:, h], key[:, h // shared], value[:, h // shared], mask[:, h], scale=scale)
        for h in range(n_heads)
    ]
    return torch.stack(heads, dim=1).masked_fill(blind, 0.0)


def groups(rng, n):
    """(batch, H, G, T, S, K, V), from one head to many, as large as small numbers go."""
    yield 1, 1, 1, 2, 3, 1, 2
    for n_groups, shared in [(1, 2), (2, 2), (3, 1), (2, 3), (3, 2), (1, 4)][:n]:
        yield rng.randint(1, 3), n_groups * shared, n_groups, *different(rng, 4)


def shared_heads(rng, sizes, dtype=torch.float64):
    n_batch, n_heads, n_groups, n_queries, n_keys, width, value_width = sizes
    return (
        normal(rng, n_batch, n_heads, n_queries, width, dtype=dtype),
        normal(rng, n_batch, n_groups, n_keys, width, dtype=dtype),
        normal(rng, n_batch, n_groups, n_keys, value_width, dtype=dtype),
    )


def masks_of_groups(rng, sizes, dtype):
    """Masks of both kinds, different for each head, batch, both or neither."""
    n_batch, n_heads, _, n_queries, n_keys, *_ = sizes
    for shape in [(n_batch, n_heads), (1, n_heads), (n_batch, 1), (1, 1)]:
        seen = integers(rng, 0, 2, *shape, n_queries, n_keys) > 0
        seen[..., torch.arange(n_queries), integers(rng, 0, n_keys - 1, n_queries)] = True
        yield seen
        yield (2 * normal(rng, *shape, n_queries, n_keys)).masked_fill(~seen, -math.inf).to(dtype)


@exercise("efficient_attention.grouped_query_attention", weight=3)
def test_query_heads_find_their_keys(student, rng):
    """Each query head attends to the keys of its group, in every dtype; scales are as ever."""
    function = student.efficient_attention.grouped_query_attention
    for sizes in groups(rng, 6):
        for dtype in FLOATS:
            inputs = shared_heads(rng, sizes, dtype)
            check(function, one_head_after_another, *inputs)
            check(function, one_head_after_another, *inputs, scale=rng.choice([1.0, 0.3, -0.5]))
    check(function, one_head_after_another, *inputs, scale=0.0)


@exercise("efficient_attention.grouped_query_attention")
def test_the_two_ends(student, rng):
    """As many heads of keys as of queries: multi-head attention; a single one: multi-query."""
    attend = student.efficient_attention.grouped_query_attention
    for _ in range(3):
        n_heads, *sizes = different(rng, 5)
        query, key, value = shared_heads(rng, (2, n_heads, n_heads, *sizes))
        tolerance = TOLERANCE[torch.float64]
        expect(attend(query, key, value), library(query, key, value), tolerance=tolerance)
        key, value = key[:, :1], value[:, :1]
        everywhere = (tensor.expand(-1, n_heads, -1, -1) for tensor in (key, value))
        expect(attend(query, key, value), library(query, *everywhere), tolerance=tolerance)


@exercise("efficient_attention.grouped_query_attention", weight=2)
def test_groups_under_masks(student, rng):
    """Masks of both kinds, for all heads alike or for each query head another."""
    function = student.efficient_attention.grouped_query_attention
    for sizes in groups(rng, 5):
        dtype = rng.choice(FLOATS)
        inputs = shared_heads(rng, sizes, dtype)
        for mask in masks_of_groups(rng, sizes, dtype):
            check(function, one_head_after_another, *inputs, mask)
            # And some query, or all, that may see nothing.
            mask[..., rng.randint(0, mask.shape[-2] - 1), :] = (
                False if mask.dtype == torch.bool else -math.inf
            )
            check(function, one_head_after_another, *inputs, mask)


@exercise("efficient_attention.grouped_query_attention")
def test_groups_with_huge_scores(student, rng):
    """Scores of 10 000 and -10 000 give finite answers, and the right ones."""
    for dtype in FLOATS:
        query, key = torch.zeros(2, 6, 5, 4, dtype=dtype), torch.zeros(2, 3, 7, 4, dtype=dtype)
        query[..., 1], key[..., 1] = 20000 * signs(rng, 2, 6, 5), signs(rng, 2, 3, 7)
        value = normal(rng, 2, 3, 7, 3, dtype=dtype)
        function = student.efficient_attention.grouped_query_attention
        check(function, one_head_after_another, query, key, value)


@exercise("efficient_attention.grouped_query_attention", weight=2)
def test_gradients_of_groups(student, rng):
    """The gradient of a shared head collects from all its query heads."""
    names = "query", "key", "value"
    function = student.efficient_attention.grouped_query_attention
    for sizes in groups(rng, 4):
        inputs = shared_heads(rng, sizes)
        check_gradients(rng, function, one_head_after_another, names, *inputs)
        mask = next(masks_of_groups(rng, sizes, torch.float64))
        mask[..., 0, :] = False
        check_gradients(rng, function, one_head_after_another, names, *inputs, mask)


@exercise("efficient_attention.grouped_query_attention")
def test_groups_of_views_and_of_nothing(student, rng):
    """Inputs need not lie in one piece and stay what they are; batch, T or S may be none."""
    for sizes in groups(rng, 4):
        inputs = shared_heads(rng, sizes)
        masks = list(masks_of_groups(rng, sizes, torch.float64))
        check_views(student, "grouped_query_attention", one_head_after_another, *inputs)
        for mask in masks[:2]:
            check_views(student, "grouped_query_attention", one_head_after_another, *inputs, mask)
    for n_batch, n_queries, n_keys in [(0, 3, 5), (2, 0, 5), (2, 3, 0)]:
        inputs = shared_heads(rng, (n_batch, 6, 3, n_queries, n_keys, 4, 7))
        got = student.efficient_attention.grouped_query_attention(*inputs)
        expect(got, torch.zeros(n_batch, 6, n_queries, 7, dtype=torch.float64))


@exercise("efficient_attention.grouped_query_attention", weight=3)
def test_keys_are_not_copied(student, rng):
    """A long cache of keys and values takes no more room when 8 query heads share it."""
    for n_groups, n_queries in [(1, 1), (2, 3)]:
        sizes = 2, 8 * n_groups, n_groups, n_queries, 512, 32, 24
        query, key, value = shared_heads(rng, sizes, torch.float32)
        with measured(student) as cost:
            got = student.efficient_attention.grouped_query_attention(query, key, value)
        expected = one_head_after_another(query.double(), key.double(), value.double()).float()
        expect(got, expected, tolerance=TOLERANCE[torch.float32])
        scores = 2 * 8 * n_groups * n_queries * 512
        allowed = 4 * (2 * key.numel() + 2 * value.numel() + 4 * scores)
        expect_that(
            cost.largest <= 1.5 * max(key.numel(), scores) and cost.peak_bytes <= allowed,
            expected=f"memory for {key.numel()} numbers of keys, not for 8 times as many",
            got=f"{cost.largest} numbers in one tensor, {cost.peak_bytes} bytes at a time",
        )


# --- sliding_window_attention -----------------------------------------------------------------


def window_by_mask(query, key, value, window, scale=None):
    place = torch.arange(query.shape[-2])
    back = place[:, None] - place
    return attention(query, key, value, (back >= 0) & (back < window), scale)


def self_attention(rng, batch, length, width, value_width, dtype=torch.float64):
    return (
        normal(rng, *batch, length, width, dtype=dtype),
        normal(rng, *batch, length, width, dtype=dtype),
        normal(rng, *batch, length, value_width, dtype=dtype),
    )


@exercise("efficient_attention.sliding_window_attention", weight=3)
def test_windows_of_any_size(student, rng):
    """Every position sees itself and the window - 1 before it, in texts of any length."""
    for length in (1, 2, 3, 5, 6, 8, 11):
        for window in {1, 2, 3, 4, 5, length - 1, length, length + 3} - {0}:
            batch, dtype = rng.choice(BATCHES), rng.choice(FLOATS)
            inputs = self_attention(rng, batch, length, *different(rng, 2), dtype)
            function = student.efficient_attention.sliding_window_attention
            check(function, window_by_mask, *inputs, window)


@exercise("efficient_attention.sliding_window_attention")
def test_smallest_and_largest_window(student, rng):
    """A window of 1 gives back the values, one as long as the text is causal attention."""
    attend = student.efficient_attention.sliding_window_attention
    for batch in BATCHES:
        length, *widths = different(rng, 3)
        query, key, value = self_attention(rng, batch, length, *widths)
        tolerance = TOLERANCE[torch.float64]
        expect(attend(query, key, value, 1), value, tolerance=tolerance)
        expected = library(query, key, value, is_causal=True)
        for window in (length, length + 1, 10 * length):
            expect(attend(query, key, value, window), expected, tolerance=tolerance)


@exercise("efficient_attention.sliding_window_attention")
def test_windows_under_another_scale(student, rng):
    """A scale that is given takes the place of the usual one, also where it is zero."""
    for scale in (1.0, 0.0, rng.uniform(0.1, 2), -0.5):
        for length, window in [(7, 3), (8, 2)]:
            inputs = self_attention(rng, (2,), length, *different(rng, 2))
            function = student.efficient_attention.sliding_window_attention
            check(function, window_by_mask, *inputs, window, scale=scale)


@exercise("efficient_attention.sliding_window_attention")
def test_windows_with_huge_scores(student, rng):
    """Scores of 10 000 and -10 000 give finite answers, and the right ones."""
    for dtype in FLOATS:
        for length, window in [(9, 4), (8, 2), (5, 7)]:
            query, key = (torch.zeros(2, length, 4, dtype=dtype) for _ in range(2))
            query[..., 1], key[..., 1] = 20000 * signs(rng, 2, length), signs(rng, 2, length)
            if window == 2:
                query[..., 1], key[..., 1] = 20000, -1  # all scores are -10 000
            value = normal(rng, 2, length, 3, dtype=dtype)
            function = student.efficient_attention.sliding_window_attention
            check(function, window_by_mask, query, key, value, window)


@exercise("efficient_attention.sliding_window_attention", weight=2)
def test_reach_of_a_position(student, rng):
    """What changes at one position is felt there and at the window - 1 positions after it."""
    attend = student.efficient_attention.sliding_window_attention
    for length, window in [(5, 1), (7, 2), (11, 4), (12, 4), (10, 7)]:
        query, key, value = self_attention(rng, (2,), length, 3, 4)
        before = attend(query, key, value, window)
        for place in {0, length // 2, length - 1}:
            other_key, other_value = key.clone(), value.clone()
            other_key[:, place] += 1
            other_value[:, place] += 1
            after = attend(query, other_key, other_value, window)
            felt = (after != before).any(-1).any(0).tolist()
            expected = [place <= t < place + window for t in range(length)]
            given = f"who feels a change at position {place} of {length}, with a window of {window}"
            expect(felt, expected, given=given)


@exercise("efficient_attention.sliding_window_attention")
def test_gradients_of_windows(student, rng):
    """Gradients reach queries, keys and values as through full attention with a mask."""
    names = "query", "key", "value"
    for batch, length, window in [((), 1, 1), ((2,), 5, 2), ((2, 3), 7, 3), ((1,), 4, 9)]:
        inputs = self_attention(rng, batch, length, *different(rng, 2))
        function = student.efficient_attention.sliding_window_attention
        check_gradients(rng, function, window_by_mask, names, *inputs, window=window)


@exercise("efficient_attention.sliding_window_attention")
def test_windows_of_views_and_of_nothing(student, rng):
    """Inputs need not lie in one piece and stay what they are; batch or text may be empty."""
    for batch in BATCHES:
        length, *widths = different(rng, 3)
        inputs = self_attention(rng, batch, length, *widths)
        for window in (2, 5):
            check_views(student, "sliding_window_attention", window_by_mask, *inputs, window=window)
    for batch, length in [((), 0), ((2,), 0), ((0,), 3), ((0, 2), 4)]:
        inputs = self_attention(rng, batch, length, 4, 5)
        got = student.efficient_attention.sliding_window_attention(*inputs, 2)
        expect(got, torch.zeros(*batch, length, 5, dtype=torch.float64))


@exercise("efficient_attention.sliding_window_attention", weight=4)
def test_windows_cost_no_square(student, rng):
    """Twice the length or twice the window cost at most 2.5 times as much; nothing is T × T."""
    costs = {}
    for length, window in [(512, 16), (1024, 16), (1024, 32)]:
        inputs = self_attention(rng, (1, 2), length, 6, 4, torch.float32)
        with measured(student) as cost:
            got = student.efficient_attention.sliding_window_attention(*inputs, window)
        expected = window_by_mask(*map(torch.Tensor.double, inputs), window).float()
        expect(got, expected, tolerance=TOLERANCE[torch.float32])
        allowed = length * length // 2
        given = f"{length} positions, a window of {window}"
        expect_that(
            cost.largest < allowed,
            expected=f"fewer than {allowed} numbers in each tensor",
            got=cost.largest,
            given=given,
        )
        # No more than 2 · window keys a query, and some room.
        allowed = 2 * 2 * length * 2 * window * (6 + 4) * 1.25
        expect_that(
            cost.flops <= allowed,
            expected=f"at most {allowed:.0f} operations in matrix products",
            got=cost.flops,
            given=given,
        )
        costs[length, window] = cost
    short, long, wide = costs.values()
    for other, what in [(long, "length"), (wide, "window")]:
        first = short if other is long else long
        expect_growth(first.flops, other.flops, f"operations, for twice the {what}")
        expect_growth(first.peak_bytes, other.peak_bytes, f"bytes at a time, for twice the {what}")


# --- axial_positions --------------------------------------------------------------------------


def cell_by_cell(rows, columns):
    cells = [torch.cat([row, column]) for row in rows for column in columns]
    width = rows.shape[1] + columns.shape[1]
    return torch.stack(cells) if cells else rows.new_zeros(0, width)


def grids(rng, n):
    """(R, C, E, F), from one cell to some dozens."""
    yield 1, 1, 1, 1
    yield 2, 3, 1, 2
    yield 3, 2, 2, 1
    for _ in range(n):
        yield different(rng, 4)


@exercise("efficient_attention.axial_positions", weight=2)
def test_each_position_has_its_row_and_column(student, rng):
    """Position by position, a row's vector beside a column's, in every dtype."""
    for n_rows, n_columns, e, f in grids(rng, 6):
        for dtype in FLOATS:
            rows, columns = (
                normal(rng, n_rows, e, dtype=dtype),
                normal(rng, n_columns, f, dtype=dtype),
            )
            got = student.efficient_attention.axial_positions(rows, columns)
            expect(got, cell_by_cell(rows, columns), tolerance=0.0)


@exercise("efficient_attention.axial_positions")
def test_grids_of_one_line(student, rng):
    """A single row or a single column is a grid, too; so is one without rows or columns."""
    for n_rows, n_columns in [(1, 5), (5, 1), (0, 3), (3, 0)]:
        rows, columns = normal(rng, n_rows, 2), normal(rng, n_columns, 4)
        got = student.efficient_attention.axial_positions(rows, columns)
        expect(got, cell_by_cell(rows, columns), tolerance=0.0)


@exercise("efficient_attention.axial_positions")
def test_gradients_of_positions(student, rng):
    """What a row's vector learns is the sum over its positions; likewise a column's."""
    function = student.efficient_attention.axial_positions
    for n_rows, n_columns, e, f in grids(rng, 3):
        rows, columns = normal(rng, n_rows, e), normal(rng, n_columns, f)
        check_gradients(rng, function, cell_by_cell, ("rows", "columns"), rows, columns)


@exercise("efficient_attention.axial_positions")
def test_positions_from_views(student, rng):
    """The vectors need not lie in one piece in memory, and stay what they are."""
    for n_rows, n_columns, e, f in grids(rng, 4):
        rows, columns = normal(rng, n_rows, e), normal(rng, n_columns, f)
        check_views(student, "axial_positions", cell_by_cell, rows, columns)


# --- lsh_buckets ------------------------------------------------------------------------------


def nearest_direction(x, rotations):
    """The bucket whose direction, a column of R or its opposite, has the largest product."""
    directions = [*rotations.double().mT, *(-rotations.double().mT)]
    products = torch.stack([(x.double() * d).sum(-1) for d in directions], dim=-1)
    return products.argmax(-1)


def vectors(rng, batch, dtype=torch.float64):
    """Some vectors, and R rotations that no bucket of which is as near as another."""
    length, width, n_rotations = different(rng, 3)
    return normal(rng, *batch, length, width, dtype=dtype), normal(
        rng, width, n_rotations, dtype=dtype
    )


@exercise("efficient_attention.lsh_buckets", weight=2)
def test_buckets_by_direction(student, rng):
    """Each vector goes to the bucket of the direction that it points to most; whole numbers."""
    for batch in BATCHES:
        for _ in range(3):
            x, rotations = vectors(rng, batch)
            got = student.efficient_attention.lsh_buckets(x, rotations)
            expect(got, nearest_direction(x, rotations))
    x, rotations = normal(rng, 2, 5, 3), normal(rng, 3, 1)
    got = student.efficient_attention.lsh_buckets(x, rotations)
    expect(got, nearest_direction(x, rotations), given="a single rotation, so 2 buckets")


@exercise("efficient_attention.lsh_buckets")
def test_opposite_vectors(student, rng):
    """A vector and its opposite lie R buckets apart."""
    for batch in BATCHES:
        x, rotations = vectors(rng, batch)
        n = rotations.shape[-1]
        here = student.efficient_attention.lsh_buckets(x, rotations)
        there = student.efficient_attention.lsh_buckets(-x, rotations)
        expect(here, nearest_direction(x, rotations))
        expect(there, (nearest_direction(x, rotations) + n) % (2 * n))


@exercise("efficient_attention.lsh_buckets")
def test_buckets_of_axes(student, rng):
    """Where the rotation is none, the bucket is that of the largest axis, whatever the length."""
    for dtype in FLOATS:
        for width in (2, 3, 6):
            axis = integers(rng, 0, width - 1, 3, 11)
            sign = signs(rng, 3, 11)
            x = 0.25 * normal(rng, 3, 11, width).clamp(-2, 2)
            x.scatter_(-1, axis[..., None], sign.double()[..., None])
            size = 2.0 ** integers(rng, -20, 20, 3, 11)
            got = student.efficient_attention.lsh_buckets(
                (x * size[..., None]).to(dtype), torch.eye(width, dtype=dtype)
            )
            expect(got, axis + width * (sign < 0))


@exercise("efficient_attention.lsh_buckets")
def test_near_vectors_meet(student, rng):
    """Vectors that point the same way share a bucket far more often than others."""
    x, rotations = normal(rng, 400, 16), normal(rng, 16, 8)
    near, far = x + 0.05 * normal(rng, 400, 16), normal(rng, 400, 16)
    function = student.efficient_attention.lsh_buckets
    buckets = function(torch.stack([x, near, far]), rotations)
    expect(buckets, nearest_direction(torch.stack([x, near, far]), rotations))
    here, beside, elsewhere = buckets.tolist()
    together = sum(a == b for a, b in zip(here, beside, strict=True))
    apart = sum(a == b for a, b in zip(here, elsewhere, strict=True))
    found = f"{together} of 400 neighbours, {apart} of 400 others"
    expect_that(together > 240 and apart < 100, expected="most neighbours, few others", got=found)
    used = len(Counter(here))
    expect_that(used >= 12, expected="most of 16 buckets in use", got=f"{used} of them")


@exercise("efficient_attention.lsh_buckets")
def test_buckets_of_views_and_of_nothing(student, rng):
    """Inputs need not lie in one piece and stay what they are; there may be no vectors."""
    for batch in BATCHES:
        x, rotations = vectors(rng, batch)
        there = student.support.keep.obj(x)
        got = student.efficient_attention.lsh_buckets(there, rotations)
        expect(got, nearest_direction(x, rotations))
        expect(student.support.keep(there), x, given="the vectors after the call")
        got = student.support.on_views("lsh_buckets", x, rotations)
        expect(got, nearest_direction(x, rotations))
    for shape in [(0, 3), (2, 0, 3), (0, 5, 3)]:
        got = student.efficient_attention.lsh_buckets(torch.zeros(shape), torch.ones(3, 4))
        expect(got, torch.zeros(shape[:-1], dtype=torch.int64))


# --- lsh_attention ----------------------------------------------------------------------------


def who_sees_whom(buckets, chunk):
    """Position by position, for one row of buckets."""
    n = len(buckets)
    place = {t: at for at, t in enumerate(sorted(range(n), key=lambda t: (buckets[t], t)))}
    seen = torch.zeros(n, n, dtype=torch.bool)
    for t in range(n):
        others = [
            s
            for s in range(t)
            if buckets[s] == buckets[t] and place[t] // chunk - place[s] // chunk <= 1
        ]
        seen[t, others or [t]] = True
    return seen


def lsh_by_mask(query, value, buckets, chunk, scale=None):
    key = query / query.norm(dim=-1, keepdim=True)
    rows = [who_sees_whom(row.tolist(), chunk) for row in buckets.reshape(-1, buckets.shape[-1])]
    seen = torch.stack(rows).reshape(*buckets.shape, -1)
    return attention(query, key, value, seen, scale)


def in_buckets(rng, batch, n_chunks, chunk, n_buckets, dtype=torch.float64):
    """(query, value, buckets), other buckets in each row of the batch."""
    length = n_chunks * chunk
    width, value_width = different(rng, 2)
    return (
        normal(rng, *batch, length, width, dtype=dtype),
        normal(rng, *batch, length, value_width, dtype=dtype),
        integers(rng, 0, n_buckets - 1, *batch, length),
    )


@exercise("efficient_attention.lsh_attention", weight=2)
def test_one_bucket_in_one_chunk(student, rng):
    """All in one bucket and one chunk: each sees those before it, the first one itself."""
    for batch in BATCHES:
        for dtype in FLOATS:
            length = rng.randint(2, 9)
            query, value, buckets = in_buckets(rng, batch, 1, length, 1, dtype)
            function = student.efficient_attention.lsh_attention
            check(function, lsh_by_mask, query, value, buckets + rng.randint(0, 3), length)


@exercise("efficient_attention.lsh_attention", weight=3)
def test_buckets_cut_in_chunks(student, rng):
    """Buckets smaller and larger than chunks, another order in each row of the batch."""
    function = student.efficient_attention.lsh_attention
    for n_chunks, chunk, n_buckets in [
        *[(2, 1, 1), (2, 2, 1), (4, 2, 2), (3, 3, 2), (5, 2, 1), (3, 4, 5), (6, 1, 2), (4, 5, 3)]
    ]:
        for batch in BATCHES[1::2]:
            inputs = in_buckets(rng, batch, n_chunks, chunk, n_buckets, rng.choice(FLOATS))
            check(function, lsh_by_mask, *inputs, chunk)


@exercise("efficient_attention.lsh_attention")
def test_lonely_positions_see_themselves(student, rng):
    """In a bucket of one's own there is only one's own value; so for the first of any bucket."""
    attend = student.efficient_attention.lsh_attention
    for chunk in (1, 2, 3, 6):
        query, value, _ = in_buckets(rng, (2,), 6 // chunk, chunk, 1)
        buckets = torch.tensor([rng.sample(range(6), 6) for _ in range(2)])
        expect(attend(query, value, buckets, chunk), value, tolerance=TOLERANCE[torch.float64])
        buckets[1, 3:] = buckets[1, :3]
        check(attend, lsh_by_mask, query, value, buckets, chunk)


@exercise("efficient_attention.lsh_attention", weight=2)
def test_keys_have_no_length(student, rng):
    """How long a position's vector is matters to itself and to nobody else."""
    attend = student.efficient_attention.lsh_attention
    for n_buckets in (1, 3):
        query, value, buckets = in_buckets(rng, (2,), 3, 4, n_buckets)
        before = attend(query, value, buckets, 4)
        expect(before, lsh_by_mask(query, value, buckets, 4), tolerance=TOLERANCE[torch.float64])
        for place in (0, 5, 10):
            longer = query.clone()
            longer[:, place] *= 7
            after = attend(longer, value, buckets, 4)
            others = torch.arange(12) != place
            given = f"the others' answers, with a longer vector at position {place}"
            tolerance = TOLERANCE[torch.float64]
            expect(after[:, others], before[:, others], given=given, tolerance=tolerance)
            expected = lsh_by_mask(longer, value, buckets, 4)
            expect(after, expected, tolerance=tolerance)


@exercise("efficient_attention.lsh_attention")
def test_buckets_hide_the_future(student, rng):
    """What comes later changes nothing, though positions are sorted by bucket."""
    attend = student.efficient_attention.lsh_attention
    for chunk, n_buckets in [(12, 2), (4, 1), (3, 2)]:
        query, value, buckets = in_buckets(rng, (2,), 12 // chunk, chunk, n_buckets)
        before = attend(query, value, buckets, chunk)
        expected = lsh_by_mask(query, value, buckets, chunk)
        expect(before, expected, tolerance=TOLERANCE[torch.float64])
        for place in (9, 5, 2):
            query[:, place:], value[:, place:] = -2 * query[:, place:], 1e3
            after = attend(query, value, buckets, chunk)
            given = f"the answers before position {place}, where all later inputs have changed"
            expect(
                after[:, :place],
                before[:, :place],
                given=given,
                tolerance=TOLERANCE[torch.float64],
            )


@exercise("efficient_attention.lsh_attention")
def test_buckets_under_another_scale(student, rng):
    """A scale that is given takes the place of the usual one; huge scores stay finite."""
    function = student.efficient_attention.lsh_attention
    for scale in (1.0, 0.0, rng.uniform(0.1, 2), -0.5, 1e4):
        for n_buckets in (1, 3):
            inputs = in_buckets(rng, (2,), 3, 4, n_buckets)
            if scale == 1e4:  # as far apart as signs are, so that no rounding decides
                inputs = torch.zeros_like(inputs[0]), *inputs[1:]
                inputs[0][..., 0] = signs(rng, *inputs[0].shape[:-1])
            check(function, lsh_by_mask, *inputs, 4, scale=scale)


@exercise("efficient_attention.lsh_attention", weight=2)
def test_gradients_in_buckets(student, rng):
    """Gradients reach the vectors, as queries and as keys, and the values."""
    function = student.efficient_attention.lsh_attention
    for batch, n_chunks, chunk, n_buckets in [
        ((), 1, 2, 1),
        ((2,), 3, 2, 2),
        ((2, 3), 3, 4, 3),
        ((1,), 4, 3, 6),
    ]:
        inputs = in_buckets(rng, batch, n_chunks, chunk, n_buckets)
        names = "query", "value"
        check_gradients(rng, function, lsh_by_mask, names, *inputs, chunk=chunk)


@exercise("efficient_attention.lsh_attention")
def test_buckets_from_views(student, rng):
    """Inputs need not lie in one piece and stay what they are; the batch may be empty."""
    for batch in BATCHES:
        inputs = in_buckets(rng, batch, 3, rng.randint(1, 4), 2)
        chunk = inputs[2].shape[-1] // 3
        check_views(student, "lsh_attention", lsh_by_mask, *inputs, chunk=chunk)
    query, value, buckets = in_buckets(rng, (0,), 2, 3, 2)
    expect(student.efficient_attention.lsh_attention(query, value, buckets, 3), value)


@exercise("efficient_attention.lsh_attention", weight=3)
def test_two_chunks_of_scores(student, rng):
    """At most 2 · chunk scores for a query: nothing grows with the square of the length."""
    costs = []
    width, value_width, chunk = 6, 4, 16
    for length in (256, 512):
        query, value = (
            normal(rng, 2, length, w, dtype=torch.float32) for w in (width, value_width)
        )
        buckets = integers(rng, 0, 11, 2, length)
        with measured(student) as cost:
            got = student.efficient_attention.lsh_attention(query, value, buckets, chunk)
        expected = lsh_by_mask(query.double(), value.double(), buckets, chunk).float()
        expect(got, expected, tolerance=TOLERANCE[torch.float32])
        allowed = 2 * 2 * length * 2 * chunk * (width + value_width) * 1.05
        given = f"{length} positions in chunks of {chunk}"
        expect_that(
            cost.flops <= allowed,
            expected=f"at most {allowed:.0f} operations in matrix products",
            got=cost.flops,
            given=given,
        )
        allowed = length * length
        expect_that(
            cost.largest < allowed,
            expected=f"fewer than {allowed} numbers in each tensor",
            got=cost.largest,
            given=given,
        )
        costs.append(cost.peak_bytes)
    expect_growth(*costs, "bytes at a time, for twice the length")
